using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Engine.Callers;
using Sluice.Engine.Catalog;
using Sluice.Engine.Errors;
using Sluice.Platforms;
using Sluice.Storage.Connections;
using Sluice.Storage.Jobs;
using Sluice.Storage.Plans;
using Sluice.Storage.Tags;

namespace Sluice.Engine.Tests.Enforcing;

/// <summary>A change of activation that is only tried: what it answers, when it is refused, and that nothing is left of it.</summary>
public sealed class ActivationTrialTests
{
    private static readonly ObjectPath Database = new("pg", "db");
    private static readonly ObjectPath Table = Database.Child("t");

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_registered_people_would_lose_is_named_and_stays()
    {
        var platform = Platform();
        await using var engine = await platform.StartAsync();
        var before = await StateAsync(engine);

        var trial = await TryAsync(engine, Table, true);

        (trial.Activated, trial.Deactivated, trial.Note, trial.Refused).ShouldBe((1, 0, null, null));
        var plan = trial.Plan.ShouldNotBeNull();
        plan.Changes.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            c => c.Verb.ShouldBe(ChangeVerb.Remove),
            c => c.Key.ShouldBe(Granted(Table)));
        plan.Statements.ShouldHaveSingleItem();
        plan.Plan.Residuals.ShouldHaveSingleItem().Identity.ShouldBe("bob");
        (await StateAsync(engine)).ShouldBe(before);
        platform.Observations.ShouldBe(1);
    }

    [Fact]
    public async Task An_object_tells_of_what_lies_below_it_alone()
    {
        var platform = Platform();
        await using var engine = await platform.StartAsync();

        var trial = await TryAsync(engine, Database, true);

        trial.Activated.ShouldBe(2);
        trial.Plan.ShouldNotBeNull().Changes.Select(static c => c.Key).ShouldBe([Granted(Table), Granted(Database.Child("u"))], ignoreOrder: true);
    }

    [Fact]
    public async Task What_a_platform_was_last_seen_to_keep_to_is_neither_forgotten_nor_replaced()
    {
        var platform = Platform();
        await using var engine = await platform.StartAsync();
        await ChangeSomethingAsync(engine);
        var before = platform.Observations;

        await TryAsync(engine, Table, true);
        await ChangeSomethingAsync(engine);

        platform.Observations.ShouldBe(before + 1, "the trial's own alone");
    }

    [Fact]
    public async Task Where_ways_that_stay_open_are_refused_they_are_answered_with_the_refusal()
    {
        var platform = Platform();
        await using var engine = await platform.StartAsync();
        await engine.WaitAsync(await engine.Connections.UpdateAsync("pg", EngineHost.Json("""{"settings":{"onResidual":"refuse"}}"""), null, EngineHost.Admin, Ending));

        var trial = await TryAsync(engine, Table, true);

        trial.Refused.ShouldNotBeNull().ShouldContain("1 ways would stay open");
        trial.Plan.ShouldNotBeNull().Plan.Residuals.ShouldHaveSingleItem().Identity.ShouldBe("bob");
        var refusal = await Should.ThrowAsync<RequestRefusedException>(() => engine.Catalog.ChangeSettingsAsync(Table, Body(true), null, EngineHost.Admin, Ending));
        refusal.Code.ShouldBe(ErrorCode.WrongState);
        refusal.Message.ShouldContain("1 ways would stay open");
        (await TryAsync(engine, Table, false)).Refused.ShouldBeNull();
    }

    [Fact]
    public async Task It_is_refused_for_whatever_the_change_is_refused_for()
    {
        var platform = Platform();
        await using var engine = await platform.StartAsync();
        var revision = (await engine.Catalog.ReadAsync(Table, EngineHost.Admin, Ending)).Revision;

        await SameRefusalAsync(ErrorCode.RevisionChanged, Table, Body(true), [revision + 1], EngineHost.Admin);
        await SameRefusalAsync(ErrorCode.NotFound, Database.Child("none"), Body(true), null, EngineHost.Admin);
        await SameRefusalAsync(ErrorCode.Forbidden, Table, Body(true), null, new Caller("eve", "eve", null, new HashSet<string> { Permission.Governance }));
        await SameRefusalAsync(ErrorCode.InvalidRequest, Table, EngineHost.Json("""{"isActiv": true}"""), null, EngineHost.Admin);
        await SameRefusalAsync(ErrorCode.InvalidRequest, new ObjectPath("pg"), EngineHost.Json("""{"isActive": null}"""), null, EngineHost.Admin);
        platform.Observations.ShouldBe(0);
        (await engine.Catalog.TryChangeSettingsAsync(Table, Body(true), [revision], EngineHost.Admin, Ending)).Activated.ShouldBe(1);

        async Task SameRefusalAsync(ErrorCode code, ObjectPath path, System.Text.Json.JsonElement body, IReadOnlyList<long>? revisions, Caller caller)
        {
            var tried = await Should.ThrowAsync<RequestRefusedException>(() => engine.Catalog.TryChangeSettingsAsync(path, body, revisions, caller, Ending));
            var changed = await Should.ThrowAsync<RequestRefusedException>(() => engine.Catalog.ChangeSettingsAsync(path, body, revisions, caller, Ending));
            (tried.Code, tried.Message).ShouldBe((code, changed.Message));
            changed.Code.ShouldBe(code);
        }
    }

    [Theory]
    [InlineData("""{"activateNewChildren": true}""", "the body does not say isActive")]
    [InlineData("""{"dataOwners": ["ada"]}""", "the body does not say isActive")]
    [InlineData("""{"isActive": false}""", "no table or view that is known would become active or inactive")]
    public async Task Where_nothing_of_access_would_change_the_platform_is_not_read(string body, string note)
    {
        var platform = Platform();
        await using var engine = await platform.StartAsync();

        var trial = await engine.Catalog.TryChangeSettingsAsync(Table, EngineHost.Json(body), null, EngineHost.Admin, Ending);

        trial.Note.ShouldNotBeNull().ShouldContain(note);
        (trial.Activated, trial.Plan).ShouldBe((0, null));
        platform.Observations.ShouldBe(0);
    }

    [Fact]
    public async Task A_platform_that_can_not_be_enforced_says_so()
    {
        var platform = new FakePlatform();
        platform.Add("db");
        platform.Add("db/t");
        await using var engine = await EngineHost.StartAsync(platform);
        await engine.RegisterAndCrawlAsync();

        var trial = await TryAsync(engine, Table, true);

        trial.Note.ShouldNotBeNull().ShouldContain("policies are not enforced on");
        (trial.Activated, trial.Plan).ShouldBe((1, null));
    }

    [Fact]
    public async Task A_container_that_a_crawl_did_not_enter_says_that_what_is_in_it_is_not_known()
    {
        var platform = Platform();
        await using var engine = await platform.StartAsync();
        await engine.WaitAsync(await engine.Connections.UpdateAsync("pg", EngineHost.Json("""{"options":{"forceRecursiveCrawl":false}}"""), null, EngineHost.Admin, Ending));

        (await TryAsync(engine, Database, true)).Note.ShouldNotBeNull().ShouldContain("forceRecursiveCrawl");
        (await TryAsync(engine, Table, true)).Note.ShouldBeNull();
    }

    [Fact]
    public async Task A_data_owner_is_not_told_what_becomes_of_objects_beside_their_own()
    {
        var platform = Platform();
        var elsewhere = Granted(new ObjectPath("pg", "other", "t"));
        platform.Desires = intent => intent.Objects.Any(static o => o.Object.Path.Equals(Table)) ? [elsewhere] : [];
        await using var engine = await platform.StartAsync();
        await engine.WaitAsync((await engine.Catalog.ChangeSettingsAsync(Table, EngineHost.Json("""{"dataOwners": ["alice"]}"""), null, EngineHost.Admin, Ending)).Accepted);
        var alice = new Caller("alice", "alice", null, new HashSet<string>()) { SpeaksForHolder = true };

        var asAdministrator = (await TryAsync(engine, Table, true)).Plan.ShouldNotBeNull();
        var asOwner = (await engine.Catalog.TryChangeSettingsAsync(Table, Body(true), null, alice, Ending)).Plan.ShouldNotBeNull();

        asAdministrator.Changes.Select(static c => c.Key).ShouldBe([Granted(Table), elsewhere]);
        asOwner.Changes.Select(static c => c.Key).ShouldBe([Granted(Table)]);
        (asOwner.Statements.Count, asOwner.Plan.Changes.Count).ShouldBe((1, 2));
    }

    [Fact]
    public async Task A_platform_that_can_not_be_reached_is_the_usual_error()
    {
        var platform = Platform();
        await using var engine = await platform.StartAsync();
        platform.OnObserve = static () => throw new PlatformException(PlatformFailure.Unreachable, "nobody answers");

        var refusal = await Should.ThrowAsync<RequestRefusedException>(() => TryAsync(engine, Table, true));

        refusal.Code.ShouldBe(ErrorCode.PlatformUnreachable);
    }

    private static Task<SettingsTrial> TryAsync(EngineHost engine, ObjectPath path, bool isActive) => engine.Catalog.TryChangeSettingsAsync(path, Body(isActive), null, EngineHost.Admin, Ending);

    private static System.Text.Json.JsonElement Body(bool isActive) => EngineHost.Json($$"""{"isActive": {{(isActive ? "true" : "false")}}}""");

    private static FactKey Granted(ObjectPath on) => new(FactKind.Grant, on, "ada", "SELECT");

    // On whatever is asked for, Ada has a grant of somebody else's, and Bob reads by a group.
    private static GovernedPlatform Platform()
    {
        var catalog = new FakePlatform();
        foreach (var path in (string[])["db", "db/t", "db/u", "other", "other/t"]) catalog.Add(path);
        return new GovernedPlatform(catalog)
        {
            Shows = static intent => new ObservedState(
                [.. intent.Objects.Select(static o => new ObservedFact(Granted(o.Object.Path), "", FactOwner.Registered, "root", "GRANT"))],
                [.. intent.Objects.Select(static o => new Residual(o.Object.Path, "bob", "member of role analysts"))], [], []),
        };
    }

    // Everything that a change would leave a trace in.
    private static async Task<string> StateAsync(EngineHost engine)
    {
        var connection = (await engine.Get<IConnectionStore>().FindAsync("pg", Ending)).ShouldNotBeNull();
        var view = await engine.Catalog.ReadAsync(Table, EngineHost.Admin, Ending);
        var plans = engine.Get<IPlanStore>();
        var jobs = await engine.Jobs.SearchAsync(new JobQuery(), EngineHost.Admin, Ending);
        return $"{view.IsActive} {view.Revision} {await plans.AccessRevisionAsync(Ending)} {await plans.EnforcementAsync(connection.Id, Ending)} "
            + $"{(await plans.OfConnectionAsync(connection.Id, null, 100, Ending)).Count} {(await plans.RemovedAsync(connection.Id, Ending)).Count} {jobs.Jobs.Count}";
    }

    private static async Task ChangeSomethingAsync(EngineHost engine)
    {
        var connection = (await engine.Get<IConnectionStore>().FindAsync("pg", Ending)).ShouldNotBeNull();
        await engine.Get<ITagStore>().AssignAsync(connection.RootObjectId, null, [$"T{Guid.NewGuid():n}"], EngineHost.Admin.AsActor(), Ending);
        var plans = engine.Get<IPlanStore>();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Ending);
        ending.CancelAfter(TimeSpan.FromSeconds(30));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while ((await plans.EnforcementAsync(connection.Id, Ending))?.ReconciledRevision != await plans.AccessRevisionAsync(Ending)) await look.WaitForNextTickAsync(ending.Token);
    }
}
