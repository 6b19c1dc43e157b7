using Sluice.Core.Catalog;

namespace Sluice.Storage.Tests.Catalog;

public sealed class DeletionTests
{
    private static readonly DiscoveredColumn Id = new("id", "bigint");

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task An_object_goes_with_everything_below_it_and_nothing_else(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        foreach (var name in new[] { "d", "e" })
        {
            await tree.AddDatabaseAsync(name);
            for (var i = 0; i < 12; i++)
                await tree.AddAsync(new DiscoveredObject
                {
                    Path = tree.Path(name, $"t{i}"), Kind = ObjectKind.Table, Columns = [Id], Tags = [new ObjectTag(null, "k", "v")],
                });
        }

        (await database.Catalog.DeleteAsync(tree.Path("d"), null, Samples.Ada, TestDatabase.Ending)).ShouldBe(12);

        (await tree.FindAsync("d")).ShouldBeNull();
        (await tree.FindAsync("d", "t1")).ShouldBeNull();
        (await tree.GetAsync("e")).ChildCount.ShouldBe(12);
        (await database.NumberAsync("SELECT count(*) FROM data_objects")).ShouldBe(14);
        (await database.NumberAsync("SELECT count(*) FROM data_columns")).ShouldBe(12);
        (await database.NumberAsync("SELECT count(*) FROM object_tags")).ShouldBe(12);
        (await database.Catalog.DeleteAsync(tree.Path("d"), null, Samples.Ada, TestDatabase.Ending)).ShouldBeNull();
        (await database.Catalog.DeleteAsync(tree.Path("e", "t1"), null, Samples.Ada, TestDatabase.Ending)).ShouldBe(0);
        await Should.ThrowAsync<ArgumentException>(() => database.Catalog.DeleteAsync(tree.Root, null, Samples.Ada, TestDatabase.Ending));
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_deletion_asked_for_from_an_older_revision_deletes_nothing(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        await tree.AddDatabaseAsync("d");
        var revision = tree.Connection.Revision;

        await Should.ThrowAsync<StaleRevisionException>(() => database.Catalog.DeleteAsync(tree.Path("d"), [revision + 1], Samples.Ada, TestDatabase.Ending));
        await Should.ThrowAsync<StaleRevisionException>(() => database.Connections.DeleteAsync(tree.Connection.Id, [], Samples.Ada, TestDatabase.Ending));
        (await tree.FindAsync("d")).ShouldNotBeNull();

        (await database.Catalog.DeleteAsync(tree.Path("d"), [0, revision], Samples.Ada, TestDatabase.Ending)).ShouldBe(0);
        (await database.Connections.DeleteAsync(tree.Connection.Id, [revision], Samples.Ada, TestDatabase.Ending)).ShouldBe(0);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_deleted_id_is_never_given_out_again(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        var last = await tree.AddDatabaseAsync("d");
        await database.Catalog.DeleteAsync(tree.Path("d"), null, Samples.Ada, TestDatabase.Ending);
        await database.Connections.DeleteAsync(tree.Connection.Id, null, Samples.Ada, TestDatabase.Ending);
        (await database.Catalog.ReserveIdsAsync(1, TestDatabase.Ending)).ShouldBeGreaterThan(last);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Reserved_ids_never_overlap_however_many_ask(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var blocks = await Task.WhenAll(Enumerable.Range(1, 40).Select(async i => (First: await database.Catalog.ReserveIdsAsync(i, TestDatabase.Ending), Count: i)));
        var ids = blocks.SelectMany(b => Enumerable.Range(0, b.Count).Select(i => b.First + i)).ToList();
        ids.Distinct().Count().ShouldBe(ids.Count);
    }
}
