using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>Intents in PostgreSQL's terms, without a server.</summary>
public sealed class AccessCompilerTests
{
    private static readonly IdentityHolders[] Identities =
    [
        People.Alone(People.Person("ann", ["A"], [("Region", "EU")])),
        new("shared", [People.Person("x", ["A", "P"], [("Region", "EU"), ("Region", "US")]), People.Person("y", ["P"], [("Region", "EU")])]),
        new("gone", [People.Person("gone", ["A"]) with { IsEnabled = false }]),
    ];

    [Fact]
    public void A_table_under_a_rule_is_one_grant_and_what_is_needed_on_the_way()
    {
        var state = AccessCompiler.Compile(Intent(Table("t", People.Rule("A")), Table("u", People.Rule("A"))));

        var role = $"sluice_aud_{People.Rule("A").Id}";
        state.Facts.Select(f => f.Key).ShouldBe(
            [
                new FactKey(FactKind.Audience, null, role),
                new FactKey(FactKind.Member, null, role, "ann"),
                new FactKey(FactKind.Grant, Path("t"), role, "SELECT"),
                new FactKey(FactKind.Grant, Path("u"), role, "SELECT"),
                new FactKey(FactKind.Grant, Path("t").Parent, role, "USAGE"),
                new FactKey(FactKind.Grant, Path("t").Parent!.Parent, role, "CONNECT"),
            ],
            ignoreOrder: true);
        state.Shortfalls.ShouldBeEmpty();
    }

    [Fact]
    public void Nobodys_rule_is_no_audience() => AccessCompiler.Compile(Intent(Table("t", AccessRule.Nobody))).Facts.ShouldBeEmpty();

    [Fact]
    public void A_row_rule_is_a_restrictive_policy_and_what_it_asks_about_people()
    {
        var rule = new RowRule(
            new Predicate.Any([new Predicate.AttributeContains("Region", new Operand.Column("c")), new Predicate.InGroups(["P", "unknown"])]), People.Rule("P"), "regions");

        var state = AccessCompiler.Compile(Intent(RowRuleTests.Filtered(Table("t", AccessRule.Nobody), rule)));

        var database = Path("t").Parent!.Parent!;
        state.Facts.Where(f => f.Key.Kind != FactKind.RowRule).Select(f => (f.Key, f.Definition)).ShouldBe(
            [
                (new FactKey(FactKind.Support, database, "sluice"), SupportSchema.Definition),
                (new FactKey(FactKind.Exemption, database, "shared", $"{People.Rule("P").Id}"), ""),
                (new FactKey(FactKind.Entitlement, database, "ann", "known"), """{"attributes":{"Region":{"all":["EU"],"some":["EU"]}},"groups":{"P":false}}"""),
                (new FactKey(FactKind.Entitlement, database, "shared", "known"), """{"attributes":{"Region":{"all":["EU"],"some":["EU","US"]}},"groups":{"P":true}}"""),
            ],
            ignoreOrder: true);
        var policies = state.Facts.Where(f => f.Key.Kind == FactKind.RowRule).ToList();
        policies.Count.ShouldBe(2);
        policies.Single(p => NativeNames.IsBase(p.Key.Subject)).Definition.ShouldBe("ENABLE ROW LEVEL SECURITY");
        policies.Single(p => !NativeNames.IsBase(p.Key.Subject)).Definition.ShouldBe(
            $"(SELECT sluice.exempt('{People.Rule("P").Id}')) OR ((CASE WHEN (\"c\"::text COLLATE pg_catalog.\"C\") = ANY ((SELECT sluice.attribute_values('Region'))::text[]) THEN true "
            + "WHEN (\"c\"::text COLLATE pg_catalog.\"C\") IS NOT NULL AND (\"c\"::text COLLATE pg_catalog.\"C\") <> ALL ((SELECT sluice.attribute_values_of_some('Region'))::text[]) THEN false END) "
            + "OR (CASE WHEN (SELECT sluice.in_group('P')) AND (SELECT sluice.in_group('unknown')) THEN true "
            + "WHEN (SELECT sluice.in_group('P')) IS NOT NULL AND (SELECT sluice.in_group('unknown')) IS NOT NULL THEN false END))");
    }

