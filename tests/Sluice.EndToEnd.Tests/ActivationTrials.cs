using System.Net;
using System.Text.Json.Nodes;

namespace Sluice.EndToEnd.Tests;

/// <summary>Dry runs of activation beside what is done.</summary>
internal static class ActivationTrials
{
    /// <summary>What a dry run answers.</summary>
    public static async Task<JsonNode> TryAsync(Api api, string path, bool isActive)
    {
        var trial = await api.PutAsync($"/data/settings/{path}?dryRun=true", Body(isActive));
        trial.Status.ShouldBe(HttpStatusCode.OK, trial.Text);
        return trial.Json;
    }

    /// <summary>Activates or deactivates, once it was tried, and demands that just what the dry run named is done.</summary>
    /// <returns>What the dry run answered.</returns>
    public static async Task<JsonNode> ChangeAsTriedAsync(Api api, string connection, string path, bool isActive)
    {
        await CloudPlans.SettledAsync(api, connection);
        var trial = await TryAsync(api, path, isActive);
        var changed = await api.PutAsync($"/data/settings/{path}", Body(isActive));
        changed.Status.ShouldBe(HttpStatusCode.OK, changed.Text);
        foreach (var count in (string[])["activated", "deactivated"]) trial[count]!.GetValue<long>().ShouldBe(changed.Json[count]!.GetValue<long>(), changed.Text);
        await api.CompleteAsync(changed.Json["bulkId"]!.GetValue<string>());
        await CloudPlans.SettledAsync(api, connection);
        var tried = ChangesOf(trial["plan"]!);
        tried.ShouldNotBeEmpty();
        tried.ShouldBe(ChangesOf(await LastAppliedAsync(api, connection)), $"{path} {isActive}");
        return trial;
    }

    /// <summary>The plan that was applied last.</summary>
    public static async Task<JsonNode> LastAppliedAsync(Api api, string connection)
    {
        var applied = (await api.GetAsync($"/api/v1/plans?connectionKey={connection}")).Json["hits"]!.AsArray().First(static p => p!["state"]!.GetValue<string>() == "applied")!;
        return (await api.GetAsync($"/api/v1/plans/{applied["id"]!.GetValue<string>()}")).Json;
    }

    /// <summary>What a plan does, in one order.</summary>
    public static List<string> ChangesOf(JsonNode plan) =>
        [.. plan["changes"]!.AsArray().Select(static c => $"{c!["phase"]} {c["verb"]} {c["kind"]} {c["objectPath"]?.ToJsonString()} {c["subject"]} {c["detail"]} {c["definition"]}").Order(StringComparer.Ordinal)];

    private static string Body(bool isActive) => $$"""{"isActive": {{(isActive ? "true" : "false")}}}""";
}
