using System.Runtime.InteropServices;

namespace Sluice.Cli.Serving;

/// <summary>SIGTERM and Ctrl-C, from the first moment on: a host listens for them only when its start is nearly done.</summary>
internal sealed class StopSignal : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _signals;

    public StopSignal() =>
        _signals = [PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop), PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop)];

    /// <summary>Set once the process was told to stop.</summary>
    public CancellationToken Token => _stop.Token;

    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
        _stop.Dispose();
    }

    private void Stop(PosixSignalContext signal)
    {
        // Else the runtime ends the process at once.
        signal.Cancel = true;
        _stop.Cancel();
    }
}
