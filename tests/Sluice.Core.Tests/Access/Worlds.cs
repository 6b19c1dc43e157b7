using System.Collections.Frozen;
using CsCheck;
using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.People;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Core.Tests.Access;

/// <summary>Small generated worlds in which names collide often: people, objects and policies.</summary>
internal static class Worlds
{
    public static readonly Gen<string> Group = Gen.OneOf<string>("Analysts", "Audit", "EU", "Unheard");
    public static readonly Gen<string> Attribute = Gen.OneOf<string>("Region", "Clearance", "Unheard");
    public static readonly Gen<string> Value = Gen.OneOf<string>("EU", "US", "PII", "ada");
    public static readonly Gen<string> Tag = Gen.OneOf<string>("PII", "PII.Email", "PIIX", "EU", "Domain.Sales", "Analysts");
    public static readonly Gen<string> ColumnName = Gen.OneOf<string>("id", "ID", "ssn", "region", "email");

    private static readonly Gen<SetOperator> Operator = Gen.OneOf<SetOperator>(SetOperator.Any, SetOperator.All);

    public static readonly PeopleSnapshot Nobody = new(
        [], new[] { "Analysts", "Audit", "EU" }.ToFrozenSet(StringComparer.Ordinal), new[] { "Region", "Clearance" }.ToFrozenSet(StringComparer.Ordinal));

    public static readonly Gen<PersonAttribute> PersonAttribute = Gen.Select(Attribute, Value, static (n, v) => new PersonAttribute(n, v));

    public static readonly Gen<Person> Person = Gen.Select(
        Gen.Int[0, 5], Gen.OneOf<string?>("okta", null, "EU"), Gen.Int[0, 9], Group.Array[0, 3], PersonAttribute.Array[0, 3],
        static (id, source, enabled, groups, attributes) => new Person
        {
            Id = $"p{id}",
            Username = id == 0 ? "ada" : $"u{id}",
            Source = source,
            IsEnabled = enabled > 0,
            Groups = groups.ToFrozenSet(StringComparer.Ordinal),
            Attributes = attributes.ToFrozenSet(),
        });

    public static readonly Gen<PeopleSnapshot> People = Person.Array[0, 12].Select(static p => Nobody with { People = [.. p.DistinctBy(static x => x.Id)] });

    private static readonly Gen<Operand> PersonOperand = Gen.Select(Gen.Int[0, 6], Value, static Operand (kind, value) => kind switch
    {
        0 => new Operand.Property(PropertyKind.Username),
        1 => new Operand.Property(PropertyKind.Iam),
        2 => new Operand.Null(),
        3 => new Operand.Call(ScalarFunction.Lower, [new Operand.Text(value)]),
        4 => new Operand.Call(ScalarFunction.Upper, [new Operand.Property(PropertyKind.Username)]),
        5 => new Operand.Number(1.0m),
        _ => new Operand.Text(value),
    });

    private static readonly Gen<Operand> ObjectOperand = Gen.Select(Gen.Int[0, 4], Value, static Operand (kind, value) => kind switch
    {
        0 => new Operand.Property(PropertyKind.Database),
        1 => new Operand.Property(PropertyKind.Schema),
        2 => new Operand.Property(PropertyKind.Hostname),
        3 => new Operand.Property(PropertyKind.Table),
        _ => new Operand.Text(value),
    });

    private static readonly Gen<Operand> RowOperand = Gen.Select(Gen.Int[0, 2], ColumnName, Tag, ObjectOperand, static (kind, name, tag, other) => kind switch
    {
        0 => new Operand.Column(name),
        1 => new Operand.TaggedColumn(tag),
        _ => other,
    });

    private static readonly Gen<Predicate> PersonLeaf = LeafOver(PersonOperand);

    /// <summary>About people alone.</summary>
    public static readonly Gen<Predicate> PersonPredicate = Tree(PersonLeaf, 3);

    /// <summary>About people and the object.</summary>
    public static readonly Gen<Predicate> ObjectPredicate = Tree(Gen.OneOf(PersonLeaf, LeafOver(Gen.OneOf(PersonOperand, ObjectOperand)), TagLeaf()), 2);

    /// <summary>About people, the object and its rows.</summary>
    public static readonly Gen<Predicate> RowPredicate = Tree(Gen.OneOf(PersonLeaf, TagLeaf(), LeafOver(Gen.OneOf(PersonOperand, RowOperand))), 2);

