using Sluice.Platforms.Http;

namespace Sluice.Platforms.Snowflake;

/// <summary>Limits of the Snowflake client, and how far ahead a crawl reads.</summary>
public sealed record SnowflakeOptions
{
    /// <summary>Statements at once: a round trip takes 300 to 400 ms, most of it waiting. Default from 8, at most 16.</summary>
    public LimiterBounds Statements { get; init; } = new() { Initial = 8, Maximum = 16 };

    /// <summary>Statements of an apply in one request, one after the other. Default 20.</summary>
    public int StatementsPerRequest { get; init; } = 20;

    /// <summary>Rows of one SHOW. Snowflake returns at most 10,000.</summary>
    public int ShowRows { get; init; } = 10_000;

    /// <summary>Tables in a page of a crawl. Default 200.</summary>
    public int PageSize { get; init; } = 200;

    /// <summary>Databases that are read at the same time. Default 6: each has one statement under way, or two.</summary>
    public int DatabasesAhead { get; init; } = 6;

    /// <summary>Pages of one database that are read before they are asked for. Default 2.</summary>
    public int PagesAhead { get; init; } = 2;

    /// <summary>Statements of one database that are sent ahead where it is read schema by schema. Default 4.</summary>
    public int SchemasAhead { get; init; } = 4;

    /// <summary>The largest answer of the account, in bytes; larger results come in chunks. Default 64 MiB.</summary>
    public int AnswerBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>The largest chunk of a result, compressed, in bytes. Default 64 MiB.</summary>
    public int ChunkBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>The largest row of a result, in bytes. Default 16 MiB, the longest text Snowflake keeps by default.</summary>
    public int RowBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>How long a statement may run. Default 30 min.</summary>
    public TimeSpan StatementTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How often an idle session is kept alive; the vendor's drivers allow no less than 15 min. Default 15 min.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How calls of a crawl are retried.</summary>
    public RetryPolicy Retry { get; init; } = RetryPolicy.Background;

    /// <summary>How calls a person waits for are retried; a suspended warehouse needs some seconds to start.</summary>
    public RetryPolicy Interactive { get; init; } = RetryPolicy.Interactive with { Deadline = TimeSpan.FromSeconds(20) };
}
