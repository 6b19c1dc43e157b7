using System.Buffers;

namespace Sluice.Platforms.Http;

/// <summary>Bytes in pooled memory. Disposing gives the memory back, cleared, because an answer may hold credentials.</summary>
public sealed class PooledBody : IDisposable
{
    private readonly int _length;
    private byte[]? _buffer;

    internal PooledBody(byte[] buffer, int length)
    {
        _buffer = buffer;
        _length = length;
    }

    /// <summary>The bytes, until disposal.</summary>
    public ReadOnlyMemory<byte> Bytes
    {
        get
        {
            ObjectDisposedException.ThrowIf(_buffer is null, this);
            return _buffer.AsMemory(0, _length);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer)
            Return(buffer, _length);
    }

    internal static void Return(byte[] buffer, int length)
    {
        buffer.AsSpan(0, length).Clear();
        ArrayPool<byte>.Shared.Return(buffer);
    }
}
