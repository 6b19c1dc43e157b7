using Orleans;
using Orleans.Runtime;
using Sluice.Engine.Cluster;
using Sluice.Storage.Cluster;
using Sluice.Storage.Jobs;

namespace Sluice.Engine.Tests;

public sealed class ClusterTests
{
    private static readonly EngineOptions Shared = new()
    {
        ClusterId = "test", PollInterval = TimeSpan.FromMilliseconds(100), RetryBaseDelay = TimeSpan.FromMilliseconds(20),
    };

    [Fact]
    public async Task Silos_that_share_database_and_name_form_one_cluster_and_a_connection_has_one_worker_in_it()
    {
        var platform = new FakePlatform();
        platform.Add("db0");
        platform.Add("db0/t0");
        var directory = EngineHost.NewDirectory();
        await using var one = await EngineHost.StartAsync(platform, directory, Shared);
        await using var two = await EngineHost.StartAsync(platform, directory, Shared);

        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await ActiveAsync(one) < 2 || await ActiveAsync(two) < 2) await look.WaitForNextTickAsync();

        var registered = await one.RegisterAsync();
        (await two.WaitAsync(registered)).State.ShouldBe(JobState.Completed);
        (await two.CrawlAsync("pg")).State.ShouldBe(JobState.Completed);

        // Both pumps have woken the connection; had each had a worker, one would have thrown the other out and listed again.
        platform.Listings.Count.ShouldBe(4);
    }

    [Fact]
    public void A_membership_entry_survives_the_database()
    {
        var address = SiloAddress.FromParsableString("127.0.0.1:11111@7");
        var entry = new MembershipEntry
        {
            SiloAddress = address,
            Status = SiloStatus.Dead,
            SuspectTimes = [Tuple.Create(SiloAddress.FromParsableString("127.0.0.1:2@8"), new DateTime(2026, 11, 23, 1, 2, 3, DateTimeKind.Utc))],
            HostName = "host",
            SiloName = "silo",
            StartTime = new DateTime(2026, 11, 23, 0, 0, 0, DateTimeKind.Utc),
            IAmAliveTime = new DateTime(2026, 11, 23, 4, 0, 0, DateTimeKind.Utc),
        };

        var back = MembershipJson.Read(MembershipJson.Write(entry));

        back.SiloAddress.ShouldBe(address);
        back.Status.ShouldBe(SiloStatus.Dead);
        back.SuspectTimes.ShouldBe(entry.SuspectTimes);
        (back.HostName, back.SiloName, back.StartTime, back.IAmAliveTime).ShouldBe((entry.HostName, entry.SiloName, entry.StartTime, entry.IAmAliveTime));
    }

    [Fact]
    public async Task A_stale_row_or_table_version_writes_nothing()
    {
        await using var engine = await EngineHost.StartAsync(new FakePlatform());
        var table = new DatabaseMembershipTable(
            engine.Get<IMembershipStore>(), Microsoft.Extensions.Options.Options.Create(new Orleans.Configuration.ClusterOptions { ClusterId = "table" }));
        var entry = new MembershipEntry { SiloAddress = SiloAddress.FromParsableString("127.0.0.1:1@1"), Status = SiloStatus.Joining, HostName = "h", SiloName = "s" };

        var empty = await table.ReadAll();
        (await table.InsertRow(entry, empty.Version.Next())).ShouldBeTrue();
        (await table.InsertRow(entry, empty.Version.Next())).ShouldBeFalse("the version has moved on");
        var (_, etag) = (await table.ReadRow(entry.SiloAddress)).Members.Single();
        var version = (await table.ReadAll()).Version;
        entry.Status = SiloStatus.Active;
        (await table.UpdateRow(entry, etag, version.Next())).ShouldBeTrue();
        (await table.UpdateRow(entry, etag, version.Next())).ShouldBeFalse("the row has moved on");

        (await table.ReadAll()).Members.Single().Item1.Status.ShouldBe(SiloStatus.Active);
        await table.DeleteMembershipTableEntries("table");
        (await table.ReadAll()).Members.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_start_clears_away_what_earlier_starts_left_behind()
    {
        var directory = EngineHost.NewDirectory();
        for (var start = 0; start < 3; start++) await (await EngineHost.StartAsync(new FakePlatform(), directory)).DisposeAsync();
        await using var last = await EngineHost.StartAsync(new FakePlatform(), directory);

        await using var database = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(directory, "sluice.db")}");
        await database.OpenAsync();
        foreach (var table in (string[])["cluster_members", "cluster_versions"])
        {
            await using var count = new Microsoft.Data.Sqlite.SqliteCommand($"SELECT count(DISTINCT cluster_id) FROM {table}", database);
            (await count.ExecuteScalarAsync()).ShouldBe(1L);
        }
    }

    private static async Task<int> ActiveAsync(EngineHost host) =>
        (await host.Get<IGrainFactory>().GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true)).Count;
}
