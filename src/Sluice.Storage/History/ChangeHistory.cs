using Sluice.Core.Audit;
using Sluice.Core.Planning;
using Sluice.Storage.Audit;
using Sluice.Storage.Databases;

namespace Sluice.Storage.History;

internal sealed class ChangeHistory(Database database, AuditAppender audit) : IChangeHistory
{
    // Many rows of one statement's list, and no transaction that others wait long for.
    private const int Together = 5000;

    public Task IntendAsync(Guid connectionId, Guid planId, IReadOnlyList<AuditEvent> events, CancellationToken cancellationToken) =>
        events.Count == 0 ? Task.CompletedTask : database.WriteAsync(
            async (context, token) =>
            {
                await context.ExecuteAsync(
                    """
                    INSERT INTO change_runs (connection_id, plan_id, after_sequence)
                    VALUES (@connection, @plan, COALESCE((SELECT sequence FROM audit_streams WHERE stream = @stream), 0))
                    ON CONFLICT (connection_id, plan_id) DO NOTHING
                    """,
                    token, ("@connection", connectionId), ("@plan", planId), ("@stream", AuditStream.Of(connectionId).Name));
                await audit.AppendAsync(context, events, token);
            },
            cancellationToken);

    public async Task EndAsync(
        Guid connectionId, Guid? planId, IReadOnlyList<AuditEvent> events, IReadOnlyList<FactTurn> turns, DateTimeOffset at, CancellationToken cancellationToken)
    {
        // What became of each fact in the end.
        var last = new Dictionary<Guid, FactTurn>();
        foreach (var turn in turns)
            if (FactAlignment.IsKept(turn.Key.Kind)) last[FactId.Of(turn.Key)] = turn;
        var begun = last.Where(static t => t.Value.IsInForce).Select(t => HistoricFact.Of(connectionId, t.Value.Key)).ToList();
        var ended = last.Where(static t => !t.Value.IsInForce).Select(static t => t.Key).ToList();
        if (events.Count + begun.Count + ended.Count == 0) return;
        await database.WriteUniqueAsync(
            async (context, token) =>
            {
                await EndAsync(context, connectionId, planId, ended, at, token);
                await BeginAsync(context, connectionId, planId, begun, at, token);
                await audit.AppendAsync(context, events, token);
                return true;
            },
            cancellationToken);
    }

