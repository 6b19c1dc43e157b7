using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Sluice.Sandbox.Databricks.Identity;

namespace Sluice.Sandbox.Databricks.Tests.Admin;

public sealed class AdminTests
{
    [Fact]
    public async Task Faults_are_set_and_read_while_running()
    {
        await using var bench = await Bench.StartAsync();
        using var http = new HttpClient { BaseAddress = bench.Sandbox.Endpoint };
        (await http.PutAsJsonAsync("/_sandbox/faults", new { faults = new[] { new { operation = "catalogs.list", kind = "throttle", every = 2 } } })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await bench.Admin.Get($"{RestClient.Catalog}/catalogs")).ShouldSucceed();
        (await bench.Admin.Get($"{RestClient.Catalog}/catalogs")).ShouldFail(429, "REQUEST_LIMIT_EXCEEDED");
        (await http.GetFromJsonAsync<JsonElement>("/_sandbox/faults")).GetProperty("faults")[0].GetProperty("kind").GetString().ShouldBe("Throttle");
    }

    [Fact]
    public async Task The_warehouse_and_the_cluster_are_stopped_and_deleted_while_running()
    {
        await using var bench = await Bench.StartAsync();
        using var http = new HttpClient { BaseAddress = bench.Sandbox.Endpoint };

        (await http.PutAsJsonAsync("/_sandbox/warehouse", new { state = "Deleted" })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await http.PutAsJsonAsync("/_sandbox/cluster", new { state = "Stopped" })).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await bench.Admin.Execute("SELECT 1")).ShouldFail(404, "RESOURCE_DOES_NOT_EXIST");
        (await bench.Admin.Get($"/api/2.1/clusters/get?cluster_id={bench.Sandbox.ClusterId}")).Json.GetProperty("state").GetString().ShouldBe("TERMINATED");
    }

    [Theory]
    [InlineData("warehouse", "{\"state\":\"Burning\"}")]
    [InlineData("faults", "{\"faults\":[{\"kind\":\"explode\"}]}")]
    [InlineData("faults", "{\"fault\":[]}")]
    [InlineData("faults", "[")]
    [InlineData("principals", "{\"kind\":\"User\"}")]
    public async Task A_malformed_setting_is_refused_and_changes_nothing(string knob, string body)
    {
        await using var bench = await Bench.StartAsync();
        using var http = new HttpClient { BaseAddress = bench.Sandbox.Endpoint };
        (await http.PutAsync($"/_sandbox/{knob}", new StringContent(body))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await bench.Admin.Get($"{RestClient.Catalog}/catalogs")).ShouldSucceed();
    }

    [Fact]
    public async Task Anybodys_token_may_be_asked_for()
    {
        await using var bench = await Bench.StartAsync();
        using var http = new HttpClient { BaseAddress = bench.Sandbox.Endpoint };
        (await http.PutAsJsonAsync("/_sandbox/principals", new { name = "new@acme.example", kind = "User" })).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        var answer = await http.PostAsJsonAsync("/_sandbox/tokens", new { principal = "new@acme.example" });

        var token = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString();
        (await bench.With(token).Get("/api/2.0/preview/scim/v2/Me")).ShouldSucceed().Json.GetProperty("userName").GetString().ShouldBe("new@acme.example");
        (await http.PostAsJsonAsync("/_sandbox/tokens", new { principal = "analysts" })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Requests_are_counted_by_operation_verb_and_error()
    {
        await using var bench = await Bench.StartAsync();
        using var http = new HttpClient { BaseAddress = bench.Sandbox.Endpoint };
        await bench.Admin.Get($"{RestClient.Catalog}/catalogs");
        await bench.Admin.Get($"{RestClient.Catalog}/catalogs/nothing");
        await bench.Admin.Rows("GRANT SELECT ON TABLE sales.orders.orders TO analysts");
        await bench.With(null).Get($"{RestClient.Catalog}/catalogs");
        var counts = await http.GetFromJsonAsync<JsonElement>("/_sandbox/requests");
        counts.GetProperty("operations").GetProperty("catalogs.list").GetInt64().ShouldBe(1);
        counts.GetProperty("statements").GetProperty("GRANT").GetInt64().ShouldBe(1);
        counts.GetProperty("errors").GetProperty("CATALOG_DOES_NOT_EXIST").GetInt64().ShouldBe(1);
        counts.GetProperty("total").GetInt64().ShouldBe(3);
        bench.Sandbox.Requests.Of("catalogs.get").ShouldBe(1);
        (await http.DeleteAsync("/_sandbox/requests")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        bench.Sandbox.Requests.Total.ShouldBe(0);
    }

    [Fact]
    public async Task The_catalog_changes_as_its_owner_would_change_it()
    {
        await using var bench = await Bench.StartAsync();
        using var http = new HttpClient { BaseAddress = bench.Sandbox.Endpoint };
        var answer = await http.PostAsJsonAsync("/_sandbox/catalog", new { statements = new[] { "ALTER CATALOG sales RENAME TO revenue", "ALTER TABLE revenue.orders.orders RENAME TO purchases", "DROP SCHEMA revenue.products CASCADE" } });
        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await bench.Service.Names($"{RestClient.Catalog}/schemas?catalog_name=revenue", "schemas")).ShouldBe(["customers", "default", "information_schema", "orders"]);
        (await bench.Analyst.Rows("SELECT count(*) FROM revenue.orders.purchases")).ShouldBe([["24"]]);
        bench.Sandbox.Requests.OfVerb("ALTER TABLE").ShouldBe(0);
        var refused = await http.PostAsJsonAsync("/_sandbox/catalog", new { statements = new[] { "DROP TABLE revenue.orders.nothing" } });
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("nothing");
    }

    [Fact]
    public async Task A_principal_is_added_while_running()
    {
        await using var bench = await Bench.StartAsync();
        using var http = new HttpClient { BaseAddress = bench.Sandbox.Endpoint };
        (await http.PutAsJsonAsync("/_sandbox/principals", new { name = "new@acme.example", kind = "User" })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await bench.As("new@acme.example").Get("/api/2.0/preview/scim/v2/Me")).ShouldSucceed();
        Should.Throw<ArgumentException>(() => bench.Sandbox.TokenOf("nobody"));
    }

    [Fact]
    public async Task A_reset_brings_back_the_start()
    {
        await using var bench = await Bench.StartAsync();
        using var http = new HttpClient { BaseAddress = bench.Sandbox.Endpoint };
        bench.Sandbox.Change("DROP TABLE sales.orders.orders", "DELETE FROM sales.products.prices");
        bench.Sandbox.SetPrincipal(new() { Name = SandboxCast.Analyst, IsActive = false });
        (await http.PostAsync("/_sandbox/reset", content: null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await bench.Analyst.Rows("SELECT count(*) FROM sales.orders.orders")).ShouldBe([["24"]]);
        (await bench.Engineer.Rows("SELECT count(*) FROM sales.products.prices")).ShouldBe([["24"]]);
        bench.Sandbox.Requests.Total.ShouldBe(2);
    }

    [Theory]
    [InlineData("Host", "rebound.example.com")]
    [InlineData("Origin", "https://elsewhere.example.com")]
    [InlineData("Origin", "http://localhost:1")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task A_page_of_another_site_does_not_reach_the_knobs(string header, string value)
    {
        await using var bench = await Bench.StartAsync();
        bench.Sandbox.Change("DROP TABLE sales.orders.orders");
        using var http = new HttpClient { BaseAddress = bench.Sandbox.Endpoint };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/_sandbox/reset");
        request.Headers.TryAddWithoutValidation(header, value);

        (await http.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        (await bench.Engineer.Get($"{RestClient.Catalog}/tables/sales.orders.orders")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task A_page_of_the_sandbox_itself_reaches_the_knobs()
    {
        await using var bench = await Bench.StartAsync();
        using var http = new HttpClient { BaseAddress = bench.Sandbox.Endpoint };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/_sandbox/reset");
        request.Headers.TryAddWithoutValidation("Origin", bench.Sandbox.Endpoint.GetLeftPart(UriPartial.Authority));
        request.Headers.TryAddWithoutValidation("Sec-Fetch-Site", "same-origin");
        (await http.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await http.GetAsync("/_sandbox/nothing")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}
