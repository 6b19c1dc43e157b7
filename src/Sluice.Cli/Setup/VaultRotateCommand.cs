using Sluice.Cli.Serving;
using Sluice.Server;

namespace Sluice.Cli.Setup;

/// <summary><c>sluice vault rotate</c>: wraps every data key anew, also while the server runs.</summary>
internal static class VaultRotateCommand
{
    public static async Task<int> RunAsync(string[] flags)
    {
        if (ServeCommand.SettingsOf(flags) is not { } settings) return ExitCode.Usage;
        try
        {
            var rotation = await VaultTool.RotateAsync(settings, CancellationToken.None);
            Console.WriteLine(rotation);
            return ExitCode.Success;
        }
        catch (Exception e) when (StartFailure.Explain(e) is { } reason)
        {
            await Console.Error.WriteLineAsync($"sluice: {reason}");
            return ExitCode.Failure;
        }
    }
}