    [Fact]
    public void Where_rows_cannot_be_filtered_only_the_exempt_read_and_it_is_told()
    {
        var rule = new RowRule(new Predicate.Constant(false), People.Rule("P"), "rows");
        var view = Table("v", People.Rule("A")) with { DirectReaders = ["ann", "shared"] };
        view = RowRuleTests.Filtered(view with { Object = view.Object with { Kind = ObjectKind.View } }, rule);

        var state = AccessCompiler.Compile(Intent(view));

        state.Shortfalls.ShouldHaveSingleItem().Reason.ShouldContain("only those who are exempt");
        state.Facts.ShouldNotContain(f => f.Key.Kind == FactKind.RowRule);
        state.Facts.Where(f => f.Key is { Kind: FactKind.Grant, Detail: "SELECT" }).Select(f => f.Key.Subject).ShouldBe(
            [$"sluice_aud_{People.Rule("A").And(People.Rule("P")).Id}", new NativeNames("SLUICE").Person("shared")], ignoreOrder: true);
    }

    [Fact]
    public void A_predicate_that_cannot_be_said_denies_and_is_told()
    {
        var state = AccessCompiler.Compile(Intent(RowRuleTests.Filtered(
            Table("t", People.Rule("A")), new RowRule(new Predicate.IsNewerThan(new Operand.Column("c"), TimeSpan.FromDays(1)), AccessRule.Nobody, "recent"))));

        state.Shortfalls.ShouldHaveSingleItem().Reason.ShouldContain("recent");
        state.Facts.ShouldContain(f => f.Key.Kind == FactKind.RowRule && f.Definition.EndsWith("OR false", StringComparison.Ordinal));
    }

    [Fact]
    public void Names_fit_a_server_whatever_the_prefix()
    {
        foreach (var prefix in new[] { "S", "SLUICE", new string('P', 20) })
        {
            var names = new NativeNames(prefix);
            foreach (var name in new[] { names.Audience(People.Rule("A").Id), names.Person(new string('x', 200)), names.Policy("true", People.Rule("A").Id), names.BasePolicy, names.ViewOwner })
            {
                Sql.Quote.NameProblem(name).ShouldBeNull();
                name.ShouldBe(name.ToLowerInvariant());
            }
        }
    }

    [Theory]
    [InlineData("a")]
    [InlineData("漢")]
    public void A_view_is_in_a_schema_that_no_other_tables_views_are_in(string letter)
    {
        var names = new NativeNames("SLUICE");
        var most = Sql.Quote.MaxNameBytes / System.Text.Encoding.UTF8.GetByteCount(letter);
        var longName = string.Concat(Enumerable.Repeat(letter, most - 1));
        string[] schemas = ["public", "Public", "o'brien", longName, $"{longName}1", $"{longName}2", $"{longName[..^1]}"];

        var views = schemas.Select(s => names.View(new ObjectPath(Registered.Key, "d", s, "t"))).ToList();

        views[0].ShouldBe(new ObjectPath(Registered.Key, "d", "sluice_public", "t"));
        views.Distinct().Count().ShouldBe(views.Count);
        views.ShouldAllBe(v => Sql.Quote.NameProblem(v.Names[2]) == null && v.Name == "t");
    }

    [Fact]
    public void A_view_comes_masked_and_is_granted_to_whoever_reads_the_table()
    {
        var table = GrantTests.Masked(Table("t", People.Rule("A")), "c", People.Rule("P"));

        var facts = AccessCompiler.Compile(Intent(table with { DirectReaders = ["gone"] }) with { MasksInView = true }).Facts;

        var (role, own) = ($"sluice_aud_{People.Rule("A").Id}", new NativeNames("SLUICE").Person("gone"));
        var view = new ObjectPath(Registered.Key, "d", "sluice_s", "t");
        facts.Where(f => view.Equals(f.Key.Object)).Select(f => f.Key).ShouldBe(
            [
                new FactKey(FactKind.Mask, view, "view"), new FactKey(FactKind.Grant, view, role, "SELECT"), new FactKey(FactKind.Grant, view, own, "SELECT"),
            ],
            ignoreOrder: true);
        facts.Single(f => f.Key.Kind == FactKind.Mask).Definition.ShouldBe(
            $"readers: {role} {own}\nSELECT CASE WHEN (NOT ((SELECT sluice.exempt('{People.Rule("P").Id}')))) THEN NULL ELSE \"c\" END AS \"c\"\nFROM \"s\".\"t\"");
        facts.ShouldContain(f => f.Key == new FactKey(FactKind.Grant, Path("t"), "sluice_views", "SELECT"));
        facts.ShouldContain(f => f.Key == new FactKey(FactKind.Exemption, Path("t").Parent!.Parent, "shared", $"{People.Rule("P").Id}"));
        AccessCompiler.Compile(Intent(table)).Facts.ShouldNotContain(f => f.Key.Kind == FactKind.Mask);
    }

