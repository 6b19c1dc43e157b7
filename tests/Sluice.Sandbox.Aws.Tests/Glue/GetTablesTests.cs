using System.Text.Json;
using Sluice.Sandbox.Aws.Catalog;

namespace Sluice.Sandbox.Aws.Tests.Glue;

public sealed class GetTablesTests
{
    [Fact]
    public async Task Pages_of_any_size_make_up_the_same_list()
    {
        await using var bench = await Bench.StartAsync(new() { Catalog = AwsSandboxCatalog.Generated(230, 3, databases: 1) });
        var whole = await Names(bench, "lake_00000", 100);
        whole.Count.ShouldBe(230);
        foreach (var size in new[] { 1, 7, 99 }) (await Names(bench, "lake_00000", size)).ShouldBe(whole);
        bench.Sandbox.Requests.Of("glue:GetTables").ShouldBe(3 + 230 + 33 + 3);
    }

    [Fact]
    public async Task A_full_last_page_brings_no_token()
    {
        await using var bench = await Bench.StartAsync(new() { Catalog = AwsSandboxCatalog.Generated(200, 2, databases: 1) });
        var (tables, pages) = await Tables(bench, "lake_00000", 100);
        tables.Count.ShouldBe(200);
        pages.ShouldBe(2);
    }

    [Fact]
    public async Task Changes_between_pages_neither_repeat_nor_skip_what_did_not_change()
    {
        await using var bench = await Bench.StartAsync();
        var before = await Names(bench, "sales", 100);
        var first = (await bench.Service.Glue("GetTables", new { DatabaseName = "sales", MaxResults = 5 })).ShouldSucceed().Json;
        bench.Sandbox.Change(
            new CatalogChange(CatalogChangeKind.DropTable, "sales") { Table = before[0] },
            new CatalogChange(CatalogChangeKind.DropTable, "sales") { Table = before[4] },
            new CatalogChange(CatalogChangeKind.CreateTable, "sales") { Table = "aaa" });

        var (rest, _) = await Bench.Collect(
            token => bench.Service.Glue("GetTables", new { DatabaseName = "sales", MaxResults = 5, NextToken = token ?? first.GetProperty("NextToken").GetString() }),
            "TableList");

        rest.Select(table => table.GetProperty("Name").GetString()).ShouldBe(before.Skip(5));
    }

    [Fact]
    public async Task A_token_serves_only_the_request_it_was_made_for()
    {
        await using var bench = await Bench.StartAsync();
        var token = (await bench.Service.Glue("GetTables", new { DatabaseName = "sales", MaxResults = 5 })).Json.GetProperty("NextToken").GetString()!;
        (await bench.Service.Glue("GetTables", new { DatabaseName = "finance", NextToken = token })).ShouldFail("InvalidInputException");
        (await bench.Service.Glue("GetDatabases", new { NextToken = token })).ShouldFail("InvalidInputException");
        (await bench.Service.Glue("GetTables", new { DatabaseName = "sales", NextToken = token[..^2] + "AA" })).ShouldFail("InvalidInputException");
        token.ShouldNotContain("orders");
    }

    [Fact]
    public async Task A_token_can_be_given_an_end_of_life()
    {
        var clock = ManualClock.Started();
        await using var sandbox = await AwsSandbox.StartAsync(new() { Clock = clock, PageTokenLifetime = TimeSpan.FromMinutes(1) }, TestContext.Current.CancellationToken);
        using var client = new SigningClient(sandbox.Endpoint, sandbox.Credentials, clock);
        var token = (await client.Glue("GetTables", new { DatabaseName = "sales", MaxResults = 5 })).Json.GetProperty("NextToken").GetString()!;
        (await client.Glue("GetTables", new { DatabaseName = "sales", NextToken = token })).ShouldSucceed();
        clock.Advance(TimeSpan.FromSeconds(61));
        (await client.Glue("GetTables", new { DatabaseName = "sales", NextToken = token })).ShouldFail("InvalidInputException").Message.ShouldContain("expired");
    }

