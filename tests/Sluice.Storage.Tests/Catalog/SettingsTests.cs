using System.Text.Json;
using Sluice.Core.Catalog;
using Sluice.Storage.Catalog;
using Sluice.Storage.Jobs;

namespace Sluice.Storage.Tests.Catalog;

public sealed class SettingsTests
{
    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task The_nearest_override_holds_and_a_cleared_one_inherits_again(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        await tree.AddDatabaseAsync("d");
        await tree.AddAsync(Samples.Found(tree.Path("d", "s"), ObjectKind.Schema));
        await tree.AddAsync(Samples.Found(tree.Path("d", "s", "t"), ObjectKind.Table));

        (await Effective()).ShouldBe(false, "the root's default");
        await tree.SetAsync(true);
        (await Effective()).ShouldBe(true);
        await tree.SetAsync(false, "d");
        (await Effective()).ShouldBe(false);
        await tree.SetAsync(true, "d", "s");
        (await Effective()).ShouldBe(true);
        await tree.SetAsync(false, "d", "s", "t");
        (await Effective()).ShouldBe(false);
        await tree.SetAsync(null, "d", "s", "t");
        (await Effective()).ShouldBe(true);
        await tree.SetAsync(null, "d", "s");
        (await Effective()).ShouldBe(false);
        await tree.SetAsync(null, "d");
        (await Effective()).ShouldBe(true);
        await tree.SetAsync(null);
        (await Effective()).ShouldBe(false);

        async Task<bool?> Effective() => (await tree.GetAsync("d", "s", "t")).Effective.IsActive;
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_change_counts_the_readable_objects_it_turns(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        await tree.AddDatabaseAsync("d");
        foreach (var name in new[] { "a", "b", "c" }) await tree.AddTableAsync("d", name);
        await tree.AddAsync(new DiscoveredObject { Path = tree.Path("d", "iam"), Kind = ObjectKind.Table, Governance = Governance.Ungoverned });
        await tree.AddAsync(Samples.Found(tree.Path("d", "link"), ObjectKind.ResourceLink));
        await tree.MissAsync(await tree.AddTableAsync("d", "gone"));

        (await tree.SetAsync(false, "d", "c")).ShouldBe(new SettingsChanged(0, 0));
        (await tree.SetAsync(true, "d")).ShouldBe(new SettingsChanged(2, 0));
        (await tree.SetAsync(true, "d")).ShouldBe(new SettingsChanged(0, 0));
        (await tree.SetAsync(true)).ShouldBe(new SettingsChanged(0, 0), "the database decides for what is below");
        (await tree.SetAsync(null, "d")).ShouldBe(new SettingsChanged(0, 0), "the root says the same");
        (await tree.SetAsync(false)).ShouldBe(new SettingsChanged(0, 2));
        (await tree.SetNewChildrenAsync(true, "d")).ShouldBe(new SettingsChanged(0, 0));
        (await tree.SetAsync(true, "nowhere")).ShouldBeNull();
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task What_is_not_given_stays_and_a_given_null_takes_the_override_away(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        await tree.AddDatabaseAsync("d");
        await ChangeAsync(new SettingsChange(Given<bool?>.Of(true), Given<bool?>.Of(false), Given<IReadOnlyList<string>?>.Of(["a", "b"])));
        await ChangeAsync(new SettingsChange(default, default, default));
        var stored = (await tree.GetAsync("d")).Overrides;
        (stored.IsActive, stored.ActivateNewChildren).ShouldBe((true, false));
        stored.DataOwners.ShouldBe(["a", "b"]);

        await ChangeAsync(new SettingsChange(default, Given<bool?>.Of(null), Given<IReadOnlyList<string>?>.Of([])));
        stored = (await tree.GetAsync("d")).Overrides;
        (stored.IsActive, stored.ActivateNewChildren).ShouldBe((true, null));
        stored.DataOwners.ShouldNotBeNull().ShouldBeEmpty();

        await ChangeAsync(new SettingsChange(Given<bool?>.Of(null), default, Given<IReadOnlyList<string>?>.Of(null)));
        (await tree.GetAsync("d")).Overrides.ShouldBe(ObjectOverrides.None);

        Task ChangeAsync(SettingsChange change) => database.Catalog.ChangeSettingsAsync(tree.Path("d"), change, Samples.Bob, null, TestDatabase.Ending);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_change_is_an_update_of_the_connection_by_its_actor_and_brings_its_job(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database, settings: """{"isActive":false,"prefix":"SLUICE"}""");
        await tree.AddDatabaseAsync("d");
        var at = database.Clock.Advance(TimeSpan.FromMinutes(5));
        var job = Samples.Job(tree.Connection.Id, tree.Connection.Key, type: "apply");

        await database.Catalog.ChangeSettingsAsync(
            tree.Path("d"), new SettingsChange(Given<bool?>.Of(true), default, default), Samples.Bob, job, TestDatabase.Ending);

        var after = (await database.Connections.FindAsync(tree.Connection.Id, TestDatabase.Ending))!;
        after.Revision.ShouldBe(tree.Connection.Revision + 1);
        (after.UpdatedBy, after.UpdatedAt).ShouldBe((Samples.Bob, at));
        after.SettingsJson.ShouldBe(tree.Connection.SettingsJson);
        (await database.Jobs.FindAsync(job.Id, TestDatabase.Ending)).ShouldNotBeNull().State.ShouldBe(JobState.Created);

        await tree.SetAsync(true);
        var settings = JsonDocument.Parse((await database.Connections.FindAsync(tree.Connection.Id, TestDatabase.Ending))!.SettingsJson).RootElement;
        settings.GetProperty("isActive").GetBoolean().ShouldBeTrue("the root's override is the connection's setting");
        settings.GetProperty("prefix").GetString().ShouldBe("SLUICE");
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_crawl_enters_active_containers_and_the_way_to_active_overrides(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        foreach (var name in new[] { "active", "way", "dark", "never" })
        {
            await tree.AddDatabaseAsync(name);
            foreach (var schema in new[] { "s", "u" })
            {
                await tree.AddAsync(Samples.Found(tree.Path(name, schema), ObjectKind.Schema));
                await tree.AddAsync(Samples.Found(tree.Path(name, schema, "t"), ObjectKind.Table));
            }
        }

        await tree.SetAsync(true, "active");
        await tree.SetAsync(false, "active", "u");
        await tree.SetAsync(true, "way", "s", "t");
        await tree.SetAsync(false, "dark", "s", "t");

        (await EnterableAsync()).ShouldBe([tree.Path("active"), tree.Path("active", "s"), tree.Path("way"), tree.Path("way", "s")], ignoreOrder: true);
        (await EnterableAsync("way")).ShouldBe([tree.Path("way"), tree.Path("way", "s")], ignoreOrder: true);
        (await EnterableAsync("way", "u")).ShouldBeEmpty();
        (await EnterableAsync("gone")).ShouldBeEmpty();

        Task<IReadOnlySet<ObjectPath>> EnterableAsync(params string[] below) => database.Catalog.EnterableAsync(tree.Path(below), TestDatabase.Ending);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Overrides_below_are_told_by_kind_and_not_of_the_object_itself(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database, isActive: true);
        await tree.AddDatabaseAsync("d");
        await tree.AddDatabaseAsync("e");
        await tree.AddTableAsync("d", "t");
        await database.Catalog.ChangeSettingsAsync(
            tree.Path("d", "t"), new SettingsChange(default, default, Given<IReadOnlyList<string>?>.Of(["x"])), Samples.Ada, null, TestDatabase.Ending);
        await tree.SetNewChildrenAsync(false, "d");

        (await tree.GetAsync()).Descendants.ShouldBe(new DescendantOverrides(false, true, true));
        (await tree.GetAsync("d")).Descendants.ShouldBe(new DescendantOverrides(false, false, true));
        (await tree.GetAsync("d", "t")).Descendants.ShouldBe(new DescendantOverrides(false, false, false));
        (await tree.GetAsync("e")).Descendants.ShouldBe(new DescendantOverrides(false, false, false));
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_change_made_from_an_older_revision_writes_nothing(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        var revision = tree.Connection.Revision;
        var change = new SettingsChange(Given<bool?>.Of(true), default, default) { IfRevision = [0, revision] };
        (await ChangeAsync(change)).ShouldBe(new SettingsChanged(0, 0));
        await Should.ThrowAsync<StaleRevisionException>(() => ChangeAsync(change with { IsActive = Given<bool?>.Of(false) }));
        (await tree.GetAsync()).Overrides.IsActive.ShouldBe(true);
        (await database.Connections.FindAsync(tree.Connection.Id, TestDatabase.Ending))!.Revision.ShouldBe(revision + 1);

        Task<SettingsChanged?> ChangeAsync(SettingsChange what) => database.Catalog.ChangeSettingsAsync(tree.Root, what, Samples.Ada, null, TestDatabase.Ending);
    }
}
