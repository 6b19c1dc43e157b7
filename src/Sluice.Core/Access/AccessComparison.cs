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
        kind.AddTo(this, before.Path, held.Keys);
        foreach (var (personId, ways) in held)
        {
            if (!_people.ContainsKey(personId)) continue;
            kind.TakeBack(this, PersonOf(personId, kind, default, default));
            Add(personId, before.Path, PersonOf(personId, kind, ways.Reading, ways.Writing));
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
        private readonly List<(string PersonId, OfPerson Found)> _first = [];
        private long _gained;
        private long _lost;
        private long _uncovered;
        private long _covered;

        public ObjectAccess Was => was;

        public ObjectAccess Becomes => becomes;

        public bool IsOtherwiseProtected { get; } = !was.Masks.Equals(becomes.Masks) || !was.RowRules.Equals(becomes.RowRules);

        /// <summary>Who is exempt from each mask and row rule that goes.</summary>
        public List<AccessRule> ExemptFromGone { get; } = ExemptFrom(was, becomes);

        /// <summary>Who is exempt from each that comes.</summary>
        public List<AccessRule> ExemptFromNew { get; } = ExemptFrom(becomes, was);

        public void Add(string personId, OfPerson found)
        {
            var isListed = (found.Gains > 0 && _gained < mostListed) || (found.Losses > 0 && _lost < mostListed)
                || (found.SeesMore && _uncovered < mostListed) || (found.SeesLess && _covered < mostListed);
            if (isListed) _first.Add((personId, found));
            (_gained, _lost) = (_gained + found.Gains, _lost + found.Losses);
            (_uncovered, _covered) = (_uncovered + (found.SeesMore ? 1 : 0), _covered + (found.SeesLess ? 1 : 0));
        }

        public void AddTo(AccessComparison comparison, ObjectPath path, IEnumerable<string> butFor)
        {
            // Those apart are listed with what they are subscribed to, and taken from the counts.
            var apart = butFor.ToHashSet(StringComparer.Ordinal);
            var (gained, lost, uncovered, covered) = (_gained, _lost, _uncovered, _covered);
            foreach (var (personId, found) in _first)
            {
                if (apart.Contains(personId)) continue;
                (gained, lost) = (gained - found.Gains, lost - found.Losses);
                (uncovered, covered) = (uncovered - (found.SeesMore ? 1 : 0), covered - (found.SeesLess ? 1 : 0));
                comparison.Add(personId, path, found);
            }

            comparison.Count(gained, lost, uncovered, covered);
        }

        public void TakeBack(AccessComparison comparison, OfPerson byRule) =>
            comparison.Count(-byRule.Gains, -byRule.Losses, byRule.SeesMore ? -1 : 0, byRule.SeesLess ? -1 : 0);

        private static List<AccessRule> ExemptFrom(ObjectAccess one, ObjectAccess other) =>
            [.. one.Masks.Except(other.Masks).Select(static m => m.Exempt).Concat(one.RowRules.Except(other.RowRules).Select(static r => r.Exempt)).Distinct()];
    }

    private void Count(long gained, long lost, long uncovered, long covered)
    {
        _gained.Count += gained;
        _lost.Count += lost;
        _uncovered.Count += uncovered;
        _covered.Count += covered;
    }

    private sealed class Tally<T>(int most)
    {
        private readonly List<T> _first = [];

        public long Count { get; set; }

        public Counted<T> Result => new(Count, _first);

        public void Add(T item)
        {
            Count++;
            if (_first.Count < most) _first.Add(item);
        }
    }
}
