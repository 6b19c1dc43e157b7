using Sluice.Core.Access;
using Sluice.Core.Planning;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>What others granted: taken away where it is exact, and told where it is not.</summary>
public sealed class ResidualTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task An_exact_grant_to_a_registered_person_is_taken_away_and_what_puts_it_back_is_told()
    {
        var database = await EnforcedDatabase.MakeAsync(postgres, "CREATE TABLE t (id int, x int); CREATE TABLE u (id int)");
        var (ann, bob) = (await database.PersonAsync("ann"), await database.PersonAsync("bob"));
        await database.AsSuperuserAsync($"SET ROLE {database.Owner}; GRANT SELECT, TRUNCATE ON t TO {ann} WITH GRANT OPTION; GRANT SELECT (x) ON t TO {bob}; GRANT SELECT ON u TO {ann}");
        var before = await AclAsync();
        var intent = database.Intent(database.Table("t", AccessRule.Nobody, ["id int", "x int"]));

        var changes = await database.EnforceAsync(intent);

        changes.ShouldAllBe(c => c.Verb == ChangeVerb.Remove && c.MadeBy == database.Owner && c.Key.Object!.Equals(database.Path("t")));
        changes.Count.ShouldBe(3);
        await database.RefusesAsync(ann, "SELECT id FROM t");
        await database.RefusesAsync(bob, "SELECT x FROM t");
        await database.ReadAsync(ann, "SELECT * FROM u");
        foreach (var change in changes) await database.AsSuperuserAsync($"BEGIN; {change.Restore!} COMMIT");
        (await AclAsync()).ShouldBe(before);

        Task<string> AclAsync() => database.ReadAsync(
            ann,
            """
            SELECT c.relname, a.grantee::regrole::text, a.grantor::regrole::text, a.privilege_type, a.is_grantable, t.attname
            FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid, aclexplode(t.attacl) a WHERE c.relname IN ('t', 'u')
            UNION ALL SELECT c.relname, a.grantee::regrole::text, a.grantor::regrole::text, a.privilege_type, a.is_grantable, ''
            FROM pg_class c, aclexplode(c.relacl) a WHERE c.relname IN ('t', 'u') ORDER BY 1, 2, 3, 4, 5, 6
            """);
    }

    [Fact]
    public async Task A_grant_that_only_its_grantor_can_take_back_is_told_and_left()
    {
        var database = await EnforcedDatabase.MakeAsync(postgres, "CREATE TABLE t (id int)");
        var (ann, lender) = (await database.PersonAsync("ann"), $"lender_{database.Name}");
        await database.AsSuperuserAsync(
            $"CREATE ROLE {lender}; GRANT USAGE ON SCHEMA public TO {lender}; SET ROLE {database.Owner}; GRANT SELECT ON t TO {lender} WITH GRANT OPTION; RESET ROLE; SET ROLE {lender}; GRANT SELECT ON t TO {ann}");
        var intent = database.Intent(database.Table("t", AccessRule.Nobody));

        (await database.PlanAsync(intent)).ShouldBeEmpty();
        (await database.ObserveAsync(intent)).Residuals.ShouldBe([new Residual(database.Path("t"), ann, $"was granted SELECT by {lender}, which only that role can take back")]);

        // As a member of the grantor it can.
        await database.AsSuperuserAsync($"GRANT {lender} TO {database.Account}");
        (await database.EnforceAsync(intent)).ShouldHaveSingleItem().MadeBy.ShouldBe(lender);
        (await database.ObserveAsync(intent)).Residuals.ShouldBeEmpty();
        await database.RefusesAsync(ann, "SELECT * FROM t");
    }

    [Fact]
    public async Task Every_other_way_is_told_and_is_a_way_indeed()
    {
        var database = await EnforcedDatabase.MakeAsync(
            postgres,
            """
            CREATE TABLE t (id int, region text);
            INSERT INTO t VALUES (1, 'EU');
            CREATE VIEW v AS SELECT * FROM t;
            CREATE VIEW w AS SELECT * FROM v;
            CREATE VIEW invoker WITH (security_invoker = true) AS SELECT * FROM t
            """);
        var rule = new RowRule(new Predicate.Comparison(ComparisonOperator.Equal, new Operand.Column("region"), new Operand.Text("US")), AccessRule.Nobody, "rows");
        var table = RowRuleTests.Filtered(database.Table("t", People.Rule("A"), ["id int", "region text"]), rule);
        var clean = await database.PersonAsync("clean", ["A"]);
        var root = await database.PersonAsync("root", options: "SUPERUSER");
        var bypass = await database.PersonAsync("bypass", ["A"], options: "BYPASSRLS");
        var owner = await database.PersonAsync("owner", options: $"IN ROLE {database.Owner}");
        var reader = await database.PersonAsync("reader", options: "IN ROLE pg_read_all_data");
        var group = $"group_{database.Name}";
        await database.AsSuperuserAsync($"CREATE ROLE {group}; CREATE ROLE {group}2 IN ROLE {group}");
        var member = await database.PersonAsync("member", options: $"IN ROLE {group}2");
        var viewer = await database.PersonAsync("viewer", ["A"]);
        await database.AsSuperuserAsync($"GRANT SELECT ON t TO {group}; GRANT SELECT ON w TO {viewer}; GRANT SELECT ON invoker TO {viewer}, {clean}");
        var intent = database.Intent(table);

        await database.EnforceAsync(intent);

        var found = (await database.ObserveAsync(intent)).Residuals;
        found.Select(r => (r.Identity, r.Path)).ShouldBe(
            [
                (root, "superuser"),
                (bypass, "bypasses row security (BYPASSRLS)"),
                (owner, $"member of role {database.Owner}, which owns it"),
                (owner, $"member of role {database.Owner}, which owns public.v and reads it through view public.v"),
                (owner, $"member of role {database.Owner}, which owns public.w and reads it through view public.w"),
                (reader, "member of pg_read_all_data"),
                (member, $"member of role {group}, which was granted SELECT by {database.Owner}"),
                (viewer, "reads it through view public.w"),
            ],
            ignoreOrder: true);
        foreach (var person in new[] { root, bypass, owner }) (await database.ReadAsync(person, "SELECT id FROM t")).ShouldBe("1", person);
        (await database.ReadAsync(viewer, "SELECT id FROM w")).ShouldBe("1");
        foreach (var person in new[] { reader, member, viewer, clean }) (await database.ReadAsync(person, "SELECT id FROM t")).ShouldBe("", person);
        (await database.ReadAsync(clean, "SELECT id FROM invoker")).ShouldBe("");
    }

    [Fact]
    public async Task Whoever_else_reads_an_object_is_listed()
    {
        var database = await EnforcedDatabase.MakeAsync(postgres, "CREATE TABLE t (id int)");
        await database.PersonAsync("ann");
        var app = $"app_{database.Name}";
        await database.AsSuperuserAsync($"CREATE ROLE {app}; GRANT SELECT ON t TO {app}, PUBLIC");

        var observed = await database.ObserveAsync(database.Intent(database.Table("t", AccessRule.Nobody)));

        observed.UnregisteredReaders.Select(r => (r.Identity, r.Path)).ShouldBe(
            [(app, $"was granted SELECT by {database.Owner}"), (database.Owner, "owns it")], ignoreOrder: true);
        observed.Residuals.ShouldBe([new Residual(database.Path("t"), "", $"PUBLIC was granted SELECT by {database.Owner}")]);
    }

    [Fact]
    public async Task A_partition_is_filtered_through_its_parent_and_told_where_it_is_read_by_name()
    {
        var database = await EnforcedDatabase.MakeAsync(
            postgres,
            """
            CREATE TABLE p (id int, region text) PARTITION BY LIST (region);
            CREATE TABLE p_eu PARTITION OF p FOR VALUES IN ('EU');
            CREATE TABLE p_us PARTITION OF p FOR VALUES IN ('US');
            INSERT INTO p VALUES (1, 'EU'), (2, 'US')
            """);
        var (ann, bob) = (await database.PersonAsync("ann", ["A"]), await database.PersonAsync("bob"));
        await database.AsSuperuserAsync($"GRANT SELECT ON p_us TO {bob}");
        var rule = new RowRule(new Predicate.Comparison(ComparisonOperator.Equal, new Operand.Column("region"), new Operand.Text("EU")), AccessRule.Nobody, "rows");
        var intent = database.Intent(RowRuleTests.Filtered(database.Table("p", People.Rule("A"), ["id int", "region text"]), rule));

        await database.EnforceAsync(intent);

        (await database.ReadAsync(ann, "SELECT id FROM p")).ShouldBe("1");
        await database.RefusesAsync(ann, "SELECT id FROM p_us");
        (await database.ObserveAsync(intent)).Residuals.ShouldBe([new Residual(database.Path("p"), bob, "reads it by the name of its partition public.p_us")]);

        // Active itself, it loses the grant; its own people read it by name, and by the parent what the parent's rules show.
        var both = database.Intent([.. intent.Objects, database.Table("p_us", AccessRule.Nobody, ["id int", "region text"])]);
        await database.EnforceAsync(both);
        await database.RefusesAsync(bob, "SELECT id FROM p_us");
        (await database.ObserveAsync(both)).Residuals.ShouldBe([new Residual(database.Path("p_us"), ann, "reads it through its parent public.p")]);
    }

    [Fact]
    public async Task Another_instances_role_is_a_conflict_and_is_not_changed()
    {
        var database = await EnforcedDatabase.MakeAsync(postgres, "CREATE TABLE t (id int)");
        var ann = await database.PersonAsync("ann", ["A"]);
        var role = database.Names.Audience(People.Rule("A").Id);
        await database.AsSuperuserAsync($"CREATE ROLE {role}; COMMENT ON ROLE {role} IS '{new InstanceMark("other").Comment}'");
        var intent = database.Intent(database.Table("t", People.Rule("A")));

        (await database.ObserveAsync(intent)).Conflicts.ShouldHaveSingleItem().Reason.ShouldContain("another instance");
        var outcomes = await database.ApplyAsync(intent, await database.PlanAsync(intent));

        outcomes.ShouldAllBe(o => o.Error != null && o.Error.Contains("another instance"));
        await database.RefusesAsync(ann, "SELECT * FROM t");
    }

    [Fact]
    public async Task A_person_without_a_login_keeps_nobody_else_from_theirs()
    {
        var database = await EnforcedDatabase.MakeAsync(postgres, "CREATE TABLE t (id int)");
        var ann = await database.PersonAsync("ann", ["A"]);
        foreach (var name in new[] { "public", "none", "nobody by this name", "quo\"te" }) database.Change(name, ["A"]);
        var intent = database.Intent(database.Table("t", People.Rule("A")));

        var failed = (await database.ApplyAsync(intent, await database.PlanAsync(intent))).Where(o => o.Error is not null).ToList();

        failed.Select(o => o.Change.Key.Detail).ShouldBe(["nobody by this name", "quo\"te"], ignoreOrder: true);
        await database.ReadAsync(ann, "SELECT * FROM t");
        (await database.ReadAsync(ann, "SELECT count(*) FROM pg_class c, aclexplode(c.relacl) a WHERE c.relname = 't' AND a.grantee = 0")).ShouldBe("0");
    }

    [Fact]
    public async Task Names_of_any_spelling_stay_names()
    {
        var database = await EnforcedDatabase.MakeAsync(
            postgres, """CREATE SCHEMA "o""d'd\ ;--"; CREATE TABLE "o""d'd\ ;--"."t""); DROP TABLE x; --" ("c""o'l\" text, "😀 $1" int, "secret" text)""");
        var ann = await database.PersonAsync("a\"n'n\\;--😀", ["A'; --\\", "B"]);
        var table = database.Table("t\"); DROP TABLE x; --", People.Rule("A'; --\\"), [], "o\"d'd\\ ;--") with { };
        table = table with
        {
            Object = table.Object with { Columns = [new("c\"o'l\\", "text", []), new("😀 $1", "integer", []), new("secret", "text", [])] },
        };
        var rule = new RowRule(
            new Predicate.All([
                new Predicate.Comparison(ComparisonOperator.Equal, new Operand.Column("c\"o'l\\"), new Operand.Text("va'l\\ue")),
                new Predicate.InGroups(["A'; --\\"])]),
            AccessRule.Nobody, "rows");
        await database.AsSuperuserAsync("""INSERT INTO "o""d'd\ ;--"."t""); DROP TABLE x; --" VALUES (E'va''l\\ue', 1, 's'), ('other', 2, 's')""");

        await database.EnforceAsync(database.Intent(GrantTests.Masked(RowRuleTests.Filtered(table, rule), "secret", AccessRule.Nobody)));

        (await database.ReadAsync(ann, """SELECT "😀 $1" FROM "o""d'd\ ;--"."t""); DROP TABLE x; --" """)).ShouldBe("1");
        await database.RefusesAsync(ann, """SELECT secret FROM "o""d'd\ ;--"."t""); DROP TABLE x; --" """);
        await database.EnforceAsync(database.Intent());
    }
}
