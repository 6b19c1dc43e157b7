using System.Runtime.CompilerServices;
using Sluice.Core.Audit;
using Sluice.Core.Catalog;
using Sluice.Engine.Auditing;
using Sluice.Engine.Callers;
using Sluice.Engine.Connections;
using Sluice.Engine.Errors;
using Sluice.Engine.Jobs;
using Sluice.Storage.Audit;
using Sluice.Storage.Connections;
using Sluice.Storage.Jobs;
using Sluice.Storage.QueryAudit;

namespace Sluice.Engine.QueryAudit;

/// <inheritdoc cref="IQueryAuditUseCases"/>
internal sealed class QueryAuditUseCases(
    IQueryAuditStore store, AuditStreams streams, IConnectionStore connections, IJobStore queue, JobFactory jobs, IConnectionWaker waker) : IQueryAuditUseCases
{
    /// <summary>The action that queries have beside our own events.</summary>
    public const string Action = "query";

    private const int PageSize = 1000;

    public async Task<QueryPage> SearchAsync(QuerySearch search, string? connection, Caller caller, CancellationToken cancellationToken)
    {
        caller.Require(Permission.Audit);
        if (connection is not null)
        {
            if (ConnectionOf(await streams.FindAsync(connection, cancellationToken)) is not { } id) return new QueryPage(0, []);
            search = search with { ConnectionId = id };
        }

        return await store.SearchAsync(search with { Object = await streams.SpelledAsync(search.Object, cancellationToken) }, cancellationToken);
    }

    public async Task<TimelinePage> TimelineAsync(AuditQuery query, string? stream, Caller caller, CancellationToken cancellationToken)
    {
        caller.Require(Permission.Audit);
        if (stream is not null) query = query with { Stream = await streams.FindAsync(stream, cancellationToken) };
        query = query with { Object = await streams.SpelledAsync(query.Object, cancellationToken) };
        return await store.TimelineAsync(query.Action == Action ? null : query, QueriesOf(query), query.Offset, query.Size, cancellationToken);
    }

    public async IAsyncEnumerable<StoredQuery> Export(Caller caller, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        caller.Require(Permission.Audit);
        foreach (var (connection, last) in await store.StreamsAsync(cancellationToken))
        {
            for (var after = 0L; after < last;)
            {
                var page = await store.ReadAsync(connection, after, PageSize, cancellationToken);
                foreach (var each in page) yield return each;
                if (page.Count < PageSize) break;
                after = page[^1].Sequence;
            }
        }
    }

    public async Task<Accepted> ReadNowAsync(string connectionKey, Caller caller, CancellationToken cancellationToken)
    {
        caller.Require(Permission.Audit, Permission.ApplicationAdmin);
        var connection = await connections.FindAsync(connectionKey, cancellationToken)
            ?? throw new RequestRefusedException(ErrorCode.NotFound, $"There is no connection '{connectionKey}'.");
        if (!QueryAuditSwitch.IsOn(connection))
        {
            throw new RequestRefusedException(
                ErrorCode.WrongState, $"The query audit of connection '{connection.Key}' is off, or its platform has none. config.audit.enabled of its native integration switches it on.");
        }

        var bulkId = await queue.AskAsync(jobs.QueryAudit(connection.Id, connection.Key, caller), caller.AsActor(), cancellationToken);
        await waker.WakeAsync(connection.Id);
        return new Accepted(new ObjectPath(connection.Key), bulkId);
    }

    private static QuerySearch? QueriesOf(AuditQuery query)
    {
        if (query.Action is not (null or Action)) return null;
        if (query.Stream is { } stream && ConnectionOf(stream) is null) return null;
        return new QuerySearch
        {
            ConnectionId = query.Stream is { } of ? ConnectionOf(of) : null,
            Actor = query.Actor,
            Person = query.Person,
            Object = query.Object,
            From = query.From,
            To = query.To,
        };
    }

    private static Guid? ConnectionOf(AuditStream stream) => Guid.TryParse(stream.Name, out var id) ? id : null;
}
