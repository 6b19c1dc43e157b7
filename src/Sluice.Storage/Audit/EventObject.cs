using Sluice.Core.Catalog;
using Sluice.Storage.Catalog;
using Sluice.Storage.Databases;

namespace Sluice.Storage.Audit;

/// <summary>The data object that an event is about.</summary>
/// <param name="ConnectionId">Its connection, whose stream the event stands in.</param>
/// <param name="Path">Its path now: a later rename does not change what was recorded.</param>
internal sealed record EventObject(Guid ConnectionId, ObjectPath Path)
{
    /// <summary>By its id; null when it is gone.</summary>
    public static async Task<EventObject?> FindAsync(SluiceContext context, long objectId, CancellationToken cancellationToken) =>
        (await context.QueryAsync(
            $"SELECT o.connection_id, o.name, p1.name, p2.name, p3.name FROM data_objects o {ObjectSql.Above} WHERE o.id = @id",
            static row => new EventObject(row.GetGuid(0), ObjectSql.Path(row.GetString(1), row.Text(2), row.Text(3), row.Text(4))), cancellationToken,
            ("@id", objectId))).SingleOrDefault();
}
