using System.Text.Json.Nodes;
using Sluice.Sandbox.Snowflake.Tests.Policies;

namespace Sluice.Sandbox.Snowflake.Tests.Metadata;

/// <summary>https://docs.snowflake.com/en/sql-reference/account-usage/access_history.</summary>
public sealed class HistoryTests
{
    private static readonly string[] Scene =
    [
        "CREATE MASKING POLICY D.GOV.STARS AS (V VARCHAR) RETURNS VARCHAR -> IFF(EXISTS (SELECT 1 FROM D.GOV.ENTITLED WHERE USER_NAME = 'NOBODY'), V, '***')",
        "CREATE ROW ACCESS POLICY D.GOV.EU AS (R VARCHAR) RETURNS BOOLEAN -> R = 'EU'", "ALTER TABLE D.S.PEOPLE MODIFY COLUMN EMAIL SET MASKING POLICY D.GOV.STARS",
        "ALTER TABLE D.S.PEOPLE ADD ROW ACCESS POLICY D.GOV.EU ON (REGION)", "USE ROLE ACCOUNTADMIN", "CREATE VIEW D.S.V (I, E) AS SELECT ID, EMAIL FROM D.S.PEOPLE",
        "GRANT SELECT ON VIEW D.S.V TO ROLE ANALYST", "CREATE TABLE D.S.TARGET (K NUMBER, MAIL VARCHAR)", "GRANT INSERT, UPDATE ON TABLE D.S.TARGET TO ROLE ANALYST", "GRANT CREATE TABLE ON SCHEMA D.S TO ROLE ANALYST",
    ];

