using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Cli.Api;
using Sluice.Core.Catalog;

namespace Sluice.Cli.Auditing;

/// <summary><c>sluice audit queries</c>: who queried what on the platforms.</summary>
internal static class QueriesCommand
{
    private const int DefaultCount = 50;
    private const int PageSize = 1000;

    public static Command Create()
    {
        var person = new Option<string?>("--person") { Description = "Whose: a username." };
        var identity = new Option<string?>("--identity") { Description = "Whose, in the platform's spelling." };
        var on = new Option<string?>("--object") { Description = "What was queried, or what lies above it: names joined by /, percent-encoded where they hold one." };
        var connection = new Option<string?>("--connection") { Description = "On which connection." };
        var from = new Option<string?>("--from") { Description = "Not before (ISO 8601)." };
        var to = new Option<string?>("--to") { Description = "Before." };
        var count = new Option<int>("--count") { Description = $"How many at most, the newest first; {DefaultCount} when left out.", DefaultValueFactory = static _ => DefaultCount };
        var json = new Option<bool>("--json") { Description = "Whole events, one JSON object a line." };
        return new Command("queries", "Who queried what on the platforms.") { person, identity, on, connection, from, to, count, json }.CallsServer(
            async (arguments, client, cancellationToken) =>
            {
                var path = arguments.GetValue(on) is { } spelled ? ObjectPath.FromUrl(spelled, out var problem) ?? throw new ApiException($"'{spelled}' is no object: {problem}.") : null;
                (string Name, string? Value)[] given =
                [
                    ("person", arguments.GetValue(person)), ("identity", arguments.GetValue(identity)), ("object", path is null ? null : JsonSerializer.Serialize(path.Names)),
                    ("connection", arguments.GetValue(connection)), ("from", arguments.GetValue(from)), ("to", arguments.GetValue(to)),
                ];
                var query = string.Concat(given.Where(static g => g.Value is not null).Select(static g => $"&{g.Name}={Uri.EscapeDataString(g.Value!)}"));
                await WriteAsync(client, query, arguments.GetValue(count), arguments.GetValue(json), cancellationToken);
                return ExitCode.Success;
            });
    }

    private static async Task WriteAsync(ApiClient client, string query, int count, bool isJson, CancellationToken cancellationToken)
    {
        for (var offset = 0; offset < count; offset += PageSize)
        {
            var size = Math.Min(PageSize, count - offset);
            var hits = (await client.GetAsync($"/api/v1/audit/queries?offset={offset}&size={size}{query}", cancellationToken))["hits"]!.AsArray();
            foreach (var hit in hits) await Console.Out.WriteLineAsync(isJson ? hit!.ToJsonString() : Line(hit!));
            if (hits.Count < size) return;
        }
    }

    private static string Line(JsonNode query)
    {
        var people = query["people"]!.AsArray().Select(static p => p!["username"]!.GetValue<string>()).ToList();
        var objects = query["objects"]!.AsArray().Select(static o =>
        {
            var columns = o!["columns"]!.AsArray().Select(static c => c!.GetValue<string>()).ToList();
            var names = string.Join('/', o["path"]!.AsArray().Select(static n => n!.GetValue<string>()));
            return $"{(o["written"]!.GetValue<bool>() ? "> " : "")}{names}{(columns.Count == 0 ? "" : $" ({string.Join(", ", columns)})")}";
        });
        var at = query["startedAt"]!.GetValue<DateTimeOffset>().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var failed = query["succeeded"]!.GetValue<bool>() ? "" : " failed";
        return $"{at}  {query["identity"]!.GetValue<string>()}  {(people.Count == 0 ? "nobody registered" : string.Join(", ", people))}  {query["kind"]!.GetValue<string>()}{failed}  {string.Join("; ", objects)}";
    }
}
