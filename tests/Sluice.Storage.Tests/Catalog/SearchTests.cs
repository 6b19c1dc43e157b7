using Sluice.Core.Catalog;
using Sluice.Storage.Catalog;

namespace Sluice.Storage.Tests.Catalog;

public sealed class SearchTests
{
    private static readonly DiscoveredColumn Id = new("id", "bigint");

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Children_come_by_name_in_byte_order_and_pages_join_without_gap_or_overlap(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        await tree.AddDatabaseAsync("d");
        string[] names = ["b", "a", "B", "_", "ä", "a b", "😀", "Z", "é", "0", "a.b", "〆"];
        foreach (var name in names) await tree.AddTableAsync("d", name);

        var all = await SearchAsync(database, new ObjectQuery { Parent = tree.Path("d") });
        all.Count.ShouldBe(names.Length);
        all.Hits.Select(h => h.Path.Name).ShouldBe(names.OrderBy(System.Text.Encoding.UTF8.GetBytes, Bytes));

        var paged = new List<string>();
        for (var offset = 0; offset < names.Length; offset += 5)
        {
            var page = await SearchAsync(database, new ObjectQuery { Parent = tree.Path("d"), Offset = offset, Size = 5 });
            page.Count.ShouldBe(names.Length);
            paged.AddRange(page.Hits.Select(h => h.Path.Name));
        }

        paged.ShouldBe(all.Hits.Select(h => h.Path.Name));
        (await SearchAsync(database, new ObjectQuery { Parent = tree.Path("d"), Offset = 100 })).ShouldSatisfyAllConditions(
            p => p.Count.ShouldBe(names.Length), p => p.Hits.ShouldBeEmpty());
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_name_filter_is_a_part_of_the_name_ignoring_ascii_case_and_nothing_in_it_is_a_wildcard(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        await tree.AddDatabaseAsync("d");
        foreach (var name in new[] { "orders", "OLD_ORDERS", "100%", "100x", "a_b", "aXb", @"back\slash", "it's", "ÄRGER" }) await tree.AddTableAsync("d", name);

        (await Names("order")).ShouldBe(["OLD_ORDERS", "orders"]);
        (await Names("0%")).ShouldBe(["100%"]);
        (await Names("a_b")).ShouldBe(["a_b"]);
        (await Names(@"k\s")).ShouldBe([@"back\slash"]);
        (await Names("'")).ShouldBe(["it's"]);
        (await Names("ärger")).ShouldBeEmpty("only ASCII letters fold");
        (await Names("ÄrGer")).ShouldBe(["ÄRGER"]);
        (await Names("\0")).ShouldBeEmpty();

        async Task<IEnumerable<string>> Names(string filter) =>
            (await SearchAsync(database, new ObjectQuery { Parent = tree.Path("d"), Name = filter })).Hits.Select(h => h.Path.Name);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Active_means_wanted_and_there_and_honoured(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        await tree.AddDatabaseAsync("d");
        await tree.SetAsync(true, "d");
        await tree.AddTableAsync("d", "inherits");
        await tree.AddTableAsync("d", "off");
        await tree.SetAsync(false, "d", "off");
        await tree.MissAsync(await tree.AddTableAsync("d", "missing"));
        await AddAsync("iam", Governance.Ungoverned);
        await AddAsync("unknown", Governance.Unknown);

        (await Names(true)).ShouldBe(["inherits"]);
        (await Names(false)).ShouldBe(["iam", "missing", "off", "unknown"]);
        var below = await SearchAsync(database, new ObjectQuery { Parent = tree.Root, Descendants = true, Active = true });
        below.Hits.Select(h => h.Path.Name).ShouldBe(["d", "inherits"]);
        (await database.Catalog.HeldBackAsync(tree.Root, TestDatabase.Ending)).ShouldBe(
            new Dictionary<Governance, long> { [Governance.Ungoverned] = 1, [Governance.Unknown] = 1 }, ignoreOrder: true);

        var current = (await database.Connections.FindAsync(tree.Connection.Id, TestDatabase.Ending))!;
        await database.Connections.UpdateAsync(
            current.Id, current.Revision, new() { SettingsJson = """{"isActive":false,"acceptUnknownGovernance":true}""" }, Samples.Ada, null, TestDatabase.Ending);
        (await Names(true)).ShouldBe(["inherits", "unknown"]);
        (await database.Catalog.HeldBackAsync(tree.Path("d"), TestDatabase.Ending)).ShouldBe(new Dictionary<Governance, long> { [Governance.Ungoverned] = 1 });

        Task<long> AddAsync(string name, Governance governance) => tree.AddAsync(
            new DiscoveredObject { Path = tree.Path("d", name), Kind = ObjectKind.Table, Governance = governance });

        async Task<IEnumerable<string>> Names(bool active) =>
            (await SearchAsync(database, new ObjectQuery { Parent = tree.Path("d"), Active = active })).Hits.Select(h => h.Path.Name);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_tag_matches_itself_and_what_is_below_it_on_objects_and_columns(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        await tree.AddDatabaseAsync("d");
        await AddAsync("a", new ObjectTag(null, "pii", ""));
        await AddAsync("b", new ObjectTag("id", "pii", "mail"));
        await AddAsync("c", new ObjectTag(null, "piiish", ""));
        await AddAsync("d", new ObjectTag(null, "Pii", ""));
        await tree.AddAsync(new DiscoveredObject { Path = tree.Path("old"), Kind = ObjectKind.Database, Tags = [new ObjectTag(null, "pii", "")] });

        (await Names("pii")).ShouldBe(["a", "b"]);
        (await Names("pii.mail")).ShouldBe(["b"]);
        (await Names("pii.m")).ShouldBeEmpty();
        (await Names(SystemTags.DiscoveredNew)).ShouldBe(["a", "b", "c", "d"]);
        (await Names("Discovered")).ShouldBe(["a", "b", "c", "d"]);
        (await Names("Discovered.N")).ShouldBeEmpty();

        // A table that is not new itself, with a new column.
        await database.ExecuteAsync("UPDATE data_objects SET discovered_new = false");
        (await Names(SystemTags.DiscoveredNew)).ShouldBeEmpty();
        var known = await tree.GetAsync("d", "a");
        await tree.UpdateAsync(new CatalogChange.Update(known.Id, Samples.Found(known.Path, ObjectKind.Table, null, Id, new("extra", "int")), true, false, false));
        (await Names(SystemTags.DiscoveredNew)).ShouldBe(["a"]);

        Task<long> AddAsync(string name, ObjectTag tag) => tree.AddAsync(
            new DiscoveredObject { Path = tree.Path("d", name), Kind = ObjectKind.Table, Columns = [Id], Tags = [tag] });

        async Task<IEnumerable<string>> Names(string tag) =>
            (await SearchAsync(database, new ObjectQuery { Parent = tree.Path("d"), Tag = tag })).Hits.Select(h => h.Path.Name);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Kinds_and_connections_narrow_a_search(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var one = await TestTree.CreateAsync(database, "One");
        var two = await TestTree.CreateAsync(database, "Two");
        foreach (var tree in new[] { one, two })
        {
            await tree.AddDatabaseAsync("d");
            await tree.AddTableAsync("d", "t");
            await tree.AddAsync(Samples.Found(tree.Path("d", "v"), ObjectKind.View));
        }

        (await Paths(new ObjectQuery())).ShouldBe(["One", "Two"]);
        (await Paths(new ObjectQuery { Connections = [two.Connection.Id] })).ShouldBe(["Two"]);
        (await Paths(new ObjectQuery { Connections = [] })).ShouldBeEmpty();
        (await Paths(new ObjectQuery { Parent = one.Root, Connections = [two.Connection.Id], Descendants = true })).ShouldBeEmpty();
        (await Paths(new ObjectQuery { Parent = one.Root, Descendants = true })).ShouldBe(["One/d", "One/d/t", "One/d/v"]);
        (await Paths(new ObjectQuery { Parent = one.Root, Descendants = true, Kinds = [ObjectKind.View, ObjectKind.Database] })).ShouldBe(["One/d", "One/d/v"]);
        (await Paths(new ObjectQuery { Descendants = true, Kinds = [ObjectKind.View] })).ShouldBe(["One/d/v", "Two/d/v"]);
        (await Paths(new ObjectQuery { Descendants = true, Connections = [one.Connection.Id] })).ShouldBe(["One", "One/d", "One/d/t", "One/d/v"]);
        (await Paths(new ObjectQuery { Parent = one.Path("nowhere") })).ShouldBeEmpty();

        async Task<IEnumerable<string>> Paths(ObjectQuery query) => (await SearchAsync(database, query)).Hits.Select(h => h.Path.ToString());
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_hit_tells_the_same_as_a_look_up(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        await tree.AddDatabaseAsync("d");
        await tree.AddTableAsync("d", "t");
        await tree.SetAsync(true, "d");
        await tree.SetNewChildrenAsync(true, "d");
        await database.Catalog.ChangeSettingsAsync(
            tree.Root, new SettingsChange(default, default, Given<IReadOnlyList<string>?>.Of(["ada"])), Samples.Ada, null, TestDatabase.Ending);

        var hits = (await SearchAsync(database, new ObjectQuery { Descendants = true })).Hits;
        hits.Count.ShouldBe(3);
        foreach (var hit in hits)
            Told((await database.Catalog.FindAsync(hit.Path, TestDatabase.Ending))!).ShouldBe(Told(hit));
        hits[2].Effective.IsActive.ShouldBe(true);
        hits[2].Effective.ActivateNewChildren.ShouldBe(true);
        hits[2].Effective.DataOwners.ShouldBe(["ada"]);
        hits[0].Descendants.ShouldBe(new DescendantOverrides(true, true, false));
        hits[1].Descendants.ShouldBe(new DescendantOverrides(false, false, false));
    }

    // A record prints all its members; of a list only the type.
    private static string Told(StoredObject o) => $"{o} {string.Join(',', o.Overrides.DataOwners ?? [])} {string.Join(',', o.Effective.DataOwners ?? [])}";

    private static Task<ObjectPage> SearchAsync(TestDatabase database, ObjectQuery query) => database.Catalog.SearchAsync(query, TestDatabase.Ending);

    private static readonly Comparer<byte[]> Bytes = Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b));

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Children_after_a_name_come_whole_though_those_before_it_go(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        foreach (var name in (string[])["a", "b", "c", "d", "e"]) await tree.AddDatabaseAsync(name);
        var first = await database.Catalog.SearchAsync(new ObjectQuery { Parent = tree.Root, Size = 2 }, TestDatabase.Ending);
        await database.Catalog.DeleteAsync(tree.Path("a"), null, Samples.Ada, TestDatabase.Ending);

        var rest = await database.Catalog.SearchAsync(new ObjectQuery { Parent = tree.Root, After = first.Hits[^1].Path.Name, Size = 9 }, TestDatabase.Ending);

        rest.Hits.Select(h => h.Path.Name).ShouldBe(["c", "d", "e"]);
    }
}