    [Fact]
    public async Task Every_violated_constraint_is_named_at_once()
    {
        await using var bench = await Bench.StartAsync();
        var answer = await bench.Service.Glue("GetTables", new { MaxResults = 0, Expression = new string('x', 2049) });
        answer.ShouldFail("ValidationException");
        answer.Message.ShouldStartWith("3 validation errors detected: ");
        foreach (var member in new[] { "databaseName", "maxResults", "expression" }) answer.Message.ShouldContain($"'{member}'");
    }

    [Fact]
    public async Task Pages_rendered_ahead_are_those_written_on_demand()
    {
        var catalog = AwsSandboxCatalog.Generated(350, 5, databases: 2);
        await using var direct = await Bench.StartAsync(new() { Catalog = catalog });
        await using var ahead = await Bench.StartAsync(new() { Catalog = catalog, PreRenderPages = true });
        foreach (var database in new[] { "lake_00000", "lake_00001" })
        {
            foreach (var size in new[] { 100, 33 })
            {
                var expected = (await Tables(direct, database, size)).Items.ConvertAll(table => table.GetRawText());
                (await Tables(ahead, database, size)).Items.ConvertAll(table => table.GetRawText()).ShouldBe(expected);
            }
        }
    }

    [Fact]
    public async Task Pages_rendered_ahead_are_not_used_for_what_changed_or_is_hidden()
    {
        await using var bench = await Bench.StartAsync(new() { Catalog = AwsSandboxCatalog.Generated(120, 3, databases: 1), PreRenderPages = true });
        var names = await Names(bench, "lake_00000", 100);
        bench.Sandbox.Change(new CatalogChange(CatalogChangeKind.DropTable, "lake_00000") { Table = names[3] });
        (await Names(bench, "lake_00000", 100)).ShouldBe(names.Where((_, index) => index != 3));
        using var analyst = bench.As("analyst");
        var (seen, _) = await Bench.Collect(token => analyst.Glue("GetTables", new { DatabaseName = "lake_00000", NextToken = token }), "TableList");
        seen.ShouldHaveSingleItem().GetProperty("Name").GetString().ShouldBe(names[0]);
    }

    [Fact]
    public async Task Attributes_narrow_what_is_answered()
    {
        await using var bench = await Bench.StartAsync();
        var tables = (await bench.Service.Glue("GetTables", new { DatabaseName = "hr", AttributesToGet = new[] { "NAME" } })).ShouldSucceed().Json.GetProperty("TableList");
        tables[0].EnumerateObject().Select(member => member.Name).ShouldBe(["Name"]);
    }

    [Fact]
    public async Task Another_accounts_catalog_is_refused()
    {
        await using var bench = await Bench.StartAsync();
        (await bench.Service.Glue("GetDatabases", new { CatalogId = "999999999999" })).ShouldFail("AccessDeniedException");
        (await bench.Service.Lake("ListLFTags", new { CatalogId = "nonsense" })).ShouldFail("InvalidInputException");
        (await bench.Service.Lake("ListLFTags", new { CatalogId = "999999999999" })).ShouldFail("AccessDeniedException");
    }

    [Fact]
    public async Task Unknown_operations_and_broken_bodies_are_named_as_such()
    {
        await using var bench = await Bench.StartAsync();
        (await bench.Service.Glue("GetEverything", new { })).ShouldFail("UnknownOperationException");
        (await bench.Service.Lake("GetEverything", new { })).ShouldFail("UnknownOperationException").Status.ShouldBe(404);
        (await bench.Service.Send("glue", "/", "[1", "application/x-amz-json-1.1", ("x-amz-target", "AWSGlue.GetTables"))).ShouldFail("SerializationException");
        (await bench.Service.Glue("GetTables", new { DatabaseName = 7 })).ShouldFail("SerializationException");
    }

    private static Task<(List<JsonElement> Items, int Pages)> Tables(Bench bench, string database, int size) => Bench.Collect(
        token => bench.Service.Glue("GetTables", new { DatabaseName = database, MaxResults = size, NextToken = token }),
        "TableList");

    private static async Task<List<string>> Names(Bench bench, string database, int size) =>
        (await Tables(bench, database, size)).Items.ConvertAll(table => table.GetProperty("Name").GetString()!);
}
