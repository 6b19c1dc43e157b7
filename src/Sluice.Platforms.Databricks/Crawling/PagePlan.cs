using Sluice.Platforms.Databricks.Sql;

namespace Sluice.Platforms.Databricks.Crawling;

/// <summary>What goes into a page, before any column is read.</summary>
/// <param name="Read">The indexes of the tables that are read, in order.</param>
/// <param name="Unchanged">The indexes of those that are as they were.</param>
/// <param name="Completed">The schemas that end in it.</param>
/// <param name="At">Where to go on after it.</param>
internal sealed record PagePlan(IReadOnlyList<int> Read, IReadOnlyList<int> Unchanged, IReadOnlyList<ListedSchema> Completed, CrawlCursor At)
{
    // Of a page all columns are in memory at once, as text and as rows.
    private const int MostRead = 1000;
    private const int MostUnchanged = 5000;

    // Where fewer than one in so many are read, they are asked for by their names; else all that lie between the first and the last are.
    private const int FewOf = 4;

    /// <summary>Cuts a listing into pages. A schema that is as it was is not cut.</summary>
    public static List<PagePlan> Cut(IReadOnlyList<ListedSchema> schemas, IReadOnlyList<TableKey> keys)
    {
        var plans = new List<PagePlan>();
        List<int> read = [], unchanged = [];
        List<ListedSchema> completed = [];
        CrawlCursor? at = null;
        foreach (var schema in schemas)
        {
            if (schema.IsUnchanged)
            {
                if (read.Count > 0 && read.Count + schema.Read.Count > MostRead) Flush();
                read.AddRange(schema.Read);
            }
            else if (!schema.IsRefused)
            {
                var wanted = schema.Read.ToHashSet();
                for (var i = schema.First; i < schema.First + schema.Count; i++)
                {
                    if (read.Count >= MostRead || unchanged.Count >= MostUnchanged) Flush();
                    (wanted.Contains(i) ? read : unchanged).Add(i);
                    at = new CrawlCursor(Schema: schema.Name, Table: keys[i].Table);
                }
            }

            if (!schema.IsEnd) continue;
            completed.Add(schema);
            at = new CrawlCursor(Schema: schema.Name, IsEnd: true);
        }

        Flush();
        return plans;

        void Flush()
        {
            if (at is null) return;
            plans.Add(new PagePlan(read, unchanged, completed, at));
            (read, unchanged, completed, at) = ([], [], [], null);
        }
    }

    /// <summary>Whether the tables are few among those between the first and the last of them.</summary>
    public bool IsSparse => Read.Count > 0 && Read.Count < (Read[^1] - Read[0] + 1) / FewOf;
}
