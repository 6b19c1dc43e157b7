using System.Buffers;
using System.Text.Json;
using Sluice.Sandbox.Databricks.Execution;
using Sluice.Sandbox.Databricks.Sql;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.Statements;

/// <summary>
/// A result cut into chunks of JSON, in memory while small and in a temporary file beyond: a million rows cost no memory. It may have
/// several holders, and is let go by the last.
/// </summary>
internal sealed class ResultSpool : IDisposable
{
    private const long KeptInMemory = 1024 * 1024;

    private readonly string folder;
    private readonly List<Chunk> chunks = [];
    private FileStream? file;
    private int holders = 1;

    private ResultSpool(string folder) => this.folder = folder;

    public IReadOnlyList<Chunk> Chunks => chunks;

    public long Rows { get; private set; }

    public long Bytes { get; private set; }

    public bool Truncated { get; private set; }

    /// <summary>Reads a result to its end, or to a limit.</summary>
    /// <exception cref="SqlException">The limits' most bytes don't hold it.</exception>
    public static ResultSpool Read(SqlResult result, SpoolLimits limits, string folder, Action<Utf8JsonWriter, object?, ResultColumn> write, CancellationToken cancellationToken)
    {
        var spool = new ResultSpool(folder);
        try
        {
            spool.Fill(result, limits, write, cancellationToken);
            return spool;
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
        try
        {
            while (read < bytes.Length)
            {
                var got = RandomAccess.Read(file!.SafeFileHandle, bytes.AsSpan(read), chunk.Offset + read);
                if (got == 0) throw new EndOfStreamException("The result was cut short.");
                read += got;
            }
        }
        catch (ObjectDisposedException)
        {
            // Its time was over just now.
            throw Gone();
        }

        return bytes;
    }

    public static DatabricksException Gone() => new("NOT_FOUND", "The result of the statement is no longer available.", 404);

    /// <summary>Takes part in holding it; false when it was let go already.</summary>
    public bool TryHold()
    {
        for (var now = Volatile.Read(ref holders); now > 0; now = Volatile.Read(ref holders))
        {
            if (Interlocked.CompareExchange(ref holders, now + 1, now) == now) return true;
        }

        return false;
    }

    /// <summary>Called once by each holder.</summary>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref holders) == 0) file?.Dispose();
    }

    private void Fill(SqlResult result, SpoolLimits limits, Action<Utf8JsonWriter, object?, ResultColumn> write, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>(64 * 1024);
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
        long inChunk = 0;
        foreach (var row in result.Rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (limits.Rows is { } limit && Rows + inChunk == limit)
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
            if (Bytes + size > limits.Most) throw SqlException.TooLargeInline(limits.Most);
            if (limits.Bytes is { } room && Bytes + size > room)
            {
                Truncated = true;
                break;
            }

            if (size < limits.ChunkBytes) continue;
            End(buffer, json, inChunk);
            inChunk = 0;
        }

        if (inChunk > 0) End(buffer, json, inChunk);
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
            file ??= new(Path.Combine(Directory.CreateDirectory(folder).FullName, Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
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

/// <summary>How far a result is read.</summary>
/// <param name="ChunkBytes">About where a chunk ends.</param>
/// <param name="Rows">No more rows than these; the result is then truncated.</param>
/// <param name="Bytes">No more bytes than these; the result is then truncated.</param>
/// <param name="Most">A larger result is refused.</param>
internal sealed record SpoolLimits(int ChunkBytes, long? Rows, long? Bytes, long Most = long.MaxValue);
