using Sluice.Core.Access;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;
using Sluice.EndToEnd.Tests;
using Sluice.Platforms.PostgreSql.Enforcing;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>Masks that are functions of the operator's, at the stand-in.</summary>
public sealed class CustomMaskTests
{
    private const string SystemRole = SnowflakeAccount.Database + "_SYSTEM";
    private const string Region = "SELECT ID, REGION FROM SHOP.S.ORDERS ORDER BY ID";

    private static readonly string[] Columns = ["ID NUMBER(38,0)", "REGION VARCHAR(16777216)", "AMOUNT NUMBER(10,2)", "BORN DATE"];

    private static readonly string[] Shop =
    [
        "CREATE DATABASE SHOP", "CREATE SCHEMA SHOP.S", "CREATE TABLE SHOP.S.ORDERS (ID NUMBER(38,0), REGION VARCHAR, AMOUNT NUMBER(10,2), BORN DATE)",
        "INSERT INTO SHOP.S.ORDERS VALUES (1, 'eu', 12.34, '2024-02-29'), (2, 'us', -0.5, '1999-12-31'), (3, NULL, NULL, NULL)",
        "CREATE DATABASE GOV", "CREATE SCHEMA GOV.MASKS", "CREATE SCHEMA GOV.\"odd \"\"x\"",
        "CREATE FUNCTION GOV.MASKS.LOUD(X VARCHAR) RETURNS VARCHAR AS 'UPPER(X)'",
        "CREATE FUNCTION GOV.\"odd \"\"x\".\"f.n\"(X VARCHAR) RETURNS VARCHAR AS '''odd'''",
        .. EnforcedAccount.User("ANN"), .. EnforcedAccount.User("BOB"), .. EnforcedAccount.User("EVE"),
    ];

    private static readonly string[] Granted =
    [
        $"GRANT USAGE ON DATABASE GOV TO ROLE {SystemRole}", $"GRANT USAGE ON ALL SCHEMAS IN DATABASE GOV TO ROLE {SystemRole}",
        $"GRANT USAGE ON FUNCTION GOV.MASKS.LOUD(VARCHAR) TO ROLE {SystemRole}", $"GRANT USAGE ON FUNCTION GOV.\"odd \"\"x\".\"f.n\"(VARCHAR) TO ROLE {SystemRole}",
    ];

    private static MaskFunction.Custom Function(string name, int rank = 0) => new([new("Snowflake", name)], rank);

    private static ColumnMask Mask(string column, MaskFunction function, Predicate? condition = null) => new(column, function, People.Rule("P"), condition, "mask");

    private static async Task<EnforcedAccount> StartAsync(bool isGranted = true)
    {
        var account = await EnforcedAccount.StartAsync(Shop);
        if (isGranted) account.Change(Granted);
        account.Person("ANN", ["A"]);
        account.Person("BOB", ["A", "P"]);
        return account;
    }

    private static AccessIntent Intent(EnforcedAccount account, params ColumnMask[] masks) => Intent(account, ["GOV.MASKS"], masks);

    private static AccessIntent Intent(EnforcedAccount account, string[] schemas, params ColumnMask[] masks)
    {
        var item = account.Table("ORDERS", People.Rule("A"), Columns);
        return account.Intent(item with { Access = item.Access with { Masks = [.. masks] } }) with { MaskFunctionSchemas = schemas };
    }

    [Fact]
    public async Task Its_result_is_seen_by_all_but_the_exempt()
    {
        await using var account = await StartAsync();

        await account.EnforceAsync(Intent(account, Mask("REGION", Function("gov.masks.loud"))));

        (await account.ReadAsync("ANN", Region)).ShouldBe("1,EU;2,US;3,NULL");
        (await account.ReadAsync("BOB", Region)).ShouldBe("1,eu;2,us;3,NULL");

        // What nobody asks for any more goes.
        await account.EnforceAsync(Intent(account, Mask("REGION", new MaskFunction.Constant("?"))));
        (await account.ReadAsync("ANN", Region)).ShouldBe("1,?;2,?;3,?");
        (await account.ObserveAsync(Intent(account))).Facts.ShouldNotContain(f => f.Key.Detail == CallingFunction.Detail);
    }

