using CsCheck;
using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Core.Tests.Access;

public sealed class AccessCompilerTests
{
    private static readonly Predicate Subscribed = AccessRule.Of(new Predicate.Any(
        [new Predicate.IsSubscribed(SubscriptionKind.Manual), new Predicate.IsSubscribed(SubscriptionKind.Approval)])).Normal;

    private static readonly GovernedObject Table = new()
    {
        Path = new ObjectPath("c", "d", "s", "t"),
        Kind = ObjectKind.Table,
        Tags = ["Domain.Sales"],
        Columns =
        [
            new GovernedColumn("Id", "int", [], ColumnFamily.Integer),
            new GovernedColumn("home", "text", ["Country"], ColumnFamily.Text),
            new GovernedColumn("work", "text", ["Country.Work"], ColumnFamily.Text),
            new GovernedColumn("born", "date", ["PII"], ColumnFamily.Date),
        ],
    };

    [Theory]
    [InlineData(true)]
    [InlineData(true, SystemTags.DiscoveredNew)]
    [InlineData(false, "Domain.Sales")]
    [InlineData(false, "Domain.Sales", SystemTags.DiscoveredNew)]
    public void What_only_carries_the_mark_of_its_discovery_has_no_tags(bool isMasked, params string[] tags)
    {
        var masking = new DataRule.Masking { Fields = [new ColumnSelector.Named("home")], Function = new MaskFunction.Null() };
        var untagged = new DataPolicy { Key = "untagged", Name = "untagged", Circumstances = [new Circumstance.NoTags()], Rules = [masking] };

        new AccessCompiler([untagged]).Compile(Table with { Tags = tags.ToValueList() }).Masks.Any().ShouldBe(isMasked);
    }

    [Fact]
    public void Objects_that_share_a_bucket_are_compiled_as_each_would_be_alone() => Gen.Select(Worlds.Policies, Worlds.Objects).Sample(
        static (policies, objects) =>
        {
            var compiler = new AccessCompiler(policies);
            foreach (var target in objects) compiler.Compile(target).ShouldBe(new AccessCompiler(policies).Compile(target));
        },
        iter: 3_000);

    [Fact]
    public void The_policies_that_hold_are_found_as_by_trying_each() => Gen.Select(Worlds.Policies, Worlds.Objects).Sample(
        static (policies, objects) =>
        {
            var compiler = new AccessCompiler(policies);
            foreach (var target in objects)
                compiler.PoliciesOn(target).ShouldBe(policies.Where(p => Holds(p, target)).OrderBy(static p => p.Key, StringComparer.Ordinal));
        },
        iter: 3_000);

    [Fact]
    public void A_guardrail_never_adds_a_reader() => Gen.Select(Worlds.Policies, Worlds.Subscription, Worlds.Object, Worlds.People).Sample(
        static (policies, guardrail, target, people) =>
        {
            var before = new AccessCompiler(policies).Compile(target);
            var after = new AccessCompiler([.. policies, guardrail with { Key = "g", Mode = SubscriptionMode.Guardrail }]).Compile(target);
            var index = new AudienceIndex(people);
            index.MembersOf(after.Read).Except(index.MembersOf(before.Read), StringComparer.Ordinal).ShouldBeEmpty();
            index.MembersOf(after.Write).Except(index.MembersOf(before.Write), StringComparer.Ordinal).ShouldBeEmpty();
        },
        iter: 3_000);

    [Fact]
    public void What_is_asked_for_depends_on_no_order_of_policies() => Gen.Select(Worlds.Policies, Worlds.Object, Gen.Int[0, 1_000]).Sample(
        static (policies, target, seed) =>
        {
            var shuffled = policies.ToArray();
            new Random(seed).Shuffle(shuffled);
            new AccessCompiler(shuffled).Compile(target).ShouldBe(new AccessCompiler(policies).Compile(target));
        },
        iter: 2_000);

    [Fact]
    public void Without_a_policy_nobody_reads_by_rule_and_a_subscription_by_hand_counts()
    {
        var access = Compile();
        access.Read.ShouldBe(AccessRule.Nobody);
        access.ReadBySubscription.ShouldBe(Subscribed);
    }

