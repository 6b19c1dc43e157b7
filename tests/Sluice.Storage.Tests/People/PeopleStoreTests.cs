using Sluice.Storage.Connections;
using Sluice.Storage.People;

namespace Sluice.Storage.Tests.People;

public sealed class PeopleStoreTests
{
    private static readonly HashSet<Guid> Nobody = [];

    private static CancellationToken Ending => TestDatabase.Ending;

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_person_is_read_back_as_they_were_stored(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var details = new PersonDetails("Ada", "Ada Lovelace", "ada@example.com", PersonKind.Service, false, "okta", "00u1");

        var added = await database.People.AddAsync(Guid.NewGuid(), details, Ending);

        added.Details.ShouldBe(details);
        added.Revision.ShouldBe(1);
        added.CreatedAt.ShouldBe(database.Clock.Now);
        foreach (var found in new[] { await database.People.FindAsync(added.Id, Ending), await database.People.FindAsync("ADA", Ending), (await database.People.FindLinkedAsync("00u1", null, Ending)).Single(), (await database.People.FindLinkedAsync("x", "ADA@example.com", Ending)).Single() })
            found.ShouldNotBeNull().Details.ShouldBe(details);
        (await database.People.FindAsync("ada\0", Ending)).ShouldBeNull();
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_username_is_taken_ignoring_case_however_many_ask_at_once(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);

        var tries = await Task.WhenAll(((string[])["Ada", "ada", "ADA", "aDa"]).Select(async name =>
        {
            try
            {
                await AddAsync(database, name);
                return null;
            }
            catch (PeopleConflictException e)
            {
                return e;
            }
        }));

        tries.Count(t => t is null).ShouldBe(1);
        tries.OfType<PeopleConflictException>().ShouldAllBe(e => e.Conflict == PeopleConflict.UsernameTaken);
        var bob = await AddAsync(database, "bob");
        (await ConflictAsync(() => database.People.UpdateAsync(bob.Id, d => d with { Username = "ADa" }, null, Nobody, Ending))).Conflict.ShouldBe(PeopleConflict.UsernameTaken);
        (await database.People.UpdateAsync(bob.Id, d => d with { Username = "BOB" }, null, Nobody, Ending)).Details.Username.ShouldBe("BOB");
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_change_is_refused_of_oneself_and_from_another_state(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var ada = await AddAsync(database, "ada");
        IReadOnlySet<Guid> self = new HashSet<Guid> { ada.Id };
        Func<IReadOnlyList<long>?, IReadOnlySet<Guid>, Task<StoredPerson>>[] changes =
        [
            (revision, by) => database.People.UpdateAsync(ada.Id, d => d with { DisplayName = "x" }, revision, by, Ending),
            (revision, by) => database.People.ChangeAttributesAsync(ada.Id, null, _ => [new("Region", "EU")], revision, by, Ending),
            (revision, by) => database.People.ChangeIdentitiesAsync(ada.Id, _ => [], revision, by, Ending),
            (revision, by) => database.People.SetPermissionsAsync(ada.Id, ["AUDIT"], revision, by, Ending),
            (revision, by) => database.People.DeleteAsync(ada.Id, revision, by, Ending),
        ];

        foreach (var change in changes)
        {
            (await ConflictAsync(() => change(null, self))).Conflict.ShouldBe(PeopleConflict.Own);
            (await ConflictAsync(() => change([77], Nobody))).Conflict.ShouldBe(PeopleConflict.RevisionChanged);
        }

        (await database.People.FindAsync(ada.Id, Ending)).ShouldNotBeNull().Revision.ShouldBe(1);
        foreach (var (change, i) in changes.Select((c, i) => (c, i))) await change([1 + i], Nobody);
        (await database.People.FindAsync(ada.Id, Ending)).ShouldBeNull();
        (await ConflictAsync(() => changes[0](null, Nobody))).Conflict.ShouldBe(PeopleConflict.NotFound);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Each_source_says_its_own_attributes(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var ada = await AddAsync(database, "ada");
        await database.People.ChangeAttributesAsync(ada.Id, "okta", _ => [new("Region", "EU")], null, Nobody, Ending);
        await database.People.ChangeAttributesAsync(ada.Id, null, _ => [new("Region", "EU", null, Samples.At), new("Region", "US")], null, Nobody, Ending);

        await database.People.ChangeAttributesAsync(
            ada.Id, "okta", before => before.ShouldHaveSingleItem().Value == "EU" ? [new("Team", "Blue", "forged")] : [], null, Nobody, Ending);

        (await database.People.AttributesAsync(ada.Id, Ending)).ShouldBe([new("Region", "EU", null, Samples.At), new("Region", "US"), new("Team", "Blue", "okta")]);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task An_identity_has_one_holder_unless_every_holder_shares_it(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var lake = await ConnectionAsync(database, "lake");
        var (ada, bob) = (await AddAsync(database, "ada"), await AddAsync(database, "bob"));
        await HoldAsync(ada, shared: false);

        foreach (var shared in (bool[])[false, true])
        {
            var refused = await ConflictAsync(() => HoldAsync(bob, shared));
            refused.Conflict.ShouldBe(PeopleConflict.IdentityTaken);
            refused.Message.ShouldContain("'ada'");
        }

        await HoldAsync(ada, shared: true);
        await HoldAsync(bob, shared: true);
        (await ConflictAsync(() => HoldAsync(ada, shared: false))).Message.ShouldContain("'bob'");
        (await ConflictAsync(() => HoldAsync(bob, true, Guid.NewGuid()))).Conflict.ShouldBe(PeopleConflict.NotFound);

        Task<StoredPerson> HoldAsync(StoredPerson person, bool shared, Guid? connection = null) => database.People.ChangeIdentitiesAsync(
            person.Id, _ => [new StoredIdentity(connection ?? lake.Id, "lake", "ROLE", shared)], null, Nobody, Ending);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task With_a_connection_go_its_identities(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var (lake, warehouse) = (await ConnectionAsync(database, "lake"), await ConnectionAsync(database, "warehouse"));
        var ada = await AddAsync(database, "ada");
        await database.People.ChangeIdentitiesAsync(
            ada.Id, _ => [new(lake.Id, "lake", "a", false), new(warehouse.Id, "warehouse", "b", false)], null, Nobody, Ending);
        var before = await database.PeopleSnapshots.RevisionAsync(Ending);

        await database.Connections.DeleteAsync(lake.Id, null, Samples.Ada, Ending);

        (await database.People.IdentitiesAsync(ada.Id, Ending)).ShouldBe([new StoredIdentity(warehouse.Id, "warehouse", "b", false)]);
        (await database.PeopleSnapshots.ChangedSinceAsync(before, Ending)).People.ShouldBe([ada.Id]);
        await database.Connections.DeleteAsync(warehouse.Id, null, Samples.Ada, Ending);
        (await database.NumberAsync("SELECT count(*) FROM platform_identities")).ShouldBe(0);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task People_are_found_by_name_group_and_attribute(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var (ada, bob, eve) = (await AddAsync(database, "Ada"), await AddAsync(database, "bob"), await AddAsync(database, "Eve"));
        var inner = await database.Groups.AddAsync(Guid.NewGuid(), null, "inner", null, [bob.Id], Nobody, Ending);
        var outer = await database.Groups.AddAsync(Guid.NewGuid(), null, "outer", null, [ada.Id, inner.Id], Nobody, Ending);
        await database.People.ChangeAttributesAsync(eve.Id, null, _ => [new("Region", "EU")], null, Nobody, Ending);

        (await FoundAsync(new())).ShouldBe(["Ada", "bob", "Eve"]);
        (await FoundAsync(new() { Offset = 1, Size = 1 })).ShouldBe(["bob"]);
        (await FoundAsync(new() { Username = "A" })).ShouldBe(["Ada"]);
        (await FoundAsync(new() { GroupId = outer.Id })).ShouldBe(["Ada", "bob"]);
        (await FoundAsync(new() { Attribute = "Region" })).ShouldBe(["Eve"]);
        (await FoundAsync(new() { Attribute = "Region", AttributeValue = "US" })).ShouldBeEmpty();
        (await FoundAsync(new() { Username = "\0" })).ShouldBeEmpty();

        async Task<IEnumerable<string>> FoundAsync(PersonQuery query) => (await database.People.SearchAsync(query, Ending)).Hits.Select(p => p.Details.Username);
    }

    private static Task<StoredPerson> AddAsync(TestDatabase database, string username) =>
        database.People.AddAsync(Guid.NewGuid(), new PersonDetails(username, username), Ending);

    private static async Task<StoredConnection> ConnectionAsync(TestDatabase database, string key)
    {
        var connection = Samples.Connection(key);
        (await database.Connections.AddAsync(connection, false, [], null, Ending)).Outcome.ShouldBe(ConnectionWriteOutcome.Done);
        return connection;
    }

    private static Task<PeopleConflictException> ConflictAsync(Func<Task> change) => Should.ThrowAsync<PeopleConflictException>(change);
}
