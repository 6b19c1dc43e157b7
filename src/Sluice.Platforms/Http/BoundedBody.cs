using System.Buffers;

namespace Sluice.Platforms.Http;

/// <summary>Reads a stranger's answer into pooled memory, up to a limit.</summary>
public static class BoundedBody
{
    private const int FirstBuffer = 16 * 1024;

    // A length that is only announced gets no more than this; the rest is taken as it arrives.
    private const int LargestFirstBuffer = 1024 * 1024;

    /// <summary>Reads a stream to its end.</summary>
    /// <param name="stream">After decompression, so that the limit holds for what comes out.</param>
    /// <param name="announced">The length the other side announced, if it did: it only sizes the first buffer.</param>
    /// <param name="limit">In bytes.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="PlatformException"><see cref="PlatformFailure.Refused"/>: more than the limit.</exception>
    public static async Task<PooledBody> ReadAsync(Stream stream, long? announced, int limit, CancellationToken cancellationToken)
    {
        if (announced > limit)
            throw TooLarge(limit);

        // One byte more than announced, so that the end is seen without growing.
        var first = (int)Math.Clamp((announced ?? FirstBuffer - 1) + 1, 1, LargestFirstBuffer);
        var buffer = ArrayPool<byte>.Shared.Rent(first);
        var length = 0;
        try
        {
            while (true)
            {
                if (length == buffer.Length)
                    buffer = Grow(buffer, length);
                var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
                if (read == 0)
                    return new PooledBody(buffer, length);
                length += read;
                if (length > limit)
                    throw TooLarge(limit);
            }
        }
        catch
        {
            PooledBody.Return(buffer, length);
            throw;
        }
    }

    private static byte[] Grow(byte[] buffer, int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan(0, length).CopyTo(larger);
        PooledBody.Return(buffer, length);
        return larger;
    }

    private static PlatformException TooLarge(int limit) =>
        new(PlatformFailure.Refused, $"The answer is larger than {limit / 1024} KiB, which is more than this server reads.");
}
