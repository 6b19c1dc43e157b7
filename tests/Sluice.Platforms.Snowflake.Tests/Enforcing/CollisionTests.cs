using System.Collections.Concurrent;
using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;
using Sluice.Platforms.PostgreSql.Enforcing;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>Snowflake lets no column stand in two policies: one that comes meets one that goes later in the same plan.</summary>
public sealed class CollisionTests
{
    private const string All = "SELECT ID, REGION, AMOUNT FROM SHOP.S.ORDERS ORDER BY ID";
    private const string Pairs = "SELECT REGION, NOTE FROM SHOP.S.PAIRS ORDER BY REGION, NOTE";
    private const int Turns = 6;
    private const string Masked = "?";

    private static readonly string[] Readers = ["ANN", "BOB", "EVE"];

    private static readonly string[] Shop =
    [
        "CREATE DATABASE SHOP", "CREATE SCHEMA SHOP.S", "CREATE TABLE SHOP.S.ORDERS (ID NUMBER(38,0), REGION VARCHAR, AMOUNT NUMBER(10,2), NOTE VARCHAR)",
        "INSERT INTO SHOP.S.ORDERS VALUES (1, 'EU', 12.34, 'a'), (2, 'US', 5, 'b'), (3, 'EU', 7, 'c'), (4, NULL, 5, 'd')",
        .. Readers.SelectMany(EnforcedAccount.User),
        "CREATE ROLE APP", "GRANT ROLE APP TO USER EVE", "GRANT USAGE ON DATABASE SHOP TO ROLE APP", "GRANT USAGE ON SCHEMA SHOP.S TO ROLE APP", "GRANT SELECT ON TABLE SHOP.S.ORDERS TO ROLE APP",
    ];

    private static readonly Predicate InEurope = new Predicate.Comparison(ComparisonOperator.Equal, new Operand.Column("REGION"), new Operand.Text("EU"));
    private static readonly Predicate IsFive = new Predicate.Comparison(ComparisonOperator.Equal, new Operand.Column("AMOUNT"), new Operand.Number(5));

    private static readonly Predicate Nothing = new Predicate.Any([]);

    private static readonly (string Name, ColumnMask[] Masks, RowRule[] Rows)[] States =
    [
        ("nothing", [], []),
        ("region", [Mask("REGION")], []),
        ("both", [Mask("REGION"), Mask("AMOUNT")], []),
        ("rows by region", [], [Rows(InEurope)]),
        ("rows by region, region masked", [Mask("REGION")], [Rows(InEurope)]),
        ("rows by amount, region masked", [Mask("REGION")], [Rows(IsFive)]),
        ("rows by both", [], [Rows(new Predicate.Any([InEurope, IsFive]))]),
        ("region where five", [Mask("REGION", IsFive)], []),
        ("amount in Europe", [Mask("AMOUNT", InEurope)], []),
        ("amount in Europe, rows by five", [Mask("AMOUNT", InEurope)], [Rows(IsFive)]),
        // A row rule that asks no column is set on the first that has no mask, here on REGION, there on NOTE: both are of one type, so it is the same policy.
        ("no rows", [], [Rows(Nothing)]),
        ("no rows, region masked", [Mask("REGION")], [Rows(Nothing)]),
    ];

    public static TheoryData<int> Starts => Environment.GetEnvironmentVariable("SLUICE_LONG") == "1" ? [.. Enumerable.Range(0, States.Length)] : [1, 3, 11];

