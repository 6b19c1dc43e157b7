using CsCheck;
using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.People;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Core.Tests.Access;

public sealed class ExplainerTests
{
    private static readonly Person Ada = new()
    {
        Id = "ada", Username = "ada", Groups = new HashSet<string> { "EU" }, Attributes = new HashSet<PersonAttribute> { new("Region", "EU"), new("Region", "CH") },
    };

    private static readonly GovernedObject Table = new()
    {
        Path = new ObjectPath("c", "d", "s", "t"),
        Kind = ObjectKind.Table,
        Tags = [],
        Columns = [new GovernedColumn("region", "text", []), new GovernedColumn("ssn", "text", ["PII"], ColumnFamily.Text)],
    };

    [Fact]
    public void Explaining_and_deciding_agree() => Gen.Select(Worlds.People, Worlds.Policies, Worlds.Object, Gen.Bool, Gen.Bool).Sample(
        static (people, policies, target, isManual, isApproved) =>
        {
            var index = new AccessIndex(people, policies, [target]);
            var access = index.AccessOf(target.Path).ShouldNotBeNull();
            var explainer = new Explainer(new AccessCompiler(policies), people);
            var held = new Subscriptions(isManual, isApproved);
            foreach (var person in people.People)
            {
                var explained = explainer.Explain(person, target, held, Subscriptions.None);
                var subscribed = access.ReadBySubscription is { } rule && index.Audiences.Holds(rule, person.Id, held);
                explained.Read.IsAllowed.ShouldBe(index.MayRead(person.Id, target.Path) || subscribed);
                explained.Read.Way.ShouldBe(
                    index.MayRead(person.Id, target.Path) ? AccessWay.Rule : subscribed ? AccessWay.Subscription : AccessWay.None);
                explained.Write.IsAllowed.ShouldBe(index.MayWrite(person.Id, target.Path));
                explained.RowRules.Select(static r => r.Exempt.IsExempt)
                    .ShouldBe(access.RowRules.Select(r => index.Audiences.Of(r.Exempt).Contains(person.Id)));
                explained.Columns.SelectMany(static c => c.Masks).Select(static m => m.Exempt.IsExempt)
                    .ShouldBe(access.Masks.Select(m => index.Audiences.Of(m.Exempt).Contains(person.Id)));
            }
        },
        iter: 3_000);

    [Fact]
    public void A_further_data_policy_uncovers_no_column_for_anybody() =>
        Gen.Select(Worlds.People, Worlds.Policies, Worlds.Data, Worlds.Object).Sample(
            static (people, policies, more, target) =>
            {
                var before = new Explainer(new AccessCompiler(policies), people);
                var after = new Explainer(new AccessCompiler([.. policies, more with { Key = "more" }]), people);
                foreach (var person in people.People)
                {
                    var (had, has) = (ColumnsOf(before), ColumnsOf(after));
                    for (var i = 0; i < had.Count; i++)
                    {
                        if (had[i].Always is not null) has[i].Always.ShouldNotBeNull();
                        if (had[i].Strictest is MaskFunction.Null) has[i].Strictest.ShouldBe(new MaskFunction.Null());
                    }

                    ValueList<ColumnExplanation> ColumnsOf(Explainer by) => by.Explain(person, target, Subscriptions.None, Subscriptions.None).Columns;
                }
            },
            iter: 2_000);

    [Fact]
    public void A_row_filter_has_the_persons_values_in_it()
    {
        var explained = Explain(
            Data("rows", new DataRule.RowsByEntitlements(SetOperator.All, [new EntitlementMatch(new ColumnSelector.Named("region"), "Region")])),
            Data("own", new DataRule.RowsByPredicate(new Predicate.Any([Is("region", new Operand.Property(PropertyKind.Username)), new Predicate.InGroups(["Audit"])]))));
        explained.RowFilter.ShouldBe(new Predicate.All(
            [Is("region", new Operand.Text("ada")), new Predicate.In(new Operand.Column("region"), [new Operand.Text("CH"), new Operand.Text("EU")])]));
    }

    [Fact]
    public void Whoever_has_no_value_sees_no_row_and_what_is_unknown_masks()
    {
        var explained = Explain(
            Data("rows", new DataRule.RowsByEntitlements(SetOperator.All, [new EntitlementMatch(new ColumnSelector.Named("region"), "Clearance")])),
            Data("mask", Mask(new MaskFunction.Hash(), new Predicate.InGroups(["Unheard"]))));
        explained.RowFilter.ShouldBe(new Predicate.Constant(false));
        explained.Columns[1].Always.ShouldBe(new MaskFunction.Hash());
    }

    [Fact]
    public void The_mask_of_a_column_names_the_rule_that_decided_it()
    {
        var explained = Explain(
            Data("mild", Mask(new MaskFunction.Regex("a", "b", false, true), null)),
            Data("strict", Mask(new MaskFunction.Hash(), Is("region", new Operand.Text("DE")))),
            Data("exempt", Mask(new MaskFunction.Null(), null) with { Exceptions = new Entitlements(SetOperator.Any, ["EU"], []) }));
        var column = explained.Columns[1];
        column.Always.ShouldBe(new MaskFunction.Regex("a", "b", false, true));
        column.Strictest.ShouldBe(new MaskFunction.Hash());
        column.DecidedBy.ShouldBe(["strict"]);
        column.Masks.Single(static m => m.Exempt.IsExempt).Mask.PolicyKey.ShouldBe("exempt");
        explained.Columns[0].Strictest.ShouldBeNull();
    }

    [Fact]
    public void Each_condition_has_its_value_for_the_person()
    {
        var policy = new SubscriptionPolicy
        {
            Key = "s", Name = "s", Kind = SubscriptionKind.Entitlements,
            Entitlements = new Entitlements(SetOperator.All, ["EU", "Audit", "Unheard"], []),
        };
        var explained = Explain(policy);
        explained.Read.IsAllowed.ShouldBeFalse();
        var part = explained.Read.Policies.ShouldHaveSingleItem();
        part.Value.ShouldBe(false);
        part.Conditions.Select(static c => c.Value).ShouldBe([true, false, null]);
    }

    private static Explanation Explain(params Policy[] policies) =>
        new Explainer(new AccessCompiler(policies), Worlds.Nobody).Explain(Ada, Table, Subscriptions.None, Subscriptions.None);

    private static DataPolicy Data(string key, params DataRule[] rules) => new() { Key = key, Name = key, Rules = rules.ToValueList() };

    private static DataRule Mask(MaskFunction function, Predicate? condition) =>
        new DataRule.Masking { Fields = [new ColumnSelector.Tagged("PII")], Function = function, Condition = condition };

    private static Predicate Is(string column, Operand value) => new Predicate.Comparison(ComparisonOperator.Equal, new Operand.Column(column), value);
}