    [Fact]
    public void A_guardrail_alone_subscribes_nobody_and_bounds_subscriptions_by_hand()
    {
        var access = Compile(Subscription("g", SubscriptionMode.Guardrail, Group("EU")));
        access.Read.ShouldBe(AccessRule.Nobody);
        access.ReadBySubscription.ShouldBe(AccessRule.Of(new Predicate.All([Subscribed, InGroup("EU")])).Normal);
    }

    [Fact]
    public void A_required_policy_subscribes_where_no_shared_one_does()
    {
        var access = Compile(Subscription("r", SubscriptionMode.Required, Group("EU")));
        access.Read.ShouldBe(AccessRule.Of(InGroup("EU")));
        access.ReadBySubscription.ShouldBeNull();
    }

    [Fact]
    public void One_shared_all_required_and_all_guardrails_have_to_hold()
    {
        var access = Compile(
            Subscription("a", SubscriptionMode.Shared, Group("A")), Subscription("b", SubscriptionMode.Shared, Group("B")),
            Subscription("c", SubscriptionMode.Required, Group("C")), Subscription("d", SubscriptionMode.Guardrail, Group("D")));
        access.Read.ShouldBe(AccessRule.Of(new Predicate.All([new Predicate.Any([InGroup("A"), InGroup("B")]), InGroup("C"), InGroup("D")])));
        access.SubscriptionPolicies.ShouldBe(["a", "b", "c", "d"]);
    }

    [Fact]
    public void A_manual_policy_that_is_required_means_added_by_hand_as_well()
    {
        var access = Compile(
            Subscription("a", SubscriptionMode.Shared, Group("A")), Subscription("m", SubscriptionMode.Required, null) with { Kind = SubscriptionKind.Manual });
        access.Read.ShouldBe(AccessRule.Nobody);
        access.ReadBySubscription.ShouldBe(AccessRule.Of(new Predicate.All([InGroup("A"), new Predicate.IsSubscribed(SubscriptionKind.Manual)])).Normal);
    }

    [Fact]
    public void Read_and_write_are_composed_apart()
    {
        var access = Compile(
            Subscription("r", SubscriptionMode.Shared, Group("A")), Subscription("w", SubscriptionMode.Shared, Group("B")) with { Access = AccessKind.Write });
        access.Read.ShouldBe(AccessRule.Of(InGroup("A")));
        access.Write.ShouldBe(AccessRule.Of(InGroup("B")));
    }

    [Fact]
    public void A_staged_policy_takes_no_part() =>
        Compile(Subscription("a", SubscriptionMode.Shared, Group("A")) with { IsStaged = true }).Read.ShouldBe(AccessRule.Nobody);

    [Fact]
    public void A_subscription_that_names_a_column_is_for_nobody() => Compile(Subscription("a", SubscriptionMode.Shared, null) with
    {
        Advanced = new Predicate.Not(new Predicate.Comparison(ComparisonOperator.Equal, new Operand.Column("Id"), new Operand.Number(1))),
    }).Read.ShouldBe(AccessRule.Nobody);

    [Fact]
    public void Properties_and_tags_of_the_object_are_put_in_their_place()
    {
        var access = Compile(Subscription("a", SubscriptionMode.Shared, null) with
        {
            Advanced = new Predicate.All(
            [
                new Predicate.Comparison(ComparisonOperator.Equal, new Operand.Property(PropertyKind.Database), new Operand.Text("d")),
                new Predicate.TagIsAttribute("Domain", TagPlace.DataSource),
                new Predicate.TagIsGroup(TagPlace.Column),
            ]),
        });
        // A tag that is no group's name is false and not unknown, as an unknown group would be.
        access.Read.ShouldBe(AccessRule.Of(new Predicate.All(
            [new Predicate.HasAttribute("Domain", "Domain.Sales"), new Predicate.Any([HasGroup("Country"), HasGroup("Country.Work"), HasGroup("PII")])])));

        static Predicate HasGroup(string tag) => new Predicate.GroupsContain(new Operand.Text(tag));
    }

    [Fact]
    public void A_row_rule_holds_for_each_column_with_the_tag()
    {
        var rule = Compile(Data(new DataRule.RowsByPredicate(TaggedIs("Country", "DE")))).RowRules.ShouldHaveSingleItem();
        rule.Predicate.ShouldBe(new Predicate.All([ColumnIs("home", "DE"), ColumnIs("work", "DE")]));
        rule.Exempt.ShouldBe(AccessRule.Nobody);
    }

