using System.CommandLine;
using System.Text.Json.Nodes;
using Sluice.Cli.Api;
using Sluice.Core.Catalog;
using Sluice.Core.Policies.Documents;

namespace Sluice.Cli.Governing;

/// <summary><c>sluice explain</c>, <c>who</c>, <c>what</c> and <c>simulate</c>.</summary>
internal static class AccessCommands
{
    private const int PageSize = 1000;

    public static Command CreateExplain()
    {
        var user = new Argument<string>("user") { Description = "A username." };
        var path = new Argument<string>("object") { Description = "The object: its names joined by /, percent-encoded where they hold one." };
        var column = new Option<string?>("--column") { Description = "One column alone." };
        var observe = new Option<bool>("--observe") { Description = "Ask the platform too: what it grants beside the policies, and what is still to be changed." };
        return new Command("explain", "Why somebody sees of an object what they see.") { user, path, column, observe }.CallsServer(async (arguments, client, cancellationToken) =>
        {
            var question = new JsonObject { ["user"] = arguments.GetValue(user), ["objectPath"] = Names(arguments.GetValue(path)!), ["observe"] = arguments.GetValue(observe) };
            if (arguments.GetValue(column) is { } name) question["column"] = name;
            ExplanationText.Write(await client.PostAsync("/api/v1/access/explain", question, cancellationToken), Console.Out);
            return ExitCode.Success;
        });
    }

    public static Command CreateWho()
    {
        var path = new Argument<string>("object") { Description = "The object: its names joined by /, percent-encoded where they hold one." };
        var write = new Option<bool>("--write") { Description = "Who may write, and not who may read." };
        var at = new Option<string?>("--at") { Description = "Who could read it then (ISO 8601), by what Sluice had granted." };
        return new Command("who", "Who may read an object.") { path, write, at }.CallsServer(async (arguments, client, cancellationToken) =>
        {
            if (arguments.GetValue(at) is { } moment)
            {
                if (arguments.GetValue(write)) throw new ApiException("--at tells who could read: leave --write out.");
                await WriteHistoryAsync(client, arguments.GetValue(path)!, moment, cancellationToken);
                return ExitCode.Success;
            }

            var target = $"/api/v1/access/objects/{Parsed(arguments.GetValue(path)!).ToUrl()}/people?access={(arguments.GetValue(write) ? "WRITE" : "READ")}";
            await foreach (var person in PagesAsync(client, target, cancellationToken))
            {
                var identities = person["identities"]!.AsArray();
                var on = identities.Count == 0 ? "can't be granted there: no identity on the platform" : string.Join(", ", identities.Select(static i => i!.GetValue<string>()));
                Console.WriteLine($"{person["username"]!.GetValue<string>()}  {person["way"]!.GetValue<string>()}  {on}");
            }

            return ExitCode.Success;
        });
    }

    public static Command CreateWhat()
    {
        var user = new Argument<string>("user") { Description = "A username." };
        return new Command("what", "What somebody may read and write.") { user }.CallsServer(async (arguments, client, cancellationToken) =>
        {
            var target = $"/api/v1/access/people/{Uri.EscapeDataString(arguments.GetValue(user)!)}/objects";
            await foreach (var found in PagesAsync(client, target, cancellationToken))
            {
                var ways = new[] { "read", "write" }.Where(a => found[a]!.GetValue<string>() != "none").Select(a => $"{a} by {found[a]!.GetValue<string>()}");
                Console.WriteLine($"{PathOf(found)}  {string.Join(", ", ways)}");
            }

            return ExitCode.Success;
        });
    }

    public static Command CreateSimulate()
    {
        var files = new Option<string[]>("--file", "-f") { Description = "Draft policies: a file, or a directory of them.", AllowMultipleArgumentsPerToken = true };
        var remove = new Option<string[]>("--remove") { Description = "The key of a policy that is supposed to be gone." };
        var attributes = new Option<string[]>("--set-attribute") { Description = "user:name=value,value: all values a person is supposed to have." };
        var tags = new Option<string[]>("--tag") { Description = "object:tag, or object#column:tag: a tag that is supposed to be there." };
        return new Command("simulate", "Who would gain and lose what; nothing is touched.") { files, remove, attributes, tags }.CallsServer(async (arguments, client, cancellationToken) =>
        {
            if (PolicyCommand.Read(arguments.GetValue(files) ?? [], mayBeNone: true) is not { } policies) return ExitCode.Failure;
            var question = new JsonObject
            {
                ["policies"] = JsonNode.Parse(PolicyJson.Write(new DocumentNode.Sequence([.. policies.Select(PolicyWriter.Write)]))),
                ["remove"] = new JsonArray([.. (arguments.GetValue(remove) ?? []).Select(static r => (JsonNode)r)]),
                ["attributes"] = new JsonArray([.. (arguments.GetValue(attributes) ?? []).Select(Attribute)]),
                ["tags"] = new JsonArray([.. (arguments.GetValue(tags) ?? []).Select(Tag)]),
            };
            if (policies.Count == 0) question.Remove("policies");
            Show(await client.PostAsync("/api/v1/access/simulate", question, cancellationToken));
            return ExitCode.Success;
        });
    }

