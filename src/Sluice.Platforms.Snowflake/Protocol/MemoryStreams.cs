using System.Runtime.InteropServices;

namespace Sluice.Platforms.Snowflake.Protocol;

/// <summary>Streams over memory, without a copy.</summary>
internal static class MemoryStreams
{
    public static MemoryStream Over(ReadOnlyMemory<byte> memory) => MemoryMarshal.TryGetArray(memory, out var segment)
        ? new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false)
        : new MemoryStream(memory.ToArray(), writable: false);
}
