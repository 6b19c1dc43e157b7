using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;
using Sluice.Storage.Cluster;

namespace Sluice.Engine.Cluster;

/// <summary>The cluster's membership in Sluice's own database (the engine's vendor package carries no schema).</summary>
internal sealed class DatabaseMembershipTable(IMembershipStore store, IOptions<ClusterOptions> cluster) : IMembershipTable
{
    private string ClusterId => cluster.Value.ClusterId;

    // A server has its database to itself, so every cluster but its own is dead: each start of a server by itself was one.
    public Task InitializeMembershipTable(bool tryInitTableVersion) => store.DeleteOthersAsync(ClusterId, CancellationToken.None);

    public Task DeleteMembershipTableEntries(string clusterId) => store.DeleteAllAsync(clusterId, CancellationToken.None);

    public async Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate)
    {
        var snapshot = await store.ReadAsync(ClusterId, CancellationToken.None);
        var defunct = snapshot.Rows
            .Select(r => MembershipJson.Read(r.EntryJson))
            .Where(e => e.Status == SiloStatus.Dead && new DateTime(Math.Max(e.IAmAliveTime.Ticks, e.StartTime.Ticks), DateTimeKind.Utc) < beforeDate.UtcDateTime)
            .Select(e => e.SiloAddress.ToParsableString())
            .ToList();
        if (defunct.Count > 0) await store.DeleteAsync(ClusterId, defunct, CancellationToken.None);
    }

    public async Task<MembershipTableData> ReadRow(SiloAddress key) => Data(await store.ReadAsync(ClusterId, CancellationToken.None), key.ToParsableString());

    public async Task<MembershipTableData> ReadAll() => Data(await store.ReadAsync(ClusterId, CancellationToken.None), only: null);

    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) =>
        store.InsertAsync(ClusterId, entry.SiloAddress.ToParsableString(), MembershipJson.Write(entry), tableVersion.Version, CancellationToken.None);

    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) => store.UpdateAsync(
        ClusterId,
        entry.SiloAddress.ToParsableString(),
        MembershipJson.Write(entry),
        long.Parse(etag, System.Globalization.CultureInfo.InvariantCulture),
        tableVersion.Version,
        CancellationToken.None);

    public async Task UpdateIAmAlive(MembershipEntry entry)
    {
        var address = entry.SiloAddress.ToParsableString();
        var row = (await store.ReadAsync(ClusterId, CancellationToken.None)).Rows.FirstOrDefault(r => r.SiloAddress == address);
        if (row is null) return;
        var stored = MembershipJson.Read(row.EntryJson);
        stored.IAmAliveTime = entry.IAmAliveTime;
        await store.HeartbeatAsync(ClusterId, address, MembershipJson.Write(stored), row.ETag, CancellationToken.None);
    }

    private static MembershipTableData Data(MembershipSnapshot snapshot, string? only)
    {
        var rows = snapshot.Rows
            .Where(r => only is null || r.SiloAddress == only)
            .Select(r => Tuple.Create(MembershipJson.Read(r.EntryJson), r.ETag.ToString(System.Globalization.CultureInfo.InvariantCulture)))
            .ToList();
        return new MembershipTableData(
            rows, new TableVersion(snapshot.Version, snapshot.Version.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }
}
