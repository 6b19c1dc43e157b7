using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Core.Catalog;
using Sluice.Storage.Catalog;

namespace Sluice.Engine.Crawling;

/// <summary>What a crawl did, as the job's output.</summary>
/// <param name="Counts">The sum over its units; null when the object was gone before it began.</param>
/// <param name="HeldBack">Tables and views that are wanted active but stay inactive, by governance.</param>
/// <param name="Warnings">For people.</param>
/// <param name="Read">The objects that were read with all that was to be read below them: they were crawled now.</param>
internal sealed record CrawlReport(
    CrawlCounts? Counts, IReadOnlyDictionary<Governance, long> HeldBack, IReadOnlyList<string> Warnings, IReadOnlyList<long> Read)
{
    public static readonly CrawlReport Gone = new(null, new Dictionary<Governance, long>(), ["The object was deleted before the crawl began."], []);

    public string ToJson()
    {
        var json = new JsonObject();
        if (Counts is { } counts)
        {
            json["found"] = counts.Found;
            json["added"] = counts.Added;
            json["updated"] = counts.Updated;
            json["renamed"] = counts.Renamed;
            json["reappeared"] = counts.Reappeared;
            json["missing"] = counts.Missing;
        }

        if (HeldBack.Count > 0)
        {
            var held = new JsonObject();
            foreach (var (governance, count) in HeldBack.OrderBy(h => h.Key)) held[JsonNamingPolicy.CamelCase.ConvertName(governance.ToString())] = count;
            json["heldBack"] = held;
        }

        if (Warnings.Count > 0) json["warnings"] = new JsonArray([.. Warnings.Select(w => (JsonNode)w)]);
        return json.ToJsonString();
    }
}
