using Microsoft.Extensions.DependencyInjection;
using Sluice.Core.Audit;
using Sluice.Core.Policies;
using Sluice.Storage.People;
using Sluice.Storage.Plans;
using Sluice.Storage.Subscriptions;
using Sluice.Storage.Tags;

namespace Sluice.Storage.Tests.Audit;

/// <summary>A change of people, tags, subscriptions or plans and its row: both or neither.</summary>
public sealed class LocalChangeTests
{
    private static readonly HashSet<Guid> Nobody = [];

    private static CancellationToken Ending => TestDatabase.Ending;

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task People_and_groups_leave_a_row_for_each_change_and_none_where_nothing_changed(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        var (people, groups) = (database.People.As(Samples.Bob), database.Groups.As(Samples.Bob));
        var ada = await people.AddAsync(Guid.NewGuid(), new PersonDetails("ada", "Ada"), Ending);
        await people.UpdateAsync(ada.Id, d => d with { IsEnabled = false }, null, Nobody, Ending);
        await people.UpdateAsync(ada.Id, d => d, null, Nobody, Ending);
        await people.ChangeAttributesAsync(ada.Id, null, _ => [new StoredAttribute("Region", "EU")], null, Nobody, Ending);
        await people.ChangeIdentitiesAsync(ada.Id, _ => [new StoredIdentity(tree.Connection.Id, tree.Connection.Key, "ADA", false)], null, Nobody, Ending);
        await people.SetPermissionsAsync(ada.Id, ["AUDIT"], null, Nobody, Ending);
        var group = await groups.AddAsync(Guid.NewGuid(), null, "Analysts", null, [ada.Id], Nobody, Ending);
        await groups.RenameAsync(group.Id, "Readers", null, null, Nobody, Ending);
        await groups.ChangeMembersAsync(group.Id, _ => Nobody, null, Nobody, Ending);
        await groups.DeleteAsync(group.Id, null, Nobody, Ending);
        await people.DeleteAsync(ada.Id, null, Nobody, Ending);

        var rows = (await RowsAsync(database, AuditStream.Administration)).Where(e => e.Action.StartsWith("person", StringComparison.Ordinal) || e.Action.StartsWith("group", StringComparison.Ordinal)).ToList();
        rows.Select(e => e.Action).ShouldBe(
            [
                AuditAction.PersonAdded, AuditAction.PersonUpdated, AuditAction.PersonAttributesChanged, AuditAction.PersonIdentitiesChanged, AuditAction.PersonPermissionsChanged,
                AuditAction.GroupAdded, AuditAction.GroupRenamed, AuditAction.GroupMembersChanged, AuditAction.GroupDeleted, AuditAction.PersonDeleted,
            ]);
        rows.ShouldAllBe(e => e.ActorId == Samples.Bob.Id);
        rows[1].Details.ShouldBe("""{"enabled":{"from":true,"to":false},"username":"ada"}""");
        rows[2].Details.ShouldBe("""{"added":[{"name":"Region","value":"EU"}],"username":"ada"}""");
        rows[4].Person.ShouldBe(ada.Id.ToString());
        (await database.Trail.VerifyAsync([], Ending)).ShouldAllBe(r => r.IsIntact);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Tags_subscriptions_requests_and_plans_leave_their_rows(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        var services = database.StartServer();
        var (tags, subscriptions, plans) = (services.GetRequiredService<ITagStore>(), services.GetRequiredService<ISubscriptionStore>(), services.GetRequiredService<IPlanStore>());
        var root = (await database.Catalog.FindAsync(tree.Root, Ending)).ShouldNotBeNull().Id;
        await tags.DefineAsync("PII", "personal", Samples.Ada, Ending);
        await tags.DefineAsync("PII", "personal", Samples.Ada, Ending);
        await tags.AssignAsync(root, "email", ["PII"], Samples.Ada, Ending);
        await tags.RenameAsync("PII", "Personal", Samples.Ada, Ending);
        await tags.DeleteAsync("Personal", Samples.Ada, Ending);
        var person = Guid.NewGuid().ToString();
        var request = new StoredAccessRequest(Guid.NewGuid(), person, root, AccessKind.Read, "audit", AccessRequestState.Pending, Samples.At, null, [], null);
        var given = new StoredSubscription(Guid.NewGuid(), person, root, SubscriptionKind.Approval, AccessKind.Read, null, Samples.At, Samples.Bob, null);
        await subscriptions.AddRequestAsync(request, Ending);
        (await subscriptions.DecideAsync(request.Id, AccessRequestState.Approved, [], Samples.Bob, "yes", given, Ending)).ShouldBeTrue();
        (await subscriptions.DecideAsync(request.Id, AccessRequestState.Denied, [], Samples.Bob, "no", null, Ending)).ShouldBeFalse();
        await subscriptions.RemoveAsync(given.Id, Samples.Ada, Ending);
        var plan = new StoredPlan { Id = Guid.NewGuid(), ConnectionId = tree.Connection.Id, State = PlanState.Held, StateReason = "many", Digest = [1], AccessRevision = 1, ChangeCount = 2, CreatedAt = Samples.At, CreatedBy = Samples.Ada };
        await plans.AddAsync(plan, "{}", Ending);
        (await plans.MoveAsync(plan.Id, [PlanState.Proposed], PlanState.Applying, null, Samples.Bob, Ending)).ShouldBeFalse();
        (await plans.MoveAsync(plan.Id, [PlanState.Held], PlanState.Applying, null, Samples.Bob, Ending)).ShouldBeTrue();
        await plans.MoveAsync(plan.Id, [PlanState.Applying], PlanState.Applied, null, Samples.Bob, Ending);

        (await RowsAsync(database, AuditStream.Administration)).Select(e => e.Action).Where(a => a.StartsWith("tag", StringComparison.Ordinal))
            .ShouldBe([AuditAction.TagDefined, AuditAction.TagRenamed, AuditAction.TagDeleted]);
        var rows = await RowsAsync(database, AuditStream.Of(tree.Connection.Id));
        rows.Select(e => (e.Action, e.ActorId)).ShouldBe(
            [
                (AuditAction.TagAssigned, "u-1"), (AuditAction.RequestAsked, person), (AuditAction.RequestApproved, "u-2"), (AuditAction.SubscriptionAdded, "u-2"),
                (AuditAction.SubscriptionRevoked, "u-1"), (AuditAction.PlanHeld, "u-1"), (AuditAction.PlanConfirmed, "u-2"), (AuditAction.PlanApplied, "u-2"),
            ]);
        rows.Where(e => e.Person is not null).ShouldAllBe(e => e.Person == person);
        rows[0].Object.ShouldBe(tree.Root);
        rows[0].Details.ShouldBe("""{"added":["PII"],"column":"email","removed":[]}""");

        (await plans.PruneAsync(database.Clock.Now.AddDays(-1), Ending)).ShouldBe(0);
        var stale = plan with { Id = Guid.NewGuid() };
        await plans.AddAsync(stale, "{}", Ending);
        await plans.MoveAsync(stale.Id, [PlanState.Held], PlanState.Stale, "newer", Samples.Bob, Ending);
        (await plans.PruneAsync(database.Clock.Now.AddDays(1), Ending)).ShouldBe(2, "what was applied is in the audit trail, and which grants are ours is kept apart");
        (await plans.FindAsync(stale.Id, Ending)).ShouldBeNull();
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_change_whose_row_can_not_be_written_is_not_made(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        var services = database.StartServer();
        var tags = services.GetRequiredService<ITagStore>();
        var subscriptions = services.GetRequiredService<ISubscriptionStore>();
        var root = (await database.Catalog.FindAsync(tree.Root, Ending)).ShouldNotBeNull().Id;
        var ada = await database.People.AddAsync(Guid.NewGuid(), new PersonDetails("ada", "Ada"), Ending);
        var rows = await database.NumberAsync("SELECT count(*) FROM audit_events");
        database.AuditKeys.Fails = true;
        Func<Task>[] changes =
        [
            () => database.People.AddAsync(Guid.NewGuid(), new PersonDetails("bob", "Bob"), Ending),
            () => database.People.UpdateAsync(ada.Id, d => d with { DisplayName = "Lovelace" }, null, Nobody, Ending),
            () => database.People.DeleteAsync(ada.Id, null, Nobody, Ending),
            () => database.Groups.AddAsync(Guid.NewGuid(), null, "Analysts", null, [], Nobody, Ending),
            () => services.GetRequiredService<IPeopleImport>().ImportAsync([Imported("eve")], static (_, _) => null, Nobody, false, Ending),
            () => tags.DefineAsync("PII", null, Samples.Ada, Ending),
            () => tags.AssignAsync(root, null, ["PII"], Samples.Ada, Ending),
            () => subscriptions.PutAsync(new StoredSubscription(Guid.NewGuid(), "p", root, SubscriptionKind.Manual, AccessKind.Read, null, Samples.At, Samples.Bob, null), Ending),
        ];
        foreach (var change in changes) await Should.ThrowAsync<InvalidOperationException>(change);
        (await database.NumberAsync("SELECT count(*) FROM audit_events")).ShouldBe(rows);
        (await database.NumberAsync("SELECT count(*) FROM people")).ShouldBe(1);
        (await database.NumberAsync("SELECT count(*) FROM tags")).ShouldBe(0);
        (await database.NumberAsync("SELECT count(*) FROM assigned_tags")).ShouldBe(0);
        (await database.NumberAsync("SELECT count(*) FROM subscriptions")).ShouldBe(0);
        (await database.People.FindAsync(ada.Id, Ending)).ShouldNotBeNull().Details.DisplayName.ShouldBe("Ada");
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task An_import_of_ten_thousand_people_leaves_a_row_for_each(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var import = database.StartServer().GetRequiredService<IPeopleImport>().As(Samples.Ada);
        ImportedPerson[] all = [.. Enumerable.Range(0, 10_000).Select(i => Imported($"user{i}"))];
        var started = TimeProvider.System.GetTimestamp();
        (await import.ImportAsync(all, static (_, _) => null, Nobody, false, Ending)).Added.ShouldBe(10_000);
        TestContext.Current.TestOutputHelper?.WriteLine($"{provider}: {TimeProvider.System.GetElapsedTime(started).TotalMilliseconds:0} ms");
        (await database.NumberAsync("SELECT count(*) FROM audit_events WHERE action = 'person.imported'")).ShouldBe(10_000);
        (await import.ImportAsync(all, static (_, _) => null, Nobody, false, Ending)).Unchanged.ShouldBe(10_000);
        (await database.NumberAsync("SELECT count(*) FROM audit_events WHERE action = 'person.imported'")).ShouldBe(10_000);
    }

    private static ImportedPerson Imported(string name) =>
        new(Guid.NewGuid(), name, before => before ?? new PersonDetails(name, name), [new StoredAttribute("Region", "EU")], null);

    private static async Task<List<AuditEvent>> RowsAsync(TestDatabase database, AuditStream stream) =>
        [.. (await database.Audit.ReadAsync(stream, 0, 1000, Ending)).Select(static r => r.Event)];
}
