using Sluice.Core.Access;
using Sluice.Core.Connections;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;
using Sluice.Platforms.PostgreSql.Enforcing;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>In mode create-only what stays of the state before meets what is new: nobody sees by both together what neither of them shows.</summary>
public sealed class CreateOnlyTests
{
    private const string Orders = "SELECT ID, REGION FROM SHOP.S.ORDERS ORDER BY ID", Others = "SELECT ID, REGION FROM SHOP.S.OTHERS ORDER BY ID";
    private const string Refused = "002003";

    private static readonly string[] Shop =
    [
        "CREATE DATABASE SHOP", "CREATE SCHEMA SHOP.S",
        .. ((string[])["ORDERS", "OTHERS"]).SelectMany(static t => (string[])[$"CREATE TABLE SHOP.S.{t} (ID NUMBER(38,0), REGION VARCHAR)", $"INSERT INTO SHOP.S.{t} VALUES (1, 'EU'), (2, 'US')"]),
        .. EnforcedAccount.User("ANN"), .. EnforcedAccount.User("BOB"),
    ];

    private static readonly RowRule One = new(new Predicate.Comparison(ComparisonOperator.Equal, new Operand.Column("ID"), new Operand.Number(1)), People.Rule("P"), "rows");

    [Fact]
    public async Task Who_stays_in_an_audience_does_not_read_what_would_join_it()
    {
        await using var account = await StartAsync();
        account.Person("ANN", ["A"]);
        await account.EnforceAsync(account.Intent(Item(account, "ORDERS")));
        account.Person("ANN");

        var waits = await AddAsync(account, account.Intent(Item(account, "ORDERS"), Item(account, "OTHERS")));

        (await account.ReadAsync("ANN", Orders)).ShouldBe("1,EU;2,US", "what was granted stays");
        (await account.ReadAsync("ANN", Others)).ShouldBe(Refused);
        waits.ShouldBeTrue("it is told");
    }

    [Fact]
    public async Task Who_joins_an_audience_does_not_read_what_stays_with_it()
    {
        await using var account = await StartAsync();
        account.Person("ANN", ["A"]);
        await account.EnforceAsync(account.Intent(Item(account, "ORDERS")));
        account.Person("BOB", ["A"]);

        var waits = await AddAsync(account, account.Intent(Item(account, "ORDERS", "B"), Item(account, "OTHERS")));

        (await account.ReadAsync("BOB", Orders)).ShouldBe(Refused);
        (await account.ReadAsync("ANN", Orders)).ShouldBe("1,EU;2,US", "what was granted stays");
        waits.ShouldBeTrue("it is told");
    }

    [Fact]
    public async Task Who_comes_does_not_meet_an_older_mask()
    {
        await using var account = await StartAsync();
        account.Person("ANN", ["A"]);
        await account.EnforceAsync(account.Intent(Item(account, "ORDERS", masks: [Mask(new MaskFunction.Constant("?"))])));
        account.Person("BOB", ["A"]);

        var waits = await AddAsync(account, account.Intent(Item(account, "ORDERS", masks: [Mask(new MaskFunction.Null())])));

        (await account.ReadAsync("BOB", Orders)).ShouldBe(Refused);
        (await account.ReadAsync("ANN", Orders)).ShouldBe("1,?;2,?");
        waits.ShouldBeTrue("it is told");
    }

    [Fact]
    public async Task Who_is_exempt_still_is_not_exempt_from_what_is_new()
    {
        await using var account = await StartAsync();
        account.Person("ANN", ["A", "P"]);
        await account.EnforceAsync(account.Intent(Item(account, "ORDERS", masks: [Mask(new MaskFunction.Null())])));
        account.Person("ANN", ["A"]);

        var waits = await AddAsync(account, account.Intent(Item(account, "ORDERS", masks: [Mask(new MaskFunction.Null())]), Item(account, "OTHERS", masks: [Mask(new MaskFunction.Null())])));

        (await account.ReadAsync("ANN", Others)).ShouldBe(Refused, "neither state shows its column");
        (await account.ReadAsync("ANN", Orders)).ShouldBe("1,EU;2,US");
        waits.ShouldBeTrue("it is told");
    }

