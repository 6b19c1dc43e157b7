using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sluice.Sandbox.Snowflake.Faults;

namespace Sluice.Sandbox.Snowflake.Tests.Admin;

public sealed class AdminTests
{
    [Fact]
    public async Task Statements_are_counted_by_what_they_are()
    {
        await using var bench = await Bench.StartAsync();
        await bench.Run("SHOW TABLES IN ACCOUNT", "SHOW DATABASES", "SELECT 1");
        var requests = bench.Sandbox.Requests;
        requests.Of("query:SHOW TABLES").ShouldBe(1);
        requests.Of("query:SELECT").ShouldBe(1);
        requests.Of("login").ShouldBe(2);
        requests.Statements.ShouldBe(3);
        using var http = new HttpClient { BaseAddress = bench.Sandbox.Endpoint };
        (await http.GetFromJsonAsync<JsonObject>("/_sandbox/requests"))!["operations"]!["query:SHOW DATABASES"]!.GetValue<int>().ShouldBe(1);
        (await http.DeleteAsync("/_sandbox/requests")).EnsureSuccessStatusCode();
        bench.Sandbox.Requests.Total.ShouldBe(0);
    }

    [Fact]
    public async Task Faults_and_changes_go_over_the_wire_too()
    {
        await using var bench = await Bench.StartAsync();
        using var http = new HttpClient { BaseAddress = bench.Sandbox.Endpoint };
        (await http.PutAsJsonAsync("/_sandbox/faults", new { faults = new[] { new { kind = "Throttle", operation = "query:SELECT", times = 1 } } })).EnsureSuccessStatusCode();
        (await bench.Admin.QueryAsync("SELECT 1")).Status.ShouldBe(429);
        (await http.PostAsJsonAsync("/_sandbox/statements", new { statements = new[] { "CREATE DATABASE X", "CREATE TABLE X.PUBLIC.T (A NUMBER)" } })).EnsureSuccessStatusCode();
        (await bench.Admin.QueryAsync("SHOW TABLES IN DATABASE X")).Column("name").ShouldBe(["T"]);
        var refused = await http.PostAsJsonAsync("/_sandbox/statements", new { statements = new[] { "DROP DATABASE NOPE" } });
        ((int)refused.StatusCode).ShouldBe(400);
        (await http.PostAsync("/_sandbox/sessions/expire", null)).EnsureSuccessStatusCode();
        (await bench.Admin.QueryAsync("SELECT 1")).ShouldFail("390112");
    }

    [Theory]
    [InlineData("Host", "rebound.example.com", 403)]
    [InlineData("Origin", "https://elsewhere.example.com", 403)]
    [InlineData("Origin", "http://localhost:1", 403)]
    [InlineData("Origin", "null", 403)]
    [InlineData("Sec-Fetch-Site", "cross-site", 403)]
    [InlineData("Sec-Fetch-Site", "same-site", 403)]
    [InlineData("Sec-Fetch-Site", "same-origin", 204)]
    public async Task A_page_of_another_site_does_not_reach_the_knobs(string header, string value, int status)
    {
        await using var bench = await Bench.StartAsync();
        using var http = new HttpClient { BaseAddress = bench.Sandbox.Endpoint };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/_sandbox/reset");
        request.Headers.TryAddWithoutValidation(header, value);
        ((int)(await http.SendAsync(request)).StatusCode).ShouldBe(status);
    }

    [Fact]
    public async Task Reset_brings_the_start_back()
    {
        await using var bench = await Bench.StartAsync();
        bench.Sandbox.Change("CREATE DATABASE X");
        bench.Sandbox.SetFaults(new SnowflakeSandboxFault { Kind = SnowflakeSandboxFaultKind.Throttle });
        bench.Sandbox.Reset();
        (await bench.Admin.QueryAsync("SELECT 1")).ShouldFail("390104");
        var again = await bench.As(SnowflakeSandbox.AdministratorName);
        (await again.QueryAsync("SHOW DATABASES")).Column("name").ShouldBe(["SNOWFLAKE"]);
        bench.Sandbox.Requests.Total.ShouldBe(3);
    }

    [Fact]
    public async Task A_change_that_fails_says_why()
    {
        await using var bench = await Bench.StartAsync();
        Should.Throw<ArgumentException>(() => bench.Sandbox.Change("CREATE SCHEMA NOPE.S")).Message.ShouldContain("002003");
        bench.Sandbox.Change("CREATE ROLE A; CREATE ROLE B");
        (await bench.Admin.QueryAsync("SHOW ROLES LIKE '_'")).Column("name").ShouldBe(["A", "B"]);
    }
}
