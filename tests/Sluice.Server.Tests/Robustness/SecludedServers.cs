using Sluice.Testing;

namespace Sluice.Server.Tests.Robustness;

/// <summary>On SQLite.</summary>
public sealed class ServerOnSqlite : SecludedServer
{
    protected override Task<string[]?> DatabaseAsync() => Task.FromResult<string[]?>([]);
}

/// <summary>On PostgreSQL, which is stricter about text.</summary>
public sealed class ServerOnPostgreSql : SecludedServer
{
    protected override async Task<string[]?> DatabaseAsync()
    {
        if (PostgresCluster.Unavailable is not null) return null;
        var cluster = await PostgresCluster.SharedAsync();
        return ["--database", await cluster.CreateDatabaseAsync(CancellationToken.None)];
    }
}
