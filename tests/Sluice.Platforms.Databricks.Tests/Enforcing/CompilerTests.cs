using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Core.Policies.Predicates;
using Sluice.Platforms.Databricks.Enforcing;
using Sluice.Platforms.Databricks.Tests.Fakes;
using Sluice.Platforms.LakeFormation.Tests.Enforcing;
using static Sluice.Platforms.Databricks.Tests.Enforcing.Governed;
using AccessCompiler = Sluice.Platforms.Databricks.Enforcing.AccessCompiler;

namespace Sluice.Platforms.Databricks.Tests.Enforcing;

/// <summary>The pure half of grants.</summary>
public sealed class CompilerTests
{
    private static readonly AccessRule Sales = People.Rule("Sales");

    [Fact]
    public void Whoever_may_read_is_granted_the_table_and_the_way_to_it()
    {
        var desired = Compile([Person(Ann, "Sales"), Person(Bob)], Object(Readable(Sales)));

        Texts(desired).ShouldBe([$"sales {Ann} USE_CATALOG", $"sales.orders {Ann} USE_SCHEMA", $"sales.orders.lines {Ann} SELECT"]);
        desired.Shortfalls.ShouldBeEmpty();
    }

    [Fact]
    public void Reading_and_writing_are_apart()
    {
        var desired = Compile([Person(Ann, "Sales"), Person(Bob, "Clerks")], Object(Readable(Sales, People.Rule("Clerks"))));

        Texts(desired).Where(static t => t.Contains("lines", StringComparison.Ordinal)).ShouldBe([$"sales.orders.lines {Ann} SELECT", $"sales.orders.lines {Bob} MODIFY"]);
    }

    [Theory]
    [InlineData(ObjectKind.View)]
    [InlineData(ObjectKind.MaterializedView)]
    public void Views_have_no_MODIFY(ObjectKind kind)
    {
        var desired = Compile([Person(Ann, "Sales")], Object(Readable(Sales, Sales), kind: kind));

        desired.Facts.ShouldNotContain(static f => f.Key.Detail == "MODIFY");
        desired.Facts.ShouldContain(static f => f.Key.Detail == "SELECT");
        desired.Shortfalls.ShouldHaveSingleItem().Reason.ShouldContain("no MODIFY");
    }

    // A name that could be a group's would let all of its members in.
    [Theory]
    [InlineData("account users")]
    [InlineData("admins")]
    [InlineData("ann")]
    public void A_name_that_may_be_a_groups_is_granted_nothing(string name) => Compile([Person(name, "Sales")], Object(Readable(Sales)) with { DirectReaders = [name] }).Facts.ShouldBeEmpty();

    [Fact]
    public void A_service_principal_is_a_person_too() =>
        Texts(Compile([Person("aaaaaaaa-bbbb-cccc-dddd-000000000001", "Sales")], Object(Readable(Sales)))).ShouldContain("sales.orders.lines aaaaaaaa-bbbb-cccc-dddd-000000000001 SELECT");

    [Fact]
    public void A_subscription_of_ones_own_is_direct_unless_a_rule_asks_for_it_too()
    {
        var desired = Compile([Person(Ann, "Sales"), Person(Bob)], Object(Readable(Sales)) with { DirectReaders = [Ann, Bob] });

        desired.Facts.Where(static f => f.Key.Detail == "SELECT").Select(static f => (f.Key.Subject, f.IsDirect)).ShouldBe([(Ann, false), (Bob, true)]);
    }

    // https://docs.databricks.com/data-governance/unity-catalog/filters-and-masks: neither can be put on a view.
    [Fact]
    public void On_a_view_with_masks_and_row_rules_only_the_exempt_are_granted_anything()
    {
        var rows = new RowRule(new Predicate.Comparison(ComparisonOperator.Equal, new Operand.Column("id"), new Operand.Number(1)), People.Rule("Audit"), "r");
        var desired = Compile(
            [Person(Ann, "Sales"), Person(Bob, "Sales", "Privacy"), Person(Cat, "Sales", "Privacy", "Audit")],
            Object(Readable(Sales, masks: [Mask("email", People.Rule("Privacy"))], rows: [rows]), kind: ObjectKind.View) with { DirectReaders = [Ann, Cat] });

        desired.Facts.Where(static f => f.Key.Object!.Depth == 3).Select(static f => $"{f.Key.Subject} {f.Key.Detail}").ShouldBe([$"{Cat} SELECT"]);
        desired.Shortfalls.Select(static s => s.Reason).ShouldBe(
            desired.Shortfalls.Select(static s => s.Reason).Where(static r => r.StartsWith("cannot enforce", StringComparison.Ordinal)));
        desired.Shortfalls.Count.ShouldBe(2);
    }

    [Fact]
    public void Where_a_table_is_left_to_the_exempt_it_is_told_that_members_of_an_exempt_group_are_not_among_them()
    {
        var view = Object(Readable(Sales, masks: [Mask("email", People.Rule("Privacy"))]), kind: ObjectKind.View);

        var desired = AccessCompiler.Compile(Intent([Person(Ann, "Sales")], view) with { ExemptRoles = ["etl"] });

        desired.Shortfalls[^1].Reason.ShouldContain("(etl) does not count among the exempt");
    }

