using Sluice.Core.QueryAudit;
using Sluice.Storage.Audit;
using Sluice.Storage.Catalog;
using Sluice.Storage.Databases;
using Sluice.Storage.History;

namespace Sluice.Storage.QueryAudit;

internal sealed class QueryAuditStore(Database database) : IQueryAuditStore
{
    private const int MaxSize = 1000;

    public Task<FeedCursor?> CursorAsync(Guid connectionId, string source, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async (context, token) => (await context.QueryAsync(
                "SELECT since, watermark FROM query_feeds WHERE connection_id = @connection AND source = @source",
                static row => new FeedCursor(UtcTicks.Moment(row.GetInt64(0)), UtcTicks.Moment(Math.Max(row.GetInt64(0), row.GetInt64(1)))), token,
                ("@connection", connectionId), ("@source", source))).SingleOrDefault(),
            cancellationToken);

    public Task<IReadOnlySet<string>> TakenAsync(Guid connectionId, string source, IReadOnlyCollection<string> eventIds, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlySet<string>>(
            async (context, token) => (await context.QueryAsync(
                $"SELECT event_id FROM query_events WHERE connection_id = @connection AND source = @source AND event_id {context.Dialect.In("@ids")}",
                static row => row.GetString(0), token,
                ("@connection", connectionId), ("@source", source), ("@ids", context.Dialect.List(eventIds.Select(static i => StorableText.Of(i)))))).ToHashSet(StringComparer.Ordinal),
            cancellationToken);

    public Task<IReadOnlyDictionary<string, IReadOnlyList<QueriedObject>>> ObjectsAsync(
        Guid connectionId, string source, IReadOnlyCollection<string> eventIds, CancellationToken cancellationToken) =>
        database.SnapshotAsync<IReadOnlyDictionary<string, IReadOnlyList<QueriedObject>>>(
            async (context, token) => (await QueryGrowth.ReadAsync(context, connectionId, source, eventIds, token))
                .ToDictionary(static q => q.Taken.Event.EventId, static q => q.Taken.Event.Objects, StringComparer.Ordinal),
            cancellationToken);

    public Task<IReadOnlyList<string>> IdentitiesAsync(Guid connectionId, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<string>>(
            async (context, token) => await context.QueryAsync(
                """
                SELECT name FROM platform_identities WHERE connection_id = @connection
                UNION SELECT subject FROM access_facts WHERE connection_id = @connection AND kind = @kind
                """,
                static row => row.GetString(0), token, ("@connection", connectionId), ("@kind", HistoricFact.Holding)),
            cancellationToken);

    public Task GrowAsync(WriteFence fence, string source, IReadOnlyList<TakenQuery> grown, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (context, token) =>
            {
                await context.CheckAsync(fence, token);
                await QueryGrowth.AddAsync(context, fence.ConnectionId, source, [.. grown.Select(QueryRows.Storable)], token);
            },
            cancellationToken);

    public Task<IReadOnlyDictionary<string, (IReadOnlyList<IdentityHolding> History, IReadOnlyList<IdentityHolding> Now)>> HoldersAsync(
        Guid connectionId, IReadOnlyCollection<string> identities, CancellationToken cancellationToken) =>
        database.SnapshotAsync<IReadOnlyDictionary<string, (IReadOnlyList<IdentityHolding> History, IReadOnlyList<IdentityHolding> Now)>>(
            async (context, token) =>
            {
                var names = identities.Select(static i => StorableText.Of(i)).Distinct(StringComparer.Ordinal).ToList();
                var history = await context.QueryAsync(
                    $"SELECT subject, detail, from_at, to_at FROM access_facts WHERE place {context.Dialect.In("@places")} AND kind = @kind",
                    static row =>
                    {
                        var person = HistoricFact.PersonOf(row.GetString(1));
                        return (Identity: row.GetString(0), Holding: new IdentityHolding(person.PersonId, person.Username, UtcTicks.Moment(row.GetInt64(2)), row.Moment(3)));
                    },
                    token, ("@places", context.Dialect.List(names.Select(n => HistoricFact.PlaceOfIdentity(connectionId, n)))), ("@kind", HistoricFact.Holding));
                var now = await context.QueryAsync(
                    $"SELECT i.name, p.id, p.username FROM platform_identities i JOIN people p ON p.id = i.person_id WHERE i.connection_id = @connection AND i.name {context.Dialect.In("@names")}",
                    static row => (Identity: row.GetString(0), Holding: new IdentityHolding(row.GetGuid(1).ToString("D"), row.GetString(2), DateTimeOffset.MinValue, null)),
                    token, ("@connection", connectionId), ("@names", context.Dialect.List(names)));
                var (then, today) = (history.ToLookup(static h => h.Identity, static h => h.Holding), now.ToLookup(static n => n.Identity, static n => n.Holding));
                return names.ToDictionary(static n => n, n => ((IReadOnlyList<IdentityHolding>)[.. then[n]], (IReadOnlyList<IdentityHolding>)[.. today[n]]), StringComparer.Ordinal);
            },
            cancellationToken);

    public Task RecordAsync(
        WriteFence fence, string connectionKey, string source, IReadOnlyList<TakenQuery> events, FeedCursor cursor, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (context, token) =>
            {
                await context.CheckAsync(fence, token);
                if (events.Count > 0)
                {
                    var last = await context.NumberAsync(
                        """
                        INSERT INTO query_streams (connection_id, sequence) VALUES (@connection, @count)
                        ON CONFLICT (connection_id) DO UPDATE SET sequence = query_streams.sequence + @count RETURNING sequence
                        """,
                        token, ("@connection", fence.ConnectionId), ("@count", (long)events.Count)) ?? 0;
                    var first = last - events.Count + 1;
                    await QueryRows.InsertAsync(
                        context, [.. events.Select((e, i) => new StoredQuery(fence.ConnectionId, connectionKey, first + i, source, QueryRows.Storable(e)))], token);
                }

                await MoveAsync(context, fence.ConnectionId, source, cursor, token);
            },
            cancellationToken);

    public async Task<QueryPage> SearchAsync(QuerySearch search, CancellationToken cancellationToken)
    {
        if (!IsStorable(search)) return new QueryPage(0, []);
        var (where, parameters) = QueryConditions.Of(search);
        return await database.SnapshotAsync(
            async (context, token) =>
            {
                var count = await context.NumberAsync($"SELECT count(*) FROM query_events e {where}", token, parameters);
                var hits = await QueryRows.ReadAsync(
                    context, $"FROM query_events e {where} ORDER BY e.started_at DESC, e.connection_id, e.sequence DESC LIMIT @size OFFSET @offset", token,
                    [.. parameters, ("@size", Math.Clamp(search.Size, 0, MaxSize)), ("@offset", Math.Max(0, search.Offset))]);
                return new QueryPage(count ?? 0, hits);
            },
            cancellationToken);
    }

    public Task<TimelinePage> TimelineAsync(AuditQuery? own, QuerySearch? queries, int offset, int size, CancellationToken cancellationToken) =>
        database.SnapshotAsync((context, token) => Timeline.ReadAsync(context, own, queries is not null && IsStorable(queries) ? queries : null, offset, Math.Clamp(size, 0, MaxSize), token), cancellationToken);

    public Task<IReadOnlyList<StoredQuery>> ReadAsync(Guid connectionId, long after, int size, CancellationToken cancellationToken) =>
        database.SnapshotAsync<IReadOnlyList<StoredQuery>>(
            async (context, token) => await QueryRows.ReadAsync(
                context, "FROM query_events e WHERE e.connection_id = @id AND e.sequence > @after ORDER BY e.sequence LIMIT @size", token,
                ("@id", connectionId), ("@after", after), ("@size", size)),
            cancellationToken);

    public Task<IReadOnlyList<(Guid ConnectionId, long Sequence)>> StreamsAsync(CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<(Guid, long)>>(
            async (context, token) => await context.QueryAsync(
                "SELECT connection_id, sequence FROM query_streams ORDER BY connection_id", static row => (row.GetGuid(0), row.GetInt64(1)), token),
            cancellationToken);

    public Task<int> PruneAsync(DateTimeOffset before, int most, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (context, token) =>
            {
                await context.ExecuteAsync(
                    """
                    UPDATE query_feeds SET since = @before WHERE since < @before AND EXISTS (
                        SELECT 1 FROM query_events e WHERE e.connection_id = query_feeds.connection_id AND e.source = query_feeds.source AND e.ended_at < @before)
                    """,
                    token, ("@before", before));
                var old = await context.QueryAsync(
                    "SELECT connection_id, sequence FROM query_events WHERE ended_at < @before ORDER BY ended_at LIMIT @most",
                    static row => (Connection: row.GetGuid(0), Sequence: row.GetInt64(1)), token, ("@before", before), ("@most", most));
                foreach (var connection in old.GroupBy(static o => o.Connection))
                {
                    foreach (var table in (string[])["query_event_objects", "query_event_people", "query_events"])
                    {
                        await context.ExecuteAsync(
                            $"DELETE FROM {table} WHERE connection_id = @connection AND sequence {context.Dialect.In("@sequences")}", token,
                            ("@connection", connection.Key), ("@sequences", context.Dialect.List(connection.Select(static o => o.Sequence))));
                    }
                }

                return old.Count;
            },
            cancellationToken);

    /// <summary>Stores how far a source was taken.</summary>
    internal static Task MoveAsync(SluiceContext context, Guid connectionId, string source, FeedCursor cursor, CancellationToken cancellationToken) =>
        context.ExecuteAsync(
            """
            INSERT INTO query_feeds (connection_id, source, since, watermark) VALUES (@connection, @source, @since, @watermark)
            ON CONFLICT (connection_id, source) DO UPDATE SET watermark = @watermark
            """,
            cancellationToken, ("@connection", connectionId), ("@source", source), ("@since", cursor.Since), ("@watermark", cursor.Watermark));

    private static bool IsStorable(QuerySearch search) => ((string?[])[search.Person, search.Identity, search.Actor]).All(static t => t is null || StorableText.Is(t));
}
