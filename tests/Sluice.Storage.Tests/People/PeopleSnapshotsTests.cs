using Sluice.Core.People;
using Sluice.Storage.Connections;
using Sluice.Storage.People;

namespace Sluice.Storage.Tests.People;

public sealed class PeopleSnapshotsTests
{
    private static readonly HashSet<Guid> Nobody = [];

    private static CancellationToken Ending => TestDatabase.Ending;

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Everybody_is_read_with_what_follows_from_memberships(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var lake = Samples.Connection("lake");
        (await database.Connections.AddAsync(lake, false, [], null, Ending)).Outcome.ShouldBe(ConnectionWriteOutcome.Done);
        var ada = await database.People.AddAsync(Guid.NewGuid(), new PersonDetails("ada", "Ada", Source: "okta"), Ending);
        var bob = await database.People.AddAsync(Guid.NewGuid(), new PersonDetails("bob", "Bob", IsEnabled: false), Ending);
        var inner = await database.Groups.AddAsync(Guid.NewGuid(), "okta", "inner", null, [ada.Id], Nobody, Ending);
        await database.Groups.AddAsync(Guid.NewGuid(), null, "outer", null, [inner.Id, bob.Id], Nobody, Ending);
        await database.People.ChangeAttributesAsync(
            ada.Id, null, _ => [new("Region", "EU", null, Samples.At.AddDays(1)), new("Region", "US", null, Samples.At)], null, Nobody, Ending);
        foreach (var person in (StoredPerson[])[ada, bob])
            await database.People.ChangeIdentitiesAsync(person.Id, _ => [new(lake.Id, "lake", "ROLE", true)], null, Nobody, Ending);

        var state = await database.PeopleSnapshots.ReadAsync(Samples.At, Ending);

        state.Revision.ShouldBe(await database.PeopleSnapshots.RevisionAsync(Ending));
        state.NextExpiryAt.ShouldBe(Samples.At.AddDays(1));
        var (first, second) = (state.Snapshot.People[0], state.Snapshot.People[1]);
        (first.Id, first.Username, first.Source, first.IsEnabled).ShouldBe((ada.Id.ToString(), "ada", "okta", true));
        first.Groups.ShouldBe(["okta:inner", "inner", "outer"], ignoreOrder: true);
        first.Attributes.ShouldBe([new PersonAttribute("Region", "EU")]);
        (second.IsEnabled, second.Groups.Single()).ShouldBe((false, "outer"));
        var identity = state.Identities[lake.Id].Single();
        identity.Name.ShouldBe("ROLE");
        identity.Holders.ShouldBe([first, second], ignoreOrder: true);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task What_has_expired_since_a_moment_is_told_apart(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var ada = await database.People.AddAsync(Guid.NewGuid(), new PersonDetails("ada", "Ada"), Ending);
        await database.People.ChangeAttributesAsync(
            ada.Id, null, _ => [new("Region", "EU", null, Samples.At), new("Region", "US", null, Samples.At.AddDays(-1)), new("Region", "CH", null, Samples.At.AddDays(1))],
            null, Nobody, Ending);

        var state = await database.PeopleSnapshots.ReadAsync(Samples.At, Samples.At.AddHours(-1), Ending);

        state.Snapshot.People.Single().Attributes.ShouldBe([new PersonAttribute("Region", "CH")]);
        state.Unexpired.ShouldNotBeNull().Snapshot.People.Single().Attributes.ShouldBe([new PersonAttribute("Region", "EU"), new PersonAttribute("Region", "CH")], ignoreOrder: true);
        (await database.PeopleSnapshots.ReadAsync(Samples.At, Samples.At, Ending)).Unexpired.ShouldBeNull();
        (await database.PeopleSnapshots.ReadAsync(Samples.At.AddHours(1), Samples.At, Ending)).Unexpired.ShouldBeNull("what expires at a moment has expired at it");
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task An_identity_has_departed_with_its_last_holder_until_somebody_is_registered_with_it(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var lake = Samples.Connection("lake");
        (await database.Connections.AddAsync(lake, false, [], null, Ending)).Outcome.ShouldBe(ConnectionWriteOutcome.Done);
        var people = new Dictionary<string, Guid>();
        foreach (var name in (string[])["ada", "bob", "cy"]) people[name] = (await database.People.AddAsync(Guid.NewGuid(), new PersonDetails(name, name), Ending)).Id;
        await HoldAsync("ada", new(lake.Id, "lake", "ada", false), new(lake.Id, "lake", "ROLE", true));
        await HoldAsync("bob", new(lake.Id, "lake", "bob", false), new(lake.Id, "lake", "ROLE", true));

        await database.People.DeleteAsync(people["ada"], null, Nobody, Ending);
        (await DepartedAsync()).ShouldBe(["ada"], "bob still uses the role");
        await HoldAsync("bob");
        (await DepartedAsync()).ShouldBe(["ada"], "bob is registered, though with nothing");
        await HoldAsync("cy", new StoredIdentity(lake.Id, "lake", "ada", false));
        (await DepartedAsync()).ShouldBeEmpty();
        await database.People.DeleteAsync(people["cy"], null, Nobody, Ending);
        (await DepartedAsync()).ShouldBe(["ada"]);

        await database.Connections.DeleteAsync(lake.Id, null, Samples.Ada, Ending);
        (await DepartedAsync()).ShouldBeEmpty();

        Task<StoredPerson> HoldAsync(string name, params StoredIdentity[] identities) => database.People.ChangeIdentitiesAsync(people[name], _ => identities, null, Nobody, Ending);
        async Task<IEnumerable<string>> DepartedAsync() => (await database.PeopleSnapshots.ReadAsync(Samples.At, Ending)).Departed[lake.Id];
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Every_change_is_a_new_revision_that_names_whom_it_touches(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        (await database.PeopleSnapshots.RevisionAsync(Ending)).ShouldBe(0);
        var ada = Guid.NewGuid();
        var bob = Guid.NewGuid();
        await ShouldTouchAsync(() => database.People.AddAsync(ada, new PersonDetails("ada", "Ada"), Ending), ada);
        await ShouldTouchAsync(() => database.People.AddAsync(bob, new PersonDetails("bob", "Bob"), Ending), bob);
        StoredGroup inner = null!, outer = null!;
        await ShouldTouchEverybodyAsync(async () => inner = await AddAsync("inner"));
        await ShouldTouchEverybodyAsync(async () => outer = await AddAsync("outer"));
        await ShouldTouchAsync(() => SetAsync(inner, ada, bob), ada, bob);
        await ShouldTouchAsync(() => SetAsync(outer, inner.Id), ada, bob);
        await ShouldTouchAsync(() => SetAsync(inner, bob), ada);
        await ShouldTouchAsync(() => SetAsync(outer), bob);
        await ShouldTouchEverybodyAsync(() => AttributeAsync(ada, new StoredAttribute("Region", "EU")));
        await ShouldTouchAsync(() => AttributeAsync(bob, new StoredAttribute("Region", "EU")), bob);
        await ShouldTouchAsync(() => AttributeAsync(ada), ada);
        await ShouldTouchEverybodyAsync(() => AttributeAsync(bob));
        await ShouldTouchAsync(() => database.People.DeleteAsync(ada, null, Nobody, Ending), ada);

        Task<StoredGroup> AddAsync(string name) => database.Groups.AddAsync(Guid.NewGuid(), null, name, null, [], Nobody, Ending);

        Task SetAsync(StoredGroup group, params Guid[] members) => database.Groups.ChangeMembersAsync(group.Id, _ => members.ToHashSet(), null, Nobody, Ending);

        Task AttributeAsync(Guid person, params StoredAttribute[] attributes) => database.People.ChangeAttributesAsync(person, null, _ => attributes, null, Nobody, Ending);

        Task ShouldTouchEverybodyAsync(Func<Task> change) => ChangesAsync(change, isEverybody: true);

        async Task ShouldTouchAsync(Func<Task> change, params Guid[] people) =>
            (await ChangesAsync(change, isEverybody: false)).People.ShouldBe(people, ignoreOrder: true);

        async Task<PeopleChanges> ChangesAsync(Func<Task> change, bool isEverybody)
        {
            var before = await database.PeopleSnapshots.RevisionAsync(Ending);
            await change();
            var changes = await database.PeopleSnapshots.ChangedSinceAsync(before, Ending);
            changes.Revision.ShouldBeGreaterThan(before);
            changes.IsEverybody.ShouldBe(isEverybody);
            return changes;
        }
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_refused_change_is_no_revision(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await database.People.AddAsync(Guid.NewGuid(), new PersonDetails("ada", "Ada"), Ending);

        await Should.ThrowAsync<PeopleConflictException>(() => database.People.AddAsync(Guid.NewGuid(), new PersonDetails("ADA", "Ada"), Ending));

        (await database.PeopleSnapshots.RevisionAsync(Ending)).ShouldBe(1);
    }
}
