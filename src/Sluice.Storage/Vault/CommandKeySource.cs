using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;

namespace Sluice.Storage.Vault;

/// <summary>
/// The keys an operator's command prints: a key service, an agent, a hardware token. What it prints elsewhere is thrown away unread, because
/// nobody knows what is in it.
/// </summary>
internal sealed class CommandKeySource(KeyCommandLine command, TimeProvider time) : IKeySource
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public Task PrepareAsync(bool mayCreate, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<bool> TryAddAsync(CancellationToken cancellationToken) => Task.FromResult(false);

    public async Task<KeyRing> ReadAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var output = new byte[KeyRingText.MaxSize + 1];
        using var process = Start();
        try
        {
            process.StandardInput.Close();
            _ = DiscardAsync(process.StandardError.BaseStream, either.Token);
            var length = await process.StandardOutput.BaseStream.ReadAtLeastAsync(output, output.Length, throwOnEndOfStream: false, either.Token);
            if (length > KeyRingText.MaxSize) throw Failed($"printed more than {KeyRingText.MaxSize} bytes");
            await process.WaitForExitAsync(either.Token);
            if (process.ExitCode != 0) throw Failed($"ended with exit code {process.ExitCode}");
            return KeyRingText.Read(output.AsSpan(0, length), $"what the key command {command.Program} printed");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failed($"did not end within {Limit.TotalSeconds} seconds");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(output);
            Stop(process);
        }
    }

    private Process Start()
    {
        var start = new ProcessStartInfo(command.Program, command.Arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // The command gets the operator's environment, but none of this server's own secrets.
        foreach (var name in start.Environment.Keys.Where(n => n.StartsWith("SLUICE_", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        try
        {
            return Process.Start(start) ?? throw Failed("did not start");
        }
        catch (Win32Exception e)
        {
            throw Failed($"did not start (error {e.NativeErrorCode})");
        }
    }

    private static void Stop(Process process)
    {
        try
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It ended between the question and the kill.
        }
    }

    private static async Task DiscardAsync(Stream stream, CancellationToken cancellationToken)
    {
        try
        {
            await stream.CopyToAsync(Stream.Null, cancellationToken);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The process is gone, and its stream with it.
        }
    }

    private VaultException Failed(string how) => new($"The vault's key command {command.Program} {how}.");
}
