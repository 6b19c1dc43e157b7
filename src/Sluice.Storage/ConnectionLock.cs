using Sluice.Storage.Databases;

namespace Sluice.Storage;

/// <summary>
/// Takes the row of a connection for the rest of a transaction. Whoever writes below a connection does this first: under a fence to prove
/// that it still is the writer, without one to wait for the writer's page.
/// </summary>
internal static class ConnectionLock
{
    /// <summary>Takes the row and checks the fence.</summary>
    /// <exception cref="StaleWriterException">Another writer has the lease, or the connection is gone.</exception>
    public static async Task CheckAsync(this SluiceContext context, WriteFence fence, CancellationToken cancellationToken)
    {
        var epoch = await context.NumberAsync(
            $"SELECT lease_epoch FROM connections WHERE id = @id{context.Dialect.ForUpdate}", cancellationToken, ("@id", fence.ConnectionId));
        if (epoch != fence.Epoch) throw new StaleWriterException(fence.ConnectionId);
    }

    /// <summary>Takes the row; false when the connection is gone.</summary>
    public static async Task<bool> LockAsync(this SluiceContext context, Guid connectionId, CancellationToken cancellationToken) =>
        await context.NumberAsync(
            $"SELECT 1 FROM connections WHERE id = @id{context.Dialect.ForUpdate}", cancellationToken, ("@id", connectionId)) is not null;
}
