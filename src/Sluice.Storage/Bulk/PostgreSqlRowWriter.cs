using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Sluice.Storage.Bulk;

/// <summary>
/// Writes rows in the binary format of COPY (PostgreSQL documentation, COPY, "Binary Format") and sends them in large pieces. Npgsql's own importer finds
/// out anew for each value how it is written, and the writers of a crawl, who take turns, all wait for that.
/// </summary>
internal sealed class PostgreSqlRowWriter : IRowWriter, IDisposable
{
    private const int PieceBytes = 64 * 1024;
    private const int Null = -1;

    // What can't be told in UTF-8 is refused, not changed.
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Stream _copy;
    private readonly short _columns;
    private byte[] _piece = ArrayPool<byte>.Shared.Rent(2 * PieceBytes);
    private int _length;

    public PostgreSqlRowWriter(Stream copy, int columns)
    {
        _copy = copy;
        _columns = (short)columns;
        ReadOnlySpan<byte> signature = [.. "PGCOPY\n"u8, 0xFF, .. "\r\n\0"u8];
        signature.CopyTo(Room(signature.Length));
        _length += signature.Length;

        // No flags, and no extension of the header.
        Int32(0);
        Int32(0);
    }

    public void StartRow() => Int16(_columns);

    public void Write(long? value)
    {
        if (value is { } number)
        {
            Int32(sizeof(long));
            BinaryPrimitives.WriteInt64BigEndian(Room(sizeof(long)), number);
            _length += sizeof(long);
        }
        else
        {
            Int32(Null);
        }
    }

    public void Write(int value)
    {
        Int32(sizeof(int));
        Int32(value);
    }

    public void Write(bool? value)
    {
        if (value is { } flag)
        {
            Int32(1);
            Room(1)[0] = flag ? (byte)1 : (byte)0;
            _length++;
        }
        else
        {
            Int32(Null);
        }
    }

    public void Write(string? value)
    {
        if (value is null)
        {
            Int32(Null);
            return;
        }

        var room = Room(sizeof(int) + Utf8.GetMaxByteCount(value.Length));
        var bytes = Utf8.GetBytes(value, room[sizeof(int)..]);
        BinaryPrimitives.WriteInt32BigEndian(room, bytes);
        _length += sizeof(int) + bytes;
    }

    public void Write(byte[]? value)
    {
        if (value is null)
        {
            Int32(Null);
            return;
        }

        Int32(value.Length);
        value.CopyTo(Room(value.Length));
        _length += value.Length;
    }

    public void Write(Guid value)
    {
        const int bytes = 16;
        Int32(bytes);
        value.TryWriteBytes(Room(bytes), bigEndian: true, out _);
        _length += bytes;
    }

    /// <summary>Sends what has gathered, when it is worth it.</summary>
    public ValueTask EndRowAsync(CancellationToken cancellationToken) => _length < PieceBytes ? ValueTask.CompletedTask : SendAsync(cancellationToken);

    /// <summary>Ends the format, and sends the rest.</summary>
    public ValueTask EndAsync(CancellationToken cancellationToken)
    {
        Int16(-1);
        return SendAsync(cancellationToken);
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_piece);

    private async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        await _copy.WriteAsync(_piece.AsMemory(0, _length), cancellationToken);
        _length = 0;
    }

    private void Int16(short value)
    {
        BinaryPrimitives.WriteInt16BigEndian(Room(sizeof(short)), value);
        _length += sizeof(short);
    }

    private void Int32(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(Room(sizeof(int)), value);
        _length += sizeof(int);
    }

    private Span<byte> Room(int bytes)
    {
        if (_piece.Length - _length < bytes) Grow(bytes);
        return _piece.AsSpan(_length);
    }

    private void Grow(int bytes)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(2 * _piece.Length, _length + bytes));
        _piece.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_piece);
        _piece = larger;
    }
}