    [Theory]
    [MemberData(nameof(Starts))]
    public async Task Whatever_masks_and_row_rules_become_of_others_nobody_sees_more_than_before_or_after(int start)
    {
        await using var account = await StartAsync();
        var shown = new Dictionary<string, Dictionary<string, string>>();
        foreach (var state in States)
        {
            await account.EnforceAsync(Intent(account, "nothing"));
            await account.EnforceAsync(Intent(account, state.Name));
            shown[state.Name] = await ReadAsync(account);
        }

        var from = States[start].Name;
        foreach (var to in States.Select(s => s.Name).Where(s => s != from))
        {
            await account.EnforceAsync(Intent(account, "nothing"));
            await account.EnforceAsync(Intent(account, from));

            var intent = Intent(account, to);
            var plan = await account.PlanAsync(intent);
            var outcomes = await account.ApplyAsync(intent, plan.Changes, async () =>
            {
                foreach (var (reader, seen) in await ReadAsync(account))
                    ShouldBeAllowed(seen, shown[from][reader], shown[to][reader], $"{reader}, from {from} to {to}");
            });

            outcomes.Where(o => o.Error is not null).Select(o => $"{o.Change.Key}: {o.Error}").ShouldBeEmpty($"from {from} to {to}");
            (await ReadAsync(account)).ShouldBe(shown[to], ignoreOrder: true, customMessage: $"from {from} to {to}");
            (await account.PlanAsync(intent)).Changes.Select(c => $"{c.Verb} {c.Key}").ShouldBeEmpty($"from {from} to {to}");
        }
    }

    [Fact]
    public async Task An_apply_that_ends_in_between_leaves_it_closed_and_the_next_goes_on()
    {
        await using var account = await StartAsync();
        await account.EnforceAsync(Intent(account, "region"));
        var intent = Intent(account, "rows by region");
        var plan = await account.PlanAsync(intent);

        await account.ApplyAsync(intent, [.. plan.Changes.Where(c => c.Phase < ChangePhase.Unprotect)]);
        (await account.ReadAsync("EVE", All)).ShouldBe("", "neither is REGION shown, nor may its mask stand with the row rule");

        await account.EnforceAsync(intent);
        (await account.ReadAsync("EVE", All)).ShouldBe("1,EU,12.34;3,EU,7.00");
    }

    [Fact]
    public async Task What_was_closed_stays_so_while_the_mask_can_not_go()
    {
        await using var account = await StartAsync();
        await account.EnforceAsync(Intent(account, "both"));
        var intent = Intent(account, "rows by both");
        var plan = await account.PlanAsync(intent);

        // One of two masks goes: the row rule needs both columns.
        await account.ApplyAsync(intent, [.. plan.Changes.Where(c => c is not { Verb: ChangeVerb.Remove, Key: { Kind: FactKind.Mask, Subject: "AMOUNT" } })]);
        (await account.ReadAsync("EVE", All)).ShouldBe("");

        await account.EnforceAsync(intent);
        (await account.ReadAsync("EVE", All)).ShouldBe("1,EU,12.34;2,US,5.00;3,EU,7.00;4,NULL,5.00");
    }

    [Fact]
    public async Task What_there_is_can_be_looked_at_while_policies_go()
    {
        await using var account = await StartAsync();
        await account.EnforceAsync(Intent(account, "nothing"));
        var (both, nothing, looked) = (Intent(account, "both"), Intent(account, "nothing"), Intent(account, "both") with { InForce = new HashSet<Guid>() });
        var changing = Task.Run(async () =>
        {
            for (var turn = 0; turn < Turns; turn++)
            {
                await account.EnforceAsync(both);
                await account.EnforceAsync(nothing);
            }
        });
        var looks = 0;
        for (; !changing.IsCompleted; looks++) await account.ObserveAsync(looked);
        await changing;
        looks.ShouldBeGreaterThan(Turns);
    }

