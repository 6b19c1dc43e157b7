using Sluice.Server;
using Sluice.Server.Configuration;

namespace Sluice.Cli.Serving;

/// <summary><c>sluice serve</c>: the server, until it is told to stop.</summary>
internal static class ServeCommand
{
    public static async Task<int> RunAsync(string[] flags)
    {
        if (AsksForHelp(flags))
        {
            Console.WriteLine(ServerSettings.Help());
            return ExitCode.Success;
        }

        if (SettingsOf(flags) is not { } settings) return ExitCode.Usage;
        using var stop = new StopSignal();
        var hasStarted = false;
        try
        {
            await using var server = await SluiceServer.StartAsync(settings, stop.Token);
            hasStarted = true;
            // The key itself goes to a person's screen only, never into a log.
            server.FirstKey?.Announce(Console.Out, !Console.IsOutputRedirected);
            await server.WaitForShutdownAsync(CancellationToken.None);
            return ExitCode.Success;
        }
        catch (Exception) when (!hasStarted && stop.Token.IsCancellationRequested)
        {
            // Told to stop while it started: whatever that broke off is no failure.
            return ExitCode.Success;
        }
        catch (Exception e) when (StartFailure.Explain(e) is { } reason)
        {
            await Console.Error.WriteLineAsync($"sluice: {reason}");
            return ExitCode.Failure;
        }
    }

    internal static bool AsksForHelp(IReadOnlyList<string> flags) => flags.Any(f => f is "--help" or "-h" or "-?");

    /// <summary>The settings of flags, environment and file; null after every problem was printed.</summary>
    internal static ServerSettings? SettingsOf(IReadOnlyList<string> flags)
    {
        var settings = ServerSettings.Parse(flags, ServerSettings.CurrentEnvironment(), out var problems);
        if (settings is not null) return settings;
        foreach (var problem in problems) Console.Error.WriteLine($"sluice: {problem.Path}: {problem.Message}");
        Console.Error.WriteLine("'sluice serve --help' lists every setting.");
        return null;
    }
}
