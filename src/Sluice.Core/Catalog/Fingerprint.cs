using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Sluice.Core.Catalog;

/// <summary>
/// Digests a discovered object to 128 bits of SHA-256 over its length-prefixed members. A recrawl compares digests, so that an unchanged
/// table costs no read of its columns and no write. Both digests are stored: changing what goes in makes every object look changed once.
/// </summary>
public static class Fingerprint
{
    private const int ShortText = 256;

    // Raise it when a platform begins to read more of a column: every object is then read once more.
    private const int StampVersion = 2;

    // One a thread: a crawl digests every object it meets.
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    /// <summary>The digest of all that is stored; see <see cref="DiscoveredObject.Fingerprint"/>.</summary>
    public static UInt128 Of(DiscoveredObject found)
    {
        var buffer = Begin();
        WriteOwn(buffer, found);
        Write(buffer, found.Columns.Count);
        foreach (var column in found.Columns)
        {
            Write(buffer, column.Name);
            Write(buffer, column.Type);
            Write(buffer, column.NativeId);
            Write(buffer, column.Comment);
            Write(buffer, column.IsPartitionKey ? 1 : 0);
        }

        WriteTags(buffer, found);
        return End(buffer);
    }

    /// <summary>The digest of what is told of an object without its columns; see <see cref="DiscoveredObject.ChangeStamp"/>.</summary>
    internal static UInt128 StampOf(DiscoveredObject listed)
    {
        var buffer = Begin();
        WriteListed(buffer, listed);
        return End(buffer);
    }

    /// <summary>Writes what is told of an object without its columns.</summary>
    internal static void WriteListed(ArrayBufferWriter<byte> buffer, DiscoveredObject listed)
    {
        Write(buffer, StampVersion);
        Write(buffer, listed.LastChanged);
        Write(buffer, listed.TagsAreUnread ? 1 : 0);
        WriteOwn(buffer, listed);
        WriteTags(buffer, listed);
    }

    private static ArrayBufferWriter<byte> Begin()
    {
        var buffer = _buffer ??= new ArrayBufferWriter<byte>(4096);
        buffer.ResetWrittenCount();
        return buffer;
    }

    private static UInt128 End(ArrayBufferWriter<byte> buffer)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(buffer.WrittenSpan, digest);
        return BinaryPrimitives.ReadUInt128BigEndian(digest);
    }

    private static void WriteOwn(ArrayBufferWriter<byte> buffer, DiscoveredObject found)
    {
        Write(buffer, (int)found.Kind);
        Write(buffer, found.NativeId);
        Write(buffer, found.Comment);
        Write(buffer, (int)found.Governance);
        Write(buffer, found.GovernanceReason);
        Write(buffer, found.GrantMethod);
    }

    // A platform lists tags in no order: sorted, so that order alone is no change.
    private static void WriteTags(ArrayBufferWriter<byte> buffer, DiscoveredObject found)
    {
        foreach (var tag in found.Tags.Count < 2 ? found.Tags : Sorted(found.Tags))
        {
            Write(buffer, tag.Column);
            Write(buffer, tag.Key);
            Write(buffer, tag.Value);
            Write(buffer, tag.Inherited ? 1 : 0);
        }
    }

    private static ObjectTag[] Sorted(IReadOnlyList<ObjectTag> tags)
    {
        ObjectTag[] sorted = [.. tags];
        Array.Sort(sorted, static (a, b) =>
        {
            var order = string.CompareOrdinal(a.Column, b.Column);
            if (order == 0) order = string.CompareOrdinal(a.Key, b.Key);
            if (order == 0) order = string.CompareOrdinal(a.Value, b.Value);
            return order == 0 ? a.Inherited.CompareTo(b.Inherited) : order;
        });
        return sorted;
    }

    private static void Write(ArrayBufferWriter<byte> buffer, int number)
    {
        BinaryPrimitives.WriteInt32LittleEndian(buffer.GetSpan(sizeof(int)), number);
        buffer.Advance(sizeof(int));
    }

    internal static void Write(ArrayBufferWriter<byte> buffer, string? text)
    {
        if (text is null)
        {
            Write(buffer, -1);
            return;
        }

        // The length goes before the bytes, and is known after them. A long text gets no more room than it needs: the buffer is kept.
        var most = text.Length <= ShortText ? Encoding.UTF8.GetMaxByteCount(text.Length) : Encoding.UTF8.GetByteCount(text);
        var span = buffer.GetSpan(sizeof(int) + most);
        var length = Encoding.UTF8.GetBytes(text, span[sizeof(int)..]);
        BinaryPrimitives.WriteInt32LittleEndian(span, length);
        buffer.Advance(sizeof(int) + length);
    }
}
