using System.Runtime.CompilerServices;
using Sluice.Core.DataLineage;
using Sluice.Core.QueryAudit;
using Sluice.Platforms.Databricks.Sql;

namespace Sluice.Platforms.Databricks.Auditing;

/// <summary>Reads where data went from the lineage tables (https://docs.databricks.com/aws/en/admin/system-tables/lineage).</summary>
internal sealed class TableLineage(ISqlEndpoint sql)
{
    // How late it is, is documented nowhere; an edge that is read again is the same edge.
    private static readonly FeedTiming Timing = new(TimeSpan.FromHours(6), TimeSpan.FromHours(18), TimeSpan.FromDays(30));

    /// <summary>Between columns.</summary>
    public static readonly QueryAuditSource Columns = new("columnLineage", Timing);

    /// <summary>Between tables, where no columns are known.</summary>
    public static readonly QueryAuditSource Tables = new("tableLineage", Timing);

    /// <summary>What a source shows of a window.</summary>
    public async IAsyncEnumerable<IReadOnlyList<LineageSighting>> ReadAsync(
        string connectionKey, QueryAuditSource source, FeedWindow window, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var isOfColumns = source == Columns;
        await foreach (var rows in sql.ReadAsync(
            window, (part, limit) => SystemTables.Edges(part, isOfColumns, limit), (part, after, limit) => SystemTables.EdgesBehind(part, isOfColumns, after, limit), cancellationToken))
            yield return [.. rows.SelectMany(r => Sightings(connectionKey, r))];
    }

    private static IEnumerable<LineageSighting> Sightings(string connectionKey, string?[] row)
    {
        if (row is not [var time, var c, var s, var t, var column, var toC, var toS, var toT, var toColumn] || SystemTables.Read(time) is not { } at) yield break;
        if (QueryHistory.PathOf(connectionKey, c, s, t) is not { } from || QueryHistory.PathOf(connectionKey, toC, toS, toT) is not { } to) yield break;
        var edge = column is null || toColumn is null
            ? new LineageEdge(new LineagePoint(from), new LineagePoint(to))
            : new LineageEdge(new LineagePoint(from, column), new LineagePoint(to, toColumn));
        if (edge.From != edge.To) yield return new LineageSighting(edge, at);
    }
}
