using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Sluice.Bench.Processes;

/// <summary>A program that runs beside this one, its output in a file: reading a pipe would cost the measured cores.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(30);
    private readonly Process _process;
    private readonly string _log;

    private ChildProcess(Process process, string log, long started)
    {
        _process = process;
        _log = log;
        Started = started;
    }

    public int Id => _process.Id;

    /// <summary>The stopwatch's time just before the start.</summary>
    public long Started { get; }

    public bool HasExited => _process.HasExited;

    public string Output => File.ReadAllText(_log);

    public static ChildProcess Start(string log, IReadOnlyDictionary<string, string> environment, params IReadOnlyList<string> command)
    {
        // exec: the shell becomes the program, so that the id is the program's.
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false, WorkingDirectory = Path.GetDirectoryName(log)! };
        foreach (var argument in (string[])["-c", "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1 </dev/null", "sh", log, .. command]) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var started = Stopwatch.GetTimestamp();
        return new ChildProcess(Process.Start(start)!, log, started);
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Waits until an URL answers 200.</summary>
    /// <returns>The time since the start.</returns>
    public async Task<TimeSpan> AnswersAsync(string url, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        while (true)
        {
            if (HasExited) throw new InvalidOperationException($"It ended before it answered:\n{Output}");
            if (Stopwatch.GetElapsedTime(Started) > timeout) throw new TimeoutException($"{url} did not answer in {timeout}:\n{Output}");
            try
            {
                using var response = await http.GetAsync(url, cancellationToken);
                if (response.StatusCode == HttpStatusCode.OK) return Stopwatch.GetElapsedTime(Started);
            }
            catch (HttpRequestException)
            {
                // It doesn't listen yet.
            }

            await Task.Delay(2, cancellationToken);
        }
    }

    /// <summary>Waits until something was printed.</summary>
    public async Task<string> PrintsAsync(string text, TimeSpan timeout, CancellationToken cancellationToken)
    {
        while (true)
        {
            var output = File.Exists(_log) ? Output : "";
            if (output.Contains(text, StringComparison.Ordinal)) return output;
            if (HasExited) throw new InvalidOperationException($"It ended before it printed '{text}':\n{output}");
            if (Stopwatch.GetElapsedTime(Started) > timeout) throw new TimeoutException($"'{text}' was not printed in {timeout}:\n{output}");
            await Task.Delay(20, cancellationToken);
        }
    }

    /// <summary>Asks it to stop, and ends it when it doesn't.</summary>
    public async Task StopAsync()
    {
        if (_process.HasExited) return;
        using (var kill = Process.Start("kill", ["-TERM", $"{Id}"])) await kill.WaitForExitAsync(CancellationToken.None);
        using var timeout = new CancellationTokenSource(StopTimeout);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }
}
