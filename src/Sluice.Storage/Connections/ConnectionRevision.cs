using Sluice.Storage.Databases;

namespace Sluice.Storage.Connections;

/// <summary>Counts the updates of a connection by people.</summary>
internal static class ConnectionRevision
{
    public static Task BumpAsync(SluiceContext context, Guid connectionId, Actor by, DateTimeOffset at, CancellationToken cancellationToken) =>
        context.ExecuteAsync(
            """
            UPDATE connections SET revision = revision + 1, updated_at = @at, updated_by_id = @by, updated_by_name = @name, updated_by_email = @email
            WHERE id = @id
            """,
            cancellationToken, ("@id", connectionId), ("@at", at), ("@by", by.Id), ("@name", by.Name), ("@email", by.Email));
}
