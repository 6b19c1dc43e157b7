using Sluice.Core.Catalog;
using Sluice.Core.People;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Core.Access;

/// <summary>
/// Compares what is with what is supposed, object by object: the same compiler and the same audiences, once over each. Objects that the policies treat alike
/// share one comparison. For one thread at a time.
/// </summary>
public sealed class AccessComparison
{
    private readonly AccessCompiler _was;
    private readonly AccessCompiler _becomes;
    private readonly AudienceIndex _before;
    private readonly AudienceIndex _after;
    private readonly PeopleSnapshot _namesBefore;
    private readonly PeopleSnapshot _namesAfter;
    private readonly List<Subject> _people = [];
    private readonly Dictionary<string, Subject> _byId = new(StringComparer.Ordinal);
    private readonly List<Subject> _changedPeople;
    private readonly Dictionary<(ObjectBucket, ObjectBucket), OfKind> _kinds = [];

    // Names that are known before or after and not both: what a rule means that has one of them may change for anybody.
    private readonly HashSet<string> _turnedGroups;
    private readonly HashSet<string> _turnedAttributes;

    // What differs on one kind of objects often differs on many: who has not changed is looked at once for all of them.
    private readonly Dictionary<(ObjectAccess, ObjectAccess), SightDifference?[]> _sights = [];
    private readonly Tally<ReachChange> _gained;
    private readonly Tally<ReachChange> _lost;
    private readonly Tally<SightChange> _uncovered;
    private readonly Tally<SightChange> _covered;
    private readonly Tally<ObjectPath> _changed;
    private readonly int _mostListed;

    /// <summary>A comparison with no object yet.</summary>
    /// <param name="people">The people as they are.</param>
    /// <param name="policies">The policies as they are; staged ones take no part.</param>
    /// <param name="supposedPeople">The same people as they are supposed to be. Whoever is in only one of the two takes no part.</param>
    /// <param name="supposedPolicies">The policies that are supposed.</param>
    /// <param name="mostListed">How many of each are listed; all are counted.</param>
    public AccessComparison(PeopleSnapshot people, IEnumerable<Policy> policies, PeopleSnapshot supposedPeople, IEnumerable<Policy> supposedPolicies, int mostListed)
    {
        (_was, _becomes) = (new AccessCompiler(policies), new AccessCompiler(supposedPolicies));
        (_namesBefore, _namesAfter) = (people, supposedPeople);
        (_before, _after) = (new AudienceIndex(people), new AudienceIndex(supposedPeople));
        var supposed = supposedPeople.People.ToDictionary(static p => p.Id, StringComparer.Ordinal);
        _turnedGroups = people.KnownGroups.Except(supposedPeople.KnownGroups).Union(supposedPeople.KnownGroups.Except(people.KnownGroups)).ToHashSet(StringComparer.Ordinal);
        _turnedAttributes = people.KnownAttributes.Except(supposedPeople.KnownAttributes).Union(supposedPeople.KnownAttributes.Except(people.KnownAttributes)).ToHashSet(StringComparer.Ordinal);
        foreach (var person in people.People)
        {
            if (!supposed.TryGetValue(person.Id, out var after)) continue;
            _before.TryGetNumber(person.Id, out var numberBefore);
            _after.TryGetNumber(person.Id, out var numberAfter);
            var subject = new Subject(_people.Count, person, after, numberBefore, numberAfter, !ReferenceEquals(person, after));
            _people.Add(subject);
            _byId.Add(person.Id, subject);
        }

        _changedPeople = _people.FindAll(static p => p.IsChanged);
        _mostListed = mostListed;
        (_gained, _lost, _uncovered, _covered, _changed) = (new(mostListed), new(mostListed), new(mostListed), new(mostListed), new(mostListed));
    }

    /// <summary>What differs on the objects so far.</summary>
    public AccessDifference Difference => new(_gained.Result, _lost.Result, _uncovered.Result, _covered.Result, _changed.Result);

