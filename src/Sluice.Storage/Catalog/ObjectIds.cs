using Sluice.Storage.Databases;

namespace Sluice.Storage.Catalog;

/// <summary>
/// Gives out ids of objects: each once, whatever becomes of the row. A server takes them from the database in blocks; what is left of a
/// block when it stops is never used.
/// </summary>
internal sealed class ObjectIds(Database database) : IDisposable
{
    private const int Block = 10_000;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private long _next;
    private long _end;

    /// <summary>The first of some consecutive ids.</summary>
    public async Task<long> ReserveAsync(int count, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_end - _next < count)
            {
                var block = Math.Max(count, Block);
                _next = await database.WriteAsync((context, token) => ReserveAsync(context, block, token), cancellationToken);
                _end = _next + block;
            }

            _next += count;
            return _next - count;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The same in a transaction: rolled back, they are free again.</summary>
    public static async Task<long> ReserveAsync(SluiceContext context, int count, CancellationToken cancellationToken)
    {
        var next = await context.NumberAsync(
            "UPDATE id_blocks SET next = next + @count WHERE name = @name RETURNING next", cancellationToken,
            ("@count", (long)count), ("@name", IdBlockRow.Objects));
        return next!.Value - count;
    }

    public void Dispose() => _turn.Dispose();
}
