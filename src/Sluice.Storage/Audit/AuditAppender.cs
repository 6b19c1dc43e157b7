using Sluice.Core.Audit;
using Sluice.Storage.Databases;

namespace Sluice.Storage.Audit;

/// <summary>
/// Appends events in the transaction of the change they tell of. It is the last thing that a transaction does: it takes the stream's row, and whoever took
/// another lock after it could wait for somebody who waits for it.
/// </summary>
internal sealed class AuditAppender(IAuditKeys keys)
{
    public Task AppendAsync(SluiceContext context, AuditEvent each, CancellationToken cancellationToken) => AppendAsync(context, [each], cancellationToken);

    public async Task AppendAsync(SluiceContext context, IReadOnlyList<AuditEvent> events, CancellationToken cancellationToken)
    {
        if (events.Count == 0) return;
        var key = await keys.CurrentAsync(cancellationToken);
        // All in one order: two who write to the same streams wait for each other, not for ever.
        foreach (var stream in events.GroupBy(static e => e.Stream).OrderBy(static g => g.Key.Name, StringComparer.Ordinal))
            await AppendAsync(context, key, stream.Key, [.. stream.Select(AuditRows.Storable)], cancellationToken);
    }

    private static async Task AppendAsync(
        SluiceContext context, AuditKey key, AuditStream stream, IReadOnlyList<AuditEvent> events, CancellationToken cancellationToken)
    {
        // One statement takes the turn and the numbers: a second writer waits in it, and goes on from what the first one left.
        var ends = await context.QueryAsync(
            """
            INSERT INTO audit_streams (stream, sequence, mac, pruned_through) VALUES (@stream, @count, @start, 0)
            ON CONFLICT (stream) DO UPDATE SET sequence = audit_streams.sequence + @count
            RETURNING sequence, mac
            """,
            static row => (Sequence: row.GetInt64(0), Mac: row.GetFieldValue<byte[]>(1)), cancellationToken,
            ("@stream", stream.Name), ("@count", (long)events.Count), ("@start", AuditChain.Start()));
        var rows = AuditChain.Link(key, ends[0].Sequence - events.Count, ends[0].Mac, events);
        await context.Dialect.Rows.InsertAsync(context, AuditRows.Table, rows, cancellationToken);
        await context.ExecuteAsync(
            "UPDATE audit_streams SET mac = @mac WHERE stream = @stream", cancellationToken, ("@stream", stream.Name), ("@mac", rows[^1].Mac));
    }
}
