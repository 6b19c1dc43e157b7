using System.Buffers;
using System.Text.Json;
using Sluice.Sandbox.Databricks.Execution;

namespace Sluice.Sandbox.Databricks.Statements;

/// <summary>A result cut into chunks of JSON, in memory while small and in a temporary file beyond: a million rows cost no memory.</summary>
internal sealed class ResultSpool : IDisposable
{
    private const long KeptInMemory = 8 * 1024 * 1024;

    private readonly List<Chunk> chunks = [];
    private FileStream? file;

    public IReadOnlyList<Chunk> Chunks => chunks;

    public long Rows { get; private set; }

    public long Bytes { get; private set; }

    public bool Truncated { get; private set; }

    /// <summary>Reads a result to its end, or to a limit.</summary>
    /// <returns>The spool; null when <paramref name="most"/> bytes don't hold it.</returns>
    public static ResultSpool? Read(SqlResult result, int chunkBytes, long? rowLimit, long? byteLimit, long most, Action<Utf8JsonWriter, object?, ResultColumn> write, CancellationToken cancellationToken)
    {
        var spool = new ResultSpool();
        try
        {
            return spool.Fill(result, chunkBytes, rowLimit, byteLimit, most, write, cancellationToken) ? spool : null;
        }
        catch
        {
            spool.Dispose();
            throw;
        }
    }

    /// <summary>A chunk's rows: [["a","1"],["b","2"]].</summary>
    public ReadOnlyMemory<byte> ReadChunk(int index)
    {
        var chunk = chunks[index];
        if (chunk.Kept is not null) return chunk.Kept;
        var bytes = new byte[chunk.Length];
        var read = 0;
        while (read < bytes.Length)
        {
            var got = RandomAccess.Read(file!.SafeFileHandle, bytes.AsSpan(read), chunk.Offset + read);
            if (got == 0) throw new EndOfStreamException("The result was cut short.");
            read += got;
        }

        return bytes;
    }

    public void Dispose() => file?.Dispose();

    private bool Fill(SqlResult result, int chunkBytes, long? rowLimit, long? byteLimit, long most, Action<Utf8JsonWriter, object?, ResultColumn> write, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>(64 * 1024);
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
        long inChunk = 0;
        foreach (var row in result.Rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (rowLimit is { } limit && Rows + inChunk == limit)
            {
                Truncated = true;
                break;
            }

            if (inChunk == 0) json.WriteStartArray();
            json.WriteStartArray();
            for (var index = 0; index < row.Length; index++) write(json, row[index], result.Columns[index]);
            json.WriteEndArray();
            inChunk++;
            var size = buffer.WrittenCount + json.BytesPending;
            if (Bytes + size > most) return false;
            if (byteLimit is { } room && Bytes + size > room)
            {
                Truncated = true;
                break;
            }

            if (size < chunkBytes) continue;
            End(buffer, json, inChunk);
            inChunk = 0;
        }

        if (inChunk > 0) End(buffer, json, inChunk);
        return true;
    }

    private void End(ArrayBufferWriter<byte> buffer, Utf8JsonWriter json, long rows)
    {
        json.WriteEndArray();
        json.Flush();
        var bytes = buffer.WrittenSpan;
        if (Bytes + bytes.Length <= KeptInMemory)
        {
            chunks.Add(new(Rows, rows, bytes.Length, -1, bytes.ToArray()));
        }
        else
        {
            file ??= new(Path.Combine(Path.GetTempPath(), $"sluice-sandbox-{Path.GetRandomFileName()}"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
            chunks.Add(new(Rows, rows, bytes.Length, file.Position, null));
            file.Write(bytes);
            file.Flush();
        }

        Rows += rows;
        Bytes += bytes.Length;
        buffer.ResetWrittenCount();
        json.Reset(buffer);
    }

    /// <summary>Where a chunk's rows begin, how many they are, and where its bytes are.</summary>
    internal sealed record Chunk(long RowOffset, long RowCount, int Length, long Offset, byte[]? Kept);
}
