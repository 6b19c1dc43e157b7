using Sluice.Core.Catalog;
using Sluice.Storage.Databases;

namespace Sluice.Storage.Catalog;

/// <summary>Remembers when crawls ended, once per scope rather than once per object they covered.</summary>
internal static class ObjectSyncs
{
    public static async Task RecordAsync(SluiceContext context, ObjectPath scope, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (await ObjectPlace.FindAsync(context, scope, cancellationToken) is not { } place) return;
        await context.ExecuteAsync(
            "INSERT INTO object_syncs (object_id, finished_at) VALUES (@id, @at) ON CONFLICT (object_id) DO UPDATE SET finished_at = excluded.finished_at",
            cancellationToken, ("@id", place.Id), ("@at", at));
    }
}