    public Task<IReadOnlyList<ChangeRun>> RunsAsync(Guid connectionId, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<ChangeRun>>(
            async (context, token) => await context.QueryAsync(
                "SELECT plan_id, after_sequence FROM change_runs WHERE connection_id = @connection ORDER BY after_sequence, plan_id",
                row => new ChangeRun(connectionId, row.GetGuid(0), row.GetInt64(1)), token, ("@connection", connectionId)),
            cancellationToken);

    public Task MoveOnAsync(ChangeRun run, long sequence, CancellationToken cancellationToken) =>
        database.WriteAsync(
            (context, token) => context.ExecuteAsync(
                "UPDATE change_runs SET after_sequence = @sequence WHERE connection_id = @connection AND plan_id = @plan AND after_sequence < @sequence", token,
                ("@connection", run.ConnectionId), ("@plan", run.PlanId), ("@sequence", sequence)),
            cancellationToken);

    public Task CompleteAsync(Guid connectionId, Guid planId, CancellationToken cancellationToken) =>
        database.WriteAsync(
            (context, token) => context.ExecuteAsync(
                "DELETE FROM change_runs WHERE connection_id = @connection AND plan_id = @plan", token, ("@connection", connectionId), ("@plan", planId)),
            cancellationToken);

    public Task<IReadOnlySet<Guid>> InForceAsync(Guid connectionId, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlySet<Guid>>(
            async (context, token) => (await context.QueryAsync(
                "SELECT fact FROM access_facts WHERE connection_id = @connection AND to_at IS NULL AND kind <> @holding",
                static row => row.GetGuid(0), token, ("@connection", connectionId), ("@holding", HistoricFact.Holding))).ToHashSet(),
            cancellationToken);

    public async Task<IReadOnlyList<FactKey>> FactsAsync(Guid connectionId, IReadOnlyList<Guid> facts, CancellationToken cancellationToken)
    {
        var found = new List<FactKey>();
        foreach (var some in facts.Chunk(Together))
        {
            found.AddRange(await database.ReadAsync(
                (context, token) => context.QueryAsync(
                    $"SELECT kind, object_path, subject, detail FROM access_facts WHERE connection_id = @connection AND to_at IS NULL AND fact {context.Dialect.In("@facts")}",
                    HistoricFact.Read, token, ("@connection", connectionId), ("@facts", context.Dialect.List(some))),
                cancellationToken));
        }

        return found;
    }

    public async Task HoldAsync(Guid connectionId, IReadOnlyCollection<IdentityHolder> holders, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var now = new Dictionary<Guid, HistoricFact>();
        foreach (var holder in holders.Select(h => HistoricFact.Of(connectionId, h))) now[holder.Fact] = holder;
        var known = (await database.ReadAsync(
            (context, token) => context.QueryAsync(
                "SELECT fact FROM access_facts WHERE connection_id = @connection AND to_at IS NULL AND kind = @holding",
                static row => row.GetGuid(0), token, ("@connection", connectionId), ("@holding", HistoricFact.Holding)),
            cancellationToken)).ToHashSet();
        var ended = known.Where(k => !now.ContainsKey(k)).ToList();
        var begun = now.Values.Where(h => !known.Contains(h.Fact)).ToList();
        if (ended.Count + begun.Count == 0) return;
        await database.WriteUniqueAsync(
            async (context, token) =>
            {
                await EndAsync(context, connectionId, null, ended, at, token);
                await BeginAsync(context, connectionId, null, begun, at, token);
                return true;
            },
            cancellationToken);
    }

    private static async Task BeginAsync(
        SluiceContext context, Guid connectionId, Guid? planId, List<HistoricFact> facts, DateTimeOffset at, CancellationToken cancellationToken)
    {
        foreach (var some in facts.Chunk(Together))
        {
            // What is in force already, or was until this very moment, goes on as it was.
            await context.ExecuteAsync(
                $"UPDATE access_facts SET to_at = NULL, ended_by = NULL WHERE connection_id = @connection AND to_at = @at AND fact {context.Dialect.In("@facts")}",
                cancellationToken, ("@connection", connectionId), ("@at", at), ("@facts", context.Dialect.List(some.Select(static f => f.Fact))));
            var there = (await context.QueryAsync(
                $"SELECT fact FROM access_facts WHERE connection_id = @connection AND to_at IS NULL AND fact {context.Dialect.In("@facts")}",
                static row => row.GetGuid(0), cancellationToken, ("@connection", connectionId), ("@facts", context.Dialect.List(some.Select(static f => f.Fact))))).ToHashSet();
            await context.Dialect.Rows.InsertAsync(
                context, HistoricFact.Table(connectionId, planId, at), some.Where(f => !there.Contains(f.Fact)), cancellationToken);
        }
    }

    private static async Task EndAsync(
        SluiceContext context, Guid connectionId, Guid? planId, List<Guid> facts, DateTimeOffset at, CancellationToken cancellationToken)
    {
        foreach (var some in facts.Chunk(Together))
        {
            (string, object?)[] values = [("@connection", connectionId), ("@at", at), ("@plan", planId), ("@facts", context.Dialect.List(some))];
            var open = $"connection_id = @connection AND to_at IS NULL AND fact {context.Dialect.In("@facts")}";
            // What began at this very moment never was; and a clock that went back ends nothing before it began.
            await context.ExecuteAsync($"DELETE FROM access_facts WHERE {open} AND from_at >= @at", cancellationToken, values[0], values[1], values[3]);
            await context.ExecuteAsync($"UPDATE access_facts SET to_at = @at, ended_by = @plan WHERE {open}", cancellationToken, values);
        }
    }
}
