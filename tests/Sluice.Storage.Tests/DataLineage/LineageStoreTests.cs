using Sluice.Core.Access;
using Sluice.Core.Audit;
using Sluice.Core.Catalog;
using Sluice.Core.DataLineage;
using Sluice.Core.QueryAudit;
using Sluice.Storage.Audit;
using Sluice.Storage.Catalog;
using Sluice.Storage.DataLineage;
using Sluice.Storage.Plans;
using Sluice.Storage.QueryAudit;
using Sluice.Storage.Tags;

namespace Sluice.Storage.Tests.DataLineage;

/// <summary>Where data went, and the tags that it took along.</summary>
public sealed class LineageStoreTests
{
    private const string Source = "lineage";
    private static readonly FeedCursor Cursor = new(Samples.At, Samples.At.AddHours(1));

    private static CancellationToken Ending => TestDatabase.Ending;

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Tags_go_where_data_went_and_restrict_there_and_open_nothing(string provider)
    {
        await using var scene = await Scene.BeginAsync(provider);
        await scene.Tags.AssignAsync(scene.Ids["a"], "x", ["pii"], Samples.Ada, Ending);
        await scene.Tags.AssignAsync(scene.Ids["a"], null, ["hr"], Samples.Ada, Ending);
        await scene.Tags.AssignAsync(scene.DatabaseId, null, ["sales"], Samples.Ada, Ending);
        await scene.RecordAsync(scene.Edge("a", "x", "b", "y"), scene.Edge("b", null, "c", null));
        var revision = await scene.RevisionAsync();

        (await scene.CarryAsync()).ShouldBeTrue();
        (await scene.RevisionAsync()).ShouldBeGreaterThan(revision, "it changes who may see what");
        var b = await scene.GovernedAsync("b");
        (Joined(b.Tags), Joined(b.VanishedTags)).ShouldBe(("hr sales", "hr"), "its database has given it one itself");
        var y = b.Columns.Single(c => c.Name == "y");
        (Joined(y.Tags), Joined(y.VanishedTags)).ShouldBe(("pii", "pii"));
        b.Columns.Single(c => c.Name == "x").Tags.ShouldBeEmpty();
        var c = await scene.GovernedAsync("c");
        c.VanishedTags.ToList().ShouldBe(["hr", "pii"]);
        (await scene.GovernedAsync("a")).HasVanishedTags.ShouldBeFalse();

        // Shown with where they came from.
        (await scene.TagsAsync("b")).ShouldBe(["hr from Lake/d/a", "sales from Lake/d/a", "y: pii from Lake/d/a#x"]);

        // Again is nothing new; what is no longer given is carried no longer.
        (await scene.CarryAsync()).ShouldBeFalse();
        await scene.Tags.AssignAsync(scene.Ids["a"], "x", [], Samples.Ada, Ending);
        (await scene.CarryAsync()).ShouldBeTrue();
        (await scene.GovernedAsync("b")).Columns.ShouldAllBe(column => column.Tags.Count == 0);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_cycle_keeps_no_tag_and_is_told(string provider)
    {
        await using var scene = await Scene.BeginAsync(provider);
        await scene.Tags.AssignAsync(scene.Ids["a"], null, ["hr"], Samples.Ada, Ending);
        await scene.RecordAsync(scene.Edge("a", null, "b", null), scene.Edge("b", null, "a", null));
        var (_, suspended) = await scene.Store.CarryAsync(scene.Tree.Connection.Id, isOn: true, Ending);
        suspended.ShouldHaveSingleItem().ShouldBe(new SuspendedTag("hr", scene.Point("a", null), scene.Point("b", null)));
        (await scene.GovernedAsync("a")).VanishedTags.ShouldBeEmpty();

        await scene.Tags.AssignAsync(scene.Ids["a"], null, [], Samples.Ada, Ending);
        await scene.CarryAsync();
        (await scene.GovernedAsync("b")).Tags.ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task An_edge_that_was_taken_away_carries_nothing_until_data_goes_along_it_anew(string provider)
    {
        await using var scene = await Scene.BeginAsync(provider);
        await scene.Tags.AssignAsync(scene.Ids["a"], "x", ["pii"], Samples.Ada, Ending);
        var edge = scene.Edge("a", "x", "b", "y");
        await scene.RecordAsync(edge, scene.Edge("a", "y", "b", "x"), scene.Edge("b", "y", "c", "x"));
        await scene.CarryAsync();
        (await scene.TagsAsync("c")).ShouldBe(["x: pii from Lake/d/a#x"]);
        var revision = await scene.RevisionAsync();

        (await scene.RemoveAsync("b", "a", "y", "x")).ShouldBe(1);
        (await scene.TagsAsync("b")).ShouldBe(["y: pii from Lake/d/a#x"], "another edge was taken away");
        (await scene.RemoveAsync("b", "a", "x", null)).ShouldBe(1);
        (await scene.RevisionAsync()).ShouldBeGreaterThan(revision, "it changes who may see what");
        foreach (var table in (string[])["b", "c"]) (await scene.TagsAsync(table)).ShouldBeEmpty($"{table}: what came along it goes with it");
        (await scene.Store.EdgesAsync(scene.Tree.Path("d", "b"), Ending)).ShouldHaveSingleItem().Edge.To.ShouldBe(scene.Point("c", "x"));
        (await scene.RemoveAsync("b", "a", null, null)).ShouldBe(0, "they are gone");

        // It is in the trail once for each time that something was taken away.
        var trail = (await scene.Database.Get<IAuditStore>().SearchAsync(new AuditQuery { Action = AuditAction.LineageRemoved, Size = 10 }, Ending)).Hits;
        trail.Select(static h => h.Event.Details).ShouldBe(
            ["""{"count":1,"from":["Lake","d","a"],"fromColumn":"x"}""", """{"column":"x","count":1,"from":["Lake","d","a"],"fromColumn":"y"}"""]);
        trail[0].Event.Object.ShouldBe(scene.Tree.Path("d", "b"));

        // What was seen before is read again by every overlap; only what is seen later brings it back.
        await scene.RecordAsync(edge, edge with { SeenAt = Samples.At.AddHours(-1) });
        (await scene.CarryAsync()).ShouldBeFalse();
        await scene.RecordAsync(edge with { SeenAt = Samples.At.AddSeconds(1) });
        (await scene.CarryAsync()).ShouldBeTrue();
        (await scene.TagsAsync("b")).ShouldBe(["y: pii from Lake/d/a#x"]);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task What_is_known_of_objects_alone_goes_on_where_only_columns_were_taken_away(string provider)
    {
        await using var scene = await Scene.BeginAsync(provider);
        await scene.Tags.AssignAsync(scene.Ids["a"], "x", ["pii"], Samples.Ada, Ending);
        await scene.RecordAsync(scene.Edge("a", "x", "b", "y"), scene.Edge("a", null, "b", null));
        await scene.CarryAsync();
        (await scene.RemoveAsync("b", "a", "x", "y")).ShouldBe(1);
        (await scene.TagsAsync("b")).ShouldBe(["pii from Lake/d/a#x"], "nobody knows any more to which column");
        (await scene.RemoveAsync("b", "a", null, null)).ShouldBe(1);
        (await scene.TagsAsync("b")).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Switched_off_it_carries_nothing_and_switched_on_what_it_did(string provider)
    {
        await using var scene = await Scene.BeginAsync(provider);
        await scene.Tags.AssignAsync(scene.Ids["a"], "x", ["pii"], Samples.Ada, Ending);
        await scene.RecordAsync(scene.Edge("a", "x", "b", "y"), scene.Edge("a", "x", "c", "y"));
        await scene.CarryAsync();
        (await scene.CarryAsync(isOn: false)).ShouldBeTrue();
        (await scene.TagsAsync("b")).ShouldBeEmpty();
        await scene.RemoveAsync("c", "a", null, null, isOn: false);
        (await scene.TagsAsync("b")).ShouldBeEmpty();
        (await scene.CarryAsync()).ShouldBeTrue();
        ((await scene.TagsAsync("b")).Count, (await scene.TagsAsync("c")).Count).ShouldBe((1, 0));
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_search_for_a_tag_finds_where_data_brought_it_and_tells_it_apart(string provider)
    {
        await using var scene = await Scene.BeginAsync(provider);
        await scene.Tags.AssignAsync(scene.Ids["a"], "x", ["pii.mail"], Samples.Ada, Ending);
        await scene.Tags.AssignAsync(scene.Ids["c"], null, ["pii"], Samples.Ada, Ending);
        await scene.RecordAsync(scene.Edge("a", "x", "b", "y"), scene.Edge("a", "x", "c", "y"));
        await scene.CarryAsync();

        (await FoundAsync("pii")).ShouldBe(["a", "b by lineage", "c"]);
        (await FoundAsync("pii.mail")).ShouldBe(["a", "b by lineage", "c by lineage"]);
        (await FoundAsync("pii.ma")).ShouldBeEmpty();

        async Task<IEnumerable<string>> FoundAsync(string tag)
        {
            var page = await scene.Database.Catalog.SearchAsync(new ObjectQuery { Parent = scene.Tree.Path("d"), Tag = tag }, Ending);
            page.Count.ShouldBe(page.Hits.Count);
            return page.Hits.Select(h => page.TaggedByLineage.Contains(h.Id) ? $"{h.Path.Name} by lineage" : h.Path.Name);
        }
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task An_edge_is_known_once_from_its_first_to_its_last_sighting_and_goes_with_its_connection(string provider)
    {
        await using var scene = await Scene.BeginAsync(provider);
        var edge = scene.Edge("a", "x", "b", "y").Edge;
        await scene.RecordAsync(new LineageSighting(edge, Samples.At.AddHours(2)), new LineageSighting(edge, Samples.At.AddHours(3)));
        await scene.RecordAsync(new LineageSighting(edge, Samples.At.AddHours(1)));
        var stored = (await scene.Store.EdgesAsync(scene.Tree.Path("d", "b"), Ending)).ShouldHaveSingleItem();
        stored.ShouldBe(new StoredEdge(edge, Samples.At.AddHours(1), Samples.At.AddHours(3)));
        (await scene.Store.EdgesAsync(scene.Tree.Path("d", "c"), Ending)).ShouldBeEmpty();
        (await scene.Database.Get<IQueryAuditStore>().CursorAsync(scene.Tree.Connection.Id, Source, Ending)).ShouldBe(Cursor);

        // What nobody knows any more is no place for a tag.
        await scene.RecordAsync(new LineageSighting(new LineageEdge(scene.Point("a", null), scene.Point("gone", null)), Samples.At));
        await scene.Tags.AssignAsync(scene.Ids["a"], null, ["hr"], Samples.Ada, Ending);
        (await scene.CarryAsync()).ShouldBeTrue();
        (await scene.Database.NumberAsync("SELECT count(DISTINCT object_id) FROM lineage_tags")).ShouldBe(1);
        await scene.Database.ExecuteAsync("DELETE FROM connections");
        (await scene.Database.NumberAsync("SELECT count(*) FROM lineage_edges")).ShouldBe(0);
    }

    // Databricks tells of lineage by names, hours late, and never tells old lineage again.
    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task What_is_renamed_keeps_where_its_data_came_from_and_went_and_what_is_told_late_of_its_former_name_is_its_own(string provider)
    {
        await using var scene = await Scene.BeginAsync(provider);
        await scene.Tags.AssignAsync(scene.Ids["a"], "x", ["pii"], Samples.Ada, Ending);
        await scene.RecordAsync(scene.Edge("a", "x", "b", "y"));
        await scene.CarryAsync();

        // The copy, and then the source.
        await scene.RenameAsync("b", "copy");
        (await scene.CarryAsync()).ShouldBeFalse();
        (await scene.TagsAsync("copy")).ShouldBe(["y: pii from Lake/d/a#x"]);
        await scene.RenameAsync("a", "people");
        await scene.CarryAsync();
        (await scene.TagsAsync("copy")).ShouldBe(["y: pii from Lake/d/people#x"]);

        // Told late, of both former names; and of what has taken one of them since, which is another.
        await scene.RecordAsync(scene.Edge("a", "x", "b", "x"));
        await scene.CarryAsync();
        (await scene.TagsAsync("copy")).ShouldBe(["x: pii from Lake/d/people#x", "y: pii from Lake/d/people#x"]);
        var later = scene.Edge("people", "x", "c", "x");
        await scene.RecordAsync(later with { Edge = later.Edge with { To = scene.Point("b", "y") }, SeenAt = DateTimeOffset.UtcNow.AddYears(10) }, later);
        await scene.CarryAsync();
        (await scene.TagsAsync("copy")).Count.ShouldBe(2);
        (await scene.TagsAsync("c")).ShouldBe(["x: pii from Lake/d/people#x"]);

        // What lies below something that is renamed goes with it.
        await scene.Tree.UpdateAsync(new CatalogChange.Update(scene.DatabaseId, Samples.Found(scene.Tree.Path("e"), ObjectKind.Database, "d-1"), ContentChanged: false, Renamed: true, Reappeared: false));
        await scene.CarryAsync();
        var found = (await scene.Database.Catalog.FindAsync(scene.Tree.Path("e", "copy"), Ending))!;
        (await scene.Store.TagsAsync(found, Ending)).Select(static t => $"{t.Column}: {t.Tag} from {t.Origin}").ShouldBe(["x: pii from Lake/e/people#x", "y: pii from Lake/e/people#x"]);
        (await scene.Store.TaggedFromAsync((await scene.Database.Catalog.FindAsync(scene.Tree.Path("e", "people"), Ending))!, Ending)).ShouldBe([scene.Ids["b"], scene.Ids["c"]], ignoreOrder: true);
        (await scene.Store.TaggedFromAsync(found, Ending)).ShouldBeEmpty();

        // An edge that was taken away stays so under another name.
        await scene.Tree.UpdateAsync(new CatalogChange.Update(scene.DatabaseId, Samples.Found(scene.Tree.Path("d"), ObjectKind.Database, "d-1"), ContentChanged: false, Renamed: true, Reappeared: false));
        await scene.RemoveAsync("copy", "people", null, null);
        (await scene.TagsAsync("copy")).ShouldBeEmpty();
        await scene.RenameAsync("copy", "copies");
        await scene.CarryAsync();
        (await scene.TagsAsync("copies")).ShouldBeEmpty();
    }

    private static string Joined(IEnumerable<string> tags) => string.Join(' ', tags);

    private sealed class Scene(TestDatabase database, TestTree tree) : IAsyncDisposable
    {
        public TestDatabase Database => database;

        public TestTree Tree => tree;

        public ILineageStore Store => database.Get<ILineageStore>();

        public ITagStore Tags => database.Get<ITagStore>();

        public Dictionary<string, long> Ids { get; } = [];

        public long DatabaseId { get; private set; }

        public static async Task<Scene> BeginAsync(string provider)
        {
            var database = await TestDatabase.CreateAsync(provider);
            var tree = await TestTree.CreateAsync(database, isActive: true);
            var scene = new Scene(database, tree) { DatabaseId = await tree.AddDatabaseAsync("d") };
            foreach (var name in (string[])["a", "b", "c"]) scene.Ids[name] = await tree.AddTableAsync("d", name, null, new DiscoveredColumn("x", "text"), new DiscoveredColumn("y", "text"));
            await database.Get<IObjectReviews>().ClearDiscoveredAsync((await database.Catalog.FindAsync(tree.Path(), Ending))!, null, Samples.Ada, Ending);
            return scene;
        }

        public Task RenameAsync(string from, string to)
        {
            Ids[to] = Ids[from];
            return tree.UpdateAsync(new CatalogChange.Update(Ids[from], Samples.Found(tree.Path("d", to), ObjectKind.Table, $"n-{from}"), ContentChanged: false, Renamed: true, Reappeared: false));
        }

        public LineagePoint Point(string table, string? column) => new(tree.Path("d", table), column);

        public LineageSighting Edge(string from, string? fromColumn, string to, string? toColumn) => new(new LineageEdge(Point(from, fromColumn), Point(to, toColumn)), Samples.At);

        public Task RecordAsync(params LineageSighting[] seen) => Store.RecordAsync(tree.Fence, Source, seen, Cursor, Ending);

        public async Task<bool> CarryAsync(bool isOn = true) => (await Store.CarryAsync(tree.Connection.Id, isOn, Ending)).Changed;

        public async Task<int> RemoveAsync(string to, string from, string? fromColumn, string? column, bool isOn = true) => await Store.RemoveAsync(
            (await database.Catalog.FindAsync(tree.Path("d", to), Ending))!, new EdgeSelection(tree.Path("d", from), fromColumn, column), isOn, Samples.Ada, Ending);

        public Task<long> RevisionAsync() => database.Get<IPlanStore>().AccessRevisionAsync(Ending);

        public async Task<GovernedObject> GovernedAsync(string table) =>
            (await database.Catalog.GovernedAsync(tree.Connection.Id, null, null, Ending)).Single(g => g.Object.Path.Name == table).Object;

        public async Task<IReadOnlyList<string>> TagsAsync(string table)
        {
            var found = (await database.Catalog.FindAsync(tree.Path("d", table), Ending))!;
            return [.. (await Store.TagsAsync(found, Ending)).Select(static t => $"{(t.Column is null ? "" : $"{t.Column}: ")}{t.Tag} from {t.Origin}")];
        }

        public ValueTask DisposeAsync() => database.DisposeAsync();
    }
}
