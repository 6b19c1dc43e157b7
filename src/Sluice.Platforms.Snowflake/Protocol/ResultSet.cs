using System.Runtime.CompilerServices;
using Sluice.Platforms.Http;

namespace Sluice.Platforms.Snowflake.Protocol;

/// <summary>The result of a statement, read once, row by row: the rows that came with the answer, then the chunks, one of them fetched ahead.</summary>
internal sealed class ResultSet(PlatformResponse response, QueryAnswer answer, ChunkClient chunks, int mostRowBytes) : IDisposable
{
    /// <summary>Where a column stands; names are compared ignoring case, for SHOW spells them in lower case.</summary>
    /// <exception cref="PlatformException">There is no such column.</exception>
    public int Column(string name) => FindColumn(name)
        ?? throw new PlatformException(PlatformFailure.Refused, $"Snowflake's result has no column {name}, which its documentation names.");

    /// <summary>Where a column stands that some versions of Snowflake lack; null when it does.</summary>
    public int? FindColumn(string name)
    {
        for (var i = 0; i < answer.Columns.Count; i++)
            if (answer.Columns[i].Equals(name, StringComparison.OrdinalIgnoreCase)) return i;
        return null;
    }

    /// <summary>The rows; each is a list of its own.</summary>
    public async IAsyncEnumerable<string?[]> RowsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var first = response.Body[answer.Rows];
        if (first.Length > 0)
        {
            await foreach (var row in Reader(MemoryStreams.Over(first), isBare: false).RowsAsync(cancellationToken)) yield return row;
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<PlatformResponse>? next = null;
        try
        {
            for (var i = 0; i < answer.Chunks.Count; i++)
            {
                using var chunk = await (next ?? chunks.FetchAsync(answer, answer.Chunks[i], ended.Token));
                next = i + 1 < answer.Chunks.Count ? chunks.FetchAsync(answer, answer.Chunks[i + 1], ended.Token) : null;
                await using var stream = ChunkClient.Unpack(chunk.Body);
                await foreach (var row in Unpacked(stream, cancellationToken)) yield return row;
            }
        }
        finally
        {
            // Whoever stops taking rows stops the fetching ahead too.
            await ended.CancelAsync();
            if (next is not null) await ForgetAsync(next);
        }
    }

    public void Dispose() => response.Dispose();

    private async IAsyncEnumerable<string?[]> Unpacked(Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var rows = Reader(stream, isBare: true).RowsAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            try
            {
                if (!await rows.MoveNextAsync()) yield break;
            }
            catch (InvalidDataException)
            {
                throw new PlatformException(PlatformFailure.Refused, "A chunk of Snowflake's result can't be unpacked.");
            }

            yield return rows.Current;
        }
    }

    private RowReader Reader(Stream stream, bool isBare) => new(stream, isBare, answer.Columns.Count, mostRowBytes);

    private static async Task ForgetAsync(Task<PlatformResponse> fetching)
    {
        try
        {
            (await fetching).Dispose();
        }
        catch (Exception e) when (e is PlatformException or OperationCanceledException)
        {
        }
    }
}