    public static readonly Gen<Entitlements> Entitlement = Gen.Select(
        Operator, Group.Array[0, 2], PersonAttribute.Array[0, 2], static (o, g, a) => new Entitlements(o, g.ToValueList(), a.ToValueList()));

    private static readonly Gen<ColumnSelector> Selector = Gen.Select(Gen.Int[0, 2], Tag, ColumnName, Gen.Bool, static ColumnSelector (kind, tag, name, ignores) => kind switch
    {
        0 => new ColumnSelector.Tagged(tag),
        1 => new ColumnSelector.Matching($"^{name[0]}", ignores),
        _ => new ColumnSelector.Named(name),
    });

    public static readonly Gen<ObjectPath> Path = Gen.Select(
        Gen.OneOf<string>("c", "C2"), Gen.OneOf<string>("EU", "d"), Gen.OneOf<string>("s", "EU", ""), Gen.OneOf<string>("t", "EU", "ada"),
        static (c, d, s, t) => s.Length == 0 ? new ObjectPath(c, d, t) : new ObjectPath(c, d, s, t));

    private static readonly Gen<Circumstance> Circumstance = Gen.Select(Gen.Int[0, 4], Tag, ColumnName, Path, Gen.Int[1, 4], static Circumstance (kind, tag, name, path, depth) => kind switch
    {
        0 => new Circumstance.Tagged(tag),
        1 => new Circumstance.ColumnTagged(tag),
        2 => new Circumstance.ColumnMatches($"{name}$", depth > 2),
        3 => new Circumstance.NoTags(),
        _ => new Circumstance.AtOrBelow(new ObjectPath([.. path.Names.Take(depth)])),
    });

    private static readonly Gen<ValueList<Circumstance>?> Circumstances =
        Gen.Select(Gen.Int[0, 4], Circumstance.Array[1, 3], static (all, some) => all == 0 ? null : some.ToValueList());

    public static readonly Gen<SubscriptionPolicy> Subscription = Gen.Select(
        Gen.Select(Gen.Int[0, 5].Select(static k => $"s{k}"), Circumstances, Operator),
        Gen.Select(Gen.OneOf<SubscriptionKind>(SubscriptionKind.Anyone, SubscriptionKind.Approval, SubscriptionKind.Entitlements, SubscriptionKind.Entitlements, SubscriptionKind.Manual),
            Gen.OneOf<SubscriptionMode>(SubscriptionMode.Shared, SubscriptionMode.Required, SubscriptionMode.Guardrail), Gen.Int[0, 3]),
        Gen.Select(Gen.Bool, Entitlement, ObjectPredicate),
        static (where, what, who) => new SubscriptionPolicy
        {
            Key = where.Item1,
            Name = where.Item1,
            Circumstances = where.Item2,
            CircumstanceOperator = where.Item3,
            Kind = what.Item1,
            Mode = what.Item2,
            Access = what.Item3 == 0 ? AccessKind.Write : AccessKind.Read,
            Entitlements = who.Item1 ? who.Item2 : null,
            Advanced = who.Item1 ? null : who.Item3,
        });

    public static readonly Gen<MaskFunction> Mask = Gen.Select(Gen.Int[0, 6], Gen.Int[1, 4], static MaskFunction (kind, n) => kind switch
    {
        0 => new MaskFunction.Null(),
        1 => new MaskFunction.Constant($"{n / 3}"),
        2 => new MaskFunction.Hash(),
        3 => new MaskFunction.Regex($"{n / 3}", "x", false, true),
        4 => new MaskFunction.RoundNumber(n * 5),
        5 => new MaskFunction.RoundTime((TimePrecision)(n + 1)),
        _ => new MaskFunction.Custom([new("Snowflake", $"f{n % 2}")], n / 2),
    });

    private static readonly Gen<DataRule> Rule = Gen.Select(
        Gen.Select(Gen.Int[0, 4], Gen.Bool, Entitlement), Gen.Select(Selector, Selector, Mask), Gen.Select(RowPredicate, Gen.Bool, Operator, Attribute),
        static DataRule (what, how, where) =>
        {
            DataRule rule = what.Item1 switch
            {
                0 => new DataRule.RowsByPredicate(where.Item1),
                1 => new DataRule.RowsByEntitlements(where.Item3, [new EntitlementMatch(how.Item1, where.Item4), new EntitlementMatch(how.Item2, null)]),
                2 => new DataRule.RowsByTime(how.Item1, TimeSpan.FromDays(90)),
                3 => new DataRule.RowsByShare(10, how.Item1),
                _ => new DataRule.Masking { Fields = [how.Item1, how.Item2], Function = how.Item3, Condition = where.Item2 ? where.Item1 : null },
            };
            return rule with { Exceptions = what.Item2 ? what.Item3 : null };
        });

