using System.Text.Json;
using Sluice.Core.Audit;
using Sluice.Server.Http;

namespace Sluice.Server.Auditing;

/// <summary>Writes rows as NDJSON: one JSON object a line.</summary>
internal static class AuditExport
{
    private const int PieceBytes = 64 * 1024;

    /// <summary>Writes them in pieces, whatever their number.</summary>
    public static async Task WriteAsync(Stream stream, IAsyncEnumerable<AuditRow> rows, CancellationToken cancellationToken)
    {
        using var piece = new MemoryStream(2 * PieceBytes);
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            await JsonSerializer.SerializeAsync(piece, AuditEventAnswer.Of(row), ApiJson.Answers.AuditEventAnswer, cancellationToken);
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
