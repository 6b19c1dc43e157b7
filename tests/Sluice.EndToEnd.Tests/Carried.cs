using System.Net;
using System.Text.Json.Nodes;
using static Sluice.EndToEnd.Tests.Enforced;

namespace Sluice.EndToEnd.Tests;

/// <summary>What tests of lineage ask of the server.</summary>
internal static class Carried
{
    /// <summary>Has the server read the query audit and the lineage of a connection now; the job.</summary>
    public static async Task<JsonNode> ReadAsync(Api api, string connection) =>
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, $"/api/v1/connections/{connection}/audit", null));

    /// <summary>Where on an object data brought a tag, and where it was given.</summary>
    public static async Task<IReadOnlyList<string>> TagsAsync(Api api, string path, string tag = "PII")
    {
        var answer = await api.GetAsync($"/data/object/{path}");
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        return
        [
            .. answer.Json["tags"]!.AsArray().Where(t => t!["source"]!.GetValue<string>() == "lineage" && t["name"]!.GetValue<string>() == tag)
                .Select(static t => $"{t!["column"]}: {t["name"]} of {string.Join('/', t["from"]!["objectPath"]!.AsArray())}#{t["from"]!["column"]}").Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>The edges of an object.</summary>
    public static async Task<IReadOnlyList<string>> EdgesAsync(Api api, string path)
    {
        var answer = await api.GetAsync($"/api/v1/objects/{path}/lineage");
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        return [.. answer.Json["hits"]!.AsArray().Select(static e => $"{Point(e!["from"]!)} > {Point(e["to"]!)}").Order(StringComparer.Ordinal)];

        static string Point(JsonNode point) => $"{string.Join('/', point["objectPath"]!.AsArray())}#{point["column"]}";
    }

    /// <summary>Takes away what came to an object from another.</summary>
    public static async Task<int> RemoveAsync(Api api, string to, string from)
    {
        var names = new JsonArray([.. from.Split('/').Select(static n => JsonValue.Create(n))]);
        var answer = await api.DeleteAsync($"/api/v1/objects/{to}/lineage?from={Uri.EscapeDataString(names.ToJsonString())}");
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        return answer.Json["count"]!.GetValue<int>();
    }

    /// <summary>What a search for a tag finds below an object; a star marks what only data brought the tag to.</summary>
    public static async Task<IReadOnlyList<string>> FoundAsync(Api api, string below, string tag)
    {
        var page = await api.PostAsync($"/data/object/search/{below}", $$"""{"tag": "{{tag}}", "descendants": true}""");
        page.Status.ShouldBe(HttpStatusCode.OK, page.Text);
        return [.. page.Json["hits"]!.AsArray().Select(static h => $"{h!["objectPath"]!.AsArray()[^1]}{(h["taggedByLineage"] is null ? "" : "*")}").Order(StringComparer.Ordinal)];
    }

    /// <summary>Waits for a plan that waits for a confirmation, and returns its id.</summary>
    public static async Task<string> HeldAsync(Api api, string connection)
    {
        string? held = null;
        await UntilAsync(async () =>
        {
            var plans = (await api.GetAsync($"/api/v1/plans?connectionKey={connection}")).Json["hits"]!.AsArray();
            held = plans.FirstOrDefault(static p => p!["state"]!.GetValue<string>() == "held")?["id"]!.GetValue<string>();
            return held is not null;
        });
        return held!;
    }
}
