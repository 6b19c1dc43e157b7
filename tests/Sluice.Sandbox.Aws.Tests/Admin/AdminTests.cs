using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Sluice.Sandbox.Aws.Catalog;

namespace Sluice.Sandbox.Aws.Tests.Admin;

public sealed class AdminTests
{
    [Fact]
    public async Task Faults_are_set_and_read_while_running()
    {
        await using var bench = await Bench.StartAsync();
        using var http = new HttpClient { BaseAddress = bench.Sandbox.Endpoint };
        var set = await http.PutAsJsonAsync("/_sandbox/faults", new { faults = new[] { new { operation = "GetTables", kind = "throttle", every = 2 } } });
        set.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await bench.Service.Glue("GetTables", new { DatabaseName = "sales" })).ShouldSucceed();
        (await bench.Service.Glue("GetTables", new { DatabaseName = "sales" })).ShouldFail("ThrottlingException");
        var read = await http.GetFromJsonAsync<JsonElement>("/_sandbox/faults");
        read.GetProperty("faults")[0].GetProperty("kind").GetString().ShouldBe("Throttle");
    }

    [Theory]
    [InlineData("{\"faults\":[{\"kind\":\"explode\"}]}")]
    [InlineData("{\"faults\":[{}]}")]
    [InlineData("{\"fault\":[]}")]
    [InlineData("[")]
    public async Task A_malformed_setting_is_refused_and_changes_nothing(string body)
    {
        await using var bench = await Bench.StartAsync();
        using var http = new HttpClient { BaseAddress = bench.Sandbox.Endpoint };
        (await http.PutAsync("/_sandbox/faults", new StringContent(body))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await bench.Service.Glue("GetDatabases", new { })).ShouldSucceed();
    }

    [Fact]
    public async Task Requests_are_counted_by_action_and_error()
    {
        await using var bench = await Bench.StartAsync();
        using var http = new HttpClient { BaseAddress = bench.Sandbox.Endpoint };
        (await bench.Service.Glue("GetDatabases", new { })).ShouldSucceed();
        (await bench.Service.Glue("GetDatabase", new { Name = "nowhere" })).ShouldFail("EntityNotFoundException");
        await bench.Service.Sts("Action=GetCallerIdentity");
        var counts = await http.GetFromJsonAsync<JsonElement>("/_sandbox/requests");
        counts.GetProperty("operations").GetProperty("glue:GetDatabases").GetInt64().ShouldBe(1);
        counts.GetProperty("operations").GetProperty("sts:GetCallerIdentity").GetInt64().ShouldBe(1);
        counts.GetProperty("errors").GetProperty("EntityNotFoundException").GetInt64().ShouldBe(1);
        counts.GetProperty("total").GetInt64().ShouldBe(3);
        (await http.DeleteAsync("/_sandbox/requests")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        bench.Sandbox.Requests.Total.ShouldBe(0);
    }

    [Fact]
    public async Task The_catalog_changes_as_its_owner_would_change_it()
    {
        await using var bench = await Bench.StartAsync();
        using var http = new HttpClient { BaseAddress = bench.Sandbox.Endpoint };
        var answer = await http.PostAsJsonAsync("/_sandbox/catalog", new
        {
            changes = new object[]
            {
                new { @do = "renameDatabase", database = "sales", to = "revenue" },
                new { @do = "renameTable", database = "revenue", table = "orders", to = "purchases" },
                new { @do = "addColumn", database = "revenue", table = "purchases", column = "gift", type = "boolean" },
                new { @do = "dropColumn", database = "revenue", table = "purchases", column = "notes" },
                new { @do = "createTable", database = "revenue", table = "extra", columns = new[] { new { name = "a", type = "int" } } },
                new { @do = "dropDatabase", database = "hr" },
            },
        });
        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent, await answer.Content.ReadAsStringAsync());
        var table = (await bench.Service.Glue("GetTable", new { DatabaseName = "revenue", Name = "purchases" })).ShouldSucceed().Json.GetProperty("Table");
        var columns = table.GetProperty("StorageDescriptor").GetProperty("Columns").EnumerateArray().Select(column => column.GetProperty("Name").GetString()).ToList();
        columns.ShouldContain("gift");
        columns.ShouldNotContain("notes");
        table.GetProperty("DatabaseName").GetString().ShouldBe("revenue");
        (await bench.Service.Glue("GetTable", new { DatabaseName = "revenue", Name = "extra" })).ShouldSucceed();
        (await bench.Service.Glue("GetDatabase", new { Name = "hr" })).ShouldFail("EntityNotFoundException");
        (await bench.Service.Glue("GetDatabase", new { Name = "sales" })).ShouldFail("EntityNotFoundException");
    }

    [Fact]
    public async Task Grants_follow_a_rename_and_die_with_what_is_dropped()
    {
        await using var bench = await Bench.StartAsync();
        using var analyst = bench.As("analyst");
        bench.Sandbox.Change(new CatalogChange(CatalogChangeKind.RenameTable, "crm_replica") { Table = "activities", To = "contacts" });
        (await analyst.Glue("GetTable", new { DatabaseName = "crm_replica", Name = "contacts" })).ShouldSucceed();
        bench.Sandbox.Change(
            new CatalogChange(CatalogChangeKind.DropTable, "crm_replica") { Table = "contacts" },
            new CatalogChange(CatalogChangeKind.CreateTable, "crm_replica") { Table = "contacts" });
        (await analyst.Glue("GetTable", new { DatabaseName = "crm_replica", Name = "contacts" })).ShouldFail("AccessDeniedException");
    }

    [Fact]
    public async Task A_change_that_can_not_be_made_is_refused_with_the_reason()
    {
        await using var bench = await Bench.StartAsync();
        using var http = new HttpClient { BaseAddress = bench.Sandbox.Endpoint };
        var answer = await http.PostAsJsonAsync("/_sandbox/catalog", new { changes = new[] { new { @do = "dropTable", database = "sales", table = "nothing" } } });
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("nothing");
    }

    [Fact]
    public async Task A_reset_brings_back_the_start()
    {
        await using var bench = await Bench.StartAsync();
        using var http = new HttpClient { BaseAddress = bench.Sandbox.Endpoint };
        bench.Sandbox.Change(new CatalogChange(CatalogChangeKind.DropDatabase, "sales"));
        (await bench.Service.Lake("CreateLFTag", new { TagKey = "k", TagValues = new[] { "v" } })).ShouldSucceed();
        (await http.PutAsJsonAsync("/_sandbox/principals/sluice-service", new { deny = new[] { "glue:GetDatabase" } })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await bench.Service.Glue("GetDatabase", new { Name = "hr" })).ShouldFail("AccessDeniedException");

        (await http.PostAsync("/_sandbox/reset", content: null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        bench.Sandbox.Requests.Total.ShouldBe(0);
        (await bench.Service.Glue("GetDatabase", new { Name = "sales" })).ShouldSucceed();
        (await bench.Service.Lake("GetLFTag", new { TagKey = "k" })).ShouldFail("EntityNotFoundException");
    }

    [Fact]
    public async Task A_page_of_another_site_does_not_reach_the_knobs()
    {
        await using var bench = await Bench.StartAsync();
        using var http = new HttpClient { BaseAddress = bench.Sandbox.Endpoint };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/_sandbox/reset");
        request.Headers.Host = "rebound.example.com";
        (await http.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task An_unknown_knob_is_not_found()
    {
        await using var bench = await Bench.StartAsync();
        using var http = new HttpClient { BaseAddress = bench.Sandbox.Endpoint };
        (await http.GetAsync("/_sandbox/nothing")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}