    // Two masks at once may be refused for one row rule: the first has it go, and the second is set.
    [Fact]
    public void What_made_room_for_one_makes_none_for_the_next()
    {
        var names = new NativeNames("SLUICE", "GOV");
        var of = new GovernedObject
        {
            Path = EnforcedAccount.Path("ORDERS"), Kind = ObjectKind.Table, Hostname = "account", Tags = [],
            Columns = [new GovernedColumn("ID", "VARCHAR", []), new GovernedColumn("NOTE", "VARCHAR", [])],
        };
        var wanted = new SetPolicy("ID", "SLUICE_MASK_1", "", "", ["ID"], "");
        var closed = new PolicyReference("GOV", "POLICIES", "SLUICE_ROWS_1", PolicyReference.RowAccess, of.Path, false, null, ["NOTE"], PolicyReference.Active);

        Collision.Steps(of, wanted, [closed], static _ => true, new ClosingPolicy(names, "FALSE"), []).ShouldBe([wanted]);
    }

    // REF_ARG_COLUMN_NAMES is NULL of masking policies: https://docs.snowflake.com/en/sql-reference/functions/policy_references
    [Fact]
    public void A_mask_whose_columns_are_not_told_may_read_any_unless_it_is_asked_for()
    {
        var of = new GovernedObject
        {
            Path = EnforcedAccount.Path("ORDERS"), Kind = ObjectKind.Table, Hostname = "account", Tags = [],
            Columns = [.. ((string[])["ID", "REGION", "NOTE"]).Select(static c => new GovernedColumn(c, "VARCHAR", []))],
        };
        var closing = new ClosingPolicy(new NativeNames("SLUICE", "GOV"), "FALSE");
        var untold = new PolicyReference("GOV", "POLICIES", "SLUICE_MASK_1", PolicyReference.Masking, of.Path, false, "REGION", ["REGION"], PolicyReference.Active) { AreColumnsTold = false };
        var rows = new SetPolicy(null, "SLUICE_ROWS_1", "", "", ["NOTE"], "");
        var mask = new SetPolicy("REGION", "SLUICE_MASK_2", "", "", ["REGION", "NOTE"], "");
        var known = new SetPolicy("REGION", "SLUICE_MASK_1", "", "", ["REGION", "ID"], "");
        var closed = closing.Mask(of.Columns[1]).Name;

        Steps(rows, [untold]).ShouldBe([closed, rows.Name], "it may read NOTE");
        Steps(rows, [untold], known).ShouldBe([rows.Name], "it reads ID");
        Steps(rows, [untold with { AreColumnsTold = true }]).ShouldBe([rows.Name]);
        Collision.Steps(of, rows, [untold], static _ => false, closing, []).ShouldBeNull("it is somebody else's");

        // The mask in whose place the new one comes may read the column on which the rows are closed.
        var filtered = new PolicyReference("GOV", "POLICIES", "SLUICE_ROWS_2", PolicyReference.RowAccess, of.Path, false, null, ["NOTE"], PolicyReference.Active);
        Steps(mask, [untold, filtered], mask)[0].ShouldBe(closed);

        List<string> Steps(SetPolicy wanted, PolicyReference[] set, params SetPolicy[] asked) => [.. Collision.Steps(of, wanted, set, static _ => true, closing, asked)!.Select(static s => s.Name)];
    }