    [Fact]
    public void A_mask_from_which_everybody_is_exempt_narrows_nothing()
    {
        var desired = Compile([Person(Ann, "Sales")], Object(Readable(Sales, masks: [Mask("email", AccessRule.Everybody)]), kind: ObjectKind.View));

        desired.Facts.ShouldContain(static f => f.Key.Detail == "SELECT");
        desired.Shortfalls.ShouldBeEmpty();
    }

    [Fact]
    public void The_same_intent_compiles_to_the_same()
    {
        var intent = Intent([Person(Ann, "Sales"), Person(Bob, "Sales")], Object(Readable(Sales, Sales)));

        AccessCompiler.Compile(intent).Facts.ShouldBe(AccessCompiler.Compile(intent).Facts);
    }

    // https://docs.databricks.com/sql/language-manual/sql-ref-datatypes
    [Theory]
    [InlineData("string", ColumnFamily.Text)]
    [InlineData("STRING COLLATE UTF8_LCASE", ColumnFamily.Text)]
    [InlineData("varchar(16)", ColumnFamily.Text)]
    [InlineData("bigint", ColumnFamily.Integer)]
    [InlineData("tinyint", ColumnFamily.Integer)]
    [InlineData("decimal(18,2)", ColumnFamily.Number)]
    [InlineData("double", ColumnFamily.Number)]
    [InlineData("date", ColumnFamily.Date)]
    [InlineData("timestamp_ntz", ColumnFamily.Time)]
    [InlineData("boolean", ColumnFamily.Boolean)]
    [InlineData("array<string>", ColumnFamily.Other)]
    [InlineData("struct<a:int>", ColumnFamily.Other)]
    [InlineData("binary", ColumnFamily.Other)]
    public void Types_are_told_apart(string type, ColumnFamily family) => Payload.Platform().FamilyOf(type).ShouldBe(family);

    // https://docs.databricks.com/api/uc-grants/v1/update-permissions
    [Fact]
    public void A_change_is_told_as_the_request_it_makes()
    {
        var key = new FactKey(FactKind.Grant, Lines, Ann, "SELECT");

        Payload.Platform().Describe(new Change(ChangePhase.Grant, ChangeVerb.Add, key, "", "r")).ShouldBe(
            [$$"""PATCH /api/2.1/unity-catalog/permissions/table/sales.orders.lines {"changes":[{"principal":"{{Ann}}","add":["SELECT"]}]}"""]);
        Payload.Platform().Describe(new Change(ChangePhase.Revoke, ChangeVerb.Remove, key with { Object = Lines.Parent, Detail = "USE_SCHEMA" }, "", "r")).ShouldBe(
            [$$"""PATCH /api/2.1/unity-catalog/permissions/schema/sales.orders {"changes":[{"principal":"{{Ann}}","remove":["USE_SCHEMA"]}]}"""]);
    }

    [Fact]
    public void A_removed_grant_is_put_back_as_it_was_and_no_other()
    {
        var key = new FactKey(FactKind.Grant, Lines, Ann, "ALL_PRIVILEGES");

        var back = Payload.Platform().PutBack(key, KeptGrant.Of(Ann, "ALL_PRIVILEGES"), null);
        (back.Verb, back.Phase, back.Key).ShouldBe((ChangeVerb.Add, ChangePhase.Grant, key));
        back.Restore.ShouldNotBeNull();
        foreach (var kept in (string[])[KeptGrant.Of(Bob, "ALL_PRIVILEGES"), KeptGrant.Of(Ann, "SELECT"), "{}", "GRANT ALL", "[]", """{"changes":[]}"""])
            Should.Throw<FormatException>(() => Payload.Platform().PutBack(key, kept, null), kept);
    }

    [Fact]
    public void Grants_held_are_what_policies_could_say_and_the_rest_is_left_over()
    {
        var (held, left) = Payload.Platform().HeldBy(
            [.. ((string[])["SELECT", "ALL_PRIVILEGES"]).Zip((string[])[Ann, Bob]).Select(static g => new ObservedFact(new FactKey(FactKind.Grant, Lines, g.Second, g.First), "", FactOwner.Registered))]);

        held.Select(static h => $"{h.Identity} {h.Access}").ShouldBe([$"{Ann} Read", $"{Bob} Read", $"{Bob} Write"]);
        left.ShouldHaveSingleItem().Identity.ShouldBe(Bob);
    }

    private static DesiredState Compile(IReadOnlyList<IdentityHolders> people, params IntendedObject[] objects) => AccessCompiler.Compile(Intent(people, objects));

    private static IEnumerable<string> Texts(DesiredState desired) =>
        desired.Facts.Select(static f => $"{string.Join('.', f.Key.Object!.Names.Skip(1))} {f.Key.Subject} {f.Key.Detail}").Order(StringComparer.Ordinal);
}
