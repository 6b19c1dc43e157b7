using System.Runtime.CompilerServices;
using Sluice.Core.DataLineage;
using Sluice.Core.QueryAudit;
using Sluice.Platforms.Snowflake.Protocol;

namespace Sluice.Platforms.Snowflake.Auditing;

/// <summary>Reads where data went from what statements wrote (ACCESS_HISTORY's OBJECTS_MODIFIED, https://docs.snowflake.com/en/user-guide/access-history).</summary>
internal sealed class AccessLineage(StatementClient statements)
{
    /// <summary>Late as ACCESS_HISTORY is, up to three hours after the end of a statement (https://docs.snowflake.com/en/sql-reference/account-usage).</summary>
    public static readonly QueryAuditSource Source = new("accessLineage", new FeedTiming(TimeSpan.FromHours(3), TimeSpan.FromHours(9), TimeSpan.FromDays(30)));

    /// <summary>What is shown of a window.</summary>
    public async IAsyncEnumerable<IReadOnlyList<LineageSighting>> ReadAsync(string connectionKey, FeedWindow window, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var result = await statements.RunAsync(AuditQueries.Written(window), cancellationToken);
        await foreach (var rows in result.ReadAsync(row => Sightings(connectionKey, row[0], row[1], row[2]), cancellationToken))
            yield return [.. rows.SelectMany(static r => r)];
    }

    /// <summary>
    /// The edges of a statement: to each column that it wrote from the columns that it names and from those below them; to an object of which no column tells its
    /// sources from every object that the statement read.
    /// </summary>
    internal static IReadOnlyList<LineageSighting> Sightings(string connectionKey, string? time, string? direct, string? modified)
    {
        if (AccountTime.Read(time) is not { } at) return [];
        var edges = new HashSet<LineageEdge>();
        foreach (var (target, entry) in AccessedObjects.ObjectsOf(connectionKey, modified))
        {
            var before = edges.Count;
            foreach (var column in AccessedObjects.ColumnsOf(entry))
            {
                if (AccessedObjects.TextOf(column, "columnName") is not { } name) continue;
                foreach (var source in AccessedObjects.Members(column, "directSources").Concat(AccessedObjects.Members(column, "baseSources")))
                {
                    if (AccessedObjects.PathOf(connectionKey, source) is { } from && AccessedObjects.TextOf(source, "columnName") is { } fromColumn)
                        Add(new LineageEdge(new LineagePoint(from, fromColumn), new LineagePoint(target, name)));
                }
            }

            if (edges.Count > before) continue;
            foreach (var (from, _) in AccessedObjects.ObjectsOf(connectionKey, direct)) Add(new LineageEdge(new LineagePoint(from), new LineagePoint(target)));
        }

        return [.. edges.Select(e => new LineageSighting(e, at))];

        void Add(LineageEdge edge)
        {
            if (edge.From != edge.To) edges.Add(edge);
        }
    }
}
