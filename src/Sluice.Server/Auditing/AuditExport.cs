using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Sluice.Server.Auditing;

/// <summary>Writes rows as NDJSON: one JSON object a line.</summary>
internal static class AuditExport
{
    private const int PieceBytes = 64 * 1024;

    /// <summary>Writes them in pieces, whatever their number.</summary>
    public static async Task WriteAsync<T>(Stream stream, IAsyncEnumerable<T> rows, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var piece = new MemoryStream(2 * PieceBytes);
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            await JsonSerializer.SerializeAsync(piece, row, type, cancellationToken);
            piece.WriteByte((byte)'\n');
            if (piece.Length < PieceBytes) continue;
            await SendAsync();
        }

        await SendAsync();
        await stream.FlushAsync(cancellationToken);

        async Task SendAsync()
        {
            await stream.WriteAsync(piece.GetBuffer().AsMemory(0, (int)piece.Length), cancellationToken);
            piece.SetLength(0);
        }
    }
}
