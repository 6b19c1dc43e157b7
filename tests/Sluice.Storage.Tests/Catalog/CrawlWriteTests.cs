using Sluice.Core.Catalog;
using Sluice.Storage.Catalog;

namespace Sluice.Storage.Tests.Catalog;

public sealed class CrawlWriteTests
{
    private static readonly DiscoveredColumn Id = new("id", "bigint", "1");
    private static readonly DiscoveredColumn Name = new("name", "text", "2", "who");
    private static readonly DiscoveredColumn Day = new("day", "date", "3", null, IsPartitionKey: true);

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Everything_found_of_an_object_is_stored_and_read_back(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        await tree.AddDatabaseAsync("sales");
        var found = new DiscoveredObject
        {
            Path = tree.Path("sales", "orders"),
            Kind = ObjectKind.IcebergTable,
            NativeId = "n-1",
            Comment = "all orders",
            Columns = [Id, Name, Day],
            Tags = [new ObjectTag(null, "pii", "yes", Inherited: true), new ObjectTag("name", "person", "")],
            Governance = Governance.Unknown,
            GovernanceReason = "could not be read",
            GrantMethod = "tags",
            LastChanged = "1700000000.5",
        };
        var id = await tree.AddAsync(found);

        var stored = await tree.GetAsync("sales", "orders");
        stored.Id.ShouldBe(id);
        stored.Kind.ShouldBe(ObjectKind.IcebergTable);
        stored.NativeId.ShouldBe("n-1");
        stored.Comment.ShouldBe("all orders");
        stored.Governance.ShouldBe(Governance.Unknown);
        stored.GovernanceReason.ShouldBe("could not be read");
        stored.GrantMethod.ShouldBe("tags");
        stored.IsDiscoveredNew.ShouldBeTrue();
        stored.MissingSince.ShouldBeNull();
        stored.DiscoveredAt.ShouldBe(database.Clock.Now);
        stored.Path.ShouldBe(tree.Path("sales", "orders"));
        stored.Technology.ShouldBe(tree.Connection.Technology);
        stored.ConnectionId.ShouldBe(tree.Connection.Id);
        stored.Overrides.ShouldBe(ObjectOverrides.None);
        (await database.Catalog.ColumnsAsync(id, TestDatabase.Ending)).ShouldBe([new(0, Id, false), new(1, Name, false), new(2, Day, false)]);
        (await database.Catalog.TagsAsync(id, TestDatabase.Ending)).ShouldBe(found.Tags);
        var known = (await database.Catalog.ChildrenAsync(stored.ParentId!.Value, TestDatabase.Ending)).ShouldHaveSingleItem();
        known.ShouldBe(new KnownObject(id, "orders", "n-1", found.Fingerprint, false, false, found.ChangeStamp));
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Containers_do_not_carry_Discovered_New(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        await tree.AddDatabaseAsync("sales");
        (await tree.GetAsync("sales")).IsDiscoveredNew.ShouldBeFalse();
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_page_may_hold_parents_and_their_children(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        var above = await tree.InsertAsync(Samples.Found(tree.Path("sales"), ObjectKind.Database));
        var first = await database.Catalog.ReserveIdsAsync(2, TestDatabase.Ending);
        var schema = new ObjectInsert(first, above.Id, $"{above.Lineage}{first}/", Samples.Found(tree.Path("sales", "public"), ObjectKind.Schema), null);
        var table = new ObjectInsert(first + 1, first, $"{schema.Lineage}{first + 1}/", Samples.Found(tree.Path("sales", "public", "t"), ObjectKind.Table, null, Id), null);
        await tree.ApplyAsync(w => w with { Inserts = [above, schema, table] });

        (await tree.GetAsync("sales", "public", "t")).Id.ShouldBe(first + 1);
        (await tree.GetAsync("sales")).ChildCount.ShouldBe(1);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task New_and_retyped_columns_carry_Discovered_New_and_renamed_ones_keep_what_they_had(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        await tree.AddDatabaseAsync("sales");
        var id = await tree.AddTableAsync("sales", "orders", "n-1", Id, Name, Day);

        var second = Samples.Found(tree.Path("sales", "orders"), ObjectKind.Table, "n-1", Id with { Type = "int" }, Name, new("extra", "text", "4"));
        await tree.UpdateAsync(new CatalogChange.Update(id, second, ContentChanged: true, Renamed: false, Reappeared: false));
        (await Columns()).ShouldBe([("id", true), ("name", false), ("extra", true)]);

        var third = Samples.Found(
            tree.Path("sales", "orders"), ObjectKind.Table, "n-1", Id with { Type = "int", Name = "key" }, Name with { Name = "label" }, new("extra", "text", "4"));
        await tree.UpdateAsync(new CatalogChange.Update(id, third, ContentChanged: true, Renamed: false, Reappeared: false));
        (await Columns()).ShouldBe([("key", true), ("label", false), ("extra", true)]);

        async Task<List<(string, bool)>> Columns() =>
            [.. (await database.Catalog.ColumnsAsync(id, TestDatabase.Ending)).Select(c => (c.Column.Name, c.IsDiscoveredNew))];
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Changed_content_replaces_comment_kind_governance_and_tags(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        await tree.AddDatabaseAsync("sales");
        var id = await tree.AddAsync(new DiscoveredObject
        {
            Path = tree.Path("sales", "v"), Kind = ObjectKind.View, Comment = "old", Tags = [new(null, "a", "1")], Columns = [Id],
        });
        var found = new DiscoveredObject
        {
            Path = tree.Path("sales", "v"), Kind = ObjectKind.MaterializedView, NativeId = "now it has one", Governance = Governance.Ungoverned,
            GovernanceReason = "IAM", GrantMethod = "none", Tags = [new("id", "b", ""), new(null, "a", "2")], Columns = [Id],
        };
        database.Clock.Advance(TimeSpan.FromHours(1));
        await tree.UpdateAsync(new CatalogChange.Update(id, found, ContentChanged: true, Renamed: false, Reappeared: false));

        var stored = await tree.GetAsync("sales", "v");
        (stored.Kind, stored.NativeId, stored.Comment).ShouldBe((ObjectKind.MaterializedView, "now it has one", null));
        (stored.Governance, stored.GovernanceReason, stored.GrantMethod).ShouldBe((Governance.Ungoverned, "IAM", "none"));
        (await database.Catalog.TagsAsync(id, TestDatabase.Ending)).ShouldBe(found.Tags);
        (await database.Catalog.ColumnsAsync(id, TestDatabase.Ending)).ShouldBe([new(0, Id, false)]);
        (await database.Catalog.ChildrenAsync(stored.ParentId!.Value, TestDatabase.Ending)).ShouldHaveSingleItem().Fingerprint.ShouldBe(found.Fingerprint);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_rename_keeps_the_row_and_its_overrides(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        await tree.AddDatabaseAsync("sales");
        var id = await tree.AddTableAsync("sales", "old", "n-1", Id);
        await tree.SetAsync(true, "sales", "old");

        await tree.UpdateAsync(new CatalogChange.Update(
            id, Samples.Found(tree.Path("sales", "new"), ObjectKind.Table, "n-1", Id), ContentChanged: false, Renamed: true, Reappeared: false));

        (await tree.FindAsync("sales", "old")).ShouldBeNull();
        var stored = await tree.GetAsync("sales", "new");
        stored.Id.ShouldBe(id);
        stored.Overrides.IsActive.ShouldBe(true);
        (await database.Catalog.ColumnsAsync(id, TestDatabase.Ending)).Count.ShouldBe(1);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_renamed_container_takes_what_is_below_along(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        var id = await tree.AddDatabaseAsync("old", "d-1");
        await tree.AddTableAsync("old", "t", "n-1", Id);
        await tree.UpdateAsync(new CatalogChange.Update(
            id, Samples.Found(tree.Path("new"), ObjectKind.Database, "d-1"), ContentChanged: false, Renamed: true, Reappeared: false));
        (await tree.GetAsync("new", "t")).Path.ShouldBe(tree.Path("new", "t"));
        (await tree.FindAsync("old", "t")).ShouldBeNull();
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Names_may_go_round_in_a_circle(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        await tree.AddDatabaseAsync("d");
        var a = await tree.AddTableAsync("d", "a", "1");
        var b = await tree.AddTableAsync("d", "b", "2");
        var c = await tree.AddTableAsync("d", "c", "3");

        await tree.UpdateAsync(Renamed(a, "b", "1"), Renamed(b, "c", "2"), Renamed(c, "a", "3"));

        (await tree.GetAsync("d", "b")).Id.ShouldBe(a);
        (await tree.GetAsync("d", "c")).Id.ShouldBe(b);
        (await tree.GetAsync("d", "a")).Id.ShouldBe(c);

        CatalogChange.Update Renamed(long id, string name, string nativeId) =>
            new(id, Samples.Found(tree.Path("d", name), ObjectKind.Table, nativeId), ContentChanged: false, Renamed: true, Reappeared: false);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_rename_to_the_name_of_a_missing_row_replaces_that_row(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        await tree.AddDatabaseAsync("d");
        var gone = await tree.AddTableAsync("d", "a", "1");
        var moved = await tree.AddTableAsync("d", "b", "2");

        await tree.ApplyAsync(w => w with
        {
            Missing = [gone],
            Updates = [new(moved, Samples.Found(tree.Path("d", "a"), ObjectKind.Table, "2"), ContentChanged: false, Renamed: true, Reappeared: false)],
        });

        var stored = await tree.GetAsync("d", "a");
        stored.Id.ShouldBe(moved);
        stored.MissingSince.ShouldBeNull();
        var known = await database.Catalog.ChildrenAsync(stored.ParentId!.Value, TestDatabase.Ending);
        known.Single(k => k.Id == gone).ShouldSatisfyAllConditions(k => k.IsMissing.ShouldBeTrue(), k => k.IsReplaced.ShouldBeTrue());
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_rename_to_the_name_of_a_row_that_is_there_is_refused_whole(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        await tree.AddDatabaseAsync("d");
        var a = await tree.AddTableAsync("d", "a", "1");
        var b = await tree.AddTableAsync("d", "b", "2");
        await Should.ThrowAsync<InvalidOperationException>(() => tree.UpdateAsync(
            new CatalogChange.Update(b, Samples.Found(tree.Path("d", "a"), ObjectKind.Table, "2"), false, Renamed: true, false)));
        (await tree.GetAsync("d", "a")).Id.ShouldBe(a);
        (await tree.GetAsync("d", "b")).Id.ShouldBe(b);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_replacement_inherits_the_overrides_and_the_old_row_becomes_missing_and_unreachable(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        await tree.AddDatabaseAsync("d");
        var old = await tree.AddTableAsync("d", "a", "1", Id);
        await database.Catalog.ChangeSettingsAsync(
            tree.Path("d", "a"), new SettingsChange(Given<bool?>.Of(true), Given<bool?>.Of(false), Given<IReadOnlyList<string>?>.Of(["o"])),
            Samples.Ada, null, TestDatabase.Ending);

        var id = await tree.AddAsync(Samples.Found(tree.Path("d", "a"), ObjectKind.Table, "2", Id), replaces: old);

        var stored = await tree.GetAsync("d", "a");
        stored.Id.ShouldBe(id);
        stored.Overrides.IsActive.ShouldBe(true);
        stored.Overrides.ActivateNewChildren.ShouldBe(false);
        stored.Overrides.DataOwners.ShouldBe(["o"]);
        stored.IsDiscoveredNew.ShouldBeTrue();
        var known = await database.Catalog.ChildrenAsync(stored.ParentId!.Value, TestDatabase.Ending);
        known.Count.ShouldBe(2);
        known.Single(k => k.Id == old).ShouldSatisfyAllConditions(k => k.IsMissing.ShouldBeTrue(), k => k.IsReplaced.ShouldBeTrue());
        (await tree.GetAsync("d")).ChildCount.ShouldBe(1);
        (await database.Catalog.SearchAsync(new ObjectQuery { Parent = tree.Root, Descendants = true }, TestDatabase.Ending))
            .Hits.Select(h => h.Id).ShouldNotContain(old);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task What_lies_below_a_replaced_container_is_hidden_until_the_container_comes_back(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        var old = await tree.AddDatabaseAsync("d", "1");
        var below = await tree.AddTableAsync("d", "t", "t1");
        var replacedBelow = await tree.AddTableAsync("d", "u", "u1");
        var standing = await tree.AddAsync(Samples.Found(tree.Path("d", "u"), ObjectKind.Table, "u2"), replaces: replacedBelow);
        await tree.SetAsync(true, "d", "t");
        (await tree.GetAsync()).Descendants.IsActive.ShouldBeTrue();

        var fresh = await tree.AddAsync(Samples.Found(tree.Path("d"), ObjectKind.Database, "2"), replaces: old);
        (await tree.FindAsync("d", "t")).ShouldBeNull();
        (await Descendants()).ShouldBe([fresh]);
        (await tree.GetAsync()).Descendants.IsActive.ShouldBeFalse();

        // The old database is restored under another name.
        await tree.UpdateAsync(new CatalogChange.Update(old, Samples.Found(tree.Path("back"), ObjectKind.Database, "1"), false, Renamed: true, Reappeared: true));
        (await tree.GetAsync("back")).MissingSince.ShouldBeNull();
        (await tree.GetAsync("back", "t")).Id.ShouldBe(below);
        (await tree.GetAsync("back", "t")).MissingSince.ShouldNotBeNull("its own crawl has to find it again");
        (await tree.GetAsync("back", "t")).Overrides.IsActive.ShouldBe(true);
        (await Descendants()).Order().ShouldBe(new[] { old, below, standing, fresh }.Order());
        (await tree.GetAsync()).Descendants.IsActive.ShouldBeTrue();

        async Task<List<long>> Descendants() =>
            [.. (await database.Catalog.SearchAsync(new ObjectQuery { Parent = tree.Root, Descendants = true }, TestDatabase.Ending)).Hits.Select(h => h.Id)];
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task What_is_found_below_a_new_container_inherits_from_its_namesake_below_the_replaced_one(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database, isActive: true);
        var old = await tree.AddDatabaseAsync("d", "1");
        await tree.AddAsync(Samples.Found(tree.Path("d", "s"), ObjectKind.Schema, "s1"));
        await tree.AddAsync(Samples.Found(tree.Path("d", "s", "secret"), ObjectKind.Table, "t1"));
        await tree.SetAsync(false, "d", "s", "secret");

        await tree.AddAsync(Samples.Found(tree.Path("d"), ObjectKind.Database, "2"), replaces: old);
        await tree.AddAsync(Samples.Found(tree.Path("d", "s"), ObjectKind.Schema, "s2"));
        await tree.AddAsync(Samples.Found(tree.Path("d", "s", "secret"), ObjectKind.Table, "t2"));
        await tree.AddAsync(Samples.Found(tree.Path("d", "s", "other"), ObjectKind.Table, "t3"));

        (await tree.GetAsync("d", "s", "secret")).Overrides.IsActive.ShouldBe(false);
        (await tree.GetAsync("d", "s", "other")).Overrides.IsActive.ShouldBeNull();
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_replaced_row_that_comes_back_under_its_name_takes_it_from_the_missing_one(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        await tree.AddDatabaseAsync("d");
        var first = await tree.AddTableAsync("d", "a", "1");
        await tree.SetAsync(true, "d", "a");
        var second = await tree.AddAsync(Samples.Found(tree.Path("d", "a"), ObjectKind.Table, "2"), replaces: first);
        await tree.SetAsync(false, "d", "a");

        await tree.ApplyAsync(w => w with
        {
            Missing = [second],
            Updates = [new(first, Samples.Found(tree.Path("d", "a"), ObjectKind.Table, "1"), ContentChanged: false, Renamed: false, Reappeared: true)],
        });

        var stored = await tree.GetAsync("d", "a");
        stored.Id.ShouldBe(first);
        stored.MissingSince.ShouldBeNull();
        stored.Overrides.IsActive.ShouldBe(true);
        (await database.Catalog.ChildrenAsync(stored.ParentId!.Value, TestDatabase.Ending)).Single(k => k.Id == second).IsReplaced.ShouldBeTrue();
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Missing_rows_keep_row_and_overrides_and_take_what_is_below_along(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        var container = await tree.AddDatabaseAsync("d");
        var early = await tree.AddTableAsync("d", "early");
        var late = await tree.AddTableAsync("d", "late");
        await tree.SetAsync(true, "d", "late");
        var before = database.Clock.Now;
        await tree.MissAsync(early);
        database.Clock.Advance(TimeSpan.FromHours(1));
        await tree.MissAsync(container);

        (await tree.GetAsync("d", "early")).MissingSince.ShouldBe(before, "the date it went is kept");
        (await tree.GetAsync("d", "late")).MissingSince.ShouldBe(database.Clock.Now);
        (await tree.GetAsync("d", "late")).Overrides.IsActive.ShouldBe(true);
        (await tree.IsActiveAsync("d", "late")).ShouldBeFalse();
        (await tree.GetAsync("d")).ChildCount.ShouldBe(2, "missing children count");

        await tree.UpdateAsync(
            new CatalogChange.Update(late, Samples.Found(tree.Path("d", "late"), ObjectKind.Table), false, false, Reappeared: true));
        (await tree.GetAsync("d", "late")).MissingSince.ShouldBeNull();
        (await tree.IsActiveAsync("d", "late")).ShouldBeTrue();
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task New_children_get_the_override_of_the_nearest_activateNewChildren(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        await tree.AddDatabaseAsync("none");
        await tree.SetNewChildrenAsync(true);
        await tree.AddDatabaseAsync("below");
        await tree.AddDatabaseAsync("not");
        await tree.SetNewChildrenAsync(false, "not");
        await tree.AddTableAsync("below", "t");
        await tree.AddTableAsync("not", "t");
        await tree.SetNewChildrenAsync(null);
        await tree.AddTableAsync("none", "t");

        (await tree.GetAsync("none")).Overrides.IsActive.ShouldBeNull();
        (await tree.GetAsync("below")).Overrides.IsActive.ShouldBe(true);
        (await tree.GetAsync("below", "t")).Overrides.IsActive.ShouldBe(true);
        (await tree.GetAsync("not", "t")).Overrides.IsActive.ShouldBe(false);
        (await tree.GetAsync("none", "t")).Overrides.IsActive.ShouldBeNull();
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task What_was_found_in_a_container_that_somebody_deleted_is_left_out(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        await tree.AddDatabaseAsync("d");
        var known = await tree.AddTableAsync("d", "known", null, Id);
        var insert = await tree.InsertAsync(Samples.Found(tree.Path("d", "t"), ObjectKind.Table, null, Id));
        await database.Catalog.DeleteAsync(tree.Path("d"), null, Samples.Ada, TestDatabase.Ending);

        var changed = Samples.Found(tree.Path("d", "known"), ObjectKind.Table, null, Id, Name);
        await tree.ApplyAsync(w => w with { Inserts = [insert], Updates = [new(known, changed, true, false, false)], Missing = [known], Cursor = "2" });

        (await database.NumberAsync("SELECT count(*) FROM data_objects")).ShouldBe(1);
        (await database.NumberAsync("SELECT count(*) FROM data_columns")).ShouldBe(0);
        (await database.Catalog.UnitsAsync(tree.JobId, TestDatabase.Ending)).ShouldHaveSingleItem().Cursor.ShouldBe("2");
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_write_never_reaches_into_another_connection(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var mine = await TestTree.CreateAsync(database, "Mine");
        var other = await TestTree.CreateAsync(database, "Other");
        await other.AddDatabaseAsync("d");
        var id = await other.AddTableAsync("d", "t", null, Id);
        var below = await other.InsertAsync(Samples.Found(other.Path("d", "u"), ObjectKind.Table));

        await mine.ApplyAsync(w => w with
        {
            Missing = [id], Inserts = [below], Updates = [new(id, Samples.Found(other.Path("d", "x"), ObjectKind.Table), true, true, false)],
        });

        (await other.GetAsync("d", "t")).MissingSince.ShouldBeNull();
        (await other.FindAsync("d", "x")).ShouldBeNull();
        (await other.FindAsync("d", "u")).ShouldBeNull();
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_write_that_fails_leaves_nothing(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        await tree.AddDatabaseAsync("d");
        var gone = await tree.AddTableAsync("d", "gone", null, Id);
        var a = await tree.InsertAsync(Samples.Found(tree.Path("d", "same"), ObjectKind.Table, null, Id, Name));
        var b = await tree.InsertAsync(Samples.Found(tree.Path("d", "same"), ObjectKind.Table, null, Id));

        await Should.ThrowAsync<Exception>(() => tree.ApplyAsync(w => w with { Missing = [gone], Inserts = [a, b], Seen = [a.Id, b.Id], Cursor = "next" }));

        (await tree.GetAsync("d", "gone")).MissingSince.ShouldBeNull();
        (await tree.FindAsync("d", "same")).ShouldBeNull();
        (await database.NumberAsync("SELECT count(*) FROM data_columns")).ShouldBe(1);
        (await database.Catalog.UnitsAsync(tree.JobId, TestDatabase.Ending)).ShouldHaveSingleItem().Cursor.ShouldBeNull();
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Text_no_database_can_hold_does_not_stop_a_crawl(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        await tree.AddDatabaseAsync("d");
        var id = await tree.AddAsync(new DiscoveredObject
        {
            Path = tree.Path("d", "t"), Kind = ObjectKind.Table, Comment = "a\0b\uD83Dc\uD83D\uDE00\uDE00",
            Columns = [new DiscoveredColumn("c", "text", null, "\0")], Tags = [new ObjectTag(null, "k", "v\0")],
        });
        (await tree.GetAsync("d", "t")).Comment.ShouldBe("a\uFFFDb\uFFFDc\uD83D\uDE00\uFFFD");
        (await database.Catalog.ColumnsAsync(id, TestDatabase.Ending))[0].Column.Comment.ShouldBe("\uFFFD");
        (await database.Catalog.TagsAsync(id, TestDatabase.Ending))[0].Value.ShouldBe("v\uFFFD");
    }
}
