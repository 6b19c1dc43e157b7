using Sluice.Storage.People;

namespace Sluice.Storage.Tests.People;

public sealed class GroupStoreTests
{
    private static readonly HashSet<Guid> Nobody = [];

    private static CancellationToken Ending => TestDatabase.Ending;

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_name_is_taken_within_its_source(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var local = await AddAsync(database, "Analysts");
        var okta = await AddAsync(database, "Analysts", "okta");

        (await ConflictAsync(() => AddAsync(database, "Analysts"))).Conflict.ShouldBe(PeopleConflict.GroupNameTaken);
        (await ConflictAsync(() => AddAsync(database, "Analysts", "okta"))).Message.ShouldContain("'okta:Analysts'");
        await AddAsync(database, "analysts");
        (await database.Groups.FindAsync(null, "Analysts", Ending)).ShouldBe(local);
        (await database.Groups.FindAsync("okta", "Analysts", Ending)).ShouldBe(okta);
        (await ConflictAsync(() => database.Groups.RenameAsync(local.Id, "analysts", null, null, Nobody, Ending))).Conflict.ShouldBe(PeopleConflict.GroupNameTaken);
        (await database.Groups.RenameAsync(local.Id, "Others", null, [1], Nobody, Ending)).Revision.ShouldBe(2);
        (await database.Groups.SearchAsync(new(Name: "nalyst"), Ending)).Hits.Select(g => g.Source ?? g.Name).ShouldBe(["okta", "analysts"]);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_group_in_itself_is_refused_with_the_way_named(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var (a, b, c) = (await AddAsync(database, "a"), await AddAsync(database, "b"), await AddAsync(database, "c"));
        await PutAsync(database, a, b.Id);
        await PutAsync(database, b, c.Id);

        (await ConflictAsync(() => PutAsync(database, c, a.Id))).Message.ShouldContain("'c' > 'a' > 'b' > 'c'");
        (await ConflictAsync(() => PutAsync(database, a, a.Id))).Conflict.ShouldBe(PeopleConflict.Cycle);
        (await ConflictAsync(() => PutAsync(database, a, Guid.NewGuid()))).Conflict.ShouldBe(PeopleConflict.NotFound);
        await PutAsync(database, a, c.Id);
        (await database.Groups.GroupsOfAsync(c.Id, inherited: true, Ending)).Select(g => g.Name).ShouldBe(["a", "b"]);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Two_halves_of_a_cycle_at_once_make_none(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var (a, b) = (await AddAsync(database, "a"), await AddAsync(database, "b"));

        var refused = await Task.WhenAll(new[] { (a, b), (b, a) }.Select(async pair =>
        {
            try
            {
                await PutAsync(database, pair.Item1, pair.Item2.Id);
                return false;
            }
            catch (PeopleConflictException)
            {
                return true;
            }
        }));

        refused.Count(r => r).ShouldBe(1);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Nobody_changes_the_groups_they_are_in_by_whatever_door(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var me = (await database.People.AddAsync(Guid.NewGuid(), new PersonDetails("me", "me"), Ending)).Id;
        IReadOnlySet<Guid> self = new HashSet<Guid> { me };
        var inner = await database.Groups.AddAsync(Guid.NewGuid(), null, "inner", null, [me], Nobody, Ending);
        var (middle, outer) = (await AddAsync(database, "middle"), await AddAsync(database, "outer"));
        await PutAsync(database, middle, inner.Id);
        Func<Task>[] doors =
        [
            () => PutAsync(database, outer, me, self),
            () => PutAsync(database, outer, inner.Id, self),
            () => PutAsync(database, outer, middle.Id, self),
            () => database.Groups.ChangeMembersAsync(inner.Id, _ => new HashSet<Guid>(), null, self, Ending),
            () => database.Groups.ChangeMembersAsync(middle.Id, _ => new HashSet<Guid>(), null, self, Ending),
            () => database.Groups.DeleteAsync(middle.Id, null, self, Ending),
            () => database.Groups.RenameAsync(middle.Id, "else", null, null, self, Ending),
            () => database.Groups.AddAsync(Guid.NewGuid(), null, "new", null, [middle.Id], self, Ending),
        ];

        foreach (var door in doors) (await ConflictAsync(door)).Conflict.ShouldBe(PeopleConflict.Own);

        (await database.Groups.GroupsOfAsync(me, inherited: true, Ending)).Select(g => g.Name).ShouldBe(["inner", "middle"]);
        (await database.Groups.FindAsync(null, "new", Ending)).ShouldBeNull();
        await PutAsync(database, outer, (await AddAsync(database, "other")).Id, self);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_deleted_group_leaves_its_members_and_the_groups_it_was_in(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var ada = await database.People.AddAsync(Guid.NewGuid(), new PersonDetails("ada", "ada"), Ending);
        var (inner, outer) = (await AddAsync(database, "inner"), await AddAsync(database, "outer"));
        await PutAsync(database, inner, ada.Id);
        await PutAsync(database, outer, inner.Id);
        (await database.Groups.MembersAsync(outer.Id, Ending)).ShouldBe([new StoredMember(inner.Id, true, "inner")]);

        await database.Groups.DeleteAsync(inner.Id, [2], Nobody, Ending);

        (await database.Groups.MembersAsync(outer.Id, Ending)).ShouldBeEmpty();
        (await database.People.FindAsync(ada.Id, Ending)).ShouldNotBeNull();
        (await database.NumberAsync("SELECT count(*) FROM group_members")).ShouldBe(0);
    }

    private static Task<StoredGroup> AddAsync(TestDatabase database, string name, string? source = null) =>
        database.Groups.AddAsync(Guid.NewGuid(), source, name, null, [], Nobody, Ending);

    private static Task<StoredGroup> PutAsync(TestDatabase database, StoredGroup group, Guid member, IReadOnlySet<Guid>? self = null) =>
        database.Groups.ChangeMembersAsync(group.Id, before => before.Append(member).ToHashSet(), null, self ?? Nobody, Ending);

    private static Task<PeopleConflictException> ConflictAsync(Func<Task> change) => Should.ThrowAsync<PeopleConflictException>(change);
}
