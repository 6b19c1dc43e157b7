using System.Security.Cryptography;
using System.Text;
using Sluice.Core.Access;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>Tables shown masked in a view beside them, read as the people themselves.</summary>
public sealed class MaskedViewTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Sales = """
        CREATE TABLE t (id integer, name text, code bigint, price numeric(10,2), weight double precision, born date, at timestamp with time zone, ok boolean, ip inet, region text);
        INSERT INTO t VALUES
          (1, 'a1@x', 17, 12.34, 12.34, '2024-05-17', '2024-05-17 13:14:15.678+02', true, '10.0.0.1', 'EU'),
          (2, 'B2', -7, -0.01, -0.01, '2024-01-01', '2023-12-31 23:59:59+00', false, '10.0.0.2', 'US'),
          (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
        """;

    private static readonly string[] Columns =
    [
        "id integer", "name text", "code bigint", "price numeric(10,2)", "weight double precision", "born date", "at timestamp with time zone", "ok boolean",
        "ip inet", "region text",
    ];

    [Fact]
    public async Task Each_mask_gives_what_it_says_and_the_exempt_see_what_is_there()
    {
        var database = await EnforcedDatabase.MakeAsync(postgres, Sales);
        var (ann, bob) = (await database.PersonAsync("ann", ["A"]), await database.PersonAsync("bob", ["A", "P"]));
        foreach (var (column, mask, masked, clear) in new (string, MaskFunction, string, string)[]
                 {
                     ("name", new MaskFunction.Null(), "NULL;NULL;NULL", "a1@x;B2;NULL"),
                     ("name", new MaskFunction.Constant("it's \\ hidden"), @"it's \ hidden;it's \ hidden;it's \ hidden", "a1@x;B2;NULL"),
                     ("name", new MaskFunction.Regex("[a-z]([0-9])", @"<\1\\>", true, true), @"<1\>@x;<2\>;NULL", "a1@x;B2;NULL"),
                     ("name", new MaskFunction.Regex("[a-z0-9]", "", false, false), "1@x;B;NULL", "a1@x;B2;NULL"),
                     ("code", new MaskFunction.Constant("-1"), "-1;-1;-1", "17;-7;NULL"),
                     ("code", new MaskFunction.Constant("1.5"), "NULL;NULL;NULL", "17;-7;NULL"),
                     ("id", new MaskFunction.Constant("3000000000"), "NULL;NULL;NULL", "1;2;3"),
                     ("code", new MaskFunction.RoundNumber(10), "10;-10;NULL", "17;-7;NULL"),
                     ("code", new MaskFunction.RoundNumber(0.5m), "NULL;NULL;NULL", "17;-7;NULL"),
                     ("price", new MaskFunction.RoundNumber(0.5m), "12.00;-0.50;NULL", "12.34;-0.01;NULL"),
                     ("price", new MaskFunction.RoundNumber(15), "0.00;-15.00;NULL", "12.34;-0.01;NULL"),
                     ("weight", new MaskFunction.RoundNumber(0.5m), "12;-0.5;NULL", "12.34;-0.01;NULL"),
                     ("born", new MaskFunction.RoundTime(TimePrecision.Quarter), "2024-04-01;2024-01-01;NULL", "2024-05-17;2024-01-01;NULL"),
                     ("born", new MaskFunction.RoundTime(TimePrecision.Day), "NULL;NULL;NULL", "2024-05-17;2024-01-01;NULL"),
                     ("born", new MaskFunction.Constant("2000-01-01"), "2000-01-01;2000-01-01;2000-01-01", "2024-05-17;2024-01-01;NULL"),
                     ("at", new MaskFunction.RoundTime(TimePrecision.Day), "2024-05-17 00:00:00+00;2023-12-31 00:00:00+00;NULL", "2024-05-17 11:14:15.678+00;2023-12-31 23:59:59+00;NULL"),
                     ("at", new MaskFunction.Constant("2000-01-01T02:00:00+02:00"), "2000-01-01 00:00:00+00;2000-01-01 00:00:00+00;2000-01-01 00:00:00+00", "2024-05-17 11:14:15.678+00;2023-12-31 23:59:59+00;NULL"),
                     ("ok", new MaskFunction.Constant("False"), "false;false;false", "true;false;NULL"),
                     ("ip", new MaskFunction.Constant("10.0.0.9"), "NULL;NULL;NULL", "10.0.0.1/32;10.0.0.2/32;NULL"),
                     ("ip", new MaskFunction.Hash(), "NULL;NULL;NULL", "10.0.0.1/32;10.0.0.2/32;NULL"),
                 })
        {
            await database.EnforceAsync(Views(database, Masked(database.Table("t", People.Rule("A"), Columns), column, mask, People.Rule("P"))));

            // A session may set what it likes.
            string[] sql = ["SET TimeZone = 'UTC'", $"SELECT {column}::text FROM {database.Names.View(database.Path("t")).Parent!.Name}.t ORDER BY region NULLS LAST"];
            (await database.ReadAsync(ann, sql)).ShouldBe(masked, $"{column} {mask}");
            (await database.ReadAsync(bob, sql)).ShouldBe(clear, $"{column} {mask}");
            await database.RefusesAsync(ann, $"SELECT {column} FROM t");
        }
    }

    [Fact]
    public async Task What_a_view_asks_about_people_is_seen_while_another_is_asked_for()
    {
        var database = await EnforcedDatabase.MakeAsync(postgres, """CREATE TABLE t ("it's" text, "a'b""c" text, name text)""");
        await database.PersonAsync("ann", ["A"], [("Re'gion", "EU")]);
        var table = database.Table("t", People.Rule("A"), ["it's text", "a'b\"c text", "name text"]);
        Predicate asks = new Predicate.All([new Predicate.HasAttribute("Re'gion", "EU"), new Predicate.InGroups(["Au dit"]), new Predicate.GroupsContain(new Operand.Column("it's"))]);
        await database.EnforceAsync(Views(database, Masked(table, "name", new MaskFunction.Null(), People.Rule("P"), asks)));

        var observed = await database.ObserveAsync(Views(database, Masked(table, "name", new MaskFunction.Null(), People.Rule("Q"))));

        var definition = observed.Facts.Single(static f => f.Key.Kind == FactKind.Mask).Definition;
        foreach (var asked in new[] { "Re''gion", "Au dit", "group_names", People.Rule("P").Id.Value }) definition.ShouldContain(asked);
    }

    [Fact]
    public async Task A_hash_takes_a_private_salt_that_stays_and_can_be_made_anew()
    {
        var database = await EnforcedDatabase.MakeAsync(postgres, $"{Sales}; CREATE TABLE kept (id integer)");
        var (ann, bob) = (await database.PersonAsync("ann", ["A"]), await database.PersonAsync("bob", ["A", "P"]));
        var table = Masked(database.Table("t", People.Rule("A"), Columns), "name", new MaskFunction.Hash(), People.Rule("P"));
        var intent = Views(database, Masked(table, "code", new MaskFunction.Hash(), People.Rule("P")));
        var sql = $"SELECT name, code FROM {View(database)} ORDER BY id";

        var changes = await database.EnforceAsync(intent);

        changes.SelectMany(database.Describe).ShouldAllBe(t => !t.Contains("INSERT INTO sluice.salt", StringComparison.Ordinal));
        var salt = await SaltAsync();
        (await database.ReadAsync(ann, sql)).ShouldBe($"{Hash("a1@x")},{Hash("17")};{Hash("B2")},{Hash("-7")};NULL,NULL");
        (await database.ReadAsync(bob, sql)).ShouldBe("a1@x,17;B2,-7;NULL,NULL");
        await database.RefusesAsync(ann, "SELECT salt FROM sluice.salt");
        await database.RefusesAsync(bob, "SELECT salt FROM sluice.salt");

        // The views go and come back: the same values are hashed to the same.
        await database.EnforceAsync(Views(database, database.Table("t", People.Rule("A"), Columns), WithRows(database)));
        await database.EnforceAsync(intent);
        (await SaltAsync()).ShouldBe(salt);

        // Taken away, nothing is hashed until there is another.
        await database.AsSuperuserAsync("DELETE FROM sluice.salt");
        (await database.ReadAsync(ann, sql)).ShouldBe("NULL,NULL;NULL,NULL;NULL,NULL");
        await database.EnforceAsync(intent);
        (await SaltAsync()).ShouldNotBe(salt);

        string Hash(string value) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(salt + value)));

        Task<string> SaltAsync() => database.AskAsSuperuserAsync("SELECT salt FROM sluice.salt");
    }

    [Fact]
    public async Task Of_the_masks_on_a_cell_the_strictest_decides_row_by_row()
    {
        var database = await EnforcedDatabase.MakeAsync(postgres, Sales);
        var people = new Dictionary<string, string>();
        foreach (var groups in new[] { "A", "A B", "A C", "A B C", "A B C D", "A B C D E" }) people[groups] = await database.PersonAsync(groups.Replace(" ", "", StringComparison.Ordinal), groups.Split(' '));
        var inUs = new Predicate.Comparison(ComparisonOperator.Equal, new Operand.Column("region"), new Operand.Text("US"));
        var table = database.Table("t", People.Rule("A"), Columns);
        table = Masked(table, "price", new MaskFunction.Constant("0.5"), People.Rule("B"), inUs);
        table = Masked(table, "price", new MaskFunction.RoundNumber(10), People.Rule("C"));
        table = Masked(table, "price", new MaskFunction.RoundNumber(15), People.Rule("D"), new Predicate.Not(inUs));
        table = Masked(table, "price", new MaskFunction.Null(), People.Rule("E"), new Predicate.Comparison(ComparisonOperator.Less, new Operand.Column("id"), new Operand.Number(0)));

        await database.EnforceAsync(Views(database, table));

        var sql = $"SELECT price::text FROM {View(database)} ORDER BY id";
        // 10 and 15 can't both be met; of a row without a region it is not known whether it is in the US, so it is masked.
        (await database.ReadAsync(people["A"], sql)).ShouldBe("NULL;0.5;NULL");
        (await database.ReadAsync(people["A B"], sql)).ShouldBe("NULL;-10.00;NULL");
        (await database.ReadAsync(people["A C"], sql)).ShouldBe("0.00;0.5;0.5");
        (await database.ReadAsync(people["A B C"], sql)).ShouldBe("0.00;-0.01;NULL");
        (await database.ReadAsync(people["A B C D"], sql)).ShouldBe("12.34;-0.01;NULL");
        (await database.ReadAsync(people["A B C D E"], sql)).ShouldBe("12.34;-0.01;NULL");
    }

    [Fact]
    public async Task Row_rules_hold_in_the_view_and_so_do_those_of_others()
    {
        var database = await EnforcedDatabase.MakeAsync(postgres, $"{Sales}; CREATE TABLE u (id integer, name text); INSERT INTO u VALUES (1, 'x'), (2, 'y'); ALTER TABLE u ENABLE ROW LEVEL SECURITY; CREATE POLICY theirs ON u USING (id = 2)");
        var (ann, bob) = (await database.PersonAsync("ann", ["A"], [("Region", "EU")]), await database.PersonAsync("bob", ["A", "X"], [("Region", "EU")]));
        var app = $"app_{database.Name}";
        var rows = new RowRule(new Predicate.AttributeContains("Region", new Operand.Column("region")), People.Rule("X"), "regions");
        var intent = Views(
            database,
            Masked(RowRuleTests.Filtered(database.Table("t", People.Rule("A"), Columns), rows), "name", new MaskFunction.Constant("x"), People.Rule("X")),
            Masked(database.Table("u", People.Rule("A"), ["id integer", "name text"]), "name", new MaskFunction.Constant("x"), People.Rule("X")));

        await database.EnforceAsync(intent);

        (await database.ReadAsync(ann, $"SELECT id, name FROM {View(database)} ORDER BY id")).ShouldBe("1,x");
        (await database.ReadAsync(bob, $"SELECT id, name FROM {View(database)} ORDER BY id")).ShouldBe("1,a1@x;2,B2;3,NULL");
        (await database.ReadAsync(ann, $"SELECT * FROM {View(database, "u")}")).ShouldBe("2,x");
        (await database.ReadAsync(bob, $"SELECT * FROM {View(database, "u")}")).ShouldBe("2,y");

        // Nobody gets more by what they put into a query, or by whom they act as.
        await database.AsSuperuserAsync($"GRANT {bob} TO {ann}");
        (await database.ReadAsync(ann, $"SET ROLE {bob}", $"SELECT id, name FROM {View(database)}")).ShouldBe("1,x");
        await database.RefusesAsync(ann, $"SET ROLE {database.Names.ViewOwner}");
        (await database.ReadAsync(
            ann, "CREATE FUNCTION pg_temp.tell(text, text) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS 'BEGIN RAISE EXCEPTION ''%'', $1; END'",
            $"SELECT count(*) FROM {View(database)} WHERE region <> 'EU' AND pg_temp.tell(region, name)")).ShouldBe("0");

        // Who was granted the view by somebody else is not exempt; such a way is told.
        await database.AsSuperuserAsync($"CREATE ROLE {app} LOGIN PASSWORD 'p4ss'; GRANT USAGE ON SCHEMA {database.Names.View(database.Path("t")).Parent!.Name} TO PUBLIC; GRANT SELECT ON {View(database)} TO {app}, PUBLIC");
        (await database.ReadAsync(app, $"SELECT id, name FROM {View(database)}")).ShouldBe("");
        (await database.ObserveAsync(intent)).Residuals.ShouldBeEmpty();
        await database.PersonAsync("cid");
        (await database.ObserveAsync(Views(database, [.. intent.Objects]))).Residuals.ShouldBe(
            [new Residual(database.Path("t"), "", $"PUBLIC reads it through view {database.Names.View(database.Path("t")).Parent!.Name}.t")]);
        (await database.PlanAsync(intent)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_view_that_is_replaced_keeps_its_grants_and_what_others_built_on_it()
    {
        var database = await EnforcedDatabase.MakeAsync(postgres, Sales);
        var ann = await database.PersonAsync("ann", ["A"]);
        var table = database.Table("t", People.Rule("A"), Columns);
        await database.EnforceAsync(Views(database, Masked(table, "code", new MaskFunction.Null(), People.Rule("P"))));
        var app = $"app_{database.Name}";
        await database.AsSuperuserAsync($"CREATE ROLE {app} LOGIN PASSWORD 'p4ss'; GRANT USAGE ON SCHEMA {database.Names.View(database.Path("t")).Parent!.Name} TO {app}; GRANT SELECT ON {View(database)} TO {app} WITH GRANT OPTION");

        // Another type of a column: it has to be made anew.
        await database.EnforceAsync(Views(database, Masked(table, "code", new MaskFunction.Hash(), People.Rule("P"))));
        (await database.ReadAsync(app, $"SELECT length(code) FROM {View(database)} ORDER BY id")).ShouldBe("64;64;NULL");
        (await database.ReadAsync(ann, $"SELECT length(code) FROM {View(database)} ORDER BY id")).ShouldBe("64;64;NULL");

        // The same types: it stays, and what was built on it.
        await database.AsSuperuserAsync($"CREATE VIEW theirs AS SELECT code FROM {View(database)}");
        await database.EnforceAsync(Views(database, Masked(table, "code", new MaskFunction.Hash(), People.Rule("Q"))));
        (await database.ReadAsync(app, $"SELECT count(*) FROM {View(database)}")).ShouldBe("3");
        await database.AskAsSuperuserAsync("SELECT * FROM theirs");
    }

    [Fact]
    public async Task A_view_that_the_server_refuses_is_told_and_keeps_no_other_from_being_made()
    {
        var database = await EnforcedDatabase.MakeAsync(postgres, $"{Sales}; CREATE TABLE u (id integer, name text); INSERT INTO u VALUES (1, 'x')");
        var ann = await database.PersonAsync("ann", ["A"]);
        var t = Masked(database.Table("t", People.Rule("A"), Columns), "name", new MaskFunction.Null(), People.Rule("P"));
        var u = Masked(database.Table("u", People.Rule("A"), ["id integer", "name text"]), "name", new MaskFunction.Null(), People.Rule("P"));
        await database.EnforceAsync(Views(database, t));
        var wrong = new Predicate.Comparison(ComparisonOperator.Equal, new Operand.Column("born"), new Operand.Column("code"));

        // Together with what is known of people, which must not wait for it.
        database.Change(ann, ["A", "P"]);
        var intent = Views(database, Masked(t, "code", new MaskFunction.Null(), People.Rule("P"), wrong), u);
        var plan = PlanBuilder.Build(database.Compile(intent), await database.ObserveAsync(intent), Core.Connections.EnforcementMode.Sync, Everybody);
        var failed = (await database.ApplyAsync(intent, plan.Changes)).Where(o => o.Error is not null).ToList();

        failed.ShouldHaveSingleItem().Error!.ShouldContain("It is gone until that is mended");
        failed[0].Change.Key.Object.ShouldBe(database.Names.View(database.Path("t")));
        (await database.ReadAsync(ann, $"SELECT name FROM {View(database, "u")}")).ShouldBe("x");
        (await database.PlanAsync(intent)).Select(c => (c.Key.Kind, c.Verb)).ShouldBe([(FactKind.Mask, ChangeVerb.Add), (FactKind.Grant, ChangeVerb.Add)], ignoreOrder: true);
    }

    [Fact]
    public async Task What_is_changed_by_hand_is_seen_and_mended()
    {
        var database = await EnforcedDatabase.MakeAsync(postgres, Sales);
        var (ann, bob) = (await database.PersonAsync("ann", ["A"]), await database.PersonAsync("bob"));
        var table = Masked(database.Table("t", People.Rule("A"), Columns), "name", new MaskFunction.Hash(), People.Rule("P"));
        var intent = Views(database, Masked(table, "code", new MaskFunction.Constant("5"), People.Rule("P")));
        await database.EnforceAsync(intent);
        var (view, role, owner) = (View(database), database.Names.Audience(People.Rule("A").Id), database.Names.ViewOwner);
        foreach (var (sql, kinds) in new (string, FactKind[])[]
                 {
                     ($"DROP VIEW {view}", [FactKind.Mask, FactKind.Grant]),
                     ($"CREATE OR REPLACE VIEW {view} WITH (security_barrier = true) AS SELECT id, name, code::text::bigint AS code, price, weight, born, at, ok, ip, region FROM t", [FactKind.Mask]),
                     ($"ALTER VIEW {view} RESET (security_barrier)", [FactKind.Mask]),
                     ($"ALTER VIEW {view} OWNER TO {database.Owner}", [FactKind.Mask]),
                     ("DELETE FROM sluice.salt", [FactKind.Mask]),
                     ($"REVOKE SELECT ON sluice.salt FROM {owner}", [FactKind.Mask]),
                     ($"GRANT SELECT ON sluice.salt TO {ann}", [FactKind.Support]),
                     ($"REVOKE SELECT ON t FROM {owner}", [FactKind.Grant]),
                     ($"REVOKE SELECT ON {view} FROM {role}", [FactKind.Grant]),
                     ($"GRANT SELECT ON {view} TO {bob}", [FactKind.Grant]),
                     ($"GRANT {owner} TO {bob}", [FactKind.Member]),
                     ($"REVOKE {owner} FROM {database.Account}", [FactKind.Audience]),
                 })
        {
            await database.AsSuperuserAsync(sql);

            (await database.PlanAsync(intent)).Select(c => c.Key.Kind).Distinct().ShouldBe(kinds, ignoreOrder: true, sql);
            await database.EnforceAsync(intent);
            (await database.ReadAsync(ann, $"SELECT id, length(name), code FROM {view} ORDER BY id LIMIT 2")).ShouldBe("1,64,5;2,64,5", sql);
            await database.RefusesAsync(bob, $"SELECT id FROM {view}");
        }
    }

    [Fact]
    public async Task What_is_in_its_place_and_not_ours_is_a_conflict_for_the_view_alone()
    {
        var database = await EnforcedDatabase.MakeAsync(postgres, $"{Sales}; CREATE SCHEMA s; CREATE TABLE s.u (id integer, name text)");
        var ann = await database.PersonAsync("ann", ["A"]);
        var t = Masked(database.Table("t", People.Rule("A"), Columns), "name", new MaskFunction.Null(), People.Rule("P"));
        var u = Masked(database.Table("u", People.Rule("A"), ["id integer", "name text"], "s"), "name", new MaskFunction.Null(), People.Rule("P"));
        await database.AsSuperuserAsync($"CREATE SCHEMA {database.Names.View(database.Path("t")).Parent!.Name}");
        await database.EnforceAsync(Views(database, u));
        await database.AsSuperuserAsync($"COMMENT ON VIEW {View(database, "u", "s")} IS NULL");
        var intent = Views(database, t, u);

        var observed = await database.ObserveAsync(intent);
        var plan = PlanBuilder.Build(database.Compile(intent), observed, Core.Connections.EnforcementMode.Sync, Everybody);

        observed.Conflicts.Select(c => c.Object).ShouldBe([database.Names.View(database.Path("t")).Parent!, database.Names.View(database.Path("t")), database.Names.View(database.Path("u", "s"))], ignoreOrder: true);
        (await database.ApplyAsync(intent, plan.Changes)).ShouldAllBe(o => o.Error == null);
        (await database.ReadAsync(ann, "SELECT id FROM t ORDER BY id")).ShouldBe("1;2;3");
        var byForce = database.PlanAsync(intent);
        (await database.ApplyAsync(intent, [.. (await byForce).Where(c => c.Key.Kind == FactKind.Mask)])).ShouldAllBe(o => o.Error != null);
    }

    [Fact]
    public async Task Views_of_ours_are_no_data_objects_and_go_without_a_trace()
    {
        var database = await EnforcedDatabase.MakeAsync(postgres, Sales);
        var ann = await database.PersonAsync("ann", ["A"]);
        var table = Masked(database.Table("t", People.Rule("A"), Columns), "name", new MaskFunction.Hash(), People.Rule("P"));
        await database.EnforceAsync(Views(database, table with { DirectReaders = [await database.PersonAsync("bob")] }));

        (await database.ListedAsync()).ShouldBe([database.Path("t")]);
        await database.EnforceAsync(database.Intent(table));
        await database.RefusesAsync(ann, "SELECT name FROM t");
        (await database.ReadAsync(ann, $"SELECT (SELECT count(*) FROM pg_roles WHERE rolname = '{database.Names.ViewOwner}'), (SELECT count(*) FROM pg_namespace WHERE nspname IN ('sluice', '{database.Names.View(database.Path("t")).Parent!.Name}'))")).ShouldBe("0,0");
        await database.EnforceAsync(Views(database, table));
        await database.EnforceAsync(database.Intent());
    }

    internal static AccessIntent Views(EnforcedDatabase database, params IntendedObject[] objects) => database.Intent(objects) with { MasksInView = true };

    internal static string View(EnforcedDatabase database, string table = "t", string schema = "public") => Statements.Table(database.Names.View(database.Path(table, schema)));

    internal static IntendedObject Masked(IntendedObject table, string column, MaskFunction function, AccessRule exempt, Predicate? condition = null) => table with
    {
        Access = table.Access with { Masks = [.. table.Access.Masks, new ColumnMask(column, function, exempt, condition, "mask")] },
    };

    private static ImpactScope Everybody => new(3, new HashSet<string>(), static _ => false);

    // Something that schema sluice stays for.
    private static IntendedObject WithRows(EnforcedDatabase database) =>
        RowRuleTests.Filtered(database.Table("kept", AccessRule.Nobody), new RowRule(new Predicate.Constant(false), AccessRule.Nobody, "rows"));
}
