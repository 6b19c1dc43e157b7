using Sluice.Cli.Serving;
using Sluice.Core.Audit;
using Sluice.Server;

namespace Sluice.Cli.Setup;

/// <summary><c>sluice audit</c>: the audit trail, checked and exported on the server's own database.</summary>
internal static class AuditCommands
{
    public const string Verify = "Check the audit trail; exit code 1 says that something is wrong. --checkpoint FILE: hold it against checkpoints kept elsewhere.";
    public const string Export = "Write every row of the audit trail, one JSON object a line.";

    private const string CheckpointFlag = "--checkpoint";

    /// <summary><c>sluice audit verify</c>.</summary>
    public static async Task<int> VerifyAsync(string[] flags)
    {
        if (Split(flags) is not { } given) return ExitCode.Usage;
        var isIntact = false;
        var code = await OperatorCommands.WithSettingsAsync("audit verify", Verify, given.Settings, async settings =>
        {
            if (ReadCheckpoints(given.File) is not { } checkpoints) return;
            var reports = await ServerTools.VerifyAuditAsync(settings, checkpoints, CancellationToken.None);
            isIntact = reports.All(static r => r.IsIntact);
            foreach (var report in reports) Print(report);
            if (reports.Count == 0) Console.WriteLine("There is no audit trail yet.");
        });
        return code == ExitCode.Success && !isIntact && !ServeCommand.AsksForHelp(flags) ? ExitCode.Failure : code;
    }

    /// <summary><c>sluice audit export</c>.</summary>
    public static Task<int> ExportAsync(string[] flags) => OperatorCommands.WithSettingsAsync("audit export", Export, flags, async settings =>
    {
        await using var output = Console.OpenStandardOutput();
        await ServerTools.ExportAuditAsync(settings, output, CancellationToken.None);
    });

    private static void Print(AuditReport report)
    {
        Console.WriteLine($"{report.Stream}: {report.Rows} rows, {(report.IsIntact ? "intact" : "NOT INTACT")}");
        foreach (var finding in report.Findings) Console.WriteLine($"  {finding.Fault}: {finding.Message}");
        if (report.Findings.Count == AuditVerifier.MostFindings) Console.WriteLine("  and perhaps more.");
    }

    private static (string[] Settings, string? File)? Split(string[] flags)
    {
        var at = Array.IndexOf(flags, CheckpointFlag);
        if (at < 0) return (flags, null);
        if (at + 1 < flags.Length) return ([.. flags[..at], .. flags[(at + 2)..]], flags[at + 1]);
        Console.Error.WriteLine($"sluice: {CheckpointFlag} needs a file");
        return null;
    }

    // Null after every problem was printed: a check without the witness that was asked for would pass for one with it.
    private static List<AuditCheckpoint>? ReadCheckpoints(string? file)
    {
        if (file is null) return [];
        if (!File.Exists(file))
        {
            Console.Error.WriteLine($"sluice: there is no file '{file}'");
            return null;
        }

        var read = new List<AuditCheckpoint>();
        var isWhole = true;
        foreach (var (index, line) in File.ReadLines(file).Index().Where(static l => !string.IsNullOrWhiteSpace(l.Item)))
        {
            if (AuditCheckpoint.Read(line) is { } checkpoint) read.Add(checkpoint);
            else
            {
                Console.Error.WriteLine($"sluice: {file}, line {index + 1}: is no checkpoint as Sluice writes them");
                isWhole = false;
            }
        }

        if (read.Count == 0 && isWhole) Console.Error.WriteLine($"sluice: {file} holds no checkpoint");
        return isWhole && read.Count > 0 ? read : null;
    }
}
