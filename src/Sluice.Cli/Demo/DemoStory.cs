using System.Text.Json.Nodes;
using Sluice.Core.Catalog;
using Sluice.Sandbox.Aws;
using Spectre.Console;

namespace Sluice.Cli.Demo;

/// <summary>What the demo does, step by step.</summary>
internal sealed class DemoStory(DemoApi api, AwsSandbox sandbox, IAnsiConsole console)
{
    public const string ConnectionKey = "demo-lake";
    private const string ActivatedDatabase = "sales";
    private const int PageSize = 1000;
    private static readonly ObjectPath Root = new(ConnectionKey);

    public async Task TellAsync(CancellationToken cancellationToken)
    {
        Step($"Register the AWS account {sandbox.AccountId} ({sandbox.Endpoint} stands in for AWS)");
        var accepted = await api.RegisterAsync(Payload(), cancellationToken);
        await FollowAsync(accepted, cancellationToken);
        await ShowChecksAsync(cancellationToken);

        Step("What was found");
        await ShowTreeAsync(cancellationToken);

        Step($"Activate the database {ActivatedDatabase}");
        var database = Root.Child(ActivatedDatabase);
        var changed = await api.ChangeSettingsAsync(database, new JsonObject { ["isActive"] = true }, cancellationToken);
        await FollowAsync(changed, cancellationToken);

        Step("The data sources that came of it");
        await ShowDataSourcesAsync(database, cancellationToken);
    }

    // The documented payload; endpoints is ours and leads to the stand-in.
    private JsonObject Payload()
    {
        var endpoint = sandbox.Endpoint.ToString();
        return new JsonObject
        {
            ["connectionKey"] = ConnectionKey,
            ["connection"] = new JsonObject
            {
                ["technology"] = "Glue",
                ["authenticationType"] = "accessKey",
                ["region"] = sandbox.Region,
                ["accountId"] = sandbox.AccountId,
                ["accessKeyId"] = sandbox.Credentials.AccessKeyId,
                ["secretAccessKey"] = sandbox.Credentials.SecretAccessKey,
                ["endpoints"] = new JsonObject { ["glue"] = endpoint, ["lakeformation"] = endpoint, ["sts"] = endpoint },
            },
            ["settings"] = new JsonObject { ["isActive"] = false },
            ["options"] = new JsonObject { ["forceRecursiveCrawl"] = true },
        };
    }

    private async Task FollowAsync(JsonNode accepted, CancellationToken cancellationToken)
    {
        var bulkId = accepted["bulkId"]!.GetValue<string>();
        JsonNode? job = null;
        await console.Progress().AutoClear(false).Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn()).StartAsync(async progress =>
        {
            var bar = progress.AddTask("  crawl");
            while (true)
            {
                job = (await api.JobsAsync(bulkId, cancellationToken)).AsArray().Single();
                var total = job!["progress"]?["total"]?.GetValue<int>() ?? 0;
                bar.MaxValue = Math.Max(1, total);
                bar.Value = job["progress"]?["done"]?.GetValue<int>() ?? 0;
                var state = job["state"]!.GetValue<string>();
                if (state == "completed") break;
                if (state is "failed" or "cancelled" or "expired") throw new DemoFailedException($"The crawl ended as {state}: {job}");
                await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
            }

            bar.Value = bar.MaxValue;
        });
        console.MarkupLineInterpolated($"  job [green]completed[/]: {job!["output"]?.ToJsonString() ?? "{}"}");
    }

    private async Task ShowChecksAsync(CancellationToken cancellationToken)
    {
        var connection = await api.ReadConnectionAsync(ConnectionKey, cancellationToken);
        var tests = connection["validationResults"]!["validationTests"]!.AsArray();
        var byStatus = tests.GroupBy(t => t!["status"]!.GetValue<string>()).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Count()} {g.Key}");
        console.MarkupLineInterpolated($"  checks: {string.Join(", ", byStatus)}");
    }

    private async Task ShowTreeAsync(CancellationToken cancellationToken)
    {
        var tree = new Tree($"[bold]{ConnectionKey}[/]");
        foreach (var database in await ChildrenAsync(Root, cancellationToken))
        {
            var path = Root.Child(NameOf(database));
            var node = tree.AddNode(Markup.Escape($"{NameOf(database)}  {Remark(database)}"));
            var tables = await ChildrenAsync(path, cancellationToken);
            const int shown = 5;
            foreach (var table in tables.Take(shown)) node.AddNode(Markup.Escape($"{NameOf(table)}  {Remark(table)}"));
            if (tables.Count > shown) node.AddNode($"[dim]and {tables.Count - shown} more[/]");
        }

        console.Write(tree);
    }

    private async Task ShowDataSourcesAsync(ObjectPath database, CancellationToken cancellationToken)
    {
        var active = (await ChildrenAsync(database, cancellationToken)).Where(o => o["state"]!.GetValue<string>() == "active").ToList();
        foreach (var source in active) console.MarkupLineInterpolated($"  {source["dataSource"]!["name"]!.GetValue<string>()}  [dim]{source["dataSource"]!["id"]!.GetValue<string>()}[/]");
        console.MarkupLineInterpolated($"  {active.Count} data sources");
        if (active.Count == 0) throw new DemoFailedException("No data source came of the activation.");
    }

    private async Task<List<JsonNode>> ChildrenAsync(ObjectPath path, CancellationToken cancellationToken) =>
        [.. (await api.SearchAsync(path, new JsonObject { ["size"] = PageSize }, cancellationToken))["hits"]!.AsArray().Select(n => n!)];

    private static string NameOf(JsonNode found) => found["objectPath"]!.AsArray()[^1]!.GetValue<string>();

    private static string Remark(JsonNode found)
    {
        var kind = found["kind"]!.GetValue<string>();
        var governance = found["enforcement"]?["governance"]?.GetValue<string>();
        return governance is null or "governed" ? kind : $"{kind}, {governance}: stays inactive";
    }

    private void Step(string text) => console.MarkupLineInterpolated($"\n[bold]{text}[/]");
}
