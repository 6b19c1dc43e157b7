using Sluice.Core.Catalog;
using Sluice.Storage.Catalog;

namespace Sluice.Storage.Tests.Catalog;

/// <summary>A container's listing is known only as long as its children are stored as it told them.</summary>
public sealed class StoredListingTests
{
    private static readonly UInt128 Fingerprint = new(1, ulong.MaxValue);

    public static TheoryData<string, string> Writes()
    {
        var data = new TheoryData<string, string>();
        foreach (var provider in (string[])[TestDatabase.Sqlite, TestDatabase.PostgreSql])
            foreach (var write in (string[])["add", "update", "stamp", "miss", "delete", "miss the container", "move away"]) data.Add(provider, write);
        return data;
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task It_is_kept_where_as_many_are_there_as_were_listed(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var (tree, container, tables) = await TreeAsync(database);
        await tree.ApplyAsync(w => w with { Listings = [new ContainerListing(container, Fingerprint, 3)] });
        (await KnownAsync(database, tree)).ShouldBeEmpty();

        await tree.ApplyAsync(w => w with { Listings = [new ContainerListing(container, Fingerprint, 2)] });

        (await KnownAsync(database, tree)).ShouldBe([new("d", Fingerprint)]);
        (await database.Catalog.UnstampedChildrenAsync(container, TestDatabase.Ending)).Select(k => k.Id).ShouldBe([tables[1]]);
        (await database.Catalog.ListingsAsync(tree.Path("nowhere"), TestDatabase.Ending)).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Writes))]
    public async Task Any_write_of_a_child_takes_it_away(string provider, string write)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var (tree, container, tables) = await TreeAsync(database);
        await tree.AddDatabaseAsync("other");
        await tree.ApplyAsync(w => w with { Listings = [new ContainerListing(container, Fingerprint, 2)] });
        (await KnownAsync(database, tree)).Count.ShouldBe(1);

        switch (write)
        {
            case "add":
                await tree.AddTableAsync("d", "c");
                break;
            case "update":
                await tree.UpdateAsync(new CatalogChange.Update(tables[1], Table(tree, "b", null, "changed"), ContentChanged: true, Renamed: false, Reappeared: false));
                break;
            case "stamp":
                await tree.UpdateAsync(new CatalogChange.Update(tables[0], Table(tree, "a", "2"), ContentChanged: false, Renamed: false, Reappeared: false));
                break;
            case "miss":
                await tree.MissAsync(tables[0]);
                break;
            case "delete":
                await database.Catalog.DeleteAsync(tree.Path("d", "a"), null, Samples.Ada, TestDatabase.Ending);
                break;
            case "move away":
                await tree.UpdateAsync(new CatalogChange.Update(tables[0], Table(tree, "z", "1"), ContentChanged: false, Renamed: true, Reappeared: false));
                break;
            default:
                // It comes back with what was below it missing still.
                await tree.MissAsync(container);
                await tree.UpdateAsync(new CatalogChange.Update(container, Samples.Found(tree.Path("d"), ObjectKind.Database), ContentChanged: false, Renamed: false, Reappeared: true));
                break;
        }

        (await KnownAsync(database, tree)).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_page_that_writes_the_last_children_keeps_the_listing_that_told_them(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var (tree, container, _) = await TreeAsync(database);
        var insert = await tree.InsertAsync(Table(tree, "c", "1"));

        await tree.ApplyAsync(w => w with { Inserts = [insert], Listings = [new ContainerListing(container, Fingerprint, 3)] });

        (await KnownAsync(database, tree)).ShouldBe([new("d", Fingerprint)]);
        await tree.MissAsync(container);
        (await KnownAsync(database, tree)).ShouldBeEmpty();
    }

    private static async Task<(TestTree Tree, long Container, long[] Tables)> TreeAsync(TestDatabase database)
    {
        var tree = await TestTree.CreateAsync(database);
        var container = await tree.AddDatabaseAsync("d");
        return (tree, container, [await tree.AddAsync(Table(tree, "a", "1")), await tree.AddAsync(Table(tree, "b", null))]);
    }

    private static DiscoveredObject Table(TestTree tree, string name, string? lastChanged, string? comment = null) =>
        new() { Path = tree.Path("d", name), Kind = ObjectKind.Table, Comment = comment, LastChanged = lastChanged };

    private static Task<IReadOnlyDictionary<string, UInt128>> KnownAsync(TestDatabase database, TestTree tree) =>
        database.Catalog.ListingsAsync(tree.Root, TestDatabase.Ending);
}
