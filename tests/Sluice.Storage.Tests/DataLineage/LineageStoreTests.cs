using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.DataLineage;
using Sluice.Core.QueryAudit;
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
        var (_, suspended) = await scene.Store.CarryAsync(scene.Tree.Connection.Id, Ending);
        suspended.ShouldHaveSingleItem().ShouldBe(new SuspendedTag("hr", scene.Point("a", null), scene.Point("b", null)));
        (await scene.GovernedAsync("a")).VanishedTags.ShouldBeEmpty();

        await scene.Tags.AssignAsync(scene.Ids["a"], null, [], Samples.Ada, Ending);
        await scene.CarryAsync();
        (await scene.GovernedAsync("b")).Tags.ShouldBeEmpty();
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

        public LineagePoint Point(string table, string? column) => new(tree.Path("d", table), column);

        public LineageSighting Edge(string from, string? fromColumn, string to, string? toColumn) => new(new LineageEdge(Point(from, fromColumn), Point(to, toColumn)), Samples.At);

        public Task RecordAsync(params LineageSighting[] seen) => Store.RecordAsync(tree.Fence, Source, seen, Cursor, Ending);

        public async Task<bool> CarryAsync() => (await Store.CarryAsync(tree.Connection.Id, Ending)).Changed;

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
