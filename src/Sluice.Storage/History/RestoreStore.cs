using Microsoft.EntityFrameworkCore;
using Sluice.Core.Audit;
using Sluice.Core.Catalog;
using Sluice.Storage.Audit;
using Sluice.Storage.Connections;
using Sluice.Storage.Databases;
using Sluice.Storage.Plans;

namespace Sluice.Storage.History;

internal sealed class RestoreStore(Database database, AuditAppender audit, TimeProvider time) : IRestoreStore
{
    public Task<long> EpochAsync(StoredConnection connection, CancellationToken cancellationToken) =>
        database.ReadAsync((context, token) => EpochAsync(context, connection, token), cancellationToken);

    public Task<long> RaiseAsync(StoredConnection connection, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (context, token) =>
            {
                var next = await EpochAsync(context, connection, token) + 1;
                await SetAsync(context, connection, next, token);
                return next;
            },
            cancellationToken);

    public Task<bool> MarkAheadAsync(StoredConnection connection, WriteFence fence, long epoch, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (context, token) =>
            {
                await context.CheckAsync(fence, token);
                if (await context.Enforcements.AsTracking().SingleOrDefaultAsync(e => e.ConnectionId == connection.Id, token) is not { } row)
                    context.Enforcements.Add(row = new EnforcementRow { ConnectionId = connection.Id });
                if (row.AheadEpoch == epoch) return false;
                row.AheadEpoch = epoch;
                await context.SaveChangesAsync(token);
                var known = await EpochAsync(context, connection, token);
                await audit.AppendAsync(context, Event(AuditAction.RestoreSeen, connection, Actor.Server) with { Details = AuditDetails.Of(("platform", epoch), ("here", known)) }, token);
                return true;
            },
            cancellationToken);

    public Task<long?> AheadAsync(Guid connectionId, CancellationToken cancellationToken) =>
        database.ReadAsync(
            (context, token) => context.Enforcements.Where(e => e.ConnectionId == connectionId).Select(e => e.AheadEpoch).SingleOrDefaultAsync(token), cancellationToken);

    public Task<bool> ConfirmAsync(StoredConnection connection, Actor by, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (context, token) =>
            {
                var row = await context.Enforcements.AsTracking().SingleOrDefaultAsync(e => e.ConnectionId == connection.Id, token);
                if (row?.AheadEpoch is not { } epoch) return false;
                row.AheadEpoch = null;
                await context.SaveChangesAsync(token);
                await SetAsync(context, connection, epoch, token);
                await audit.AppendAsync(context, Event(AuditAction.RestoreConfirmed, connection, by) with { Details = AuditDetails.Of(("platform", epoch)) }, token);
                return true;
            },
            cancellationToken);

    // Under the connection, and under what its platform says it is: a connection that is registered anew goes on, and so does one whose platform says more of itself.
    private static string[] Names(StoredConnection connection) => [$"epoch.{connection.Id:D}", $"epoch.{connection.IdentityKey}"];

    private static async Task<long> EpochAsync(SluiceContext context, StoredConnection connection, CancellationToken cancellationToken) =>
        await context.NumberAsync(
            $"SELECT max(CAST(value AS bigint)) FROM server_facts WHERE name {context.Dialect.In("@names")}", cancellationToken,
            ("@names", context.Dialect.List(Names(connection)))) ?? 0;

    private static async Task SetAsync(SluiceContext context, StoredConnection connection, long epoch, CancellationToken cancellationToken)
    {
        foreach (var name in Names(connection))
        {
            await context.ExecuteAsync(
                "INSERT INTO server_facts (name, value) VALUES (@name, CAST(@epoch AS text)) ON CONFLICT (name) DO UPDATE SET value = CAST(@epoch AS text)",
                cancellationToken, ("@name", name), ("@epoch", epoch));
        }
    }

    private AuditEvent Event(string action, StoredConnection connection, Actor by) => new()
    {
        Stream = AuditStream.Of(connection.Id), Time = time.GetUtcNow(), ActorId = by.Id, ActorName = by.Name, Action = action, Object = new ObjectPath(connection.Key),
    };
}
