using Sluice.Core.Access;
using Sluice.Core.Planning;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>Which rows people see, asked of the server as the people themselves.</summary>
public sealed class RowRuleTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Sales = "CREATE TABLE t (id int, region text); INSERT INTO t VALUES (1, 'EU'), (2, 'US'), (3, NULL)";

    private static readonly string[] Columns = ["id integer", "region text"];

    private static readonly Predicate OwnRegion = new Predicate.AttributeContains("Region", new Operand.Column("region"));

    [Fact]
    public async Task A_row_is_seen_when_every_rule_is_true_for_it_or_the_person_is_exempt_from_it()
    {
        var database = await EnforcedDatabase.MakeAsync(postgres, Sales);
        var ann = await database.PersonAsync("ann", ["A"], [("Region", "EU"), ("Region", "US")]);
        var bob = await database.PersonAsync("bob", ["A", "Auditors"], [("Region", "EU")]);
        var cid = await database.PersonAsync("cid", ["A", "Small"], [("Region", "EU"), ("Region", "US")]);
        var dan = await database.PersonAsync("dan", ["A"]);
        var table = Filtered(
            database.Table("t", People.Rule("A"), Columns),
            new RowRule(OwnRegion, People.Rule("Auditors"), "regions"),
            new RowRule(new Predicate.Comparison(ComparisonOperator.Less, new Operand.Column("id"), new Operand.Number(2)), People.Rule("Small"), "small"));

        await database.EnforceAsync(database.Intent(table));

        (await database.ReadAsync(ann, "SELECT id FROM t ORDER BY id")).ShouldBe("1");
        (await database.ReadAsync(bob, "SELECT id FROM t ORDER BY id")).ShouldBe("1");
        (await database.ReadAsync(cid, "SELECT id FROM t ORDER BY id")).ShouldBe("1;2");
        (await database.ReadAsync(dan, "SELECT id FROM t ORDER BY id")).ShouldBe("");
    }

    [Fact]
    public async Task What_is_known_of_a_person_changes_what_they_see_at_once_and_touches_no_table()
    {
        var database = await EnforcedDatabase.MakeAsync(postgres, Sales);
        var ann = await database.PersonAsync("ann", ["A"], [("Region", "EU")]);
        var bob = await database.PersonAsync("bob", ["A"], [("Region", "US")]);
        var table = Filtered(database.Table("t", People.Rule("A"), Columns), new RowRule(OwnRegion, People.Rule("X"), "regions"));
        await database.EnforceAsync(database.Intent(table));
        (await database.ReadAsync(ann, "SELECT id FROM t")).ShouldBe("1");

        database.Change(ann, ["A"], [("Region", "US")]);
        var changes = await database.EnforceAsync(database.Intent(table));

        changes.ShouldHaveSingleItem().Phase.ShouldBe(ChangePhase.Know);
        (await database.ReadAsync(ann, "SELECT id FROM t")).ShouldBe("2");
        database.Change(bob, ["A", "X"], [("Region", "US")]);
        (await database.EnforceAsync(database.Intent(table))).ShouldHaveSingleItem().Key.Kind.ShouldBe(FactKind.Exemption);
        (await database.ReadAsync(bob, "SELECT id FROM t ORDER BY id")).ShouldBe("1;2;3");
    }

    [Fact]
    public async Task A_rule_that_goes_leaves_the_table_as_it_was()
    {
        var database = await EnforcedDatabase.MakeAsync(postgres, Sales);
        var ann = await database.PersonAsync("ann", ["A"], [("Region", "EU")]);
        var table = database.Table("t", People.Rule("A"), Columns);
        await database.EnforceAsync(database.Intent(Filtered(table, new RowRule(OwnRegion, AccessRule.Nobody, "regions"))));

        await database.EnforceAsync(database.Intent(table));

        (await database.ReadAsync(ann, "SELECT id FROM t ORDER BY id")).ShouldBe("1;2;3");
        (await database.ReadAsync(ann, "SELECT relrowsecurity, (SELECT count(*) FROM pg_policy), (SELECT count(*) FROM pg_namespace WHERE nspname = 'sluice') FROM pg_class WHERE relname = 't'"))
            .ShouldBe("False,0,0");
    }

    [Theory]
    [InlineData(true, "", "1;2;3")]
    [InlineData(false, "1;2;3", "1;2;3")]
    public async Task Who_is_not_registered_is_not_exempt_or_left_alone_and_exempt_roles_see_everything(bool protects, string stranger, string exempt)
    {
        var database = await EnforcedDatabase.MakeAsync(postgres, Sales);
        var ann = await database.PersonAsync("ann", ["A"], [("Region", "EU")]);
        var (app, etl) = ($"app_{database.Name}", $"etl_{database.Name}");
        await database.AsSuperuserAsync(
            $"CREATE ROLE {app} LOGIN PASSWORD 'p4ss'; CREATE ROLE {etl}_group; CREATE ROLE {etl} LOGIN PASSWORD 'p4ss' IN ROLE {etl}_group; GRANT SELECT ON t TO {app}, {etl}");
        var table = Filtered(database.Table("t", People.Rule("A"), Columns), new RowRule(OwnRegion, AccessRule.Nobody, "regions"));

        await database.EnforceAsync(database.Intent(table) with { ProtectsUnregistered = protects, ExemptRoles = [$"{etl}_group", "no such role"] });

        (await database.ReadAsync(app, "SELECT id FROM t ORDER BY id")).ShouldBe(stranger);
        (await database.ReadAsync(etl, "SELECT id FROM t ORDER BY id")).ShouldBe(exempt);
        (await database.ReadAsync(ann, "SELECT id FROM t ORDER BY id")).ShouldBe("1");
    }

    [Fact]
    public async Task Who_is_left_alone_by_all_rules_is_so_after_what_they_lose_and_no_more_before_what_they_get()
    {
        var database = await EnforcedDatabase.MakeAsync(postgres, Sales);
        var ann = await database.PersonAsync("ann", ["A"], [("Region", "EU")]);
        var etl = $"etl_{database.Name}";
        await database.AsSuperuserAsync($"CREATE ROLE {etl}; GRANT {etl} TO {ann}");
        AccessIntent For(string group, params string[] exempt) =>
            database.Intent(Filtered(database.Table("t", People.Rule(group), Columns), new RowRule(OwnRegion, AccessRule.Nobody, "regions"))) with { ExemptRoles = [.. exempt] };
        await database.EnforceAsync(For("A"));

        var leaves = await database.EnforceByPlanAsync(For("B", etl));
        var joins = await database.EnforceByPlanAsync(For("A"));

        leaves.Last(c => c.Key.Subject == etl || c is { Verb: ChangeVerb.Remove, Key.Kind: FactKind.Grant or FactKind.Member }).Key.Subject.ShouldBe(etl);
        joins.First(c => c.Key.Subject == etl || c is { Verb: ChangeVerb.Add, Key.Kind: FactKind.Grant or FactKind.Member }).Key.Subject.ShouldBe(etl);
        (await database.ReadAsync(ann, "SELECT id FROM t ORDER BY id")).ShouldBe("1");
    }

    [Fact]
    public async Task Not_of_what_is_not_known_is_not_true()
    {
        var database = await EnforcedDatabase.MakeAsync(postgres, Sales);
        var ann = await database.PersonAsync("ann", ["A"]);
        var shared = await database.PersonAsync("shared");
        database.Share(shared, People.Person("x", ["A", "G"], [("Region", "EU"), ("Region", "US")]), People.Person("y", ["A"], [("Region", "EU")]));
        var table = database.Table("t", People.Rule("A"), Columns);

        await SeesAsync(new Predicate.InGroups(["Nobody knows this"]), "", "");
        await SeesAsync(new Predicate.Not(new Predicate.InGroups(["Nobody knows this"])), "", "");
        await SeesAsync(new Predicate.Not(new Predicate.InGroups(["G"])), "1;2;3", "");

        // Not a member of the one, and nothing is known of the other: unknown as a whole.
        await SeesAsync(new Predicate.Not(new Predicate.InGroups(["G", "Nobody knows this"])), "", "");
        await SeesAsync(new Predicate.InGroups(["G"]), "", "");
        await SeesAsync(new Predicate.Not(new Predicate.HasAttribute("Region", "US")), "1;2;3", "");
        await SeesAsync(new Predicate.Not(new Predicate.HasAttribute("Region", "XX")), "1;2;3", "1;2;3");
        await SeesAsync(new Predicate.Not(new Predicate.HasAttribute("Nobody knows this", "x")), "", "");

        // The first has no region at all; what the two holders differ in is neither true nor false; a row without a region is neither for anybody.
        await SeesAsync(new Predicate.Not(OwnRegion), "1;2", "");
        await SeesAsync(OwnRegion, "", "1");
        await SeesAsync(new Predicate.Not(new Predicate.GroupsContain(new Operand.Column("region"))), "1;2", "1;2");

        async Task SeesAsync(Predicate predicate, string annSees, string sharedSees)
        {
            await database.EnforceAsync(database.Intent(Filtered(table, new RowRule(predicate, AccessRule.Nobody, "rule"))));
            (await database.ReadAsync(ann, "SELECT id FROM t ORDER BY id")).ShouldBe(annSees, $"{predicate}");
            (await database.ReadAsync(shared, "SELECT id FROM t ORDER BY id")).ShouldBe(sharedSees, $"{predicate}");
        }
    }

    [Fact]
    public async Task Whoever_they_act_as_people_stay_who_they_are()
    {
        var database = await EnforcedDatabase.MakeAsync(postgres, Sales);
        var (ann, bob) = (await database.PersonAsync("ann", ["A"], [("Region", "EU")]), await database.PersonAsync("bob", ["A", "X"], [("Region", "US")]));
        await database.AsSuperuserAsync($"GRANT {bob} TO {ann}");
        var table = Filtered(database.Table("t", People.Rule("A"), Columns), new RowRule(OwnRegion, People.Rule("X"), "regions"));
        await database.EnforceAsync(database.Intent(table));

        var roles = (await database.ReadAsync(ann, "SELECT rolname FROM pg_roles WHERE pg_has_role(oid, 'MEMBER') AND rolname <> session_user")).Split(';');

        roles.Length.ShouldBe(2);
        foreach (var role in roles) (await database.ReadAsync(ann, $"SET ROLE \"{role}\"", "SELECT id FROM t")).ShouldBe("1", role);
        await database.RefusesAsync(ann, "SELECT * FROM sluice.entitlement");
        await database.RefusesAsync(ann, "DELETE FROM sluice.exemption");
    }

    [Fact]
    public async Task A_table_that_filters_rows_already_is_a_conflict_and_is_not_touched()
    {
        var database = await EnforcedDatabase.MakeAsync(postgres, $"{Sales}; CREATE TABLE u (id int, region text); CREATE POLICY theirs ON t USING (true); ALTER TABLE u ENABLE ROW LEVEL SECURITY");
        await database.PersonAsync("ann", ["A"]);
        var intent = database.Intent(
            Filtered(database.Table("t", People.Rule("A"), Columns), new RowRule(OwnRegion, AccessRule.Nobody, "regions")),
            Filtered(database.Table("u", People.Rule("A"), Columns), new RowRule(OwnRegion, AccessRule.Nobody, "regions")));

        (await database.ObserveAsync(intent)).Conflicts.Select(c => c.Object).ShouldBe([database.Path("t"), database.Path("u")], ignoreOrder: true);

        var protect = (await database.PlanAsync(intent)).Where(c => c.Phase == ChangePhase.Protect).ToList();
        var failed = (await database.ApplyAsync(intent, protect)).Where(o => o.Error is not null).ToList();
        failed.ShouldAllBe(o => o.Change.Key.Kind == FactKind.RowRule && o.Error!.Contains("not touched"));
        failed.Count.ShouldBe(4);
    }

    [Fact]
    public async Task What_is_changed_by_hand_is_seen_and_mended()
    {
        var database = await EnforcedDatabase.MakeAsync(postgres, Sales);
        var ann = await database.PersonAsync("ann", ["A"], [("Region", "EU")]);
        var intent = database.Intent(Filtered(database.Table("t", People.Rule("A"), Columns), new RowRule(OwnRegion, AccessRule.Nobody, "regions")));
        await database.EnforceAsync(intent);
        var policy = (await database.ReadAsync(ann, "SELECT polname FROM pg_policy WHERE NOT polpermissive"));
        var role = database.Names.Audience(People.Rule("A").Id);
        foreach (var (sql, kind) in new[]
                 {
                     ("ALTER TABLE t DISABLE ROW LEVEL SECURITY", FactKind.RowRule),
                     ($"ALTER POLICY {policy} ON t USING (true)", FactKind.RowRule),
                     ($"ALTER POLICY {policy} ON t TO {database.Owner}", FactKind.RowRule),
                     ($"DROP POLICY {policy} ON t", FactKind.RowRule),
                     ($"ALTER POLICY {database.Names.BasePolicy} ON t USING (false)", FactKind.RowRule),
                     ($"REVOKE SELECT ON t FROM {role}", FactKind.Grant),
                     ($"GRANT SELECT ON t TO {role} WITH GRANT OPTION", FactKind.Grant),
                     ($"GRANT INSERT ON t TO {role}", FactKind.Grant),
                     ($"REVOKE {role} FROM {ann}", FactKind.Member),
                     ($"GRANT {role} TO {ann} WITH ADMIN OPTION", FactKind.Member),
                     ($"GRANT {role} TO {database.Owner}", FactKind.Member),
                     ($"ALTER ROLE {role} LOGIN", FactKind.Audience),
                     ("UPDATE sluice.entitlement SET known = '{}'", FactKind.Entitlement),
                     ("INSERT INTO sluice.exemption VALUES ('x', 'y')", FactKind.Exemption),
                     ($"INSERT INTO sluice.exemption VALUES ('{ann}', '*')", FactKind.Exemption),
                     ($"GRANT ALL ON sluice.exemption TO {ann}", FactKind.Support),
                     ("CREATE OR REPLACE FUNCTION sluice.exempt(audience text) RETURNS boolean LANGUAGE sql STABLE AS 'SELECT true'", FactKind.Support),
                     ("ALTER FUNCTION sluice.in_group(text) RESET ALL", FactKind.Support),
                 })
        {
            await database.AsSuperuserAsync(sql);

            (await database.PlanAsync(intent)).Select(c => c.Key.Kind).Distinct().ShouldBe([kind], sql);
            await database.EnforceAsync(intent);
            (await database.ReadAsync(ann, "SELECT id FROM t")).ShouldBe("1", sql);
        }
    }

    internal static IntendedObject Filtered(IntendedObject table, params RowRule[] rules) => table with { Access = table.Access with { RowRules = [.. rules] } };
}
