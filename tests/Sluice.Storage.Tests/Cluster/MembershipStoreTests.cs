namespace Sluice.Storage.Tests.Cluster;

public sealed class MembershipStoreTests
{
    private static CancellationToken Ending => TestDatabase.Ending;

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Rows_are_written_only_over_the_version_and_etag_that_were_read(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.Membership;
        (await store.ReadAsync("c", Ending)).ShouldSatisfyAllConditions(s => s.Version.ShouldBe(0), s => s.Rows.ShouldBeEmpty());

        (await store.InsertAsync("c", "a", "{1}", 2, Ending)).ShouldBeFalse("the table is at 0");
        (await store.InsertAsync("c", "a", "{1}", 1, Ending)).ShouldBeTrue();
        (await store.InsertAsync("c", "a", "{2}", 2, Ending)).ShouldBeFalse("there is such a row");
        (await store.InsertAsync("c", "b", "{b}", 1, Ending)).ShouldBeFalse("the table is at 1");
        (await store.InsertAsync("c", "b", "{b}", 2, Ending)).ShouldBeTrue();
        var first = await store.ReadAsync("c", Ending);
        first.Version.ShouldBe(2);
        first.Rows.Select(r => (r.SiloAddress, r.EntryJson)).ShouldBe([("a", "{1}"), ("b", "{b}")]);

        var etag = first.Rows[0].ETag;
        (await store.UpdateAsync("c", "a", "{3}", etag + 1, 3, Ending)).ShouldBeFalse();
        (await store.UpdateAsync("c", "a", "{3}", etag, 2, Ending)).ShouldBeFalse();
        (await store.UpdateAsync("c", "x", "{3}", etag, 3, Ending)).ShouldBeFalse();
        (await store.UpdateAsync("c", "a", "{3}", etag, 3, Ending)).ShouldBeTrue();
        (await store.UpdateAsync("c", "a", "{4}", etag, 4, Ending)).ShouldBeFalse("the row has another ETag now");
        var second = await store.ReadAsync("c", Ending);
        (second.Version, second.Rows[0].EntryJson).ShouldBe((3, "{3}"));
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_heartbeat_changes_the_row_alone(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.Membership;
        await store.InsertAsync("c", "a", "{1}", 1, Ending);
        var before = await store.ReadAsync("c", Ending);
        await store.HeartbeatAsync("c", "a", "{alive}", before.Rows[0].ETag, Ending);
        await store.HeartbeatAsync("c", "nobody", "{alive}", 1, Ending);
        await store.HeartbeatAsync("c", "a", "{late}", before.Rows[0].ETag - 1, Ending);
        var after = await store.ReadAsync("c", Ending);
        (after.Version, after.Rows.ShouldHaveSingleItem()).ShouldBe((1, before.Rows[0] with { EntryJson = "{alive}" }));
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Clusters_do_not_see_each_other(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.Membership;
        await store.InsertAsync("one", "a", "{}", 1, Ending);
        await store.InsertAsync("two", "a", "{}", 1, Ending);
        await store.InsertAsync("two", "b", "{}", 2, Ending);
        await store.DeleteAsync("two", ["a", "none"], Ending);
        (await store.ReadAsync("two", Ending)).ShouldSatisfyAllConditions(s => s.Version.ShouldBe(3), s => s.Rows.ShouldHaveSingleItem().SiloAddress.ShouldBe("b"));
        (await store.ReadAsync("one", Ending)).Rows.Count.ShouldBe(1);
        await store.DeleteAllAsync("two", Ending);
        (await store.ReadAsync("two", Ending)).ShouldSatisfyAllConditions(s => s.Version.ShouldBe(0), s => s.Rows.ShouldBeEmpty());
        (await store.ReadAsync("one", Ending)).Version.ShouldBe(1);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Of_silos_that_write_the_same_version_one_wins(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        for (var version = 1; version <= 5; version++)
        {
            var results = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(
                () => database.Membership.InsertAsync("c", $"silo{version}-{i}", "{}", version, Ending))));
            results.Count(r => r).ShouldBe(1);
        }

        (await database.Membership.ReadAsync("c", Ending)).ShouldSatisfyAllConditions(s => s.Version.ShouldBe(5), s => s.Rows.Count.ShouldBe(5));
    }
}
