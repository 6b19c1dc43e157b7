using Sluice.Engine.Callers;
using Sluice.Engine.Connections;
using Sluice.Storage.Audit;
using Sluice.Storage.QueryAudit;

namespace Sluice.Engine.QueryAudit;

/// <summary>Reads who queried what on the platforms. All of it needs AUDIT.</summary>
public interface IQueryAuditUseCases
{
    /// <summary>A page, newest first.</summary>
    /// <param name="search">What to look for.</param>
    /// <param name="connection">In place of the search's: a connection's key, or the id of one that may be gone.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<QueryPage> SearchAsync(QuerySearch search, string? connection, Caller caller, CancellationToken cancellationToken);

    /// <summary>A page of our own events and of queries, newest first.</summary>
    /// <param name="query">What to look for. Queries have the action <c>query</c>, their identities and people for actors, and stand in the stream of their connection.</param>
    /// <param name="stream">In place of the query's, as in <see cref="Auditing.IAuditUseCases.SearchAsync"/>.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<TimelinePage> TimelineAsync(AuditQuery query, string? stream, Caller caller, CancellationToken cancellationToken);

    /// <summary>Every query event: connection by connection, each in the order they were taken.</summary>
    IAsyncEnumerable<StoredQuery> Export(Caller caller, CancellationToken cancellationToken);

    /// <summary>Has a connection's query audit read now.</summary>
    Task<Accepted> ReadNowAsync(string connectionKey, Caller caller, CancellationToken cancellationToken);
}
