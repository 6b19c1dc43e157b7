using Sluice.Core.Access;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Platforms.PostgreSql.Enforcing;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>A SHOW lists 10,000 rows at the most; here it lists 20.</summary>
public sealed class ShowLimitTests
{
    private const int Most = 20;

    private static readonly string[] Shop =
    [
        "CREATE DATABASE SHOP", "CREATE SCHEMA SHOP.S", "CREATE TABLE SHOP.S.ORDERS (ID NUMBER(38,0), REGION VARCHAR)", .. EnforcedAccount.User("ANN"),
    ];

    private static readonly string MakeWide = $"CREATE TABLE SHOP.S.WIDE ({string.Join(", ", Enumerable.Range(0, Most).Select(static i => $"C{i} VARCHAR"))})";

    private static IntendedObject Masked(EnforcedAccount account) => With(account.Table("ORDERS", People.Rule("A"), ["ID NUMBER(38,0)", "REGION VARCHAR(16777216)"]), Mask("REGION", ""));

    // Each column is masked by a policy of its own.
    private static IntendedObject Wide(EnforcedAccount account) =>
        With(account.Table("WIDE", People.Rule("A"), [.. Enumerable.Range(0, Most).Select(static i => $"C{i} VARCHAR(16777216)")]), [.. Enumerable.Range(0, Most).Select(static i => Mask($"C{i}", $"{i}"))]);

    private static IntendedObject With(IntendedObject item, params ColumnMask[] masks) => item with { Access = item.Access with { Masks = [.. masks] } };

    private static ColumnMask Mask(string column, string shown) => new(column, new MaskFunction.Constant(shown), People.Rule("P"), null, "mask");

    // SHOW lists 10,000 at the most, and of materialized views no second page: https://docs.snowflake.com/en/sql-reference/sql/show-materialized-views
    [Fact]
    public async Task A_table_under_a_materialized_view_beyond_those_that_one_list_has_is_seen()
    {
        await using var account = await EnforcedAccount.StartAsync(Shop, showRows: Most);
        account.Person("ANN", ["A"]);
        account.Change([
            "CREATE DATABASE AAA", "CREATE SCHEMA AAA.S", "CREATE SCHEMA AAA.T", "CREATE TABLE AAA.S.MANY (ID NUMBER(38,0))",
            .. Enumerable.Range(0, Most + 2).Select(static i => $"CREATE MATERIALIZED VIEW AAA.{(i % 2 == 0 ? "S" : "T")}.V{i} AS SELECT ID FROM AAA.S.MANY"),
            "CREATE MATERIALIZED VIEW SHOP.S.SOME AS SELECT ID FROM SHOP.S.ORDERS"]);
        var intent = account.Intent(Masked(account));

        (await account.EnforceAsync(intent)).Shortfalls.Single().Reason.ShouldContain("under SOME");

        account.Change([.. Enumerable.Range(0, Most).Select(static i => $"CREATE MATERIALIZED VIEW AAA.S.W{i} AS SELECT ID FROM AAA.S.MANY")]);
        (await Should.ThrowAsync<PlatformException>(() => account.ObserveAsync(intent))).Message.ShouldContain("move some of them to another schema");
    }

    [Fact]
    public async Task Where_there_are_more_policies_than_one_list_has_nothing_is_said_of_them()
    {
        await using var account = await EnforcedAccount.StartAsync([.. Shop, MakeWide], showRows: Most);
        account.Person("ANN", ["A"]);
        var intent = account.Intent(Wide(account));
        var plan = await account.PlanAsync(intent);
        await account.ApplyAsync(intent, plan.Changes);

        (await Should.ThrowAsync<PlatformException>(() => account.ObserveAsync(intent))).Message.ShouldContain("lists no more than 20 masking policies");
    }

    [Fact]
    public async Task The_delete_script_finds_roles_that_no_one_list_has_and_stops_at_policies_that_none_has()
    {
        await using var account = await EnforcedAccount.StartAsync(
            [
                .. Shop, .. Enumerable.Range(0, Most * 2).Select(static i => $"CREATE ROLE A{i}"), "CREATE ROLE \"A'\\_\"",
                MakeWide, "INSERT INTO SHOP.S.WIDE (C0) VALUES ('x')",
            ], showRows: Most);
        account.Person("ANN", ["A"]);
        var intent = account.Intent(Wide(account));
        await account.ApplyAsync(intent, (await account.PlanAsync(intent)).Changes);
        (await account.ReadAsync("ANN", "SELECT C0 FROM SHOP.S.WIDE")).ShouldBe("0");

        (await account.CleanUpAsync()).ShouldNotBeNull().ShouldContain("STOP: 20 policies are off what they were set on");
        (await account.ReadAsync("ANN", "SELECT C0 FROM SHOP.S.WIDE")).ShouldBe("002003", "roles are gone first");

        var policy = account.Compile(intent).Facts.First(static f => f.Key.Detail == PolicyText.Detail).Key.Subject;
        account.Change($"DROP MASKING POLICY {Sluice.EndToEnd.Tests.SnowflakeAccount.Database}.POLICIES.{policy}");
        (await account.CleanUpAsync()).ShouldBeNull();
        // The name is free again.
        account.Change($"CREATE DATABASE {Sluice.EndToEnd.Tests.SnowflakeAccount.Database}");
    }
}
