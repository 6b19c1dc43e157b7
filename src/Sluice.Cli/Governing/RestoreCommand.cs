using System.CommandLine;
using System.Text.Json.Nodes;
using Sluice.Cli.Api;
using Sluice.Core.Catalog;

namespace Sluice.Cli.Governing;

/// <summary><c>sluice restore</c>: what Sluice took from others, and its return.</summary>
internal static class RestoreCommand
{
    private const int PageSize = 1000;

    public static Command Create()
    {
        var connection = new Argument<string>("connection") { Description = "The connection's key." };
        var path = new Argument<string?>("path") { Description = "Only on this object and below: its names below the connection joined by /, percent-encoded where they hold one.", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all") { Description = "Put all of them back." };
        var chosen = new Option<string[]>("--id") { Description = "Put this one back; may be given several times.", AllowMultipleArgumentsPerToken = true };
        var yes = new Option<bool>("--yes") { Description = "Don't ask before grants are put back." };
        return new Command("restore", "List the grants of others that Sluice took away, and put back those that are chosen.") { connection, path, all, chosen, yes }
            .CallsServer(async (arguments, client, cancellationToken) =>
            {
                var found = await ListAsync(client, arguments.GetValue(connection)!, arguments.GetValue(path), cancellationToken);
                var ids = (arguments.GetValue(chosen) ?? []).ToHashSet(StringComparer.OrdinalIgnoreCase);
                if (ids.FirstOrDefault(i => !found.Any(g => IdOf(g).Equals(i, StringComparison.OrdinalIgnoreCase))) is { } unknown)
                    throw new ApiException($"{unknown} is none of the removed grants that are listed.");
                if (!arguments.GetValue(all) && ids.Count == 0)
                {
                    Show(found);
                    return ExitCode.Success;
                }

                var wanted = found.Where(g => ids.Count == 0 || ids.Contains(IdOf(g))).ToList();
                if (wanted.Count == 0)
                {
                    Console.WriteLine("There is nothing to put back.");
                    return ExitCode.Success;
                }

                if (!arguments.GetValue(yes) && !Confirm(wanted)) return ExitCode.Failure;
                return await RestoreAsync(client, wanted, cancellationToken);
            });
    }

    private static async Task<List<JsonNode>> ListAsync(ApiClient client, string connection, string? path, CancellationToken cancellationToken)
    {
        var below = "";
        if (path is not null)
        {
            var at = ObjectPath.FromUrl($"{Uri.EscapeDataString(connection)}/{path}", out var problem) ?? throw new ApiException($"'{path}' is no object: {problem}.");
            below = $"&objectPath={Uri.EscapeDataString(new JsonArray([.. at.Names.Select(static n => (JsonNode)n)]).ToJsonString())}";
        }

        var found = new List<JsonNode>();
        while (true)
        {
            var page = await client.GetAsync($"/api/v1/removed-grants?connection={Uri.EscapeDataString(connection)}{below}&offset={found.Count}&size={PageSize}", cancellationToken);
            found.AddRange(page["hits"]!.AsArray().Select(static h => h!));
            if (page["hits"]!.AsArray().Count < PageSize) return found;
        }
    }

    private static async Task<int> RestoreAsync(ApiClient client, List<JsonNode> wanted, CancellationToken cancellationToken)
    {
        var accepted = await client.PostAsync(
            "/api/v1/removed-grants/restore", new JsonObject { ["ids"] = new JsonArray([.. wanted.Select(static g => (JsonNode)IdOf(g))]) }, cancellationToken);
        var job = await client.FollowAsync(accepted["bulkId"]!.GetValue<string>(), cancellationToken);
        if (job["state"]!.GetValue<string>() == "completed")
        {
            Console.WriteLine($"Put back: {wanted.Count} grants, by plan {accepted["id"]!.GetValue<string>()}.");
            return ExitCode.Success;
        }

        Console.Error.WriteLine($"sluice: not all of them could be put back. {job["error"]?.GetValue<string>()}");
        return ExitCode.Failure;
    }

    private static void Show(List<JsonNode> found)
    {
        foreach (var grant in found)
        {
            Console.WriteLine($"{IdOf(grant)}  {string.Join('/', grant["objectPath"]!.AsArray().Select(static n => n!.GetValue<string>()))}");
            Console.WriteLine($"  {grant["privilege"]!.GetValue<string>()} to {grant["grantee"]!.GetValue<string>()}{(grant["madeBy"] is { } by ? $", made by {by.GetValue<string>()}" : "")}");
            Console.WriteLine($"  removed at {grant["removedAt"]!.GetValue<string>()} by plan {grant["planId"]!.GetValue<string>()}");
            if (!grant["canBePutBack"]!.GetValue<bool>()) Console.WriteLine("  its connection was deleted: run this yourself");
            foreach (var line in grant["restore"]!.GetValue<string>().Split('\n')) Console.WriteLine($"    {line}");
        }

        Console.WriteLine(found.Count == 0 ? "No grant of others was taken away that isn't back." : $"{found.Count} removed grants. Put them back with --all, or some with --id.");
    }

    private static bool Confirm(List<JsonNode> wanted)
    {
        if (Console.IsInputRedirected)
        {
            Console.Error.WriteLine($"sluice: {wanted.Count} grants would be put back: say --yes.");
            return false;
        }

        Console.Write($"Put {wanted.Count} grants back? [y/N] ");
        return Console.ReadLine()?.Trim().Equals("y", StringComparison.OrdinalIgnoreCase) == true;
    }

    private static string IdOf(JsonNode grant) => grant["id"]!.GetValue<string>();
}
