using System.CommandLine;
using System.Text.Json.Nodes;
using Sluice.Cli.Api;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Documents;
using Sluice.Engine.Policies;
using Spectre.Console;

namespace Sluice.Cli.Governing;

/// <summary><c>sluice policy</c>: policies from files.</summary>
internal static class PolicyCommand
{
    private static readonly Option<string[]> Files = new("--file", "-f")
    {
        Description = "A policy file, or a directory of them; may be given several times.", Required = true, AllowMultipleArgumentsPerToken = true,
    };

    public static Command Create() => new("policy", "Policies as documents.") { Apply(), Validate() };

    private static Command Apply()
    {
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would become of each policy, and write nothing." };
        var prune = new Option<bool>("--prune") { Description = "Delete the policies that the files don't have." };
        var yes = new Option<bool>("--yes") { Description = "Don't ask before policies are deleted." };
        return new Command("apply", "Put the policies of files: all of them, or none.") { Files, dryRun, prune, yes }.CallsServer(async (arguments, client, cancellationToken) =>
        {
            if (Read(arguments.GetValue(Files)!) is not { } policies) return ExitCode.Failure;
            var text = PolicyJson.Write(new DocumentNode.Sequence([.. policies.Select(PolicyWriter.Write)]));
            var isDry = arguments.GetValue(dryRun);
            var query = arguments.GetValue(prune) ? "&prune=true" : "";
            if (arguments.GetValue(prune) && !isDry && !arguments.GetValue(yes))
            {
                var expected = await client.PostTextAsync($"/api/v2/policy?dryRun=true{query}", text, "application/json", cancellationToken);
                if (!Confirm(expected["deleted"]!.AsArray())) return ExitCode.Failure;
            }

            var answer = await client.PostTextAsync($"/api/v2/policy?dryRun={(isDry ? "true" : "false")}{query}", text, "application/json", cancellationToken);
            Show(answer, isDry);
            return ExitCode.Success;
        });
    }

    private static Command Validate()
    {
        var command = new Command("validate", "Read policy files and say what is wrong with them, without a server.") { Files };
        command.SetAction(arguments =>
        {
            if (Read(arguments.GetValue(Files)!) is not { } policies) return ExitCode.Failure;
            Console.WriteLine($"{policies.Count} policies are well-formed. 'sluice policy apply --dry-run' holds them against what exists.");
            return ExitCode.Success;
        });
        return command;
    }

    // Every problem of every file at once; null when there is an error.
    internal static List<Policy>? Read(string[] names, bool mayBeNone = false)
    {
        IReadOnlyList<string> files;
        try
        {
            files = PolicyFiles.Of(names);
        }
        catch (FileNotFoundException e)
        {
            Console.Error.WriteLine($"sluice: {e.Message}");
            return null;
        }

        var policies = new List<Policy>();
        var isWrong = files.Count == 0 && !mayBeNone;
        if (isWrong) Console.Error.WriteLine("sluice: there is no policy file: they end in .yaml, .yml or .json.");
        foreach (var file in files)
        {
            var problems = new PolicyProblems();
            var utf8 = File.ReadAllBytes(file);
            var documents = PolicyFiles.IsJson(file) ? PolicyJson.Read(utf8, problems) : PolicyYaml.Read(utf8, problems);
            foreach (var policy in PolicyReader.ReadAll(documents, problems).OfType<Policy>())
            {
                if (policies.Exists(p => p.Key == policy.Key)) problems.Add("$.policyKey", null, $"'{policy.Key}' is the key of a policy in another file");
                policies.Add(policy);
            }

            foreach (var problem in problems) Console.Error.WriteLine($"{file}:{problem.Line}:{problem.Column}: {problem.Severity.ToString().ToLowerInvariant()}: {problem.Path}: {problem.Message}");
            isWrong |= problems.HasErrors;
        }

        return isWrong ? null : policies;
    }

    private static bool Confirm(JsonArray deleted)
    {
        if (deleted.Count == 0) return true;
        Console.WriteLine($"{deleted.Count} policies would be deleted: {string.Join(", ", deleted.Select(static d => d!.GetValue<string>()))}");
        if (!Console.IsInputRedirected) return AnsiConsole.Confirm("Delete them?", defaultValue: false);
        Console.Error.WriteLine("sluice: nobody is there to confirm; give --yes.");
        return false;
    }

    private static void Show(JsonNode answer, bool isDry)
    {
        foreach (var policy in answer["policies"]!.AsArray()) Console.WriteLine($"{policy!["outcome"]!.GetValue<string>(),-10} {policy["policyKey"]}{(policy["staged"]!.GetValue<bool>() ? " (staged)" : "")}");
        foreach (var key in answer["deleted"]!.AsArray()) Console.WriteLine($"{"deleted",-10} {key}");
        foreach (var warning in answer["warnings"]!.AsArray()) Console.Error.WriteLine($"warning: {warning!["path"]}: {warning["message"]}");
        if (isDry) Console.WriteLine("Nothing was written (--dry-run).");
    }
}