    [Fact]
    public async Task In_a_policy_with_conditional_columns_it_is_called_too()
    {
        await using var account = await StartAsync();

        await account.EnforceAsync(Intent(account, Mask("REGION", Function("GOV.MASKS.LOUD"), new Predicate.Comparison(ComparisonOperator.Less, new Operand.Column("ID"), new Operand.Number(2)))));

        (await account.ReadAsync("ANN", Region)).ShouldBe("1,EU;2,us;3,NULL");
    }

    [Fact]
    public async Task A_stricter_mask_decides_and_a_higher_rank_does()
    {
        await using var account = await StartAsync();

        await account.EnforceAsync(Intent(account, ["GOV.MASKS", "GOV.\"odd \"\"x\""], Mask("REGION", Function("GOV.MASKS.LOUD", 1)), Mask("REGION", Function("gov.\"odd \"\"x\".\"f.n\"", 2))));
        (await account.ReadAsync("ANN", Region)).ShouldBe("1,odd;2,odd;3,odd");

        await account.EnforceAsync(Intent(account, Mask("REGION", Function("GOV.MASKS.LOUD", 1)), Mask("REGION", new MaskFunction.Regex("e", "x", false, true))));
        (await account.ReadAsync("ANN", Region)).ShouldBe("1,xu;2,us;3,NULL");

        await account.EnforceAsync(Intent(account, ["GOV.MASKS", "GOV.\"odd \"\"x\""], Mask("REGION", Function("GOV.MASKS.LOUD", 1)), Mask("REGION", Function("gov.\"odd \"\"x\".\"f.n\"", 1))));
        (await account.ReadAsync("ANN", Region)).ShouldBe("1,NULL;2,NULL;3,NULL", "two of one rank contradict each other");
    }

    [Theory]
    [InlineData("GOV.MASKS.LOUD", "settings.maskFunctionSchemas", "GOV.OTHER")]
    [InlineData("GOV.MASKS.LOUD", "settings.maskFunctionSchemas", "\"gov\".MASKS")]
    [InlineData("\"GOV.MASKS\".\"LOUD\"", "not named with its database and schema", "GOV.MASKS")]
    [InlineData("\"GOV\".\"MASKS\".\"LOUD(V), V)--\"", null, "GOV.MASKS")]
    [InlineData("MASKS.LOUD", "not named with its database and schema", "GOV.MASKS")]
    [InlineData("UPPER", "not named with its database and schema", "GOV.MASKS")]
    public async Task What_may_not_be_called_is_null(string function, string? told, string schema)
    {
        await using var account = await StartAsync();
        var intent = Intent(account, [schema], Mask("REGION", Function(function)));

        var shortfalls = account.Compile(intent).Shortfalls;
        var plan = await account.PlanAsync(intent);
        var outcomes = await account.ApplyAsync(intent, plan.Changes);

        if (told is null) outcomes.Where(o => o.Error is not null).ShouldHaveSingleItem().Error!.ShouldStartWith("cannot enforce the custom masks that call \"GOV\".\"MASKS\".\"LOUD(V), V)--\"(V)::VARCHAR");
        else
        {
            shortfalls.ShouldHaveSingleItem().Reason.ShouldStartWith("cannot enforce the custom mask of mask on column REGION, whose value is NULL instead: ");
            shortfalls[0].Reason.ShouldContain(told);
            outcomes.ShouldAllBe(o => o.Error == null);
        }

        (await account.ReadAsync("ANN", Region)).ShouldBe("1,NULL;2,NULL;3,NULL");
        (await account.ReadAsync("BOB", Region)).ShouldBe("1,eu;2,us;3,NULL");
    }

    [Fact]
    public async Task A_function_that_can_not_be_called_is_null_until_it_can()
    {
        await using var account = await StartAsync(isGranted: false);
        var intent = Intent(account, Mask("REGION", Function("GOV.MASKS.LOUD")), Mask("AMOUNT", new MaskFunction.RoundNumber(1)));

        var outcomes = await account.ApplyAsync(intent, (await account.PlanAsync(intent)).Changes);

        var failed = outcomes.Where(o => o.Error is not null).ShouldHaveSingleItem();
        failed.IsContained.ShouldBeTrue();
        failed.Change.Key.Detail.ShouldBe(CallingFunction.Detail);
        (await account.ReadAsync("ANN", "SELECT REGION, AMOUNT FROM SHOP.S.ORDERS ORDER BY ID")).ShouldBe("NULL,12.00;NULL,-1.00;NULL,NULL");
        (await account.PlanAsync(intent)).Changes.ShouldHaveSingleItem().Verb.ShouldBe(ChangeVerb.Replace);

        account.Change(Granted);
        await account.EnforceAsync(intent);
        (await account.ReadAsync("ANN", Region)).ShouldBe("1,EU;2,US;3,NULL");
    }

