using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Sluice.Storage.Bulk;
using Sluice.Storage.Databases;

namespace Sluice.Storage.Catalog;

/// <summary>Where the units of a crawl stand.</summary>
internal static class CrawlCheckpoints
{
    private static readonly BulkTable<(Guid JobId, long ContainerId)> Units = new(
        "crawl_units",
        ["job_id", "container_id", "is_done", "pages", "found", "added", "updated", "renamed", "reappeared", "missing"],
        static (writer, row) =>
        {
            writer.Write(row.JobId);
            writer.Write((long?)row.ContainerId);
            writer.Write((bool?)false);
            writer.Write(0);
            for (var count = 0; count < 6; count++) writer.Write((long?)0);
        });

    public static async Task<IReadOnlyList<CrawlUnit>> ReadAsync(SluiceContext context, Guid jobId, CancellationToken cancellationToken)
    {
        var units = await context.CrawlUnits.Where(u => u.JobId == jobId).OrderBy(u => u.ContainerId).ToListAsync(cancellationToken);
        var pages = await context.CrawlUnitPages.Where(p => p.JobId == jobId).OrderBy(p => p.ContainerId).ThenBy(p => p.Page).ToListAsync(cancellationToken);
        var seen = pages.ToLookup(p => p.ContainerId, p => p.Seen);
        return units.ConvertAll(u => new CrawlUnit(
            u.ContainerId, u.Cursor, [.. seen[u.ContainerId].SelectMany(SeenIds.Unpack)], u.IsDone,
            new CrawlCounts(u.Found, u.Added, u.Updated, u.Renamed, u.Reappeared, u.Missing), WarningsOf(u)));
    }

    public static async Task AddAsync(
        SluiceContext context, WriteFence fence, Guid jobId, IReadOnlyList<long> containerIds, CancellationToken cancellationToken)
    {
        await context.CheckAsync(fence, cancellationToken);
        var known = await context.CrawlUnits.Where(u => u.JobId == jobId).Select(u => u.ContainerId).ToHashSetAsync(cancellationToken);
        await context.Dialect.Rows.InsertAsync(
            context, Units, [.. containerIds.Distinct().Where(id => !known.Contains(id)).Select(id => (jobId, id))], cancellationToken);
    }

    private static IReadOnlyList<string> WarningsOf(CrawlUnitRow unit) =>
        [.. (unit.Warnings ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(w => JsonSerializer.Deserialize<string>(w)!)];

    /// <summary>
    /// All statements go in one command, which is one round trip. A page that is lost with the database's machine is read again, for its checkpoint
    /// is lost with it; so the writers of a connection, who take turns, need not wait for the disk on each turn.
    /// </summary>
    public static Task WriteAsync(SluiceContext context, CrawlWrite write, CancellationToken cancellationToken)
    {
        const string forget = """
            DELETE FROM crawl_unit_pages WHERE job_id = @job AND container_id = @unit;
            DELETE FROM crawl_units WHERE job_id = @job AND container_id = @unit;
            """;
        const string unit = """
            INSERT INTO crawl_units (job_id, container_id, cursor, is_done, pages, found, added, updated, renamed, reappeared, missing, warnings)
            VALUES (@job, @unit, @cursor, @done, @pages, @found, @added, @updated, @renamed, @reappeared, @missing, @warnings)
            ON CONFLICT (job_id, container_id) DO UPDATE SET
                cursor = excluded.cursor, is_done = excluded.is_done, pages = crawl_units.pages + excluded.pages,
                found = crawl_units.found + excluded.found, added = crawl_units.added + excluded.added,
                updated = crawl_units.updated + excluded.updated, renamed = crawl_units.renamed + excluded.renamed,
                reappeared = crawl_units.reappeared + excluded.reappeared, missing = crawl_units.missing + excluded.missing,
                warnings = COALESCE(crawl_units.warnings, '') || excluded.warnings;
            """;
        const string page = """
            INSERT INTO crawl_unit_pages (job_id, container_id, page, seen)
            SELECT job_id, container_id, pages, @seen FROM crawl_units WHERE job_id = @job AND container_id = @unit;
            """;
        var hasSeen = write.Seen.Count > 0;
        List<(string, object?)> parameters =
        [
            ("@job", write.JobId), ("@unit", write.UnitContainerId), ("@cursor", write.Cursor), ("@done", write.IsDone), ("@pages", hasSeen ? 1 : 0),
            ("@found", write.Counts.Found), ("@added", write.Counts.Added), ("@updated", write.Counts.Updated),
            ("@renamed", write.Counts.Renamed), ("@reappeared", write.Counts.Reappeared), ("@missing", write.Counts.Missing),
            ("@warnings", string.Concat(write.Warnings.Select(w => JsonSerializer.Serialize(w) + "\n"))),
        ];
        if (hasSeen) parameters.Add(("@seen", SeenIds.Pack(write.Seen)));
        return context.ExecuteAsync($"{context.Dialect.CommitWithoutWaiting}{(write.StartsOver ? forget : "")}{unit}{(hasSeen ? page : "")}", cancellationToken, [.. parameters]);
    }
}
