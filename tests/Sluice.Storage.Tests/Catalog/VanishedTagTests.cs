using Sluice.Core.Catalog;
using Sluice.Storage.Catalog;
using Sluice.Storage.Policies;
using Sluice.Storage.Tags;

namespace Sluice.Storage.Tests.Catalog;

/// <summary>A tag that a platform takes away goes on protecting, where a policy protects by it, until somebody confirms that it is gone.</summary>
public sealed class VanishedTagTests
{
    private const string Mask = """{"policyKey": "mask", "name": "mask", "type": "data", "actions": [{"rules": [{"type": "Masking", "config": {"fields": [{"type": "columnTags", "columnTag": "pii"}], "maskingConfig": {"type": "Null"}}}]}]}""";
    private const string Share = """{"policyKey": "share", "name": "share", "type": "subscription", "circumstances": [{"type": "tags", "tag": "open"}], "actions": {"type": "anyone", "accessGrant": "READ"}}""";

    private static CancellationToken Token => TestDatabase.Ending;

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task What_a_data_policy_names_is_kept_and_what_it_does_not_name_is_not(string provider)
    {
        await using var scene = await Scene.BeginAsync(provider, Mask, Share);
        await scene.FindAsync(null, ("ssn", "pii", "high"), (null, "open", "yes"));
        await scene.FindAsync(null);

        var governed = await scene.GovernedAsync();
        governed.Columns.Single().Tags.ShouldBe(["pii.high"]);
        governed.Columns.Single().VanishedTags.ShouldBe(["pii.high"]);
        governed.Tags.ShouldBeEmpty();
        (await scene.Reviews.VanishedBelowAsync(await scene.RootAsync(), Token)).Select(static v => (v.Path.Name, v.Column, v.Tag)).ShouldBe([("t", "ssn", "pii.high")]);

        (await scene.Reviews.ConfirmVanishedAsync(await scene.RootAsync(), null, "pii", Samples.Ada, Token)).ShouldBe(1);
        (await scene.GovernedAsync()).Columns.Single().Tags.ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task What_comes_back_has_not_vanished(string provider)
    {
        await using var scene = await Scene.BeginAsync(provider, Mask);
        await scene.FindAsync(null, ("ssn", "pii", ""));
        await scene.FindAsync(null);
        await scene.FindAsync(null, ("ssn", "pii", ""));
        var column = (await scene.GovernedAsync()).Columns.Single();
        column.Tags.ShouldBe(["pii"]);
        column.VanishedTags.ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_renamed_column_takes_with_it_what_was_given_and_what_vanished(string provider)
    {
        await using var scene = await Scene.BeginAsync(provider, Mask);
        await scene.FindAsync("7", ("ssn", "pii", "high"));
        await scene.FindAsync("7");
        await scene.Database.Get<ITagStore>().AssignAsync(scene.TableId, "ssn", ["given"], Samples.Ada, Token);
        await scene.FindAsync("7", column: "tax_number");
        (await scene.GovernedAsync()).Columns.Single().Tags.ShouldBe(["given", "pii.high"]);

        // Again, with the tag lost in the same crawl as the name.
        await scene.FindAsync("7", column: "tax_number", tags: [("tax_number", "pii", "low")]);
        await scene.FindAsync("7", column: "tin");
        (await scene.GovernedAsync()).Columns.Single().VanishedTags.ShouldBe(["pii.high", "pii.low"]);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task What_takes_a_name_takes_what_was_given_under_it(string provider)
    {
        await using var scene = await Scene.BeginAsync(provider, Mask);
        await scene.FindAsync(null, ("ssn", "pii", ""));
        await scene.Database.Get<ITagStore>().AssignAsync(scene.TableId, "ssn", ["given"], Samples.Ada, Token);
        await scene.Database.Get<ITagStore>().AssignAsync(scene.TableId, null, ["Sales"], Samples.Ada, Token);

        await scene.ReplaceAsync();

        var governed = await scene.GovernedAsync();
        governed.Tags.ShouldBe(["Discovered.New", "Sales"]);
        governed.Columns.Single().Tags.ShouldBe(["given", "pii"]);
        governed.Columns.Single().VanishedTags.ShouldBe(["pii"]);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task What_somebody_has_looked_at_is_new_no_more(string provider)
    {
        await using var scene = await Scene.BeginAsync(provider);
        await scene.ReplaceAsync();
        (await scene.Reviews.ClearDiscoveredAsync(await scene.RootAsync(), null, Samples.Ada, Token)).ShouldBe(1);
        (await scene.GovernedAsync()).Tags.ShouldBeEmpty();
        (await scene.Reviews.ClearDiscoveredAsync(await scene.RootAsync(), null, Samples.Ada, Token)).ShouldBe(0);
    }

    private sealed class Scene(TestDatabase database, TestTree tree) : IAsyncDisposable
    {
        public TestDatabase Database => database;

        public IObjectReviews Reviews => database.Get<IObjectReviews>();

        public long TableId { get; private set; }

        public static async Task<Scene> BeginAsync(string provider, params string[] policies)
        {
            var database = await TestDatabase.CreateAsync(provider);
            await database.Get<IPolicyStore>().WriteAsync([.. policies.Select((p, i) => new PolicyPut($"p{i}", "p", "data", false, p))], [], Samples.Ada, Token);
            var tree = await TestTree.CreateAsync(database, isActive: true);
            await tree.AddDatabaseAsync("d");
            var scene = new Scene(database, tree) { TableId = await tree.AddTableAsync("d", "t", null, new DiscoveredColumn("ssn", "text")) };
            await scene.Reviews.ClearDiscoveredAsync(await scene.RootAsync(), null, Samples.Ada, Token);
            return scene;
        }

        public Task FindAsync(string? columnId, params (string? Column, string Key, string Value)[] tags) => FindAsync(columnId, "ssn", tags);

        public Task FindAsync(string? columnId, string column, params (string? Column, string Key, string Value)[] tags) =>
            tree.UpdateAsync(new CatalogChange.Update(TableId, Table(columnId, column, tags), ContentChanged: true, Renamed: false, Reappeared: false));

        public async Task ReplaceAsync() => TableId = await tree.AddAsync(Table(null, "ssn", []), replaces: TableId);

        public async Task<StoredObject> RootAsync() => (await database.Catalog.FindAsync(tree.Path(), Token))!;

        public async Task<Sluice.Core.Access.GovernedObject> GovernedAsync() =>
            (await database.Catalog.GovernedAsync(tree.Connection.Id, null, null, Token)).Single().Object;

        private DiscoveredObject Table(string? columnId, string column, (string? Column, string Key, string Value)[] tags) => new()
        {
            Path = tree.Path("d", "t"),
            Kind = ObjectKind.Table,
            Columns = [new DiscoveredColumn(column, "text", columnId)],
            Tags = [.. tags.Select(static t => new ObjectTag(t.Column, t.Key, t.Value))],
        };

        public ValueTask DisposeAsync() => database.DisposeAsync();
    }
}
