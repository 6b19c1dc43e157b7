using System.CommandLine;
using System.Text.Json.Nodes;
using Sluice.Cli.Api;
using Sluice.Core.Catalog;
using Spectre.Console;

namespace Sluice.Cli.Governing;

/// <summary><c>sluice activate</c> and <c>sluice deactivate</c>.</summary>
internal static class ActivateCommand
{
    public static Command CreateActivate() => Create(
        "activate", isActive: true, "Let policies alone decide about an object and what lies below it: registered people without one lose what was granted to them directly.");

    public static Command CreateDeactivate() => Create("deactivate", isActive: false, "Take back what is Sluice's on an object and what lies below it. What it took from others there, 'sluice restore' puts back.");

    private static Command Create(string name, bool isActive, string description)
    {
        var path = new Argument<string>("object") { Description = "The object: its names joined by /, percent-encoded where they hold one." };
        var dryRun = new Option<bool>("--dry-run") { Description = $"Print what would change on the platform, and why; nothing is changed. Exit code {ExitCode.Changes} when there are changes." };
        var output = new Option<string>("--output", "-o") { Description = "With --dry-run: text or json.", DefaultValueFactory = static _ => "text" };
        output.AcceptOnlyFromAmong("text", "json");
        return new Command(name, description) { path, dryRun, output }.CallsServer(async (arguments, client, cancellationToken) =>
        {
            var parsed = ObjectPath.FromUrl(arguments.GetValue(path)!, out var problem) ?? throw new ApiException($"'{arguments.GetValue(path)}' is no object: {problem}.");
            var isDryRun = arguments.GetValue(dryRun);
            var answer = await client.PutAsync($"/data/settings/{parsed.ToUrl()}{(isDryRun ? "?dryRun=true" : "")}", new JsonObject { ["isActive"] = isActive }, cancellationToken);
            if (!isDryRun) return Done(answer, parsed);
            if (arguments.GetValue(output) == "json") Console.WriteLine(answer.ToJsonString(PlanCommand.Indented));
            else Write(answer, AnsiConsole.Console);
            if (answer["refused"] is not null) return ExitCode.Failure;
            return answer["plan"]?["changeCount"]?.GetValue<int>() > 0 ? ExitCode.Changes : ExitCode.Success;
        });
    }

    private static int Done(JsonNode answer, ObjectPath path)
    {
        Console.WriteLine($"{answer["activated"]} tables and views became active, {answer["deactivated"]} inactive.");
        if (answer["removedGrants"]?["count"] is { } count) Console.WriteLine($"{count} grants of others that Sluice took away can be put back: sluice restore \"{path.ConnectionKey}\" lists them.");
        return ExitCode.Success;
    }

    private static void Write(JsonNode answer, IAnsiConsole console)
    {
        console.MarkupLineInterpolated($"{answer["activated"]!.GetValue<long>()} tables and views would become active, {answer["deactivated"]!.GetValue<long>()} inactive.");
        if (answer["plan"] is { } plan) PlanText.WriteSupposed(plan, console);
        if (answer["note"]?.GetValue<string>() is { } note) console.MarkupLineInterpolated($"{note}");
        if (answer["refused"]?.GetValue<string>() is { } refused) console.MarkupLineInterpolated($"[red]It would be refused: {refused}[/]");
    }
}
