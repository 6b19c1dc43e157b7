using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Cli.Api;
using Spectre.Console;

namespace Sluice.Cli.Governing;

/// <summary><c>sluice plan</c> and <c>sluice apply</c>.</summary>
internal static class PlanCommand
{
    /// <summary>How answers are printed as JSON.</summary>
    public static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command CreatePlan()
    {
        var connection = new Argument<string>("connection") { Description = "The connection's key." };
        var output = new Option<string>("--output", "-o") { Description = "text or json.", DefaultValueFactory = static _ => "text" };
        output.AcceptOnlyFromAmong("text", "json");
        return new Command("plan", $"Print what would change on a platform, and why; nothing is changed. Exit code {ExitCode.Changes} when there are changes.") { connection, output }
            .CallsServer(async (arguments, client, cancellationToken) =>
            {
                var plan = await client.PostAsync("/api/v1/plans", new JsonObject { ["connectionKey"] = arguments.GetValue(connection) }, cancellationToken);
                if (arguments.GetValue(output) == "json") Console.WriteLine(plan.ToJsonString(Indented));
                else PlanText.Write(plan, AnsiConsole.Console);
                return plan["changes"]!.AsArray().Count == 0 ? ExitCode.Success : ExitCode.Changes;
            });
    }

    public static Command CreateApply()
    {
        var id = new Argument<string>("plan") { Description = "The plan's id, as 'sluice plan' printed it." };
        return new Command("apply", "Apply exactly this plan; confirms one that is held. A plan whose premises have changed is refused.") { id }
            .CallsServer(async (arguments, client, cancellationToken) =>
            {
                var path = $"/api/v1/plans/{Uri.EscapeDataString(arguments.GetValue(id)!)}";
                var before = await client.GetAsync(path, cancellationToken);
                var verb = before["state"]!.GetValue<string>() == "held" ? "confirm" : "apply";
                var accepted = await client.PostAsync($"{path}/{verb}", null, cancellationToken);
                var job = await client.FollowAsync(accepted["bulkId"]!.GetValue<string>(), cancellationToken);
                var after = await client.GetAsync(path, cancellationToken);
                return Report(after, job);
            });
    }

    private static int Report(JsonNode plan, JsonNode job)
    {
        var state = plan["state"]!.GetValue<string>();
        if (state == "applied")
        {
            Console.WriteLine($"Applied: {plan["changes"]!.AsArray().Count} changes.");
            return ExitCode.Success;
        }

        Console.Error.WriteLine($"sluice: the plan is {state}. {plan["stateReason"]?.GetValue<string>() ?? job["error"]?.GetValue<string>()}");
        foreach (var failure in job["output"]?["failures"]?.AsArray() ?? []) Console.Error.WriteLine($"  {failure}");
        return ExitCode.Failure;
    }
}
