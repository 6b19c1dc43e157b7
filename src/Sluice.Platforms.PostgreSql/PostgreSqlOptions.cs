using Sluice.Platforms.Http;

namespace Sluice.Platforms.PostgreSql;

/// <summary>Limits of the PostgreSQL client.</summary>
public sealed record PostgreSqlOptions
{
    /// <summary>Tables in a page of a crawl. Default 500.</summary>
    public int PageSize { get; init; } = 500;

    /// <summary>To connect, agree on TLS and log in at one address. Default 5 s; whole seconds.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Rows of one read of the catalog. Default 2,000,000: a database of as many tables.</summary>
    public int MostRows { get; init; } = 2_000_000;

    /// <summary>Bytes of one text. Default 128 KiB: names and types are short, and comments are cut before they are sent.</summary>
    public int MostTextBytes { get; init; } = 128 * 1024;

    /// <summary>Bytes of all texts of one read. Default 128 MiB.</summary>
    public long MostBytes { get; init; } = 128 * 1024 * 1024;

    /// <summary>For one read of the catalog. Default 60 s; whole seconds.</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>When a login is tried again. Default interactive: a registration answers within 10 s, whatever the host does.</summary>
    public RetryPolicy LoginRetries { get; init; } = RetryPolicy.Interactive;

    /// <summary>When a read of the catalog is tried again; reads change nothing. Default background, 4 attempts.</summary>
    public RetryPolicy ReadRetries { get; init; } = RetryPolicy.Background with { Attempts = 4 };

    /// <summary>When a change is tried again; each is the same when it is made twice. Default background, 6 attempts within 1 min.</summary>
    public RetryPolicy WriteRetries { get; init; } = RetryPolicy.Background with { Attempts = 6, MaxDelay = TimeSpan.FromSeconds(5), Deadline = TimeSpan.FromMinutes(1) };

    /// <summary>How long a change waits for a lock, and makes others wait behind it. Default 2 s.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Statements sent in one go. Default 200.</summary>
    public int StatementsAtOnce { get; init; } = 200;

    /// <summary>Objects that are changed at once. Default 3.</summary>
    public int WritesAtOnce { get; init; } = 3;
}
