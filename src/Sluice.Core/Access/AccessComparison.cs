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
    private readonly Dictionary<string, (Person Before, Person After)> _people;
    private readonly List<string> _changedPeople;
    private readonly bool _isSameNames;
    private readonly Dictionary<(ObjectBucket, ObjectBucket), OfKind> _kinds = [];
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
        _people = people.People.Where(p => supposed.ContainsKey(p.Id)).ToDictionary(static p => p.Id, p => (p, supposed[p.Id]), StringComparer.Ordinal);
        // What a name means to anybody may change with the names that are known.
        _isSameNames = people.KnownGroups.SetEquals(supposedPeople.KnownGroups) && people.KnownAttributes.SetEquals(supposedPeople.KnownAttributes);
        _changedPeople = [.. _people.Where(p => !_isSameNames || !ReferenceEquals(p.Value.Before, p.Value.After)).Select(static p => p.Key)];
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
            if (!_people.ContainsKey(personId)) continue;
            left -= Counts.Of(PersonOf(personId, kind, default, default));
            Add(personId, before.Path, PersonOf(personId, kind, ways.Reading, ways.Writing));
        }

        foreach (var (personId, found) in kind.First) List(personId, found);
        // Those who are subscribed have taken places among the first of their kind.
        if (held.Count > 0)
        {
            foreach (var personId in _people.Keys)
            {
                if (!HasRoomFor(left)) break;
                if (!kind.IsFirst(personId)) List(personId, PersonOf(personId, kind, default, default));
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
        var kind = new OfKind(was, becomes, _mostListed);
        foreach (var personId in was.Equals(becomes) ? _changedPeople : (IEnumerable<string>)_people.Keys) kind.Add(personId, PersonOf(personId, kind, default, default));
        return kind;
    }

    private OfPerson PersonOf(string personId, OfKind kind, Subscriptions reading, Subscriptions writing)
    {
        var (was, becomes) = (kind.Was, kind.Becomes);
        var (reads, willRead) = (May(_before, personId, was.Read, was.ReadBySubscription, reading), May(_after, personId, becomes.Read, becomes.ReadBySubscription, reading));
        var (writes, willWrite) = (May(_before, personId, was.Write, was.WriteBySubscription, writing), May(_after, personId, becomes.Write, becomes.WriteBySubscription, writing));
        var found = new OfPerson(!reads && willRead, reads && !willRead, !writes && willWrite, writes && !willWrite, [], false, [], false);
        if (!reads || !willRead) return found;
        var (before, after) = _people[personId];
        // Who has not changed, and is exempt from whatever is not on both sides, sees what they saw.
        if (_isSameNames && ReferenceEquals(before, after)
            && kind.ExemptFromGone.TrueForAll(r => _before.Of(r).Contains(personId)) && kind.ExemptFromNew.TrueForAll(r => _after.Of(r).Contains(personId))) return found;
        var (sees, willSee) = (new Sight(was, before, _namesBefore, r => _before.Of(r).Contains(personId)), new Sight(becomes, after, _namesAfter, r => _after.Of(r).Contains(personId)));
        return found with
        {
            Uncovered = willSee.ColumnsBeyond(sees).ToValueList(), HasMoreRows = willSee.HasRowsBeyond(sees),
            Covered = sees.ColumnsBeyond(willSee).ToValueList(), HasFewerRows = sees.HasRowsBeyond(willSee),
        };
    }

    private static bool May(AudienceIndex people, string personId, AccessRule rule, Predicate? bySubscription, Subscriptions held) =>
        people.Of(rule).Contains(personId) || (held != Subscriptions.None && bySubscription is not null && people.Holds(bySubscription, personId, held));

    private void Add(string personId, ObjectPath path, OfPerson found)
    {
        if (found.GainsReading) _gained.Add(new ReachChange(personId, path, AccessKind.Read));
        if (found.LosesReading) _lost.Add(new ReachChange(personId, path, AccessKind.Read));
        if (found.GainsWriting) _gained.Add(new ReachChange(personId, path, AccessKind.Write));
        if (found.LosesWriting) _lost.Add(new ReachChange(personId, path, AccessKind.Write));
        if (found.SeesMore) _uncovered.Add(new SightChange(personId, path, found.Uncovered, found.HasMoreRows));
        if (found.SeesLess) _covered.Add(new SightChange(personId, path, found.Covered, found.HasFewerRows));
    }

    private sealed record OfPerson(
        bool GainsReading, bool LosesReading, bool GainsWriting, bool LosesWriting, ValueList<string> Uncovered, bool HasMoreRows, ValueList<string> Covered, bool HasFewerRows)
    {
        public bool SeesMore => Uncovered.Count > 0 || HasMoreRows;

        public bool SeesLess => Covered.Count > 0 || HasFewerRows;

        public int Gains => (GainsReading ? 1 : 0) + (GainsWriting ? 1 : 0);

        public int Losses => (LosesReading ? 1 : 0) + (LosesWriting ? 1 : 0);
    }

    // What differs on every object of two kinds, by rule alone: counted, and the first of those it is about.
    private sealed class OfKind(ObjectAccess was, ObjectAccess becomes, int mostListed)
    {
        private readonly HashSet<string> _first = new(StringComparer.Ordinal);

        public ObjectAccess Was => was;

        public ObjectAccess Becomes => becomes;

        public bool IsOtherwiseProtected { get; } = !was.Masks.Equals(becomes.Masks) || !was.RowRules.Equals(becomes.RowRules);

        /// <summary>Who is exempt from each mask and row rule that goes.</summary>
        public List<AccessRule> ExemptFromGone { get; } = ExemptFrom(was, becomes);

        /// <summary>Who is exempt from each that comes.</summary>
        public List<AccessRule> ExemptFromNew { get; } = ExemptFrom(becomes, was);

        public Counts Counts { get; private set; }

        public List<(string PersonId, OfPerson Found)> First { get; } = [];

        public bool IsFirst(string personId) => _first.Contains(personId);

        public void Add(string personId, OfPerson found)
        {
            var isListed = (found.Gains > 0 && Counts.Gained < mostListed) || (found.Losses > 0 && Counts.Lost < mostListed)
                || (found.SeesMore && Counts.Uncovered < mostListed) || (found.SeesLess && Counts.Covered < mostListed);
            Counts += Counts.Of(found);
            if (!isListed) return;
            First.Add((personId, found));
            _first.Add(personId);
        }

        private static List<AccessRule> ExemptFrom(ObjectAccess one, ObjectAccess other) =>
            [.. one.Masks.Except(other.Masks).Select(static m => m.Exempt).Concat(one.RowRules.Except(other.RowRules).Select(static r => r.Exempt)).Distinct()];
    }

    private readonly record struct Counts(long Gained, long Lost, long Uncovered, long Covered)
    {
        public static Counts Of(OfPerson found) => new(found.Gains, found.Losses, found.SeesMore ? 1 : 0, found.SeesLess ? 1 : 0);

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
