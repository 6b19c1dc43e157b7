using Sluice.Storage.Databases;

namespace Sluice.Storage.Catalog;

/// <summary>Gives out ids of objects: each once, whatever becomes of the row.</summary>
internal static class ObjectIds
{
    public static async Task<long> ReserveAsync(SluiceContext context, int count, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var next = await context.NumberAsync(
            "UPDATE id_blocks SET next = next + @count WHERE name = @name RETURNING next", cancellationToken,
            ("@count", (long)count), ("@name", IdBlockRow.Objects));
        return next!.Value - count;
    }
}
