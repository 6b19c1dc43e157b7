using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Core.Catalog;
using Sluice.Core.Payloads;
using Sluice.Core.Problems;
using Sluice.Platforms;

namespace Sluice.Bench.Clouds;

/// <summary>What a cloud's connection is, and what is there.</summary>
internal static class CloudCrawl
{
    /// <summary>Reads the tables of a session, which is closed then.</summary>
    public static async Task<IReadOnlyList<DiscoveredObject>> ReadAsync(IPlatformSession session, string key, CancellationToken cancellationToken)
    {
        await using var closed = session;
        var tables = new List<DiscoveredObject>();
        await foreach (var page in session.CrawlAsync(new CrawlScope { Container = new ObjectPath(key) }, cancellationToken))
            tables.AddRange(page.Objects.Where(static o => o is { Path.Depth: 3, Kind: ObjectKind.Table }));
        return [.. tables.OrderBy(static t => t.Path.ToString(), StringComparer.Ordinal)];
    }

    /// <summary>A connection as the server keeps it, with its secrets.</summary>
    /// <exception cref="InvalidOperationException">The platform refuses it.</exception>
    public static ConnectionAccess AccessOf(string key, JsonObject connection, JsonObject integration, IPlatform platform)
    {
        var problems = new ProblemList();
        var spec = platform.ReadConnection(
            new PayloadObject(JsonSerializer.SerializeToElement(connection), "$.connection", problems),
            new PayloadObject(JsonSerializer.SerializeToElement(integration), "$.nativeIntegration", problems), null) ?? throw Refused(problems);
        return new ConnectionAccess(key, spec.Document, spec.Integration, spec.Secrets.ToDictionary(static s => s.Key, static s => ((SecretInput.Literal)s.Value).Value, StringComparer.Ordinal));
    }

    public static InvalidOperationException Refused(ProblemList problems) =>
        new($"The stand-in's connection is refused: {string.Join("; ", problems.ByPath().Select(static p => $"{p.Key} {string.Join(", ", p.Value)}"))}");
}