    [Fact]
    public void Columns_under_the_same_masks_share_an_audience()
    {
        var table = Table("t", People.Rule("A"));
        table = table with { Object = table.Object with { Columns = [new("c", "text", []), new("d", "text", []), new("e", "text", [])] } };
        foreach (var (column, exempt) in new[] { ("c", "P"), ("c", "Q"), ("d", "Q"), ("d", "P") }) table = GrantTests.Masked(table, column, People.Rule(exempt));

        var grants = AccessCompiler.Compile(Intent(table)).Facts.Where(f => f.Key.Kind == FactKind.Grant && f.Key.Object!.Equals(Path("t"))).ToList();

        grants.Single(g => g.Key.Detail == "SELECT(\"e\")").Key.Subject.ShouldBe($"sluice_aud_{People.Rule("A").Id}");
        grants.Where(g => g.Key.Detail != "SELECT(\"e\")").Select(g => g.Key.Subject).Distinct().ShouldHaveSingleItem();
        grants.Count.ShouldBe(3);
    }

    [Fact]
    public void A_change_reads_as_its_sql()
    {
        Text(new FactKey(FactKind.Audience, null, "sluice_aud_1"), "NOLOGIN").ShouldBe(["CREATE ROLE \"sluice_aud_1\" NOLOGIN", $"COMMENT ON ROLE \"sluice_aud_1\" IS '{Registered.Mark.Comment}'"]);
        Text(new FactKey(FactKind.Member, null, "sluice_aud_1", "ann")).ShouldBe(["GRANT \"sluice_aud_1\" TO \"ann\""]);
        Text(new FactKey(FactKind.Grant, Path("t"), "sluice_aud_1", "SELECT(\"a\"\"b\")")).ShouldBe(["GRANT SELECT(\"a\"\"b\") ON TABLE \"s\".\"t\" TO \"sluice_aud_1\""]);
        Text(new FactKey(FactKind.Grant, Path("t"), "ann", "SELECT"), verb: ChangeVerb.Remove).ShouldBe(["REVOKE SELECT ON TABLE \"s\".\"t\" FROM \"ann\""]);
        Text(new FactKey(FactKind.RowRule, Path("t"), "sluice_row_1"), "true OR false").ShouldBe(
            ["CREATE POLICY \"sluice_row_1\" ON \"s\".\"t\" AS RESTRICTIVE FOR SELECT TO PUBLIC USING (true OR false)"]);
        Text(new FactKey(FactKind.RowRule, Path("t"), "sluice_row_all")).ShouldBe(
            [
                "CREATE POLICY \"sluice_row_all\" ON \"s\".\"t\" AS PERMISSIVE FOR ALL TO PUBLIC USING (true) WITH CHECK (true)",
                "ALTER TABLE \"s\".\"t\" ENABLE ROW LEVEL SECURITY",
            ]);
        Text(new FactKey(FactKind.Exemption, Path("t").Parent!.Parent, "o'ann", "1")).ShouldBe(["INSERT INTO sluice.exemption VALUES ('o''ann', '1')"]);

        static IReadOnlyList<string> Text(FactKey key, string definition = "", ChangeVerb verb = ChangeVerb.Add) =>
            Registered.Platform().Describe(new Change(ChangePhase.Grant, verb, key, definition, ""));
    }

    private static ObjectPath Path(string table) => new(Registered.Key, "d", "s", table);

    private static IntendedObject Table(string name, AccessRule read) => new()
    {
        Object = new GovernedObject { Path = Path(name), Kind = ObjectKind.Table, Tags = [], Columns = [new GovernedColumn("c", "text", [])] },
        Access = new ObjectAccess { Read = read, Write = AccessRule.Nobody, SubscriptionPolicies = ["readers"] },
    };

    private static AccessIntent Intent(params IntendedObject[] objects) =>
        new() { Prefix = "SLUICE", Objects = objects, Identities = Identities, MembersOf = People.Decide(Identities) };
}
