using Sluice.Core.Planning;
using Sluice.Storage.Connections;

namespace Sluice.Engine.Auditing;

/// <summary>
/// The rows of one plan's changes. Outcomes are gathered and written together; whatever ends the apply, those that are known are written before it is over.
/// </summary>
internal sealed class ChangeTrail(AuditRecorder recorder, Guid connectionId, Guid planId, Actor by) : IAsyncDisposable
{
    private const int Together = 500;

    private readonly List<ChangeOutcome> _ended = [];

    /// <summary>Writes what is about to be done. Only then may it be done.</summary>
    public async Task IntendAsync(IReadOnlyList<Change> changes, CancellationToken cancellationToken)
    {
        await WriteAsync(cancellationToken);
        await recorder.IntendedAsync(connectionId, planId, by, changes, cancellationToken);
    }

    /// <summary>Takes how a change ended.</summary>
    public async Task EndAsync(ChangeOutcome outcome, CancellationToken cancellationToken)
    {
        _ended.Add(outcome);
        if (_ended.Count >= Together) await WriteAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await WriteAsync(CancellationToken.None);

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        if (_ended.Count == 0) return;
        await recorder.EndedAsync(connectionId, planId, by, [.. _ended], cancellationToken);
        _ended.Clear();
    }
}
