using OpenTelemetry.Logs;
using Sluice.Engine.Auditing;

namespace Sluice.Server.Operations;

/// <summary>
/// What OpenTelemetry's batches hold of log records: 2,048 at most, more are dropped
/// (https://opentelemetry.io/docs/specs/otel/logs/sdk/#batching-processor).
/// </summary>
internal sealed class LogsUnderWay(LoggerProvider logs) : IRecordsUnderWay
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    public async Task EndAsync(CancellationToken cancellationToken)
    {
        // It blocks, and a receiver may let each batch wait for its time-out.
        while (!await Task.Run(() => logs.ForceFlush((int)Look.TotalMilliseconds), cancellationToken)) cancellationToken.ThrowIfCancellationRequested();
    }
}
