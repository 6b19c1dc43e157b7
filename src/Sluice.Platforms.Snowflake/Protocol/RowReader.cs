using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Sluice.Platforms.Snowflake.Protocol;

/// <summary>
/// Reads rows, lists of texts and nulls, from a stream as they arrive, and hands on together what arrived together: a million rows, each awaited by itself
/// in every layer above, would cost more than reading them. It holds one buffer, which grows to the largest row and no further than its limit.
/// </summary>
/// <param name="stream">Rows in a list, or with commas between them and no list around (the form of chunks).</param>
/// <param name="isBare">Whether no list is around.</param>
/// <param name="columns">How many cells a row has.</param>
/// <param name="mostBytes">The largest row.</param>
/// <param name="texts">Gives the same string for the same text.</param>
internal sealed class RowReader(Stream stream, bool isBare, int columns, int mostBytes, TextPool texts)
{
    private const int FirstBuffer = 64 * 1024;

    private readonly string?[] _row = new string?[columns];
    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private bool _isLast;
    private JsonReaderState _state;
    private bool _isEnded;

    /// <summary>What is made of the rows, never an empty list.</summary>
    /// <param name="make">Makes something of a row's cells, which the next row overwrites.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="PlatformException">What arrives are no rows.</exception>
    public async IAsyncEnumerable<IReadOnlyList<T>> ReadAsync<T>(Func<string?[], T> make, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        try
        {
            // The brackets that a chunk leaves out, so that the reader sees one list either way.
            if (isBare) _buffer[_end++] = (byte)'[';
            while (!_isEnded)
            {
                var arrived = new List<T>();
                while (Next()) arrived.Add(make(_row));
                if (arrived.Count > 0) yield return arrived;
                if (!_isEnded) await FillAsync(cancellationToken);
            }

            await EndAsync(cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }

    /// <summary>Reads the next row that is whole; false when more has to arrive, or nothing more comes.</summary>
    private bool Next()
    {
        try
        {
            var origin = _start;
            var reader = new Utf8JsonReader(_buffer.AsSpan(_start.._end), _isLast, _state);
            if (!reader.Read()) return Starved();
            if (reader.TokenType == JsonTokenType.StartArray && reader.CurrentDepth == 0)
            {
                Keep(ref reader, origin);
                if (!reader.Read()) return Starved();
            }

            if (reader.TokenType == JsonTokenType.EndArray)
            {
                Keep(ref reader, origin);
                _isEnded = true;
                return false;
            }

            if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException();
            for (var i = 0; ; i++)
            {
                if (!reader.Read()) return Starved();
                if (reader.TokenType == JsonTokenType.EndArray)
                {
                    if (i != columns) throw new JsonException();
                    Keep(ref reader, origin);
                    return true;
                }

                if (i == columns) throw new JsonException();
                _row[i] = reader.TokenType switch
                {
                    JsonTokenType.String => texts.Get(ref reader) ?? "",
                    JsonTokenType.Null => null,
                    JsonTokenType.True => "true",
                    JsonTokenType.False => "false",
                    JsonTokenType.Number => System.Text.Encoding.UTF8.GetString(reader.ValueSpan),
                    _ => throw new JsonException(),
                };
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw NoRows();
        }
    }

    private bool Starved() => _isLast ? throw new JsonException() : false;

    // What is read up to here is read for good; the reader counts from where it began.
    private void Keep(ref Utf8JsonReader reader, int origin)
    {
        _start = origin + (int)reader.BytesConsumed;
        _state = reader.CurrentState;
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_isLast) throw NoRows();
        _buffer.AsSpan(_start.._end).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        if (_end == _buffer.Length) Grow();

        // To the brim: a row that is not whole is looked at again from its beginning, and that only when the buffer has doubled.
        var free = _buffer.AsMemory(_end);
        var read = await ReadAsync(free, cancellationToken);
        _end += read;
        if (read == free.Length) return;
        _isLast = true;
        if (isBare) _buffer[_end++] = (byte)']';
    }

    private async ValueTask<int> ReadAsync(Memory<byte> free, CancellationToken cancellationToken)
    {
        try
        {
            return await stream.ReadAtLeastAsync(free, free.Length, throwOnEndOfStream: false, cancellationToken);
        }
        catch (InvalidDataException)
        {
            throw new PlatformException(PlatformFailure.Refused, "A chunk of Snowflake's result can't be unpacked.");
        }
    }

    /// <summary>Nothing follows the list.</summary>
    private async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        if (!_isLast) await FillAsync(cancellationToken);
        if (!_isLast || _start != _end) throw NoRows();
    }

    private void Grow()
    {
        if (_buffer.Length > mostBytes)
            throw new PlatformException(PlatformFailure.Refused, $"A row of Snowflake's result is larger than {mostBytes / 1024} KiB, which is more than this server reads.");
        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.AsSpan(0, _end).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    private static PlatformException NoRows() => new(PlatformFailure.Refused, "What came as rows of Snowflake's result are no rows.");
}
