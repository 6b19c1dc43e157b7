namespace Sluice.Platforms.Databricks.Sql;

/// <summary>Rows of a result as they arrive. Values are texts as Databricks prints them; null is NULL.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="IsCut">Whether rows are missing behind them, because the endpoint shows no more.</param>
internal readonly record struct SqlChunk(IReadOnlyList<string?[]> Rows, bool IsCut);

/// <summary>What runs SQL for us: a warehouse or a cluster. Safe for concurrent use. Only reads are sent, so each may be tried again.</summary>
internal interface ISqlEndpoint : IAsyncDisposable
{
    /// <summary>How many rows one statement may ask for.</summary>
    int MostRows { get; }

    /// <summary>Runs a statement and yields its result chunk by chunk.</summary>
    /// <param name="sql">One statement, made of our own text and of quoted values.</param>
    /// <param name="cancellationToken">Ends it; a statement that still runs is cancelled.</param>
    /// <exception cref="PlatformException">In Databricks' own words; <see cref="PlatformFailure.Unavailable"/> when it took too long.</exception>
    IAsyncEnumerable<SqlChunk> QueryAsync(string sql, CancellationToken cancellationToken);
}