    [Fact]
    public void A_mask_applies_where_its_condition_is_true_for_any_column_with_the_tag() =>
        Compile(Data(Mask("Id", new MaskFunction.Hash(), TaggedIs("Country", "DE")))).Masks.ShouldHaveSingleItem()
            .Condition.ShouldBe(new Predicate.Any([ColumnIs("home", "DE"), ColumnIs("work", "DE")]));

    [Theory]
    [InlineData("Id", "Id")]
    [InlineData("ID", "Id")]
    [InlineData("nope", null)]
    public void A_column_is_bound_by_its_name_or_by_the_only_one_ignoring_case(string name, string? bound)
    {
        var rule = Compile(Data(new DataRule.RowsByPredicate(ColumnIs(name, "1")))).RowRules.ShouldHaveSingleItem();
        rule.Predicate.ShouldBe(bound is null ? new Predicate.Constant(false) : ColumnIs(bound, "1"));
        rule.IsUnbound.ShouldBe(bound is null);
    }

    [Fact]
    public void What_is_unbound_protects_unless_it_is_to_be_skipped()
    {
        var policy = Data(new DataRule.RowsByPredicate(TaggedIs("Nope", "1")), Mask("Id", new MaskFunction.Hash(), TaggedIs("Nope", "1")));
        var access = Compile(policy);
        access.RowRules.ShouldHaveSingleItem().ShouldBe(new RowRule(new Predicate.Constant(false), AccessRule.Nobody, "d", IsUnbound: true));
        access.Masks.ShouldHaveSingleItem().ShouldBe(new ColumnMask("Id", new MaskFunction.Hash(), AccessRule.Nobody, null, "d", IsUnbound: true));

        var skipped = Compile(policy with { WhenUnbound = UnboundBehaviour.Skip });
        skipped.RowRules.ShouldBeEmpty();
        skipped.Masks.ShouldBeEmpty();
    }

    [Fact]
    public void What_so_many_columns_carry_that_nobody_could_read_the_rule_protects_and_is_not_skipped()
    {
        // Forty columns with each of two tags, compared with each other: 1,600 ways.
        var wide = Table with
        {
            Columns = [.. Enumerable.Range(0, 80).Select(static i => new GovernedColumn($"c{i:00}", "text", [i < 40 ? "One" : "Other"], ColumnFamily.Text)), .. Table.Columns],
        };
        var either = new Predicate.Comparison(ComparisonOperator.Equal, new Operand.TaggedColumn("One"), new Operand.TaggedColumn("Other"));
        var policy = Data(new DataRule.RowsByPredicate(either), Mask("Id", new MaskFunction.Hash(), either)) with { WhenUnbound = UnboundBehaviour.Skip };

        var access = new AccessCompiler([policy]).Compile(wide);

        access.RowRules.ShouldHaveSingleItem().ShouldBe(new RowRule(new Predicate.Constant(false), AccessRule.Nobody, "d", IsUnbound: true));
        access.Masks.ShouldHaveSingleItem().ShouldBe(new ColumnMask("Id", new MaskFunction.Hash(), AccessRule.Nobody, null, "d", IsUnbound: true));
    }

    [Fact]
    public void What_is_missing_behind_a_constant_that_decides_leaves_a_rule_unbound_all_the_same()
    {
        var elsewhere = new Predicate.Comparison(ComparisonOperator.Equal, new Operand.Property(PropertyKind.Table), new Operand.Text("elsewhere"));
        var access = Compile(Data(
            new DataRule.RowsByPredicate(new Predicate.Any([new Predicate.Not(elsewhere), ColumnIs("nope", "1")])),
            Mask("Id", new MaskFunction.Hash(), new Predicate.All([elsewhere, ColumnIs("nope", "1")]))));
        access.RowRules.ShouldHaveSingleItem().ShouldBe(new RowRule(new Predicate.Constant(false), AccessRule.Nobody, "d", IsUnbound: true));
        access.Masks.ShouldHaveSingleItem().ShouldBe(new ColumnMask("Id", new MaskFunction.Hash(), AccessRule.Nobody, null, "d", IsUnbound: true));
    }

