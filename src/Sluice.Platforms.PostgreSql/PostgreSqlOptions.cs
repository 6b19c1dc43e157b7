using Sluice.Platforms.Http;

namespace Sluice.Platforms.PostgreSql;

/// <summary>Limits of the PostgreSQL client.</summary>
public sealed record PostgreSqlOptions
{
    /// <summary>Tables in a page of a crawl. Default 500.</summary>
    public int PageSize { get; init; } = 500;

    /// <summary>To connect, agree on TLS and log in at one address. Default 5 s; whole seconds.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>For one read of the catalog. Default 60 s; whole seconds.</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>When a login is tried again. Default interactive: a registration answers within 10 s, whatever the host does.</summary>
    public RetryPolicy LoginRetries { get; init; } = RetryPolicy.Interactive;

    /// <summary>When a read of the catalog is tried again; reads change nothing. Default background, 4 attempts.</summary>
    public RetryPolicy ReadRetries { get; init; } = RetryPolicy.Background with { Attempts = 4 };
}
