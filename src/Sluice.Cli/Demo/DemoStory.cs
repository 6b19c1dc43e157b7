using System.Text.Json.Nodes;
using Sluice.Cli.Api;
using Sluice.Core.Catalog;
using Spectre.Console;

namespace Sluice.Cli.Demo;

/// <summary>What the demo does, step by step.</summary>
internal sealed class DemoStory(ApiClient api, IReadOnlyList<IDemoPlatform> platforms, IAnsiConsole console)
{
    private const int PageSize = 1000;
    private const int ShownPerContainer = 3;

    public async Task TellAsync(CancellationToken cancellationToken)
    {
        Step("Ask for the scripts that set a platform up, and run them as its administrator");
        foreach (var platform in platforms) await SetUpAsync(platform, cancellationToken);

        Step("Register");
        var registered = new List<(IDemoPlatform, JsonNode)>();
        foreach (var platform in platforms)
        {
            console.MarkupLineInterpolated($"  {platform.ConnectionKey}: {platform.Shown}");
            registered.Add((platform, await api.PostAsync("/data/connection", platform.Registration(), cancellationToken)));
        }

        await FollowAsync(registered, cancellationToken);
        foreach (var platform in platforms) await ShowChecksAsync(platform.ConnectionKey, cancellationToken);

        Step("What was found");
        foreach (var platform in platforms) await ShowTreeAsync(new ObjectPath(platform.ConnectionKey), cancellationToken);

        Step($"Activate {string.Join(", ", platforms.Select(p => p.Activated))}");
        var changed = new List<(IDemoPlatform, JsonNode)>();
        foreach (var platform in platforms)
            changed.Add((platform, await api.PutAsync($"/data/settings/{platform.Activated.ToUrl()}", new JsonObject { ["isActive"] = true }, cancellationToken)));
        await FollowAsync(changed, cancellationToken);

        Step("The data sources that came of it");
        foreach (var platform in platforms) await ShowDataSourcesAsync(platform.Activated, cancellationToken);
    }

    private async Task SetUpAsync(IDemoPlatform platform, CancellationToken cancellationToken)
    {
        if (platform.ScriptRequest is not { } request)
        {
            console.MarkupLineInterpolated($"  {platform.ConnectionKey}: no script is needed");
            return;
        }

        var script = await api.PostForTextAsync("/integrations/scripts/create", request, cancellationToken);
        await platform.RunScriptAsync(script, cancellationToken);
        console.MarkupLineInterpolated($"  {platform.ConnectionKey}: {script.Count(c => c == '\n')} lines, run");
    }

