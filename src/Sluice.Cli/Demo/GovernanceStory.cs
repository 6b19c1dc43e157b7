using System.Text.Json.Nodes;
using Sluice.Cli.Api;
using Sluice.Cli.Governing;
using Spectre.Console;

namespace Sluice.Cli.Demo;

/// <summary>The second half of the demo: people, three policies, the plan, the apply, then proof.</summary>
internal sealed class GovernanceStory(ApiClient api, LakeDemo lake, IAnsiConsole console)
{
    private const string Table = "customers";
    private const string Masked = "email";
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    private const string Policies = $$$"""
        policyKey: demo-analysts
        name: Analysts read the sales database
        type: subscription
        circumstances: [{type: objectPath, path: [{{{LakeDemo.Key}}}, sales]}]
        actions: {type: entitlements, entitlements: {operator: all, groups: [Analysts]}}
        ---
        policyKey: demo-pii
        name: Personal data is for the privacy office
        type: data
        circumstances: [{type: columnTags, columnTag: sensitivity.pii}]
        actions:
          - rules:
              - type: Masking
                config: {fields: [{type: columnTags, columnTag: sensitivity.pii}], maskingConfig: {type: "Null"}}
                exceptions: {operator: any, groups: [Privacy Office]}
        ---
        policyKey: demo-regions
        name: Customers of a region are for those who work on it
        type: subscription
        circumstances: [{type: tags, tag: region.emea}, {type: tags, tag: region.amer}]
        actions: {type: entitlements, mode: guardrail, advanced: "@hasTagAsAttribute('Region', 'dataSource')"}
        """;

    public async Task TellAsync(CancellationToken cancellationToken)
    {
        Step($"People of {LakeDemo.Key}, and what is known of them");
        foreach (var (name, groups, region) in Cast) await AddAsync(name, groups, region, cancellationToken);

        Step("Three policies");
        console.WriteLine(Policies);
        await api.PostTextAsync("/api/v2/policy", Policies, "application/yaml", cancellationToken);

        Step("The plan: it opens so much that it waits for somebody to look at it");
        var plan = await HeldAsync(cancellationToken);
        ShowPlan(plan);

        Step("Confirm it");
        var confirmed = await api.PostAsync($"/api/v1/plans/{plan["id"]!.GetValue<string>()}/confirm", null, cancellationToken);
        var job = await api.FollowAsync(confirmed["bulkId"]!.GetValue<string>(), cancellationToken);
        if (job["state"]!.GetValue<string>() != "completed" || job["output"]!["failed"]!.GetValue<int>() > 0) throw new DemoFailedException($"The plan was not applied: {job}");
        console.MarkupLineInterpolated($"  {job["output"]!["made"]} changes made, none failed");

        Step($"Proof: what the platform lets each of them read of sales.{Table}, and of sales.{Table}_emea");
        foreach (var (name, groups, region) in Cast) Prove(name, groups, region);

        Step("And why");
        var why = await api.PostAsync(
            "/api/v1/access/explain", new JsonObject { ["user"] = "ada", ["objectPath"] = new JsonArray(LakeDemo.Key, "sales", Table), ["column"] = Masked }, cancellationToken);
        using var text = new StringWriter();
        ExplanationText.Write(why, text);
        console.WriteLine(text.ToString());
    }

    private static IReadOnlyList<(string Name, string[] Groups, string Region)> Cast { get; } =
    [
        ("ada", ["Analysts"], "region.emea"), ("ben", ["Analysts", "Privacy Office"], "region.amer"), ("cleo", ["Analysts"], "region.apac"), ("dan", [], "region.emea"),
    ];

    private async Task AddAsync(string name, string[] groups, string region, CancellationToken cancellationToken)
    {
        await api.PostAsync("/api/v1/users", new JsonObject { ["username"] = name }, cancellationToken);
        await api.PostAsync($"/api/v1/users/{name}/identities", new JsonObject { ["connectionKey"] = LakeDemo.Key, ["name"] = lake.IdentityOf(name) }, cancellationToken);
        await api.PostAsync($"/api/v1/users/{name}/attributes", new JsonObject { ["name"] = "Region", ["value"] = region }, cancellationToken);
        foreach (var group in groups)
        {
            if (!_groups.Contains(group)) await api.PostAsync("/api/v1/groups", new JsonObject { ["name"] = group }, cancellationToken);
            _groups.Add(group);
            await api.PostAsync($"/api/v1/groups/{Uri.EscapeDataString(group)}/members", new JsonObject { ["user"] = name }, cancellationToken);
        }

        console.MarkupLineInterpolated($"  {name}: Region {region}; {(groups.Length == 0 ? "in no group" : string.Join(", ", groups))}; {lake.IdentityOf(name)}");
    }

    private readonly HashSet<string> _groups = new(StringComparer.Ordinal);

    // The server finds by itself that the policies have changed, and what it may not do unasked.
    private async Task<JsonNode> HeldAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var held = (await api.GetAsync($"/api/v1/plans?connectionKey={LakeDemo.Key}", cancellationToken))["hits"]!.AsArray().FirstOrDefault(static p => p!["state"]!.GetValue<string>() == "held");
            if (held is not null) return await api.GetAsync($"/api/v1/plans/{held["id"]!.GetValue<string>()}", cancellationToken);
            await Task.Delay(Look, cancellationToken);
        }
    }

    private void ShowPlan(JsonNode plan)
    {
        var changes = plan["changes"]!.AsArray().Select(static c => c!).ToList();
        foreach (var kind in changes.GroupBy(static c => $"{c["verb"]} {c["kind"]}").OrderBy(static g => g.Key, StringComparer.Ordinal))
        {
            var first = kind.First();
            console.MarkupLineInterpolated($"  {kind.Count(),3} x {kind.Key}  [dim]{first["subject"]} {first["detail"]}: {first["reason"]}[/]");
        }

        console.MarkupLineInterpolated($"  {plan["impact"]!["gained"]} pairs of person and object gained, {plan["impact"]!["lost"]} lost. [yellow]{plan["stateReason"]}[/]");
    }

    private void Prove(string name, string[] groups, string region)
    {
        var (columns, emea) = (lake.ColumnsSeenBy(name, Table), lake.ColumnsSeenBy(name, $"{Table}_emea"));
        var isAnalyst = groups.Contains("Analysts", StringComparer.Ordinal);
        var isPrivacy = groups.Contains("Privacy Office", StringComparer.Ordinal);
        if ((columns is not null) != isAnalyst || columns?.Contains(Masked, StringComparer.Ordinal) == !isPrivacy || (emea is not null) != (isAnalyst && region == "region.emea"))
            throw new DemoFailedException($"{name} sees {Shown(columns)} of sales.{Table} and {Shown(emea)} of sales.{Table}_emea, which is not what the policies say.");
        console.MarkupLineInterpolated($"  {name}: {Shown(columns)}; of {Table}_emea {(emea is null ? "nothing" : $"{emea.Count} columns")}");
    }

    private static string Shown(IReadOnlyList<string>? columns) => columns is null ? "nothing" : $"{columns.Count} columns, {(columns.Contains(Masked, StringComparer.Ordinal) ? "with" : "without")} {Masked}";

    private void Step(string text) => console.MarkupLineInterpolated($"\n[bold]{text}[/]");
}