    public static readonly Gen<DataPolicy> Data = Gen.Select(
        Gen.Int[0, 5], Circumstances, Operator, Gen.OneOf<UnboundBehaviour>(UnboundBehaviour.Protect, UnboundBehaviour.Skip), Rule.Array[1, 3],
        static (key, circumstances, by, unbound, rules) => new DataPolicy
        {
            Key = $"d{key}",
            Name = "data",
            Circumstances = circumstances,
            CircumstanceOperator = by,
            WhenUnbound = unbound,
            Rules = rules.ToValueList(),
        });

    public static readonly Gen<Policy> Policy = Gen.OneOf(Subscription.Select(static Policy (p) => p), Data.Select(static Policy (p) => p));

    public static readonly Gen<ValueList<Policy>> Policies = Policy.Array[0, 8].Select(static p => p.DistinctBy(static x => x.Key).ToValueList());

    private static readonly Gen<ValueList<string>> Tags = Tag.Array[0, 2].Select(static t => t.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToValueList());

    private static readonly Gen<GovernedColumn> Column = Gen.Select(
        ColumnName, Tags, Gen.OneOf<ColumnFamily>(ColumnFamily.Other, ColumnFamily.Text, ColumnFamily.Integer, ColumnFamily.Date),
        static (name, tags, family) => new GovernedColumn(name, "type", tags, family));

    public static readonly Gen<GovernedObject> Object = Gen.Select(
        Path, Gen.OneOf<string?>("host", null, "EU"), Tags, Column.Array[0, 5],
        static (path, host, tags, columns) => new GovernedObject
        {
            Path = path,
            Kind = ObjectKind.Table,
            Hostname = host,
            Tags = tags,
            Columns = columns.DistinctBy(static c => c.Name, StringComparer.Ordinal).ToValueList(),
        });

    public static readonly Gen<ValueList<GovernedObject>> Objects = Object.Array[0, 12].Select(static o => o.DistinctBy(static x => x.Path).ToValueList());

    private static Gen<Predicate> TagLeaf() => Gen.Select(Gen.Bool, Attribute, Gen.OneOf<TagPlace>(TagPlace.DataSource, TagPlace.Column),
        static Predicate (byGroup, name, place) => byGroup ? new Predicate.TagIsGroup(place) : new Predicate.TagIsAttribute(name, place));

    private static Gen<Predicate> LeafOver(Gen<Operand> operand) => Gen.Select(
        Gen.Int[0, 9], Gen.Select(Group, Group), PersonAttribute, Gen.Select(operand, operand, operand), Gen.Int[0, 5],
        static Predicate (kind, groups, attribute, operands, by) => kind switch
        {
            0 or 1 => new Predicate.InGroups([groups.Item1]),
            2 => new Predicate.InGroups([groups.Item1, groups.Item2]),
            3 => new Predicate.HasAttribute(attribute.Name, attribute.Value),
            4 => new Predicate.In(operands.Item1, [operands.Item2, operands.Item3]),
            5 => new Predicate.Between(operands.Item1, operands.Item2, operands.Item3),
            6 => by < 3 ? new Predicate.IsNull(operands.Item1) : new Predicate.Like(operands.Item1, by == 3 ? "%a" : "u_"),
            7 => by < 3 ? new Predicate.GroupsContain(operands.Item1) : new Predicate.AttributeContains(attribute.Name, operands.Item1),
            _ => new Predicate.Comparison((ComparisonOperator)by, operands.Item1, operands.Item2),
        });

    private static Gen<Predicate> Tree(Gen<Predicate> leaf, int depth)
    {
        var tree = Gen.Frequency((9, leaf), (1, Gen.Bool.Select(static Predicate (b) => new Predicate.Constant(b))));
        for (var i = 0; i < depth; i++)
        {
            var below = tree;
            tree = Gen.OneOf(
                leaf,
                below.Select(static Predicate (t) => new Predicate.Not(t)),
                below.Array[0, 3].Select(static Predicate (t) => new Predicate.All(t.ToValueList())),
                below.Array[0, 3].Select(static Predicate (t) => new Predicate.Any(t.ToValueList())));
        }

        return tree;
    }
}
