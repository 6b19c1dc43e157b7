using Microsoft.EntityFrameworkCore;
using Sluice.Storage.Databases;

namespace Sluice.Storage.Cluster;

internal sealed class MembershipStore(Database database) : IMembershipStore
{
    public Task<MembershipSnapshot> ReadAsync(string clusterId, CancellationToken cancellationToken) =>
        database.SnapshotAsync(
            async (context, token) =>
            {
                var version = await context.NumberAsync("SELECT version FROM cluster_versions WHERE cluster_id = @cluster", token, ("@cluster", clusterId));
                var rows = await context.QueryAsync(
                    "SELECT silo_address, entry, etag FROM cluster_members WHERE cluster_id = @cluster ORDER BY silo_address",
                    row => new MembershipRow(row.GetString(0), row.GetString(1), row.GetInt64(2)), token, ("@cluster", clusterId));
                return new MembershipSnapshot((int)(version ?? 0), rows);
            },
            cancellationToken);

    public Task<bool> InsertAsync(string clusterId, string siloAddress, string entryJson, int newVersion, CancellationToken cancellationToken) =>
        SwapAsync(
            clusterId, newVersion,
            (context, token) => context.ExecuteAsync(
                """
                INSERT INTO cluster_members (cluster_id, silo_address, entry, etag) VALUES (@cluster, @silo, @entry, 1)
                ON CONFLICT (cluster_id, silo_address) DO NOTHING
                """,
                token, ("@cluster", clusterId), ("@silo", siloAddress), ("@entry", entryJson)),
            cancellationToken);

    public Task<bool> UpdateAsync(
        string clusterId, string siloAddress, string entryJson, long etag, int newVersion, CancellationToken cancellationToken) =>
        SwapAsync(
            clusterId, newVersion,
            (context, token) => context.ExecuteAsync(
                """
                UPDATE cluster_members SET entry = @entry, etag = etag + 1
                WHERE cluster_id = @cluster AND silo_address = @silo AND etag = @etag
                """,
                token, ("@cluster", clusterId), ("@silo", siloAddress), ("@entry", entryJson), ("@etag", etag)),
            cancellationToken);

    public Task HeartbeatAsync(string clusterId, string siloAddress, string entryJson, long etag, CancellationToken cancellationToken) =>
        database.WriteAsync(
            (context, token) => context.ExecuteAsync(
                "UPDATE cluster_members SET entry = @entry WHERE cluster_id = @cluster AND silo_address = @silo AND etag = @etag", token,
                ("@cluster", clusterId), ("@silo", siloAddress), ("@entry", entryJson), ("@etag", etag)),
            cancellationToken);

    public Task DeleteAsync(string clusterId, IReadOnlyList<string> siloAddresses, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (context, token) =>
            {
                await context.ExecuteAsync(
                    $"DELETE FROM cluster_members WHERE cluster_id = @cluster AND silo_address {context.Dialect.In("@silos")}", token,
                    ("@cluster", clusterId), ("@silos", context.Dialect.List(siloAddresses)));
                await context.ExecuteAsync(
                    "UPDATE cluster_versions SET version = version + 1 WHERE cluster_id = @cluster", token, ("@cluster", clusterId));
            },
            cancellationToken);

    public Task DeleteOthersAsync(string clusterId, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (context, token) =>
            {
                await context.ClusterMembers.Where(m => m.ClusterId != clusterId).ExecuteDeleteAsync(token);
                await context.ClusterVersions.Where(v => v.ClusterId != clusterId).ExecuteDeleteAsync(token);
            },
            cancellationToken);

    public Task DeleteAllAsync(string clusterId, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (context, token) =>
            {
                await context.ClusterMembers.Where(m => m.ClusterId == clusterId).ExecuteDeleteAsync(token);
                await context.ClusterVersions.Where(v => v.ClusterId == clusterId).ExecuteDeleteAsync(token);
            },
            cancellationToken);

    /// <summary>Moves the table's version on by one and writes a row, both or neither.</summary>
    private async Task<bool> SwapAsync(
        string clusterId, int newVersion, Func<SluiceContext, CancellationToken, Task<int>> write, CancellationToken cancellationToken)
    {
        try
        {
            await database.WriteAsync(
                async (context, token) =>
                {
                    if (await MoveAsync(context, clusterId, newVersion, token) != 1 || await write(context, token) != 1) throw new LostSwap();
                },
                cancellationToken);
            return true;
        }
        catch (LostSwap)
        {
            return false;
        }
    }

    /// <summary>The version is 0 before the first row; of two that make the first, one finds the other's and moves nothing.</summary>
    private static async Task<int> MoveAsync(SluiceContext context, string clusterId, int newVersion, CancellationToken cancellationToken)
    {
        await context.ExecuteAsync(
            "INSERT INTO cluster_versions (cluster_id, version) VALUES (@cluster, 0) ON CONFLICT (cluster_id) DO NOTHING", cancellationToken,
            ("@cluster", clusterId));
        return await context.ExecuteAsync(
            "UPDATE cluster_versions SET version = @new WHERE cluster_id = @cluster AND version = @old", cancellationToken,
            ("@cluster", clusterId), ("@new", newVersion), ("@old", newVersion - 1));
    }

    /// <summary>Rolls the transaction back; never leaves the store.</summary>
    private sealed class LostSwap : Exception;
}
