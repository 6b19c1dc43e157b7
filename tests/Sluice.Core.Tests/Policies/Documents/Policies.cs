using CsCheck;
using Sluice.Core.Catalog;
using Sluice.Core.People;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;
using Sluice.Core.Tests.Catalog;

namespace Sluice.Core.Tests.Policies.Documents;

/// <summary>Policies of every kind that documents can say.</summary>
internal static class Policies
{
    private static readonly Gen<string> Word = Gen.OneOf(Names.WellFormed, Gen.OneOf("Analysts", "true", "~", "1e3", "0x1F", "- a", "a: b", "# a", "NO", "@x", "a\nb"));

    private static readonly Gen<string> Tag = Gen.OneOf("PII", "PII.Email", "Domain.Sales", "a b", "é");

    private static readonly Gen<(string Pattern, bool IgnoresCase)> Regex = Gen.Select(Gen.OneOf("^ssn$", "e-?mail", "[a-z]+_id", @"\d{3}"), Gen.Bool);

    private static readonly Gen<SetOperator> Operator = Gen.OneOf(SetOperator.Any, SetOperator.All);

    private static readonly Gen<Entitlements> Entitlements =
        Gen.Select(Operator, Word.Array[0, 3], Gen.Select(Word, Word, (n, v) => new PersonAttribute(n, v)).Array[0, 3])
            .Where((_, groups, attributes) => groups.Length + attributes.Length > 0)
            .Select((o, groups, attributes) => new Entitlements(o, groups.ToValueList(), attributes.ToValueList()));

    private static readonly Gen<Predicate> OfPerson = Predicates(
        PredicateScope.Person, "@isInGroups('A') AND @hasAttribute('Region', 'EU')", "@username = 'it''s' OR NOT @isInGroups('A', 'B')", "@database LIKE 'x%'");

    private static readonly Gen<Predicate> OfRow = Predicates(
        PredicateScope.Row, "@columnReference('amount') < 10000 OR @isInGroups('Audit')", "@columnTagged('Country') = 'DE'",
        "@columnReference('a') IN (1, 2.5) AND @columnReference('b') IS NOT NULL");

    private static readonly Gen<ColumnSelector> Selector = Gen.OneOf(
        Tag.Select(t => (ColumnSelector)new ColumnSelector.Tagged(t)),
        Regex.Select(r => (ColumnSelector)new ColumnSelector.Matching(r.Pattern, r.IgnoresCase)),
        Word.Select(n => (ColumnSelector)new ColumnSelector.Named(n)));

    private static readonly Gen<Circumstance> Circumstance = Gen.OneOf(
        Tag.Select(t => (Circumstance)new Circumstance.Tagged(t)),
        Tag.Select(t => (Circumstance)new Circumstance.ColumnTagged(t)),
        Regex.Select(r => (Circumstance)new Circumstance.ColumnMatches(r.Pattern, r.IgnoresCase)),
        Gen.Const((Circumstance)new Circumstance.NoTags()),
        Names.Path.Select(n => (Circumstance)new Circumstance.AtOrBelow(new ObjectPath(n))));

    private static readonly Gen<MaskFunction> Mask = Gen.OneOf(
        Gen.Const((MaskFunction)new MaskFunction.Null()),
        Gen.OneOf(Word, Gen.Const("")).Select(c => (MaskFunction)new MaskFunction.Constant(c)),
        Gen.Const((MaskFunction)new MaskFunction.Hash()),
        Gen.Select(Gen.OneOf("^[0-9]{4}", @"(a|b)\.c", "[^@]+@"), Gen.OneOf("", "x", @"\\"), Gen.Bool, Gen.Bool, (p, r, i, g) => (MaskFunction)new MaskFunction.Regex(p, r, i, g)),
        Gen.Decimal[0.0001m, 1_000_000m].Select(b => (MaskFunction)new MaskFunction.RoundNumber(b)),
        Gen.Enum<TimePrecision>().Select(p => (MaskFunction)new MaskFunction.RoundTime(p)),
        Gen.Select(Gen.Int[0, 1000], Gen.Bool, (rank, both) => (MaskFunction)new MaskFunction.Custom(
            both ? [new("PostgreSQL", "masks.f"), new("Snowflake", "DB.MASKS.F")] : [new("Databricks", "f")], rank)));

    private static readonly Gen<DataRule> BareRule = Gen.OneOf(
        Gen.Select(Selector.Array[1, 3], Mask, OfRow.Null(), (f, m, c) => (DataRule)new DataRule.Masking { Fields = f.ToValueList(), Function = m, Condition = c }),
        Gen.Select(Operator, Gen.Select(Selector, Word.Null(), (c, a) => new EntitlementMatch(c, a)).Array[1, 3], (o, m) => (DataRule)new DataRule.RowsByEntitlements(o, m.ToValueList())),
        OfRow.Select(p => (DataRule)new DataRule.RowsByPredicate(p)),
        Gen.Select(Selector, Gen.Int[1, 2_000_000_000], (c, s) => (DataRule)new DataRule.RowsByTime(c, TimeSpan.FromSeconds(s))),
        Gen.Select(Gen.Int[1, 99], Selector, (p, c) => (DataRule)new DataRule.RowsByShare(p, c)));

    private static readonly Gen<Policy> Data =
        Gen.Select(BareRule, Entitlements.Null(), (rule, exempt) => rule with { Exceptions = exempt }).Array[1, 4]
            .Select(rules => (Policy)new DataPolicy { Key = "", Name = "", Rules = rules.ToValueList() });

    private static readonly Gen<Policy> Subscription =
        Gen.Select(
            Gen.OneOf(
                Gen.Const(Of(SubscriptionKind.Anyone)), Gen.Const(Of(SubscriptionKind.Manual)),
                Gen.Select(Gen.Enum<ApproverPermission>(), Gen.Bool, (p, s) => new Approval(p, s)).Array[1, 2].Select(a => Of(SubscriptionKind.Approval) with { Approvals = a.ToValueList() }),
                Entitlements.Select(e => Of(SubscriptionKind.Entitlements) with { Entitlements = e }),
                OfPerson.Select(p => Of(SubscriptionKind.Entitlements) with { Advanced = p })),
            Gen.Enum<SubscriptionMode>(), Gen.Enum<AccessKind>(), (policy, mode, access) => (Policy)(policy with { Mode = mode, Access = access }));

    internal static readonly Gen<Policy> Any =
        Gen.Select(
            Gen.OneOf(Data, Subscription), Gen.String[Gen.Char["abcXYZ019-_."], 1, 12], Word, Gen.Bool, Operator,
            Circumstance.Array[1, 3].Select(c => c.ToValueList()).Null(), Gen.Enum<UnboundBehaviour>(),
            (policy, key, name, isStaged, setOperator, circumstances, unbound) => policy with
            {
                Key = key, Name = name, IsStaged = isStaged, CircumstanceOperator = setOperator, Circumstances = circumstances, WhenUnbound = unbound,
            });

    private static SubscriptionPolicy Of(SubscriptionKind kind) => new() { Key = "", Name = "", Kind = kind };

    private static Gen<Predicate> Predicates(PredicateScope scope, params string[] texts) => Gen.OneOf([.. texts.Select(text =>
    {
        var predicate = PredicateParser.Parse(text, scope, out var problems);
        problems.ShouldBeEmpty();
        return predicate!;
    })]);
}