    [Fact]
    public async Task A_query_is_written_down_with_what_it_named_what_lay_below_and_which_policies_were_in_force()
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With(Scene));
        var run = (await (await bench.As("READER")).QueryAsync("SELECT E FROM D.S.V WHERE I > 0")).ShouldSucceed();
        var row = await RowAsync(bench, run.QueryId);
        Names(row["DIRECT_OBJECTS_ACCESSED"]!).ShouldBe(["View D.S.V: I E"]);
        Names(row["BASE_OBJECTS_ACCESSED"]!).ShouldBe(["Table D.S.PEOPLE: ID EMAIL"]);
        var policies = row["POLICIES_REFERENCED"]!.AsArray().ShouldHaveSingleItem()!;
        policies["objectName"]!.ToString().ShouldBe("D.S.PEOPLE");
        policies["policies"]![0]!["policyName"]!.ToString().ShouldBe("D.GOV.EU");
        policies["columns"]![0]!["columnName"]!.ToString().ShouldBe("EMAIL");
        policies["columns"]![0]!["policies"]![0]!["policyKind"]!.ToString().ShouldBe("MASKING_POLICY");
        row["OBJECTS_MODIFIED"]!.AsArray().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("INSERT INTO D.S.TARGET (MAIL, K) SELECT v.E, v.I FROM D.S.V v", "MAIL<-D.S.V.E<-D.S.PEOPLE.EMAIL K<-D.S.V.I<-D.S.PEOPLE.ID")]
    [InlineData("INSERT INTO D.S.TARGET SELECT ID + 1, NAME || EMAIL FROM D.S.PEOPLE", "K<-D.S.PEOPLE.ID<-D.S.PEOPLE.ID MAIL<-D.S.PEOPLE.NAME,D.S.PEOPLE.EMAIL<-D.S.PEOPLE.NAME,D.S.PEOPLE.EMAIL")]
    [InlineData("INSERT INTO D.S.TARGET VALUES (1, 'x')", "K<-<- MAIL<-<-")]
    [InlineData("CREATE TABLE D.S.MADE AS SELECT * FROM D.S.V", "I<-D.S.V.I<-D.S.PEOPLE.ID E<-D.S.V.E<-D.S.PEOPLE.EMAIL")]
    [InlineData("UPDATE D.S.TARGET SET MAIL = CASE WHEN K > 1 THEN MAIL ELSE 'x' END WHERE K = 1", "MAIL<-D.S.TARGET.K,D.S.TARGET.MAIL<-D.S.TARGET.K,D.S.TARGET.MAIL")]
    public async Task What_was_written_names_the_columns_it_came_from(string statement, string lineage)
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With(Scene));
        var run = (await (await bench.As("READER")).QueryAsync(statement)).ShouldSucceed();
        var modified = (await RowAsync(bench, run.QueryId))["OBJECTS_MODIFIED"]!.AsArray().ShouldHaveSingleItem()!;
        string Sources(JsonNode column, string kind) => string.Join(',', column[kind]!.AsArray().Select(source => $"{source!["objectName"]}.{source["columnName"]}"));
        string.Join(' ', modified["columns"]!.AsArray().Select(column => $"{column!["columnName"]}<-{Sources(column, "directSources")}<-{Sources(column, "baseSources")}")).ShouldBe(lineage);
    }

    [Fact]
    public async Task Rows_come_late_and_out_of_order_but_all_come()
    {
        var clock = ManualClock.Started();
        await using var bench = await Bench.StartAsync(PolicyScene.With(Scene) with
        {
            Clock = clock, AccountUsageLag = TimeSpan.FromMinutes(45), AccountUsageJitter = TimeSpan.FromMinutes(100), SessionLifetime = TimeSpan.FromDays(1),
        });
        var reader = await bench.As("READER");
        List<string> ids = [];
        for (var i = 0; i < 40; i++)
        {
            ids.Add((await reader.QueryAsync("SELECT ID FROM D.S.PEOPLE", new { parameters = new { QUERY_TAG = "mine" } })).ShouldSucceed().QueryId);
            clock.Advance(TimeSpan.FromSeconds(10));
        }

        await bench.Run("USE ROLE ACCOUNTADMIN");
        async Task<string[]> SeenAsync(string view) =>
            [.. (await bench.Admin.QueryAsync($"SELECT QUERY_ID FROM SNOWFLAKE.ACCOUNT_USAGE.{view} WHERE USER_NAME = 'READER'")).ShouldSucceed().Rows.Select(row => row[0]!)];
        (await SeenAsync("ACCESS_HISTORY")).ShouldBeEmpty();
        clock.Advance(TimeSpan.FromMinutes(95));
        var some = await SeenAsync("ACCESS_HISTORY");
        some.Length.ShouldBeInRange(1, 39);
        // A later one is there before an earlier one.
        ids.TakeWhile(id => id != some.Max(StringComparer.Ordinal)).Except(some).ShouldNotBeEmpty();
        (await SeenAsync("QUERY_HISTORY")).ShouldNotBe(some);
        clock.Advance(TimeSpan.FromMinutes(60));
        (await SeenAsync("ACCESS_HISTORY")).ShouldBe(ids);
        (await SeenAsync("QUERY_HISTORY")).ShouldBe(ids);
    }

    [Fact]
    public async Task A_refused_query_is_in_the_query_history_alone()
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With(Scene));
        (await (await bench.As("READER")).QueryAsync("SELECT * FROM D.GOV.ENTITLED")).ShouldFail("002003");
        await bench.Run("USE ROLE ACCOUNTADMIN");
        (await bench.Admin.QueryAsync("SELECT EXECUTION_STATUS, ERROR_CODE, ROLE_NAME, QUERY_TYPE FROM SNOWFLAKE.ACCOUNT_USAGE.QUERY_HISTORY WHERE USER_NAME = 'READER'")).ShouldSucceed()
            .Rows.ShouldBe([["FAIL", "002003", "ANALYST", "SELECT"]]);
        (await bench.Admin.QueryAsync("SELECT COUNT(*) FROM SNOWFLAKE.ACCOUNT_USAGE.ACCESS_HISTORY WHERE USER_NAME = 'READER'")).ShouldSucceed().Rows.ShouldBe([["0"]]);
    }

    private static async Task<Dictionary<string, JsonNode?>> RowAsync(Bench bench, string id)
    {
        await bench.Run("USE ROLE ACCOUNTADMIN");
        var answer = (await bench.Admin.QueryAsync(
            $"SELECT DIRECT_OBJECTS_ACCESSED, BASE_OBJECTS_ACCESSED, OBJECTS_MODIFIED, POLICIES_REFERENCED FROM SNOWFLAKE.ACCOUNT_USAGE.ACCESS_HISTORY WHERE QUERY_ID = '{id}'")).ShouldSucceed();
        return answer.Columns.Zip(answer.Rows.ShouldHaveSingleItem()).ToDictionary(pair => pair.First, pair => JsonNode.Parse(pair.Second!));
    }

    private static string[] Names(JsonNode objects) =>
        [.. objects.AsArray().Select(item => $"{item!["objectDomain"]} {item["objectName"]}: {string.Join(' ', item["columns"]!.AsArray().Select(column => column!["columnName"]))}")];
}