    [Fact]
    public async Task The_check_says_what_is_lacking_and_what_mends_it()
    {
        await using var account = await StartAsync(isGranted: false);
        account.Change("CREATE FUNCTION GOV.MASKS.TWO(X VARCHAR, Y VARCHAR) RETURNS VARCHAR AS 'X'");
        await using var session = account.Open();

        (await CheckAsync(session)).ShouldBeNull("nobody asks for a function");
        var refused = (await CheckAsync(session, "GOV.MASKS.LOUD", "GOV.OTHER.F"))!;
        account.Change(Granted);
        account.Change($"GRANT USAGE ON FUNCTION GOV.MASKS.TWO(VARCHAR, VARCHAR) TO ROLE {SystemRole}");
        var other = (await CheckAsync(session, "GOV.MASKS.TWO", "GOV.MASKS.GONE"))!;

        refused.Status.ShouldBe(CheckStatus.Warning);
        refused.Message!.ShouldContain("GRANT USAGE ON DATABASE \"GOV\" TO ROLE");
        refused.Message!.ShouldContain("GRANT USAGE ON SCHEMA \"GOV\".\"MASKS\" TO ROLE");
        refused.Message!.ShouldContain("GRANT USAGE ON FUNCTION \"GOV\".\"MASKS\".\"LOUD\"(");
        refused.Message!.ShouldContain("the schema of its function GOV.OTHER.F is not among");
        other.Message!.ShouldContain("GOV.MASKS.TWO takes (VARCHAR, VARCHAR), and not one value");
        other.Message!.ShouldContain("GOV.MASKS.GONE is not there");
        (await CheckAsync(session, "gov.masks.loud")).ShouldBe(new Check("mask functions", CheckStatus.Passed, "1 can be called"));
    }

    private static Task<Check?> CheckAsync(IPlatformSession session, params string[] functions) =>
        ((IChecksMaskFunctions)session).CheckMaskFunctionsAsync(["GOV.MASKS"], [.. functions.Select(f => Function(f))], TestContext.Current.CancellationToken);

    // The functions' containers are the operator's grants, however the schema is spelled; on others, what nobody asks for any more goes.
    [Theory]
    [InlineData("gov.masks")]
    [InlineData("\"GOV\".\"MASKS\"")]
    public async Task What_was_granted_for_functions_stays_when_nothing_is_active_beside_them(string schema)
    {
        await using var account = await StartAsync();
        account.Change("CREATE TABLE GOV.MASKS.LISTED (ID NUMBER(38,0))", "CREATE SCHEMA GOV.PLAIN", "CREATE TABLE GOV.PLAIN.LISTED (ID NUMBER(38,0))");
        var orders = Intent(account, [schema], Mask("REGION", Function("GOV.MASKS.LOUD")));
        var (beside, elsewhere) = (In("MASKS"), In("PLAIN"));
        await account.EnforceAsync(orders with { Objects = [.. orders.Objects, beside, elsewhere] });

        var plan = await account.EnforceAsync(orders);

        plan.Changes.Where(static c => c.Key is { Kind: FactKind.Support, Object.Depth: < 3 }).Select(static c => (c.Verb, c.Key.Object!.Name)).ShouldBe([(ChangeVerb.Remove, "PLAIN")]);
        (await account.ReadAsync("ANN", Region)).ShouldBe("1,EU;2,US;3,NULL");

        IntendedObject In(string name)
        {
            var item = account.Table("LISTED", People.Rule("A"));
            return item with { Object = item.Object with { Path = EnforcedAccount.Path("LISTED", name, "GOV") } };
        }
    }

    [Fact]
    public async Task A_function_that_is_dropped_never_shows_the_value()
    {
        await using var account = await StartAsync();
        await account.EnforceAsync(Intent(account, Mask("REGION", Function("GOV.MASKS.LOUD"))));

        account.Change("DROP FUNCTION GOV.MASKS.LOUD(VARCHAR)");

        var read = await account.ReadAsync("ANN", Region);
        (read is "1,NULL;2,NULL;3,NULL" || (read.Length == 6 && read.All(char.IsAsciiDigit))).ShouldBeTrue(read);
    }
}