    [Fact]
    public async Task Who_is_exempt_anew_is_not_from_an_older_rule()
    {
        await using var account = await StartAsync();
        account.Person("ANN", ["A"]);
        await account.EnforceAsync(account.Intent(Item(account, "ORDERS", rows: [One])));
        account.Person("ANN", ["A", "P"]);

        var waits = await AddAsync(account, account.Intent(Item(account, "ORDERS", masks: [Mask(new MaskFunction.Null())], rows: [One with { Exempt = People.Rule("Q") }])));

        (await account.ReadAsync("ANN", Orders)).ShouldBeOneOf("1,EU", "1,NULL");
        waits.ShouldBeTrue("it is told");
    }

    [Fact]
    public async Task What_is_no_longer_so_of_a_person_opens_nothing_new()
    {
        await using var account = await StartAsync();
        var own = new RowRule(new Predicate.AttributeContains("Region", new Operand.Column("REGION")), People.Rule("P"), "rows");
        account.Person("ANN", ["A"], [("Region", "EU")]);
        await account.EnforceAsync(account.Intent(Item(account, "ORDERS", rows: [own])));
        account.Person("ANN", ["A"], [("Region", "US")]);

        var waits = await AddAsync(account, account.Intent(Item(account, "ORDERS", rows: [own]), Item(account, "OTHERS", rows: [own])));

        (await account.ReadAsync("ANN", Others)).ShouldBe(Refused);
        (await account.ReadAsync("ANN", Orders)).ShouldBe("1,EU");
        waits.ShouldBeTrue("it is told");
    }

    // What meets nothing that stays is added, and in sync everything is.
    [Fact]
    public async Task What_stays_keeps_nothing_else_from_coming()
    {
        await using var account = await StartAsync();
        account.Person("ANN", ["A"]);
        await account.EnforceAsync(account.Intent(Item(account, "ORDERS")));
        account.Person("ANN");
        account.Person("BOB", ["B", "A"]);
        var intent = account.Intent(Item(account, "ORDERS"), Item(account, "OTHERS", "B", [Mask(new MaskFunction.Null())]));

        var waits = await AddAsync(account, intent);
        (await account.ReadAsync("BOB", Others)).ShouldBe("1,NULL;2,NULL");
        (await account.ReadAsync("BOB", Orders)).ShouldBe("1,EU;2,US");
        (await account.ReadAsync("ANN", Orders)).ShouldBe("1,EU;2,US");

        await account.EnforceAsync(intent);
        (await account.ReadAsync("ANN", Orders)).ShouldBe(Refused);
        waits.ShouldBeFalse("nothing new meets it");
    }

    private static Task<EnforcedAccount> StartAsync() => EnforcedAccount.StartAsync(Shop);

    // Whether something waits.
    private static async Task<bool> AddAsync(EnforcedAccount account, AccessIntent intent)
    {
        var plan = await account.PlanAsync(intent, EnforcementMode.CreateOnly);
        plan.Changes.ShouldAllBe(static c => c.Verb == ChangeVerb.Add);
        (await account.ApplyAsync(intent, plan.Changes)).Where(static o => o.Error is not null).Select(static o => o.Error).ShouldBeEmpty();
        (await account.PlanAsync(intent, EnforcementMode.CreateOnly)).Changes.Select(static c => $"{c.Verb} {c.Key}").ShouldBeEmpty("a second plan");
        return plan.Shortfalls.Any(static s => s.Reason.StartsWith("held back", StringComparison.Ordinal));
    }

    private static ColumnMask Mask(MaskFunction function) => new("REGION", function, People.Rule("P"), null, "mask");

    private static IntendedObject Item(EnforcedAccount account, string table, string readers = "A", ColumnMask[]? masks = null, RowRule[]? rows = null)
    {
        var item = account.Table(table, People.Rule(readers), ["ID NUMBER(38,0)", "REGION VARCHAR(16777216)"]);
        return item with { Access = item.Access with { Masks = [.. masks ?? []], RowRules = [.. rows ?? []] } };
    }
}
