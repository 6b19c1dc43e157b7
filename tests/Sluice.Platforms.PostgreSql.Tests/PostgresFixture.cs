using Npgsql;
using Sluice.Testing;

namespace Sluice.Platforms.PostgreSql;

/// <summary>A server for the tests of one class: roles and databases are a server's, so classes would see each other's.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private PostgresCluster? _cluster;

    public PostgresCluster Cluster
    {
        get
        {
            if (_cluster is null) Requires.Absent(PostgresCluster.Unavailable!);
            return _cluster;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (PostgresCluster.Unavailable is null) _cluster = await PostgresCluster.StartAsync(CancellationToken.None);
    }

    /// <summary>Makes a database by SQL that runs in it, and returns its name.</summary>
    public async Task<string> NewDatabaseAsync(string sql)
    {
        var connectionString = await Cluster.CreateDatabaseAsync(TestContext.Current.CancellationToken);
        var name = new NpgsqlConnectionStringBuilder(connectionString).Database!;
        await Cluster.ExecuteAsync(sql, name);
        return name;
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
    }
}