    /// <summary>Adds an object.</summary>
    /// <param name="before">As it is.</param>
    /// <param name="after">As it is supposed to be: the same with other tags.</param>
    /// <param name="held">Who is subscribed to it by hand or approval, to read and to write, by the person's id.</param>
    public void Add(GovernedObject before, GovernedObject after, IReadOnlyDictionary<string, (Subscriptions Reading, Subscriptions Writing)> held)
    {
        var (was, becomes) = (_was.BucketOf(before), _becomes.BucketOf(after));
        if (!_kinds.TryGetValue((was, becomes), out var kind)) _kinds.Add((was, becomes), kind = Compare(was.Access, becomes.Access));
        if (kind.IsOtherwiseProtected) _changed.Add(before.Path);
        var left = kind.Counts;
        foreach (var (personId, ways) in held)
        {
            if (!_byId.TryGetValue(personId, out var person)) continue;
            left -= Counts.Of(Of(person, kind, default, default));
            Add(personId, before.Path, Of(person, kind, ways.Reading, ways.Writing));
        }

        foreach (var (personId, found) in kind.First) List(personId, found);
        // Those who are subscribed have taken places among the first of their kind.
        if (held.Count > 0)
        {
            foreach (var person in _people)
            {
                if (!HasRoomFor(left)) break;
                if (!kind.IsFirst(person.Id)) List(person.Id, Of(person, kind, default, default));
            }
        }

        Count(left);

        void List(string personId, OfPerson found)
        {
            if (held.ContainsKey(personId)) return;
            left -= Counts.Of(found);
            Add(personId, before.Path, found);
        }
    }

    private OfKind Compare(ObjectAccess was, ObjectAccess becomes)
    {
        var isOfAnybody = HasTurned(was) || HasTurned(becomes);
        var kind = new OfKind(new Reach(was, _before), new Reach(becomes, _after), isOfAnybody ? null : SightsOf(was, becomes), _mostListed);
        foreach (var person in was.Equals(becomes) && !isOfAnybody ? _changedPeople : _people)
        {
            var found = Of(person, kind, default, default);
            if (!ReferenceEquals(found, OfPerson.Nothing)) kind.Add(person.Id, found);
        }

        return kind;
    }

    private bool HasTurned(ObjectAccess access) =>
        (_turnedGroups.Count > 0 || _turnedAttributes.Count > 0)
        && PredicatesOf(access).SelectMany(PredicateWalk.Leaves).Any(leaf => leaf switch
        {
            Predicate.InGroups groups => groups.Groups.Any(_turnedGroups.Contains),
            Predicate.HasAttribute attribute => _turnedAttributes.Contains(attribute.Name),
            Predicate.AttributeContains contains => _turnedAttributes.Contains(contains.Name),
            _ => false,
        });

    private static IEnumerable<Predicate> PredicatesOf(ObjectAccess access) =>
    [
        access.Read.Normal, access.Write.Normal,
        .. new[] { access.ReadBySubscription, access.WriteBySubscription }.OfType<Predicate>(),
        .. access.Masks.Select(static m => m.Exempt.Normal), .. access.Masks.Select(static m => m.Condition).OfType<Predicate>(),
        .. access.RowRules.SelectMany(static r => (Predicate[])[r.Exempt.Normal, r.Predicate]),
    ];

    private DifferingSights SightsOf(ObjectAccess was, ObjectAccess becomes)
    {
        var columns = was.Masks.Concat(becomes.Masks).Select(static m => m.Column).Distinct(StringComparer.Ordinal)
            .Where(c => !was.Masks.Where(m => m.Column == c).SequenceEqual(becomes.Masks.Where(m => m.Column == c))).ToHashSet(StringComparer.Ordinal);
        var (before, after) = (Differing(was), Differing(becomes));
        if (!_sights.TryGetValue((before, after), out var known)) _sights.Add((before, after), known = new SightDifference?[_people.Count]);
        return new DifferingSights(before, after, known);

        ObjectAccess Differing(ObjectAccess access) => new()
        {
            Read = AccessRule.Nobody,
            Write = AccessRule.Nobody,
            Masks = access.Masks.Where(m => columns.Contains(m.Column)).ToValueList(),
            RowRules = was.RowRules.Equals(becomes.RowRules) ? [] : access.RowRules,
        };
    }

