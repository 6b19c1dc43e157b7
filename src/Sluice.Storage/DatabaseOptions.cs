namespace Sluice.Storage;

/// <summary>Which database holds Sluice's own state.</summary>
public sealed record DatabaseOptions
{
    /// <summary>A PostgreSQL connection string; null: SQLite in <see cref="DataDirectory"/>.</summary>
    public string? PostgreSqlConnectionString { get; init; }

    /// <summary>Where SQLite's file <c>sluice.db</c> lies (0600, directory 0700).</summary>
    public required string DataDirectory { get; init; }
}
