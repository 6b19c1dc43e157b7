using System.Text.Json;
using Sluice.Cli.Serving;
using Sluice.Server;
using Sluice.Server.Configuration;

namespace Sluice.Cli.Setup;

/// <summary>Commands that work on a server's own database and take the settings of <c>serve</c>.</summary>
internal static class OperatorCommands
{
    public const string VaultRotate = "Wrap every data key anew; the server may run meanwhile.";
    public const string AwsTrust = "Print the trust policy of a role that this server shall assume.";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary><c>sluice vault rotate</c>.</summary>
    public static Task<int> RotateVaultAsync(string[] flags) => WithSettingsAsync("vault rotate", VaultRotate, flags, async settings =>
    {
        var rotation = await ServerTools.RotateVaultAsync(settings, CancellationToken.None);
        Console.WriteLine($"{rotation.Rewrapped} data keys are now wrapped by {rotation.KeyEncryptionKeyId}; new secrets are sealed with {rotation.DataKeyId}.");
        if (rotation.Unreadable > 0) Console.WriteLine($"{rotation.Unreadable} data keys can't be unwrapped: bring the secrets under them again.");
        if (rotation.UnusedKeyEncryptionKeyIds.Count > 0)
            Console.WriteLine($"No longer needed but for older backups and older rows of the audit trail: {string.Join(", ", rotation.UnusedKeyEncryptionKeyIds)}.");
    });

    /// <summary><c>sluice aws trust</c>: the trust policy of the role that this server shall assume.</summary>
    public static Task<int> PrintAwsTrustAsync(string[] flags) => WithSettingsAsync("aws trust", AwsTrust, flags, async settings =>
    {
        var identity = await ServerTools.ReadAwsIdentityAsync(settings, CancellationToken.None);
        if (identity.PrincipalProblem is { } problem) await Console.Error.WriteLineAsync($"note: put this server's own role in place of the placeholder. {problem}");
        Console.WriteLine(identity.TrustPolicy.ToJsonString(Indented));
    });

    /// <summary>Runs a command's work with the settings of flags, environment and file; help and problems are told the same way by all.</summary>
    public static async Task<int> WithSettingsAsync(string command, string description, string[] flags, Func<ServerSettings, Task> work)
    {
        if (ServeCommand.AsksForHelp(flags))
        {
            Console.WriteLine($"sluice {command}: {description}\nTakes the settings of 'sluice serve', so that it finds the server's database and keys.\n\n{ServerSettings.Help()}");
            return ExitCode.Success;
        }

        if (ServeCommand.SettingsOf(flags) is not { } settings) return ExitCode.Usage;
        try
        {
            await work(settings);
            return ExitCode.Success;
        }
        catch (Exception e) when (StartFailure.Explain(e) is { } reason)
        {
            await Console.Error.WriteLineAsync($"sluice: {reason}");
            return ExitCode.Failure;
        }
    }
}
