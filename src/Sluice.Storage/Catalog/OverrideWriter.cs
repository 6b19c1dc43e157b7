using System.Text.Json;
using Sluice.Core.Catalog;
using Sluice.Storage.Connections;
using Sluice.Storage.Databases;
using Sluice.Storage.Jobs;

namespace Sluice.Storage.Catalog;

/// <summary>Changes what an object overrides.</summary>
internal static class OverrideWriter
{
    public static async Task<SettingsChanged?> ChangeAsync(
        SluiceContext context, ObjectPath path, SettingsChange change, Actor by, DateTimeOffset at, NewJob? job, CancellationToken cancellationToken)
    {
        if (await ObjectPlace.LockAsync(context, path, cancellationToken) is not { } place) return null;
        await ConnectionRevision.CheckAsync(context, place.ConnectionId, change.IfRevision, cancellationToken);
        var before = await ActiveAsync(context, change, place, cancellationToken);
        await WriteAsync(context, place, change, at, cancellationToken);
        var after = await ActiveAsync(context, change, place, cancellationToken);

        if (path.Parent is null && change.IsActive.IsGiven)
            await ConnectionSettingsText.SetIsActiveAsync(context, place.ConnectionId, change.IsActive.Value ?? false, cancellationToken);
        await ConnectionRevision.BumpAsync(context, place.ConnectionId, by, at, cancellationToken);
        Guid? bulkId = job is null ? null : await JobRows.AddOrJoinAsync(context, job, cancellationToken);

        // One override turns everything that inherits it the same way, so one of the two is always 0.
        return new SettingsChanged(Math.Max(0, after - before), Math.Max(0, before - after)) { BulkId = bulkId };
    }

    /// <summary>The active readable objects at and below.</summary>
    private static async Task<long> ActiveAsync(SluiceContext context, SettingsChange change, ObjectPlace place, CancellationToken cancellationToken)
    {
        if (!change.IsActive.IsGiven) return 0;
        return await context.NumberAsync(
            $"""
            SELECT count(*) FROM data_objects o {ObjectSql.Above}
            WHERE {Lineage.AtAndBelow} AND NOT o.hidden AND {ObjectSql.IsReadable} AND {ObjectSql.IsActive}
            """,
            cancellationToken, Lineage.Range(place.Lineage)) ?? 0;
    }

    private static async Task WriteAsync(
        SluiceContext context, ObjectPlace place, SettingsChange change, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var set = new List<string> { "updated_at = @at" };
        var parameters = new List<(string, object?)> { ("@id", place.Id), ("@at", at) };
        Set("is_active", change.IsActive.IsGiven, change.IsActive.Value);
        Set("activate_new_children", change.ActivateNewChildren.IsGiven, change.ActivateNewChildren.Value);
        Set("data_owners", change.DataOwners.IsGiven, change.DataOwners.Value is { } owners ? JsonSerializer.Serialize(owners) : null);
        await context.ExecuteAsync($"UPDATE data_objects SET {string.Join(", ", set)} WHERE id = @id", cancellationToken, [.. parameters]);

        void Set(string column, bool isGiven, object? value)
        {
            if (!isGiven) return;
            set.Add(value is null ? $"{column} = NULL" : $"{column} = @{column}");
            if (value is not null) parameters.Add(($"@{column}", value));
        }
    }
}
