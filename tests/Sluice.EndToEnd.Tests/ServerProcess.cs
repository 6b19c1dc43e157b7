using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Sluice.EndToEnd.Tests;

/// <summary><c>sluice serve</c> as a process of its own, as people run it: for what is of the program itself, and so that it can be killed.</summary>
internal sealed partial class ServerProcess : TestServer
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(120);
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output;

    private ServerProcess(Process process, ConcurrentQueue<string> output, string url, string directory)
        : base(directory)
    {
        _process = process;
        _output = output;
        Url = url;
    }

    public override string Url { get; }

    public override IReadOnlyList<string> Output => [.. _output];

    /// <summary>What <c>./sluice</c> has built for this machine, when <c>./test</c> names it: it starts in a third of the time. Else what was built with the tests.</summary>
    public static string Program { get; } = Environment.GetEnvironmentVariable("SLUICE_TEST_PROGRAM") ?? Path.Combine(AppContext.BaseDirectory, "sluice.dll");

    public static async Task<ServerProcess> StartAsync(
        string directory, IReadOnlyList<string>? flags = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = directory };
        foreach (var argument in (string[])[Program, "serve", .. Flags(directory, flags)]) start.ArgumentList.Add(argument);
        // A server that lives for seconds earns nothing by profiling itself, nor by compiling again while it starts what is compiled ahead: it waits for a pause of 1,000 (hexadecimal: 3E8) ms.
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_TC_CallCountingDelayMs"] = "3E8";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;

        var output = new ConcurrentQueue<string>();
        var url = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.Exited += (_, _) => url.TrySetException(new InvalidOperationException($"The server ended:\n{string.Join('\n', output)}"));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            return new ServerProcess(process, output, await url.Task.WaitAsync(StartTimeout), directory);
        }
        catch
        {
            // One that does not start in time is not left running behind its test.
            if (!process.HasExited) process.Kill();
            process.Dispose();
            throw;
        }

        void Read(string? line)
        {
            if (line is null) return;
            output.Enqueue(line);
            if (ListensOn().Match(line) is { Success: true } match) url.TrySetResult(match.Groups["url"].Value);
        }
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: false);
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, as an operator or a supervisor stops it; returns the exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync();
        return await EndAsync();
    }

    /// <summary>Waits for its end; returns the exit code.</summary>
    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(EndTimeout);
        return _process.ExitCode;
    }

    public override async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
    }

    [GeneratedRegex(@"listens on (?<url>http://127\.0\.0\.1:\d+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex ListensOn();
}
