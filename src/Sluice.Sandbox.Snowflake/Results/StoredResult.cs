using System.Buffers;
using System.IO.Compression;
using System.Text.Json;

namespace Sluice.Sandbox.Snowflake.Results;

/// <summary>
/// An answer kept as it goes over the wire: the first rows as JSON, the rest as gzipped chunks in a temporary file. The rows are
/// never in memory all at once.
/// </summary>
internal sealed class StoredResult : IDisposable
{
    private readonly List<StoredChunk> chunks = [];
    private FileStream? file;
    private int holders = 1;

    private StoredResult(Outcome outcome)
    {
        Columns = outcome.Columns;
        StatementType = outcome.StatementType;
    }

    public IReadOnlyList<ResultColumn> Columns { get; }

    public int StatementType { get; }

    /// <summary>The rows of the answer itself: a JSON array of arrays.</summary>
    public ReadOnlyMemory<byte> First { get; private set; } = "[]"u8.ToArray();

    public int FirstCount { get; private set; }

    public long Total { get; private set; }

    public IReadOnlyList<StoredChunk> Chunks => chunks;

    public static StoredResult Write(Outcome outcome, int inlineBytes, int chunkBytes, CancellationToken cancellationToken)
    {
        var stored = new StoredResult(outcome);
        try
        {
            stored.WriteRows(outcome.Rows, inlineBytes, chunkBytes, cancellationToken);
            return stored;
        }
        catch
        {
            stored.Dispose();
            throw;
        }
    }

    public byte[] ReadChunk(int index)
    {
        var chunk = chunks[index];
        var bytes = new byte[chunk.CompressedSize];
        for (var read = 0; read < bytes.Length;)
        {
            var got = RandomAccess.Read(file!.SafeFileHandle, bytes.AsSpan(read), chunk.Offset + read);
            if (got == 0) throw new EndOfStreamException("The stored chunk was cut short.");
            read += got;
        }

        return bytes;
    }

    /// <summary>Reads the rows back, one part after the other.</summary>
    public IEnumerable<object?[]> Rows()
    {
        foreach (var row in Parse(First)) yield return row;
        for (var index = 0; index < chunks.Count; index++)
        {
            using var unzipped = new MemoryStream();
            unzipped.WriteByte((byte)'[');
            using (var gzip = new GZipStream(new MemoryStream(ReadChunk(index)), CompressionMode.Decompress)) gzip.CopyTo(unzipped);
            unzipped.WriteByte((byte)']');
            foreach (var row in Parse(unzipped.GetBuffer().AsMemory(0, (int)unzipped.Length))) yield return row;
        }
    }

    /// <summary>Another holder: the answer is let go when the last one disposes of it.</summary>
    public StoredResult Share()
    {
        Interlocked.Increment(ref holders);
        return this;
    }

    public void Dispose()
    {
        if (Interlocked.Decrement(ref holders) == 0) file?.Dispose();
    }

    private IEnumerable<object?[]> Parse(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        foreach (var row in document.RootElement.EnumerateArray())
        {
            yield return [.. row.EnumerateArray().Select((value, index) => WireValues.Parse(value.GetString(), Columns[index].Type))];
        }
    }

    private void WriteRows(IEnumerable<object?[]> rows, int inlineBytes, int chunkBytes, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>(64 * 1024);
        using var json = new Utf8JsonWriter(buffer, new() { SkipValidation = true });
        var count = 0;
        var isFirst = true;
        json.WriteStartArray();
        foreach (var row in rows)
        {
            WriteRow(json, row);
            count++;
            if (json.BytesPending + buffer.WrittenCount < (isFirst ? inlineBytes : chunkBytes)) continue;
            cancellationToken.ThrowIfCancellationRequested();
            Finish(json, buffer, count, isFirst);
            isFirst = false;
            count = 0;
        }

        if (count > 0 || isFirst) Finish(json, buffer, count, isFirst);
    }

    private void Finish(Utf8JsonWriter json, ArrayBufferWriter<byte> buffer, int count, bool isFirst)
    {
        json.WriteEndArray();
        json.Flush();
        if (isFirst)
        {
            First = buffer.WrittenSpan.ToArray();
            FirstCount = count;
        }
        else
        {
            // A chunk is the rows without the outer brackets.
            AddChunk(buffer.WrittenMemory[1..^1], count);
        }

        Total += count;
        buffer.ResetWrittenCount();
        json.Reset();
        json.WriteStartArray();
    }

    private void AddChunk(ReadOnlyMemory<byte> rows, int count)
    {
        file ??= new(
            Path.Combine(Path.GetTempPath(), $"sluice-sandbox-{Path.GetRandomFileName()}"),
            FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        var offset = file.Position;
        using (var gzip = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(rows.Span);
        file.Flush();
        chunks.Add(new(offset, (int)(file.Position - offset), rows.Length, count));
    }

    private void WriteRow(Utf8JsonWriter json, object?[] row)
    {
        json.WriteStartArray();
        for (var i = 0; i < row.Length; i++)
        {
            if (WireValues.Text(row[i], Columns[i].Type) is { } text) json.WriteStringValue(text);
            else json.WriteNullValue();
        }

        json.WriteEndArray();
    }
}

/// <summary>Where a chunk lies in its file, and how large it is.</summary>
internal sealed record StoredChunk(long Offset, int CompressedSize, int UncompressedSize, int RowCount);
