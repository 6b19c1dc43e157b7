using Sluice.Core.Catalog;
using Sluice.Engine.Callers;
using Sluice.Engine.Errors;
using Sluice.Storage.Jobs;

namespace Sluice.Engine.Tests;

/// <summary>Who owns an object: everybody named at it or above it, and nobody through a key that somebody else made.</summary>
public sealed class OwnershipTests
{
    private static readonly ObjectPath Database = new("pg", "db0");
    private static readonly ObjectPath Table = Database.Child("t0");

    [Fact]
    public async Task An_owner_of_a_container_owns_what_lies_below_it_whoever_else_is_named_there()
    {
        await using var engine = await StartAsync();
        var alice = Named("alice");

        (await engine.Catalog.ReadAsync(Table, alice, default)).Object.Path.ShouldBe(Table);
        (await engine.Catalog.SearchAsync(Database, default, alice, default)).Hits.ShouldHaveSingleItem().Object.Path.ShouldBe(Table);
        (await engine.Catalog.SearchAsync(Table, default, alice, default)).Count.ShouldBe(0);
        await engine.WaitAsync(await engine.Catalog.CrawlAsync(Table, default, null, alice, default));
        await engine.WaitAsync((await engine.Catalog.ChangeSettingsAsync(Table, EngineHost.Json("""{"isActive": true}"""), null, alice, default)).Accepted);
    }

    [Fact]
    public async Task An_owner_of_a_table_owns_nothing_above_it()
    {
        await using var engine = await StartAsync();
        var bob = Named("bob");

        (await engine.Catalog.ReadAsync(Table, bob, default)).Object.Effective.DataOwners.ShouldBe(["bob"]);
        await RefusedAsync(() => engine.Catalog.ReadAsync(Database, bob, default));
        await RefusedAsync(() => engine.Catalog.SearchAsync(Database, default, bob, default));
        await RefusedAsync(() => engine.Catalog.CrawlAsync(Database, default, null, bob, default));
        await RefusedAsync(() => engine.Catalog.ChangeSettingsAsync(Database, EngineHost.Json("""{"isActive": true}"""), null, bob, default));
    }

    [Fact]
    public async Task A_key_that_does_not_speak_for_its_holder_owns_nothing_and_sees_none_of_their_jobs()
    {
        await using var engine = await StartAsync();
        var alice = Named("alice");
        var key = alice with { SpeaksForHolder = false };
        var job = await engine.WaitAsync(await engine.Catalog.CrawlAsync(Database, default, null, alice, default));

        await RefusedAsync(() => engine.Catalog.ReadAsync(Database, key, default));
        await RefusedAsync(() => engine.Catalog.SearchAsync(Database, default, key, default));
        await RefusedAsync(() => engine.Catalog.CrawlAsync(Database, default, null, key, default));
        await RefusedAsync(() => engine.Catalog.ChangeSettingsAsync(Database, EngineHost.Json("""{"isActive": true}"""), null, key, default));
        (await engine.Jobs.ListAsync(null, alice, default)).ShouldContain(j => j.Id == job.Id);
        (await engine.Jobs.ListAsync(null, key, default)).ShouldBeEmpty();
        (await engine.Jobs.SearchAsync(new JobQuery(), key, default)).Jobs.ShouldBeEmpty();
        (await engine.Jobs.SummaryAsync(key, default)).ShouldBeEmpty();
        (await engine.Jobs.StatusesAsync([job.Id], TimeSpan.Zero, TimeSpan.Zero, key, default)).ShouldBeEmpty();
        (await Should.ThrowAsync<RequestRefusedException>(() => engine.Jobs.CancelAsync(job.Id, key, default))).Code.ShouldBe(ErrorCode.NotFound);
    }

    private static Caller Named(string id) => new(id, id, null, new HashSet<string>()) { SpeaksForHolder = true };

    private static async Task<EngineHost> StartAsync()
    {
        var platform = new FakePlatform();
        platform.Add("db0");
        platform.Add("db0/t0");
        var engine = await EngineHost.StartAsync(platform);
        await engine.RegisterAndCrawlAsync();
        foreach (var (path, owners) in new[] { (Database, """{"dataOwners": ["alice"]}"""), (Table, """{"dataOwners": ["bob"]}""") })
            await engine.WaitAsync((await engine.Catalog.ChangeSettingsAsync(path, EngineHost.Json(owners), null, EngineHost.Admin, default)).Accepted);
        return engine;
    }

    private static async Task RefusedAsync(Func<Task> call) =>
        (await Should.ThrowAsync<RequestRefusedException>(call)).Code.ShouldBe(ErrorCode.Forbidden);
}
