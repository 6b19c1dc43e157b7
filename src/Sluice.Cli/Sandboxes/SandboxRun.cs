using Sluice.Cli.Serving;

namespace Sluice.Cli.Sandboxes;

/// <summary>A stand-in alone: started, told about, kept until Ctrl+C or SIGTERM.</summary>
internal static class SandboxRun
{
    /// <param name="problems">Everything that is wrong with the arguments; nothing starts when there is any.</param>
    /// <param name="port">The port asked for.</param>
    /// <param name="start">Starts the stand-in.</param>
    /// <param name="tell">What to print of it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<int> RunAsync<T>(
        IEnumerable<string> problems, int port, Func<CancellationToken, Task<T>> start, Func<T, string> tell, CancellationToken cancellationToken)
        where T : IAsyncDisposable
    {
        List<string> found = [.. problems];
        if (LocalPort.Problem(port) is { } wrongPort) found.Add(wrongPort);
        foreach (var problem in found) await Console.Error.WriteLineAsync($"sluice: {problem}");
        if (found.Count > 0) return ExitCode.Usage;
        try
        {
            await using var sandbox = await start(cancellationToken);
            Console.WriteLine(tell(sandbox));
            Console.WriteLine("Ctrl+C ends it.");
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return ExitCode.Success;
        }
        catch (Exception e) when (StartFailure.Explain(e, LocalPort.Flag) is { } reason)
        {
            await Console.Error.WriteLineAsync($"sluice: {reason}");
            return ExitCode.Failure;
        }
    }
}
