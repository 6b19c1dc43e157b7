using System.Net;
using System.Text.Json.Nodes;

namespace Sluice.EndToEnd.Tests;

/// <summary>A person runs queries at the stand-in for an account, and they show in Sluice's audit.</summary>
public sealed class SnowflakeAuditTests
{
    private const string Ada = "ADA";

    [Fact]
    public async Task A_query_shows_up_with_person_object_and_columns_and_once()
    {
        await using var account = await SnowflakeAccount.StartAsync();
        await using var server = await HostedServer.StartAsync(["--query-audit-text"]);
        using var api = server.Api();
        await RegisterAsync(api, account);
        using (var ada = await LogInAsync(account))
            await ada.RunAsync("SELECT CUSTOMER_ID, EMAIL FROM SALES.CRM.CUSTOMERS");

        var job = await ReadAsync(api);
        await ReadAsync(api);

        var answer = await api.GetAsync($"/api/v1/audit/queries?person=ada&object={Uri.EscapeDataString("""["snow","SALES"]""")}");
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        answer.Json["count"]!.GetValue<int>().ShouldBe(1, $"{job.ToJsonString()} {answer.Text} {(await api.GetAsync("/api/v1/audit/queries")).Text}");
        var query = answer.Json["hits"]![0]!;
        query["identity"]!.GetValue<string>().ShouldBe(Ada);
        query["kind"]!.GetValue<string>().ShouldBe("SELECT");
        query["text"]!.GetValue<string>().ShouldBe("SELECT CUSTOMER_ID, EMAIL FROM SALES.CRM.CUSTOMERS");
        query["statementHash"]!.GetValue<string>().Length.ShouldBe(64);
        var read = query["objects"]!.AsArray().ShouldHaveSingleItem()!;
        read["path"]!.ToJsonString().ShouldBe("""["snow","SALES","CRM","CUSTOMERS"]""");
        read["columns"]!.AsArray().Select(c => c!.GetValue<string>()).ShouldBe(["CUSTOMER_ID", "EMAIL"], ignoreOrder: true);

        // At the command line.
        var (code, lines, error) = await SluiceCommand.RunAsync(
            "audit", "queries", "--object", "snow/SALES/CRM", "--server", server.Url, "--key-file", Path.Combine(server.Directory, "admin.key"));
        code.ShouldBe(0, error);
        lines.ShouldContain("ADA  ada  SELECT  snow/SALES/CRM/CUSTOMERS");

        // Beside our own events, and what Sluice itself ran is not among them.
        var both = (await api.GetAsync("/api/v1/audit?include=queries&person=ada")).Json["hits"]!.AsArray();
        both.Select(h => h!["action"]!.GetValue<string>()).ShouldContain("query");
        both.Select(h => h!["time"]!.GetValue<DateTimeOffset>()).ShouldBeInOrder(SortDirection.Descending);
        (await api.GetAsync($"/api/v1/audit/queries?identity={SnowflakeAccount.User}")).Json["count"]!.GetValue<int>().ShouldBe(0);
    }

    internal static async Task RegisterAsync(Api api, SnowflakeAccount account)
    {
        account.Sandbox.Change(
            $"CREATE USER {Ada} PASSWORD = 'adas-password' DEFAULT_ROLE = READER", "CREATE ROLE READER", $"GRANT ROLE READER TO USER {Ada}",
            $"GRANT USAGE ON WAREHOUSE {SnowflakeAccount.Warehouse} TO ROLE READER", "GRANT USAGE ON DATABASE SALES TO ROLE READER", "GRANT USAGE ON SCHEMA SALES.CRM TO ROLE READER",
            "GRANT SELECT ON ALL TABLES IN SCHEMA SALES.CRM TO ROLE READER", $"ALTER USER {Ada} SET DEFAULT_WAREHOUSE = {SnowflakeAccount.Warehouse}");
        var credentials = await SnowflakeCrawlTests.SetUpAsync(api, account);
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/connection", account.Payloads.Register("snow", credentials)));
        (await api.PostAsync("/api/v1/users", """{"username": "ada", "displayName": "Ada"}""")).Status.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.Created);
        var given = await api.PostAsync("/api/v1/users/ada/identities", $$"""{"connectionKey": "snow", "name": "{{Ada}}"}""");
        given.Status.ShouldBe(HttpStatusCode.OK, given.Text);
    }

    internal static Task<SnowflakeSql> LogInAsync(SnowflakeAccount account) => SnowflakeSql.LogInAsync(account.Sandbox, Ada, "adas-password");

    internal static async Task<JsonNode> ReadAsync(Api api) =>
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/api/v1/connections/snow/audit", null));
}
