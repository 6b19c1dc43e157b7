using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Sluice.Cli.Api;
using Sluice.Core.Policies.Documents;
using Sluice.Engine.Policies;

namespace Sluice.Cli.Governing;

/// <summary><c>sluice adopt</c>: policies drafted from what is granted already.</summary>
internal static class AdoptCommand
{
    private const string Schema = "# yaml-language-server: $schema=/schemas/policy.json\n";

    public static Command Create()
    {
        var connection = new Argument<string>("connection") { Description = "The connection's key." };
        var output = new Option<string?>("--output", "-o") { Description = "A directory for the drafts, one file each; printed when left out." };
        return new Command("adopt", "Draft policies that keep what registered people are granted on a platform now. Nothing is stored, and the drafts are staged.") { connection, output }
            .CallsServer(async (arguments, client, cancellationToken) =>
            {
                var adoption = await client.PostAsync("/api/v1/adopt", new JsonObject { ["connection"] = arguments.GetValue(connection) }, cancellationToken);
                var drafts = adoption["policies"]!.AsArray().Select(static p => (Key: p!["policyKey"]!.GetValue<string>(), Text: Yaml(p["document"]!))).ToList();
                var notes = new StringWriter();
                WriteNotes(adoption, notes);
                if (arguments.GetValue(output) is not { } directory)
                {
                    // As comments, so that the whole is a policy file.
                    Console.Write(Schema + string.Join("---\n", drafts.Select(static d => d.Text)));
                    foreach (var line in notes.ToString().TrimEnd().Split('\n')) Console.WriteLine($"# {line}");
                    return ExitCode.Success;
                }

                try
                {
                    Directory.CreateDirectory(directory);
                    foreach (var (key, text) in drafts) await File.WriteAllTextAsync(Path.Combine(directory, $"{key}.yaml"), Schema + text, cancellationToken);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    throw new ApiException($"{directory} can't be written: {e.Message}");
                }

                Console.WriteLine($"{drafts.Count} drafts in {directory}.");
                Console.Write(notes);
                return ExitCode.Success;
            });
    }

    private static string Yaml(JsonNode document) =>
        PolicyYaml.Write(PolicyJson.Read(Encoding.UTF8.GetBytes(document.ToJsonString()), new PolicyProblems()).Select(static d => d.Root));

    private static void WriteNotes(JsonNode adoption, TextWriter notes)
    {
        foreach (var given in adoption["subscriptions"]!.AsArray())
        {
            notes.Write($"Subscribe by hand under {given!["policyKey"]!.GetValue<string>()} ({given["access"]!.GetValue<string>()}): {Joined(given["users"]!, ", ")}\n");
            foreach (var path in given["objectPaths"]!.AsArray()) notes.Write($"  {Joined(path!, "/")}\n");
        }

        if (adoption["notTakenOver"]!.AsArray() is { Count: > 0 } left)
        {
            notes.Write("Not taken over:\n");
            foreach (var one in left)
                notes.Write($"  {Joined(one!["objectPath"]!, "/")}: {(one["identity"] is { } identity ? $"{identity.GetValue<string>()}: " : "")}{OneLine(one["text"]!)}: {OneLine(one["why"]!)}\n");
        }

        if (adoption["subscriptions"]!.AsArray().Count > 0)
            notes.Write("Set settings.mode to create-only until the subscriptions are given, so that nobody loses anything in between; then unstage, activate, subscribe, and set it back.\n");
    }

    private static string Joined(JsonNode names, string separator) => string.Join(separator, names.AsArray().Select(static n => n!.GetValue<string>().ReplaceLineEndings(" ")));

    private static string OneLine(JsonNode text) => text.GetValue<string>().ReplaceLineEndings(" ");
}