    [Fact]
    public void A_mask_that_cannot_apply_to_the_type_is_null_and_says_so() =>
        Compile(Data(Mask("born", new MaskFunction.Hash(), null))).Masks.ShouldHaveSingleItem()
            .ShouldBe(new ColumnMask("born", new MaskFunction.Null(), AccessRule.Nobody, null, "d", IsNarrowed: true));

    [Fact]
    public void Rounding_that_would_leave_every_value_as_it_is_hides_it()
    {
        Compile(Data(Mask("Id", new MaskFunction.RoundNumber(0.5m), null))).Masks.ShouldHaveSingleItem().Function.ShouldBe(new MaskFunction.Null());
        Compile(Data(Mask("Id", new MaskFunction.RoundNumber(10), null))).Masks.ShouldHaveSingleItem().Function.ShouldBe(new MaskFunction.RoundNumber(10));
    }

    [Fact]
    public void Rules_by_entitlement_time_and_share_are_put_on_columns()
    {
        var access = Compile(Data(
            new DataRule.RowsByEntitlements(SetOperator.Any, [new EntitlementMatch(new ColumnSelector.Tagged("Country"), "Region"), new EntitlementMatch(new ColumnSelector.Named("id"), null)]),
            new DataRule.RowsByTime(new ColumnSelector.Named("born"), TimeSpan.FromDays(90)),
            new DataRule.RowsByShare(10, new ColumnSelector.Matching("^i", IgnoresCase: true))));
        access.RowRules.Select(static r => r.Predicate).ShouldBe(
        [
            new Predicate.Any(
            [
                new Predicate.All([new Predicate.AttributeContains("Region", new Operand.Column("home")), new Predicate.AttributeContains("Region", new Operand.Column("work"))]),
                new Predicate.GroupsContain(new Operand.Column("Id")),
            ]),
            new Predicate.IsNewerThan(new Operand.Column("born"), TimeSpan.FromDays(90)),
            new Predicate.IsInShare(new Operand.Column("Id"), 10),
        ]);
    }

    private static bool Holds(Policy policy, GovernedObject target)
    {
        if (policy.Circumstances is not { } circumstances) return true;
        return policy.CircumstanceOperator == SetOperator.Any ? circumstances.Any(c => Holds(c, target)) : circumstances.All(c => Holds(c, target));
    }

    private static bool Holds(Circumstance circumstance, GovernedObject target) => circumstance switch
    {
        Circumstance.Tagged tagged => target.Tags.Any(t => IsBelow(t, tagged.Tag)),
        Circumstance.ColumnTagged tagged => target.Columns.Any(c => c.Tags.Any(t => IsBelow(t, tagged.Tag))),
        Circumstance.ColumnMatches matches => target.Columns.Any(c => c.Name.EndsWith(
            matches.Regex.TrimEnd('$'), matches.IgnoresCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal)),
        Circumstance.AtOrBelow below => below.Path.Covers(target.Path),
        _ => target.Tags.Count == 0,
    };

    private static bool IsBelow(string tag, string above) => $"{tag}.".StartsWith($"{above}.", StringComparison.Ordinal);

    private static ObjectAccess Compile(params Policy[] policies) => new AccessCompiler(policies).Compile(Table);

    private static SubscriptionPolicy Subscription(string key, SubscriptionMode mode, Entitlements? entitlements) =>
        new() { Key = key, Name = key, Kind = SubscriptionKind.Entitlements, Mode = mode, Entitlements = entitlements };

    private static Entitlements Group(string name) => new(SetOperator.All, [name], []);

    private static Predicate InGroup(string name) => new Predicate.InGroups([name]);

    private static DataPolicy Data(params DataRule[] rules) => new() { Key = "d", Name = "d", Rules = rules.ToValueList() };

    private static DataRule Mask(string column, MaskFunction function, Predicate? condition) =>
        new DataRule.Masking { Fields = [new ColumnSelector.Named(column)], Function = function, Condition = condition };

    private static Predicate TaggedIs(string tag, string value) => new Predicate.Comparison(ComparisonOperator.Equal, new Operand.TaggedColumn(tag), new Operand.Text(value));

    private static Predicate ColumnIs(string name, string value) => new Predicate.Comparison(ComparisonOperator.Equal, new Operand.Column(name), new Operand.Text(value));
}
