using Sluice.Core.People;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Core.Access;

/// <summary>
/// Who the rules hold for. Each condition that occurs in some rule is one column of bits over all people, so a rule is decided by joining columns, 64 people at
/// once, and each rule once; a change of one person is a change of one bit in each column. For one thread at a time.
/// </summary>
public sealed class AudienceIndex
{
    private readonly PersonTable people;
    private readonly Dictionary<string, ConditionColumn> conditions = new(StringComparer.Ordinal);
    private readonly Dictionary<AudienceId, Audience> audiences = [];

    /// <summary>An index of these people, with no rule yet.</summary>
    public AudienceIndex(PeopleSnapshot people) => this.people = new PersonTable(people);

    /// <summary>How many audiences there are.</summary>
    public int Count => audiences.Count;

    /// <summary>The audience of a rule; found once, then kept.</summary>
    public Audience Of(AccessRule rule)
    {
        if (audiences.TryGetValue(rule.Id, out var audience)) return audience;
        audience = new Audience(this, rule, NodeOf(rule.Normal));
        Refresh(audience);
        audiences.Add(rule.Id, audience);
        return audience;
    }

    /// <summary>The people a rule holds for, by id, sorted ordinally. Nobody that is disabled.</summary>
    public IReadOnlyList<string> MembersOf(AccessRule rule)
    {
        var members = new List<string>();
        var bits = Of(rule).Members;
        for (var w = 0; w < bits.Length; w++)
            for (var word = bits[w]; word != 0; word &= word - 1) members.Add(people[(w << 6) + System.Numerics.BitOperations.TrailingZeroCount(word)].Id);
        members.Sort(StringComparer.Ordinal);
        return members;
    }

    /// <summary>
    /// Whether a predicate without columns is true for a person with these subscriptions: a rule such as <see cref="ObjectAccess.ReadBySubscription"/>. False
    /// where it is unknown, and for whoever is unknown or disabled.
    /// </summary>
    public bool Holds(Predicate predicate, string personId, Subscriptions subscriptions) =>
        people.TryGetNumber(personId, out var number) && people[number] is { IsEnabled: true } person
        && PersonTruth.Of(predicate, person, people.Snapshot, subscriptions) == true;

    /// <summary>A person as they are now, or a new one.</summary>
    public void Put(Person person)
    {
        var words = people.Words;
        var number = people.Put(person);
        if (people.Words != words) Grow();
        Recompute(number);
    }

    /// <summary>Somebody is gone.</summary>
    public void Remove(string personId)
    {
        if (people.Remove(personId) is { } number) Recompute(number);
    }

    /// <summary>The groups and attributes that are known now; what becomes of conditions on the others is recomputed, and nothing else.</summary>
    public void PutKnown(IReadOnlySet<string> groups, IReadOnlySet<string> attributes)
    {
        var before = people.Snapshot;
        people.PutKnown(groups, attributes);
        foreach (var condition in conditions.Values)
        {
            if (IsKnown(condition.Leaf, before) == IsKnown(condition.Leaf, people.Snapshot)) continue;
            Fill(condition);
            foreach (var audience in audiences.Values)
                if (audience.Node.Names(condition)) Refresh(audience);
        }
    }

    /// <summary>Forgets the audiences nobody asks for any more, and the conditions that only they had.</summary>
    public void KeepOnly(IEnumerable<AccessRule> rules)
    {
        var kept = rules.Select(static r => r.Id).ToHashSet();
        foreach (var id in audiences.Keys.Where(i => !kept.Contains(i)).ToList()) audiences.Remove(id);
        foreach (var (text, condition) in conditions.ToList())
            if (!audiences.Values.Any(a => a.Node.Names(condition))) conditions.Remove(text);
    }

    internal bool TryGetNumber(string personId, out int number) => people.TryGetNumber(personId, out number);

    private void Recompute(int number)
    {
        var person = people.Find(number);
        foreach (var condition in conditions.Values)
            condition.Set(number, person is null ? null : PersonTruth.Of(condition.Leaf, person, people.Snapshot, Subscriptions.None));
        var isEnabled = Bits.Has(people.Enabled, number);
        foreach (var audience in audiences.Values) Bits.Set(audience.Members, number, isEnabled && audience.Node.Holds(number));
    }

    private void Grow()
    {
        foreach (var condition in conditions.Values) condition.Grow(people.Words);
        foreach (var audience in audiences.Values) audience.Members = ConditionColumn.Grown(audience.Members, people.Words);
    }

    private void Refresh(Audience audience)
    {
        var members = new ulong[people.Words];
        audience.Node.Evaluate(members);
        for (var w = 0; w < members.Length; w++) members[w] &= people.Enabled[w];
        audience.Members = members;
    }

    private RuleNode NodeOf(Predicate normal) => normal switch
    {
        Predicate.Constant constant => new ConstantNode(constant.Value),
        Predicate.All all => new JoinNode(isAll: true, [.. all.Terms.Select(NodeOf)]),
        Predicate.Any any => new JoinNode(isAll: false, [.. any.Terms.Select(NodeOf)]),
        Predicate.Not not => new ConditionNode(ColumnOf(not.Term), isNegated: true),
        _ => new ConditionNode(ColumnOf(normal), isNegated: false),
    };

    private ConditionColumn ColumnOf(Predicate leaf)
    {
        var text = RuleText.Of(leaf);
        if (conditions.TryGetValue(text, out var column)) return column;
        column = new ConditionColumn(leaf, people.Words);
        Fill(column);
        conditions.Add(text, column);
        return column;
    }

    // Of a group or a value the few that have it are known; of other conditions each person is asked.
    private void Fill(ConditionColumn column)
    {
        if (people.Having(column.Leaf) is { } having)
        {
            var isKnown = IsKnown(column.Leaf, people.Snapshot);
            column.Fill(isKnown ? false : null);
            if (!isKnown) return;
            foreach (var number in having) column.Set(number, true);
        }
        else
        {
            for (var number = 0; number < people.Capacity; number++)
                column.Set(number, people.Find(number) is { } person ? PersonTruth.Of(column.Leaf, person, people.Snapshot, Subscriptions.None) : null);
        }
    }

    private static bool IsKnown(Predicate leaf, PeopleSnapshot people) => leaf switch
    {
        Predicate.InGroups groups => groups.Groups.All(people.KnownGroups.Contains),
        Predicate.HasAttribute attribute => people.KnownAttributes.Contains(attribute.Name),
        Predicate.AttributeContains contains => people.KnownAttributes.Contains(contains.Name),
        _ => true,
    };
}
