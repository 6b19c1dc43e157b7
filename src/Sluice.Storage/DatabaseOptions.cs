using Sluice.Storage.Databases;

namespace Sluice.Storage;

/// <summary>Which database holds Sluice's own state.</summary>
public sealed record DatabaseOptions
{
    /// <summary>A PostgreSQL connection string; null: SQLite in <see cref="DataDirectory"/>.</summary>
    public string? PostgreSqlConnectionString { get; init; }

    /// <summary>Whether a PostgreSQL connection string can be read: every keyword is one, and every value fits.</summary>
    public static bool CanRead(string connectionString) => PostgreSqlSettings.CanRead(connectionString);

    /// <summary>Where SQLite's file <c>sluice.db</c> lies (0600, directory 0700).</summary>
    public required string DataDirectory { get; init; }
}