    private OfPerson Of(Subject person, OfKind kind, Subscriptions reading, Subscriptions writing)
    {
        var (was, becomes) = (kind.Was, kind.Becomes);
        var (reads, willRead) = (was.MayRead(person.NumberBefore, person.Id, reading), becomes.MayRead(person.NumberAfter, person.Id, reading));
        var (writes, willWrite) = (was.MayWrite(person.NumberBefore, person.Id, writing), becomes.MayWrite(person.NumberAfter, person.Id, writing));
        var sight = reads && willRead ? DifferenceFor(person, kind) : SightDifference.None;
        return reads == willRead && writes == willWrite && ReferenceEquals(sight, SightDifference.None)
            ? OfPerson.Nothing
            : new OfPerson(!reads && willRead, reads && !willRead, !writes && willWrite, writes && !willWrite, sight);
    }

    private SightDifference DifferenceFor(Subject person, OfKind kind)
    {
        if (person.IsChanged || kind.Sights is not { } sights) return DifferenceFor(person, kind.Was.Access, kind.Becomes.Access);
        return sights.Known[person.Place] ??= DifferenceFor(person, sights.Was, sights.Becomes);
    }

    private SightDifference DifferenceFor(Subject person, ObjectAccess was, ObjectAccess becomes)
    {
        var sees = new Sight(was, person.Before, _namesBefore, r => _before.Of(r).Contains(person.NumberBefore));
        var willSee = new Sight(becomes, person.After, _namesAfter, r => _after.Of(r).Contains(person.NumberAfter));
        var difference = new SightDifference(willSee.ColumnsBeyond(sees).ToValueList(), willSee.HasRowsBeyond(sees), sees.ColumnsBeyond(willSee).ToValueList(), sees.HasRowsBeyond(willSee));
        return difference.SeesMore || difference.SeesLess ? difference : SightDifference.None;
    }

    private void Add(string personId, ObjectPath path, OfPerson found)
    {
        if (found.GainsReading) _gained.Add(new ReachChange(personId, path, AccessKind.Read));
        if (found.LosesReading) _lost.Add(new ReachChange(personId, path, AccessKind.Read));
        if (found.GainsWriting) _gained.Add(new ReachChange(personId, path, AccessKind.Write));
        if (found.LosesWriting) _lost.Add(new ReachChange(personId, path, AccessKind.Write));
        var sight = found.Sight;
        if (sight.SeesMore) _uncovered.Add(new SightChange(personId, path, sight.Uncovered, sight.HasMoreRows));
        if (sight.SeesLess) _covered.Add(new SightChange(personId, path, sight.Covered, sight.HasFewerRows));
    }

    // Somebody who is there before and after, with their place among all of them and their numbers in both indexes.
    private sealed record Subject(int Place, Person Before, Person After, int NumberBefore, int NumberAfter, bool IsChanged)
    {
        public string Id => Before.Id;
    }

    /// <summary>Who may read and write objects of a kind.</summary>
    private sealed class Reach(ObjectAccess access, AudienceIndex people)
    {
        private readonly Audience _readers = people.Of(access.Read);
        private readonly Audience _writers = people.Of(access.Write);

        public ObjectAccess Access => access;

        public bool MayRead(int number, string personId, Subscriptions held) => May(_readers, number, personId, access.ReadBySubscription, held);

        public bool MayWrite(int number, string personId, Subscriptions held) => May(_writers, number, personId, access.WriteBySubscription, held);

        private bool May(Audience byRule, int number, string personId, Predicate? bySubscription, Subscriptions held) =>
            byRule.Contains(number) || (held != Subscriptions.None && bySubscription is not null && people.Holds(bySubscription, personId, held));
    }

