using System.Data.Common;
using Sluice.Core.Audit;
using Sluice.Storage.Catalog;
using Sluice.Storage.Databases;

namespace Sluice.Storage.Audit;

internal sealed class AuditStore(Database database, AuditAppender appender) : IAuditStore
{
    private const int MaxSize = 1000;
    private const string CheckpointColumns = "stream, sequence, mac, count, time, key_id, signature";

    public Task AppendAsync(IReadOnlyList<AuditEvent> events, CancellationToken cancellationToken) =>
        events.Count == 0 ? Task.CompletedTask : database.WriteAsync((context, token) => appender.AppendAsync(context, events, token), cancellationToken);

    public async Task<AuditPage> SearchAsync(AuditQuery query, CancellationToken cancellationToken)
    {
        if (!IsStorable(query)) return new AuditPage(0, []);
        var (where, parameters) = Condition(query);
        return await database.SnapshotAsync(
            async (context, token) =>
            {
                var count = await context.NumberAsync($"SELECT count(*) FROM audit_events {where}", token, parameters);
                var hits = await context.QueryAsync(
                    $"SELECT {AuditRows.Columns} FROM audit_events {where} ORDER BY time DESC, stream, sequence DESC LIMIT @size OFFSET @offset",
                    AuditRows.Read, token, [.. parameters, ("@size", Math.Clamp(query.Size, 0, MaxSize)), ("@offset", Math.Max(0, query.Offset))]);
                return new AuditPage(count ?? 0, hits);
            },
            cancellationToken);
    }

    public Task<IReadOnlyList<AuditRow>> ReadAsync(AuditStream stream, long after, int size, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<AuditRow>>(
            async (context, token) => await context.QueryAsync(
                $"SELECT {AuditRows.Columns} FROM audit_events WHERE stream = @stream AND sequence > @after ORDER BY sequence LIMIT @size",
                AuditRows.Read, token, ("@stream", stream.Name), ("@after", after), ("@size", size)),
            cancellationToken);

    public Task<IReadOnlyList<AuditHead>> HeadsAsync(CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<AuditHead>>(
            async (context, token) => await context.QueryAsync(
                """
                SELECT k.stream, COALESCE(s.sequence, 0), s.mac, COALESCE(s.pruned_through, 0)
                FROM (SELECT stream FROM audit_streams UNION SELECT stream FROM audit_checkpoints UNION SELECT DISTINCT stream FROM audit_events) k
                LEFT JOIN audit_streams s ON s.stream = k.stream ORDER BY k.stream
                """,
                static row => new AuditHead(
                    new AuditStream(row.GetString(0)), row.GetInt64(1), row.IsDBNull(2) ? AuditChain.Start() : row.GetFieldValue<byte[]>(2), row.GetInt64(3)),
                token),
            cancellationToken);

    public Task<IReadOnlyList<AuditCheckpoint>> CheckpointsAsync(AuditStream stream, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<AuditCheckpoint>>(
            async (context, token) => await context.QueryAsync(
                $"SELECT {CheckpointColumns} FROM audit_checkpoints WHERE stream = @stream ORDER BY sequence", Checkpoint, token, ("@stream", stream.Name)),
            cancellationToken);

    public Task<IReadOnlyList<AuditCheckpoint>> LatestCheckpointsAsync(CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<AuditCheckpoint>>(
            async (context, token) => await context.QueryAsync(
                $"""
                SELECT {CheckpointColumns} FROM audit_checkpoints c
                WHERE sequence = (SELECT max(n.sequence) FROM audit_checkpoints n WHERE n.stream = c.stream) ORDER BY stream
                """,
                Checkpoint, token),
            cancellationToken);

    public Task AddCheckpointAsync(AuditCheckpoint checkpoint, CancellationToken cancellationToken) =>
        database.WriteAsync(
            (context, token) => context.ExecuteAsync(
                $"""
                INSERT INTO audit_checkpoints ({CheckpointColumns}) VALUES (@stream, @sequence, @mac, @count, @time, @key, @signature)
                ON CONFLICT (stream, sequence) DO NOTHING
                """,
                token, ("@stream", checkpoint.Stream.Name), ("@sequence", checkpoint.Sequence), ("@mac", checkpoint.Mac), ("@count", checkpoint.Count),
                ("@time", checkpoint.Time), ("@key", checkpoint.KeyId), ("@signature", checkpoint.Signature)),
            cancellationToken);

    public Task PruneAsync(AuditCheckpoint through, AuditEvent record, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (context, token) =>
            {
                if (record.Stream != through.Stream) throw new ArgumentException("The record of a pruning stands in the stream that was pruned.", nameof(record));
                await appender.AppendAsync(context, record, token);
                await context.ExecuteAsync(
                    "DELETE FROM audit_events WHERE stream = @stream AND sequence <= @through", token, ("@stream", through.Stream.Name), ("@through", through.Sequence));
                await context.ExecuteAsync(
                    "UPDATE audit_streams SET pruned_through = @through WHERE stream = @stream AND pruned_through < @through", token,
                    ("@stream", through.Stream.Name), ("@through", through.Sequence));
            },
            cancellationToken);

    /// <summary>Whether what is looked for is anything that a database can hold.</summary>
    internal static bool IsStorable(AuditQuery query) =>
        ((string?[])[query.Stream?.Name, query.Action, query.Actor, query.Person]).All(static t => t is null || StorableText.Is(t));

    private static AuditCheckpoint Checkpoint(DbDataReader row) => new(
        new AuditStream(row.GetString(0)), row.GetInt64(1), row.GetFieldValue<byte[]>(2), row.GetInt64(3), UtcTicks.Moment(row.GetInt64(4)), row.GetString(5),
        row.GetFieldValue<byte[]>(6));

    /// <summary>A search as SQL on audit_events.</summary>
    internal static (string Where, (string, object?)[] Parameters) Condition(AuditQuery query)
    {
        var conditions = new List<string>();
        var parameters = new List<(string, object?)>();
        Add(query.Stream?.Name, "@stream", "stream = @stream");
        Add(query.Action, "@action", "(action = @action OR substr(action, 1, length(@action) + 1) = @action || '.')");
        Add(query.Actor, "@actor", "(actor_id = @actor OR actor_name = @actor)");
        // The object itself, or a longer list that begins the same.
        Add(query.Object is null ? null : AuditRows.PathText(query.Object)[..^1], "@object", "substr(object_path, 1, length(@object) + 1) IN (@object || ']', @object || ',')");
        Add(query.Person, "@person", "person = @person");
        Add(query.From, "@from", "time >= @from");
        Add(query.To, "@to", "time < @to");
        return (conditions.Count == 0 ? "" : "WHERE " + string.Join(" AND ", conditions), [.. parameters]);

        void Add(object? value, string name, string condition)
        {
            if (value is null) return;
            conditions.Add(condition);
            parameters.Add((name, value));
        }
    }
}