    private static async Task WriteHistoryAsync(ApiClient client, string path, string moment, CancellationToken cancellationToken)
    {
        var target = $"/api/v1/access/history?objectPath={Uri.EscapeDataString(Names(path).ToJsonString())}&at={Uri.EscapeDataString(moment)}";
        await foreach (var reader in PagesAsync(client, target, cancellationToken))
        {
            var people = reader["people"]!.AsArray().Select(static p => p!["username"]!.GetValue<string>()).ToList();
            var grants = reader["grants"]!.AsArray().Select(static g => $"{g!["privilege"]} {(g["audience"] is { } audience ? $"by {audience} " : "")}since {g["since"]}");
            Console.WriteLine($"{reader["identity"]!.GetValue<string>()}  {(people.Count == 0 ? "nobody registered" : string.Join(", ", people))}  {string.Join("; ", grants)}");
        }
    }

    private static void Show(JsonNode simulation)
    {
        Console.WriteLine($"{simulation["gainedCount"]} pairs of person and object gained, {simulation["lostCount"]} lost.");
        Console.WriteLine($"In {simulation["uncoveredCount"]} somebody sees more than before, in {simulation["coveredCount"]} less; masks or row rules of {simulation["changedCount"]} objects change.");
        foreach (var (sign, list) in new[] { ("+", "gained"), ("-", "lost") })
        {
            foreach (var pair in simulation[list]!.AsArray()) Console.WriteLine($"{sign} {pair!["user"]!.GetValue<string>()}  {pair["access"]!.GetValue<string>()}  {PathOf(pair)}");
            WriteRest(simulation, list);
        }

        foreach (var (sign, list) in new[] { ("+", "uncovered"), ("-", "covered") })
        {
            foreach (var sight in simulation[list]!.AsArray()) Console.WriteLine($"{sign} {sight!["user"]!.GetValue<string>()}  sees {(sign == "+" ? "more" : "less")} of {Parts(sight)}  {PathOf(sight)}");
            WriteRest(simulation, list);
        }
    }

    private static string Parts(JsonNode sight)
    {
        var columns = sight["columns"]!.AsArray().Select(static c => c!.GetValue<string>());
        return string.Join(", ", sight["rows"]!.GetValue<bool>() ? columns.Append("the rows") : columns);
    }

    private static void WriteRest(JsonNode simulation, string list)
    {
        var rest = simulation[$"{list}Count"]!.GetValue<long>() - simulation[list]!.AsArray().Count;
        if (rest > 0) Console.WriteLine($"  and {rest} more");
    }

    private static JsonNode Attribute(string text)
    {
        var (user, rest) = Split(text, ':', "--set-attribute must be user:name=value");
        var (name, values) = Split(rest, '=', "--set-attribute must be user:name=value");
        return new JsonObject { ["user"] = user, ["name"] = name, ["values"] = new JsonArray([.. values.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(static v => (JsonNode)v)]) };
    }

    private static JsonNode Tag(string text)
    {
        var (target, tag) = Split(text, ':', "--tag must be object:tag");
        var parts = target.Split('#', 2);
        var supposed = new JsonObject { ["objectPath"] = Names(parts[0]), ["add"] = new JsonArray(tag) };
        if (parts.Length > 1) supposed["column"] = Uri.UnescapeDataString(parts[1]);
        return supposed;
    }

    private static (string, string) Split(string text, char separator, string problem)
    {
        var at = text.LastIndexOf(separator);
        return at > 0 ? (text[..at], text[(at + 1)..]) : throw new ApiException($"{problem}, not '{text}'.");
    }

    private static async IAsyncEnumerable<JsonNode> PagesAsync(
        ApiClient client, string target, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var sign = target.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        for (var offset = 0; ; offset += PageSize)
        {
            var hits = (await client.GetAsync($"{target}{sign}offset={offset}&size={PageSize}", cancellationToken))["hits"]!.AsArray();
            foreach (var hit in hits) yield return hit!;
            if (hits.Count < PageSize) yield break;
        }
    }

    private static ObjectPath Parsed(string path) => ObjectPath.FromUrl(path, out var problem) ?? throw new ApiException($"'{path}' is no object: {problem}.");

    private static JsonArray Names(string path) => [.. Parsed(path).Names.Select(static n => (JsonNode)n)];

    private static string PathOf(JsonNode node) => string.Join('/', node["objectPath"]!.AsArray().Select(static n => n!.GetValue<string>()));
}
