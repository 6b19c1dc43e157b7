using System.Text.Json.Nodes;
using Sluice.Cli.Api;
using Sluice.Cli.Governing;
using Sluice.Core.Catalog;
using Spectre.Console;

namespace Sluice.Cli.Demo;

/// <summary>The end of the demo: two people read one table on each platform that masks values, and see different things.</summary>
internal sealed class CloudStory(ApiClient api, IReadOnlyList<IReadableDemo> platforms, IAnsiConsole console)
{
    private const string Mask = "***";
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    // Who they are, and which groups they are in, the story before has told.
    private static readonly (string Name, bool IsExempt)[] Readers = [("ada", false), ("ben", true)];

    public async Task TellAsync(CancellationToken cancellationToken)
    {
        Step($"The same two people on {string.Join(" and ", platforms.Select(static p => p.ConnectionKey))}, and two policies more");
        foreach (var platform in platforms)
        {
            foreach (var (name, _) in Readers)
                await api.PostAsync($"/api/v1/users/{name}/identities", new JsonObject { ["connectionKey"] = platform.ConnectionKey, ["name"] = platform.Introduce(name) }, cancellationToken);
        }

        await api.PostTextAsync("/api/v2/policy", Policies(), "application/yaml", cancellationToken);
        console.WriteLine(Policies());
        foreach (var platform in platforms)
        {
            await AppliedAsync(platform, cancellationToken);
            Step($"Proof: what {platform.ConnectionKey} shows each of them of {platform.Masked} in {platform.Table}");
            foreach (var (name, isExempt) in Readers) await ProveAsync(platform, name, isExempt, cancellationToken);
            await ExplainAsync(platform, cancellationToken);
        }
    }

    private string Policies() => $$$"""
        policyKey: demo-clouds
        name: Analysts read customers and orders
        type: subscription
        circumstances: [{{{string.Join(", ", platforms.Select(static p => Circumstance(p.Table)))}}}]
        actions: {type: entitlements, entitlements: {operator: all, groups: [Analysts]}}
        ---
        policyKey: demo-whereabouts
        name: Where people are is for the privacy office
        type: data
        circumstances: [{{{string.Join(", ", platforms.Select(static p => Circumstance(p.Table)))}}}]
        actions:
          - rules:
              - type: Masking
                config: {fields: [{type: columnRegex, regex: "^({{{string.Join("|", platforms.Select(static p => p.Masked).Distinct(StringComparer.Ordinal))}}})$"}], maskingConfig: {type: Constant, constant: "{{{Mask}}}"}}
                exceptions: {operator: any, groups: [Privacy Office]}
        """;

    private static string Circumstance(ObjectPath table) => $"{{type: objectPath, path: [{string.Join(", ", table.Names)}]}}";

    // A plan that opens or takes away much is held until somebody confirms it.
    private async Task AppliedAsync(IReadableDemo platform, CancellationToken cancellationToken)
    {
        while (true)
        {
            var plan = await api.PostAsync("/api/v1/plans", new JsonObject { ["connectionKey"] = platform.ConnectionKey }, cancellationToken);
            if (plan["changes"]!.AsArray().Count == 0) return;
            var held = (await api.GetAsync($"/api/v1/plans?connectionKey={platform.ConnectionKey}", cancellationToken))["hits"]!.AsArray().FirstOrDefault(static p => p!["state"]!.GetValue<string>() == "held");
            if (held is not null)
            {
                var confirmed = await api.PostAsync($"/api/v1/plans/{held["id"]!.GetValue<string>()}/confirm", null, cancellationToken);
                var job = await api.FollowAsync(confirmed["bulkId"]!.GetValue<string>(), cancellationToken);
                if (job["state"]!.GetValue<string>() != "completed" || job["output"]!["failed"]!.GetValue<int>() > 0) throw new DemoFailedException($"The plan was not applied: {job}");
                console.MarkupLineInterpolated($"  {platform.ConnectionKey}: {job["output"]!["made"]} changes made, none failed");
            }

            await Task.Delay(Look, cancellationToken);
        }
    }

    private async Task ProveAsync(IReadableDemo platform, string name, bool isExempt, CancellationToken cancellationToken)
    {
        var seen = await platform.ReadAsync(name, cancellationToken);
        if (seen is not { Count: > 0 } || seen.All(static v => v == Mask) == isExempt)
            throw new DemoFailedException($"{name} sees {(seen is null ? "nothing" : string.Join(", ", seen))} of {platform.Table}, which is not what the policies say.");
        console.MarkupLineInterpolated($"  {name}: {string.Join(", ", seen)}");
    }

    private async Task ExplainAsync(IReadableDemo platform, CancellationToken cancellationToken)
    {
        var path = new JsonArray([.. platform.Table.Names.Select(static n => JsonValue.Create(n))]);
        var why = await api.PostAsync("/api/v1/access/explain", new JsonObject { ["user"] = Readers[0].Name, ["objectPath"] = path, ["column"] = platform.Masked }, cancellationToken);
        using var text = new StringWriter();
        ExplanationText.Write(why, text);
        console.WriteLine(text.ToString());
    }

    private void Step(string text) => console.MarkupLineInterpolated($"\n[bold]{text}[/]");
}
