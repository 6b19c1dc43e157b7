namespace Sluice.Platforms.Databricks;

/// <summary>Something a session reads once and keeps. A failure is not kept: the next caller tries again.</summary>
internal sealed class Memo<T>(Func<CancellationToken, Task<T>> read) : IDisposable
    where T : class
{
    private readonly SemaphoreSlim _reading = new(1, 1);
    private T? _value;

    /// <summary>The value, if it was read already.</summary>
    public T? Known => Volatile.Read(ref _value);

    public async Task<T> GetAsync(CancellationToken cancellationToken)
    {
        if (Known is { } known) return known;
        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (Known is { } readMeanwhile) return readMeanwhile;
            var value = await read(cancellationToken);
            Volatile.Write(ref _value, value);
            return value;
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose() => _reading.Dispose();
}
