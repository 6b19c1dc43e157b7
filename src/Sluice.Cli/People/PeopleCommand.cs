using System.CommandLine;
using System.Text.Json.Nodes;
using Sluice.Cli.Api;

namespace Sluice.Cli.People;

/// <summary><c>sluice people import</c>.</summary>
internal static class PeopleCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "A CSV or JSON file with users." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Check and count; write nothing." };
        return new Command("people", "Keep users.")
        {
            new Command("import", "Register and change users by username: all of a file, or none.") { file, dryRun }.CallsServer(
                (arguments, client, cancellationToken) => ImportAsync(arguments.GetValue(file)!, arguments.GetValue(dryRun), client, cancellationToken)),
        };
    }

    private static async Task<int> ImportAsync(string path, bool isDryRun, ApiClient client, CancellationToken cancellationToken)
    {
        UserFile file;
        try
        {
            file = UserFile.Read(await File.ReadAllTextAsync(path, cancellationToken));
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new ApiException($"{path}: {e.Message}.");
        }

        try
        {
            var counts = await client.PostAsync($"/api/v1/users/import?dryRun={(isDryRun ? "true" : "false")}", new JsonObject { ["users"] = file.Users }, cancellationToken);
            Console.WriteLine($"{(isDryRun ? "Would be added" : "Added")}: {counts["added"]}, changed: {counts["changed"]}, unchanged: {counts["unchanged"]}.");
            return ExitCode.Success;
        }
        catch (ApiException e) when (e.Problems.Count > 0)
        {
            foreach (var (at, problem) in e.Problems) await Console.Error.WriteLineAsync($"{path}: {file.Place(at)}: {problem}");
            throw new ApiException($"nothing was imported: {e.Problems.Count} problems.");
        }
    }
}