    // No third column is free to hold the place of either.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_mask_and_a_row_rule_change_places_on_the_only_two_columns(bool isOfPeopleToo)
    {
        await using var account = await StartAsync(gate: 1);
        account.Change(
            "CREATE TABLE SHOP.S.PAIRS (REGION VARCHAR, NOTE VARCHAR)", "INSERT INTO SHOP.S.PAIRS VALUES ('EU', 'a'), ('US', 'a'), ('EU', 'b'), ('US', 'b')", "GRANT SELECT ON TABLE SHOP.S.PAIRS TO ROLE APP");
        await account.EnforceAsync(Pair(masked: "NOTE", filtered: "REGION"));
        var before = await ReadAsync(account, Pairs);
        if (isOfPeopleToo) account.Person("ANN", ["A", "Q"]);
        var intent = Pair(masked: "REGION", filtered: "NOTE");
        var plan = await account.PlanAsync(intent);

        var between = new ConcurrentBag<(string After, Dictionary<string, string> Seen)>();
        account.Gate!.After = async write => between.Add((write, await ReadAsync(account, Pairs)));
        (await account.ApplyAsync(intent, plan.Changes)).Where(o => o.Error is not null).Select(o => $"{o.Change.Key}: {o.Error}").ShouldBeEmpty();
        account.Gate.After = null;
        (await account.PlanAsync(intent)).Changes.Select(c => $"{c.Verb} {c.Key}").ShouldBeEmpty();

        var after = await ReadAsync(account, Pairs);
        (before["EVE"], after["EVE"]).ShouldBe(("EU,?;EU,?", "?,a;?,a"));
        between.Count.ShouldBeGreaterThan(plan.Changes.Count / 2);
        foreach (var (write, seen) in between)
            foreach (var (reader, rows) in seen) rows.ShouldBeOneOf(["", before[reader], after[reader], "EU,NULL;EU,NULL"], $"{reader} after {write}");

        AccessIntent Pair(string masked, string filtered)
        {
            var item = account.Table("PAIRS", People.Rule("A"), ["REGION VARCHAR(16777216)", "NOTE VARCHAR(16777216)"]);
            var rows = new Predicate.Comparison(ComparisonOperator.Equal, new Operand.Column(filtered), new Operand.Text(filtered == "NOTE" ? "a" : "EU"));
            return account.Intent(item with { Access = item.Access with { Masks = [Mask(masked)], RowRules = [Rows(rows)] } });
        }
    }

    private static async Task<EnforcedAccount> StartAsync(int? gate = null)
    {
        var account = await EnforcedAccount.StartAsync(Shop, gate: gate);
        account.Person("ANN", ["A"]);
        account.Person("BOB", ["A", "P"]);
        return account;
    }

    private static AccessIntent Intent(EnforcedAccount account, string state)
    {
        var (_, masks, rows) = States.Single(s => s.Name == state);
        var item = account.Table("ORDERS", People.Rule("A"), ["REGION VARCHAR(16777216)", "NOTE VARCHAR(16777216)", "ID NUMBER(38,0)", "AMOUNT NUMBER(10,2)"]);
        return account.Intent(item with { Access = item.Access with { Masks = [.. masks], RowRules = [.. rows] } });
    }

    private static async Task<Dictionary<string, string>> ReadAsync(EnforcedAccount account, string select = All)
    {
        var shown = new Dictionary<string, string>();
        foreach (var reader in Readers) shown[reader] = await account.ReadAsync(reader, select);
        return shown;
    }

    // Each row is one that is shown before or after, each of its cells is what it is before or after, or what a mask shows.
    private static void ShouldBeAllowed(string seen, string before, string after, string why)
    {
        if (seen == EnforcedRefusal) return;
        var (rowsBefore, rowsAfter) = (Rows(before), Rows(after));
        foreach (var (id, cells) in Rows(seen))
        {
            (rowsBefore.ContainsKey(id) || rowsAfter.ContainsKey(id)).ShouldBeTrue($"{why}: row {id} of {seen}");
            for (var i = 0; i < cells.Length; i++)
                (cells[i] is "NULL" or Masked || (rowsBefore.TryGetValue(id, out var b) && b[i] == cells[i]) || (rowsAfter.TryGetValue(id, out var a) && a[i] == cells[i]))
                    .ShouldBeTrue($"{why}: {seen}, before {before}, after {after}");
        }
    }

    private const string EnforcedRefusal = "002003";

    private static Dictionary<string, string[]> Rows(string read) =>
        read is "" or EnforcedRefusal ? [] : read.Split(';').Select(r => r.Split(',')).ToDictionary(r => r[0]);

    private static ColumnMask Mask(string column, Predicate? condition = null) =>
        new(column, column == "AMOUNT" ? new MaskFunction.Null() : new MaskFunction.Constant(Masked), People.Rule("P"), condition, "mask");

    private static RowRule Rows(Predicate predicate) => new(predicate, People.Rule("Q"), "rows");
}