    /// <summary>What of masks and row rules differs, and what is known so far of people who have not changed, by their places.</summary>
    private sealed record DifferingSights(ObjectAccess Was, ObjectAccess Becomes, SightDifference?[] Known);

    private sealed record SightDifference(ValueList<string> Uncovered, bool HasMoreRows, ValueList<string> Covered, bool HasFewerRows)
    {
        public static readonly SightDifference None = new([], false, [], false);

        public bool SeesMore => Uncovered.Count > 0 || HasMoreRows;

        public bool SeesLess => Covered.Count > 0 || HasFewerRows;
    }

    private sealed record OfPerson(bool GainsReading, bool LosesReading, bool GainsWriting, bool LosesWriting, SightDifference Sight)
    {
        public static readonly OfPerson Nothing = new(false, false, false, false, SightDifference.None);

        public int Gains => (GainsReading ? 1 : 0) + (GainsWriting ? 1 : 0);

        public int Losses => (LosesReading ? 1 : 0) + (LosesWriting ? 1 : 0);
    }

    // What differs on every object of two kinds, by rule alone: counted, and the first of those it is about.
    private sealed class OfKind(Reach was, Reach becomes, DifferingSights? sights, int mostListed)
    {
        private readonly HashSet<string> _first = new(StringComparer.Ordinal);

        public Reach Was => was;

        public Reach Becomes => becomes;

        /// <summary>Null where what it means to anybody may have changed with the names that are known.</summary>
        public DifferingSights? Sights => sights;

        public bool IsOtherwiseProtected { get; } = !was.Access.Masks.Equals(becomes.Access.Masks) || !was.Access.RowRules.Equals(becomes.Access.RowRules);

        public Counts Counts { get; private set; }

        public List<(string PersonId, OfPerson Found)> First { get; } = [];

        public bool IsFirst(string personId) => _first.Contains(personId);

        public void Add(string personId, OfPerson found)
        {
            var isListed = (found.Gains > 0 && Counts.Gained < mostListed) || (found.Losses > 0 && Counts.Lost < mostListed)
                || (found.Sight.SeesMore && Counts.Uncovered < mostListed) || (found.Sight.SeesLess && Counts.Covered < mostListed);
            Counts += Counts.Of(found);
            if (!isListed) return;
            First.Add((personId, found));
            _first.Add(personId);
        }
    }

    private readonly record struct Counts(long Gained, long Lost, long Uncovered, long Covered)
    {
        public static Counts Of(OfPerson found) => new(found.Gains, found.Losses, found.Sight.SeesMore ? 1 : 0, found.Sight.SeesLess ? 1 : 0);

        public static Counts operator +(Counts one, Counts other) =>
            new(one.Gained + other.Gained, one.Lost + other.Lost, one.Uncovered + other.Uncovered, one.Covered + other.Covered);

        public static Counts operator -(Counts one, Counts other) =>
            new(one.Gained - other.Gained, one.Lost - other.Lost, one.Uncovered - other.Uncovered, one.Covered - other.Covered);
    }

    private bool HasRoomFor(Counts left) =>
        (left.Gained > 0 && _gained.HasRoom) || (left.Lost > 0 && _lost.HasRoom) || (left.Uncovered > 0 && _uncovered.HasRoom) || (left.Covered > 0 && _covered.HasRoom);

    private void Count(Counts more)
    {
        _gained.Count += more.Gained;
        _lost.Count += more.Lost;
        _uncovered.Count += more.Uncovered;
        _covered.Count += more.Covered;
    }

    private sealed class Tally<T>(int most)
    {
        private readonly List<T> _first = [];

        public long Count { get; set; }

        public bool HasRoom => _first.Count < most;

        public Counted<T> Result => new(Count, _first);

        public void Add(T item)
        {
            Count++;
            if (HasRoom) _first.Add(item);
        }
    }
}
