using System.Runtime.CompilerServices;
using Sluice.Platforms.Http;

namespace Sluice.Platforms.Snowflake.Protocol;

/// <summary>The result of a statement, read once: the rows that came with the answer, then the chunks, one of them fetched ahead.</summary>
internal sealed class ResultSet(PlatformResponse response, QueryAnswer answer, ChunkClient chunks, int mostRowBytes, TextPool texts) : IDisposable
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
        await foreach (var rows in ReadAsync(static row => (string?[])row.Clone(), cancellationToken))
            foreach (var row in rows) yield return row;
    }

    /// <summary>What is made of the rows, as many together as arrived together.</summary>
    /// <param name="make">Makes something of a row's cells, which the next row overwrites.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async IAsyncEnumerable<IReadOnlyList<T>> ReadAsync<T>(Func<string?[], T> make, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var first = response.Body[answer.Rows];
        if (first.Length > 0)
        {
            await foreach (var rows in Reader(MemoryStreams.Over(first), isBare: false).ReadAsync(make, cancellationToken)) yield return rows;
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
                await foreach (var rows in Reader(stream, isBare: true).ReadAsync(make, cancellationToken)) yield return rows;
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

    private RowReader Reader(Stream stream, bool isBare) => new(stream, isBare, answer.Columns.Count, mostRowBytes, texts);

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
