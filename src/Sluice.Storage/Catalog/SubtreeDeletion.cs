using Sluice.Storage.Databases;

namespace Sluice.Storage.Catalog;

/// <summary>Deletes an object and everything below it, table by table.</summary>
internal static class SubtreeDeletion
{
    private const string Subtree = $"(SELECT o.id FROM data_objects o WHERE {Lineage.AtAndBelow})";

    /// <summary>How many objects that a path led to lay below.</summary>
    public static async Task<long> DeleteAsync(SluiceContext context, string lineage, CancellationToken cancellationToken)
    {
        var range = Lineage.Range(lineage);
        var below = await context.NumberAsync(
            $"SELECT count(*) FROM data_objects o WHERE {Lineage.Below} AND NOT o.hidden", cancellationToken, range);
        foreach (var table in new[] { "data_columns", "object_tags", "object_syncs", "assigned_tags", "vanished_tags", "subscriptions", "access_requests" })
            await context.ExecuteAsync($"DELETE FROM {table} WHERE object_id IN {Subtree}", cancellationToken, range);
        await context.ExecuteAsync("DELETE FROM data_objects WHERE lineage >= @from AND lineage < @to", cancellationToken, range);
        return below ?? 0;
    }
}
