using System.Runtime.CompilerServices;
using Sluice.Core.Catalog;
using Sluice.Core.QueryAudit;
using Sluice.Platforms.Databricks.Sql;

namespace Sluice.Platforms.Databricks.Auditing;

/// <summary>Reads who queried what from the query history, and what took part from the lineage of the same statements.</summary>
internal sealed class QueryHistory(ISqlEndpoint sql, SystemTables tables)
{
    // Names of a statement's lineage take up a line each; a statement of SQL may be 16 MiB long.
    private const int StatementsTogether = 500;

    // A result stays in a warehouse's own cache for as long as it runs (https://docs.databricks.com/aws/en/sql/user/queries/query-caching), which has no documented end.
    private static readonly TimeSpan OldestCached = TimeSpan.FromDays(30);

    /// <summary>
    /// Records of statements come typically within an hour (https://learn.microsoft.com/azure/databricks/admin/system-tables/query-history). How late lineage is, is
    /// documented nowhere: three hours are waited for it. A statement without any (it names no table) is told after that, and what comes later is added to what was told.
    /// </summary>
    public static readonly QueryAuditSource Source = new("queryHistory", new FeedTiming(TimeSpan.FromHours(3), TimeSpan.FromHours(9), TimeSpan.FromDays(1)));

    /// <summary>What is shown of a window.</summary>
    public async IAsyncEnumerable<IReadOnlyList<QueryEvent>> ReadAsync(string connectionKey, FeedWindow window, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var rows in sql.ReadAsync(window, tables.Queries, (part, after, limit) => tables.QueriesBehind(part, after is null ? null : after[0] ?? "", limit), cancellationToken))
        {
            foreach (var some in rows.Chunk(StatementsTogether))
            {
                var objects = await ObjectsAsync(connectionKey, some, window.From, cancellationToken);
                yield return [.. some.Select(r => Event(r, objects)).OfType<QueryEvent>()];
            }
        }
    }

    private static QueryEvent? Event(string?[] row, Dictionary<string, StatementObjects> objects)
    {
        if (row is not [{ Length: > 0 } id, var user, var type, var status, var start, var end, var text, var workspace, _] || SystemTables.Read(end) is not { } ended) return null;
        var found = objects.GetValueOrDefault(ThatRan(row) ?? id);
        return new QueryEvent
        {
            EventId = id,
            Identity = user ?? "",
            Kind = type ?? "",
            Succeeded = status == "FINISHED",
            StartedAt = SystemTables.Read(start) ?? ended,
            EndedAt = ended,
            StatementHash = StatementHash.Of(text),
            Text = text,
            Workspace = workspace,
            Objects = found?.ToList() ?? [],
            IsComplete = found is not null,
            // Lineage is told by two tables, each on its own way here, and neither says when that was all.
            ComesInPieces = true,
        };
    }

    // The statement that read the tables: itself, or the one whose result it was given from the cache. Such a one runs nothing, so no lineage is told of it
    // (https://docs.databricks.com/aws/en/admin/system-tables/query-history: cache_origin_statement_id).
    private static string? ThatRan(string?[] row) => row is [_, _, _, _, _, _, _, _, { Length: > 0 } origin] ? origin : row[0];

    private async Task<Dictionary<string, StatementObjects>> ObjectsAsync(string connectionKey, IReadOnlyList<string?[]> rows, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, StatementObjects>(StringComparer.Ordinal);
        // A statement that ran for days may have read its tables long before it ended.
        var begun = rows.Select(static r => SystemTables.Read(r[4])).OfType<DateTimeOffset>().Append(since).Min();
        foreach (var those in rows.GroupBy(static r => ThatRan(r) == r[0]))
        {
            var statements = those.Select(ThatRan).OfType<string>().Where(static id => id.Length > 0).Distinct(StringComparer.Ordinal).ToList();
            if (statements.Count > 0) await AddAsync(connectionKey, statements, those.Key ? begun : begun - OldestCached, found, cancellationToken);
        }

        return found;
    }

    private async Task AddAsync(string connectionKey, IReadOnlyList<string> statements, DateTimeOffset since, Dictionary<string, StatementObjects> found, CancellationToken cancellationToken)
    {
        foreach (var isOfColumns in (bool[])[true, false])
        {
            foreach (var row in await sql.ReadAllAsync((after, limit) => SystemTables.LineageOf(statements, since, isOfColumns, after, limit), cancellationToken))
            {
                if (row is not [{ } id, var c, var s, var t, var column, var toC, var toS, var toT, var toColumn]) continue;
                if (!found.TryGetValue(id, out var objects)) found[id] = objects = new StatementObjects();
                objects.Add(PathOf(connectionKey, c, s, t), column, isWritten: false);
                objects.Add(PathOf(connectionKey, toC, toS, toT), toColumn, isWritten: true);
            }
        }
    }

    /// <summary>The path of a table; null where one of its names is missing, as for files.</summary>
    internal static ObjectPath? PathOf(string connectionKey, string? catalog, string? schema, string? table) =>
        catalog is null || schema is null || table is null ? null : ObjectPath.FromNames([connectionKey, catalog, schema, table], out _);

    private sealed class StatementObjects
    {
        private readonly Dictionary<(ObjectPath Path, bool IsWritten), List<string>> _columns = [];

        public void Add(ObjectPath? path, string? column, bool isWritten)
        {
            if (path is null) return;
            if (!_columns.TryGetValue((path, isWritten), out var columns)) _columns[(path, isWritten)] = columns = [];
            if (column is not null && !columns.Contains(column)) columns.Add(column);
        }

        public IReadOnlyList<QueriedObject> ToList() => [.. _columns.Select(static c => new QueriedObject(c.Key.Path, c.Value, IsWritten: c.Key.IsWritten))];
    }
}
