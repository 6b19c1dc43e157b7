using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace Sluice.Testing;

/// <summary>
/// A server from npm in a process of its own, spoken to in lines of JSON: it writes one when it is ready, and one for each that it reads. It ends when
/// its input does, and so with this process in whatever way that ends.
/// </summary>
public sealed class NodeServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _errors = new();
    private readonly SemaphoreSlim _talking = new(1, 1);

    private NodeServer(Process process) => _process = process;

    /// <summary>What it wrote when it was ready.</summary>
    public JsonNode Ready { get; private set; } = null!;

    /// <summary>Starts one. Where node is absent, the test is skipped.</summary>
    /// <param name="folder">Below tests/, with a lock file.</param>
    /// <param name="package">A package of it, by which is told whether they are installed.</param>
    /// <param name="script">Run by node.</param>
    /// <param name="output">Is told what npm wrote.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<NodeServer> StartAsync(string folder, string package, string script, Action<string> output, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("node", [script])
        {
            WorkingDirectory = await NodePackages.RequireAsync(folder, package, output, cancellationToken),
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var server = new NodeServer(Process.Start(start)!);
        server._process.ErrorDataReceived += (_, line) =>
        {
            lock (server._errors) server._errors.AppendLine(line.Data);
        };
        server._process.BeginErrorReadLine();
        server.Ready = await server.ReadAsync(cancellationToken);
        return server;
    }

    /// <summary>Tells it something and reads what it says.</summary>
    public async Task<JsonNode> TellAsync(JsonNode line, CancellationToken cancellationToken)
    {
        await _talking.WaitAsync(cancellationToken);
        try
        {
            await _process.StandardInput.WriteLineAsync(line.ToJsonString().AsMemory(), cancellationToken);
            await _process.StandardInput.FlushAsync(cancellationToken);
            return await ReadAsync(cancellationToken);
        }
        finally
        {
            _talking.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
        _talking.Dispose();
    }

    private async Task<JsonNode> ReadAsync(CancellationToken cancellationToken)
    {
        while (await _process.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(Patience, cancellationToken) is { } line)
        {
            // A package may have something to say, too.
            if (line.StartsWith('{')) return JsonNode.Parse(line)!;
        }

        await _process.WaitForExitAsync(cancellationToken);
        lock (_errors) Assert.Fail($"The server ended: {_errors}");
        throw new UnreachableException();
    }
}