    private async Task FollowAsync(IReadOnlyList<(IDemoPlatform Platform, JsonNode Accepted)> all, CancellationToken cancellationToken)
    {
        var jobs = new JsonNode[all.Count];
        await console.Progress().AutoClear(false).Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn()).StartAsync(progress =>
        {
            var bars = all.Select(a => progress.AddTask($"  {a.Platform.ConnectionKey}")).ToList();
            return Task.WhenAll(all.Select(async (a, i) => jobs[i] = await FollowAsync(a.Accepted["bulkId"]!.GetValue<string>(), bars[i], cancellationToken)));
        });
        foreach (var ((platform, _), job) in all.Zip(jobs)) ShowOutput(platform.ConnectionKey, job["output"]?.AsObject() ?? []);
    }

    private void ShowOutput(string connectionKey, JsonObject output)
    {
        var counts = output.Where(o => o.Value is JsonValue value && value.TryGetValue<long>(out var count) && count > 0).Select(o => $"{o.Value} {o.Key}");
        var heldBack = output["heldBack"]?.AsObject().Select(o => $"{o.Value} held back as {o.Key}") ?? [];
        console.MarkupLineInterpolated($"  {connectionKey}: job [green]completed[/]: {string.Join(", ", counts.Concat(heldBack))}");
        foreach (var warning in output["warnings"]?.AsArray() ?? []) console.MarkupLineInterpolated($"    [dim]{warning!.GetValue<string>()}[/]");
    }

    private async Task<JsonNode> FollowAsync(string bulkId, ProgressTask bar, CancellationToken cancellationToken)
    {
        while (true)
        {
            var job = (await api.GetAsync($"/jobs?bulkId={bulkId}", cancellationToken)).AsArray().Single()!;
            bar.MaxValue = Math.Max(1, job["progress"]?["total"]?.GetValue<int>() ?? 0);
            bar.Value = job["progress"]?["done"]?.GetValue<int>() ?? 0;
            var state = job["state"]!.GetValue<string>();
            if (state is "failed" or "cancelled" or "expired") throw new DemoFailedException($"The crawl ended as {state}: {job}");
            if (state == "completed")
            {
                bar.Value = bar.MaxValue;
                return job;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        }
    }

    private async Task ShowChecksAsync(string connectionKey, CancellationToken cancellationToken)
    {
        var connection = await api.GetAsync($"/data/connection/{Uri.EscapeDataString(connectionKey)}", cancellationToken);
        var tests = connection["validationResults"]!["validationTests"]!.AsArray();
        var byStatus = tests.GroupBy(t => t!["status"]!.GetValue<string>()).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Count()} {g.Key}");
        console.MarkupLineInterpolated($"  {connectionKey}: checks: {string.Join(", ", byStatus)}");
    }

    private async Task ShowTreeAsync(ObjectPath connection, CancellationToken cancellationToken)
    {
        var tree = new Tree($"[bold]{Markup.Escape(connection.Name)}[/]");
        await AddChildrenAsync(tree, connection, int.MaxValue, cancellationToken);
        console.Write(tree);
    }

    private async Task AddChildrenAsync(IHasTreeNodes node, ObjectPath path, int most, CancellationToken cancellationToken)
    {
        var children = await ChildrenAsync(path, cancellationToken);
        foreach (var child in children.Take(most))
        {
            var below = node.AddNode(Markup.Escape($"{NameOf(child)}  {Remark(child)}"));
            if (child["kind"]!.GetValue<string>() is "database" or "schema")
                await AddChildrenAsync(below, path.Child(NameOf(child)), ShownPerContainer, cancellationToken);
        }

        if (children.Count > most) node.AddNode($"[dim]and {children.Count - most} more[/]");
    }

    private async Task ShowDataSourcesAsync(ObjectPath below, CancellationToken cancellationToken)
    {
        var active = await DataSourcesAsync(below, cancellationToken);
        foreach (var source in active.Take(ShownPerContainer))
            console.MarkupLineInterpolated($"  {source["dataSource"]!["name"]!.GetValue<string>()}  [dim]{source["dataSource"]!["id"]!.GetValue<string>()}[/]");
        console.MarkupLineInterpolated($"  {active.Count} data sources in {below}");
        if (active.Count == 0) throw new DemoFailedException($"No data source came of the activation of {below}.");
    }

    private async Task<List<JsonNode>> DataSourcesAsync(ObjectPath below, CancellationToken cancellationToken)
    {
        var sources = new List<JsonNode>();
        foreach (var child in await ChildrenAsync(below, cancellationToken))
        {
            if (child["kind"]!.GetValue<string>() == "schema") sources.AddRange(await DataSourcesAsync(below.Child(NameOf(child)), cancellationToken));
            else if (child["state"]!.GetValue<string>() == "active") sources.Add(child);
        }

        return sources;
    }

    private async Task<List<JsonNode>> ChildrenAsync(ObjectPath path, CancellationToken cancellationToken) =>
        [.. (await api.PostAsync($"/data/object/search/{path.ToUrl()}", new JsonObject { ["size"] = PageSize }, cancellationToken))["hits"]!.AsArray().Select(n => n!)];

    private static string NameOf(JsonNode found) => found["objectPath"]!.AsArray()[^1]!.GetValue<string>();

    private static string Remark(JsonNode found)
    {
        var kind = found["kind"]!.GetValue<string>();
        var governance = found["enforcement"]?["governance"]?.GetValue<string>();
        return governance is null or "governed" ? kind : $"{kind}, {governance}: stays inactive";
    }

    private void Step(string text) => console.MarkupLineInterpolated($"\n[bold]{text}[/]");
}
