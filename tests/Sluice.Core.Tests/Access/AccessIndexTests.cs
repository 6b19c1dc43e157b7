using CsCheck;
using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.People;
using Sluice.Core.Policies;

namespace Sluice.Core.Tests.Access;

public sealed class AccessIndexTests
{
    private static readonly Gen<Action<World>> Change = Gen.OneOf(
        Worlds.Person.Select(static Action<World> (p) => w => w.Put(p)),
        Gen.Int[0, 5].Select(static Action<World> (n) => w => w.RemovePerson($"p{n}")),
        Worlds.Object.Select(static Action<World> (o) => w => w.Put(o)),
        Worlds.Path.Select(static Action<World> (p) => w => w.RemoveObject(p)),
        Worlds.Policy.Select(static Action<World> (p) => w => w.Put(p)),
        Worlds.Policy.Select(static Action<World> (p) => w => w.Put(p.Key, null)),
        Worlds.Group.Array[0, 3].Select(static Action<World> (g) => w => w.Know(g)));

    [Fact]
    public void Any_sequence_of_changes_comes_to_what_computing_everything_anew_does() =>
        Gen.Select(Worlds.People, Worlds.Policies, Worlds.Objects, Change.Array[1, 12]).Sample(
            static (people, policies, objects, changes) =>
            {
                var world = new World(people, policies, objects);
                foreach (var change in changes)
                {
                    change(world);
                    world.ShouldBeAsIfNew();
                }
            },
            iter: 1_000);

    [Fact]
    public void A_changed_policy_names_the_objects_it_changes() => Gen.Select(Worlds.Policies, Worlds.Objects, Worlds.Policy).Sample(
        static (policies, objects, policy) =>
        {
            var index = new AccessIndex(Worlds.Nobody, policies, objects);
            var before = objects.ToDictionary(static o => o.Path, o => index.AccessOf(o.Path)!);
            index.Put(policy).ShouldBe(objects.Select(static o => o.Path).Where(p => index.AccessOf(p) != before[p]), ignoreOrder: true);
        },
        iter: 1_000);

    [Fact]
    public void A_disabled_person_is_in_no_audience()
    {
        var person = Anybody("p") with { IsEnabled = false };
        var index = new AudienceIndex(Worlds.Nobody with { People = [person, Anybody("q")] });
        index.MembersOf(AccessRule.Everybody).ShouldBe(["q"]);
        index.Put(person with { IsEnabled = true });
        index.MembersOf(AccessRule.Everybody).ShouldBe(["p", "q"]);
        index.Of(AccessRule.Everybody).Count.ShouldBe(2);
    }

    [Fact]
    public void A_decision_allocates_nothing()
    {
        var target = new GovernedObject { Path = new ObjectPath("c", "d", "s", "t"), Kind = ObjectKind.Table, Tags = [], Columns = [] };
        var index = new AccessIndex(
            Worlds.Nobody with { People = [Anybody("p")] }, [new SubscriptionPolicy { Key = "k", Name = "k", Kind = SubscriptionKind.Anyone }], [target]);
        index.MayRead("p", target.Path).ShouldBeTrue();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++) index.MayRead("p", target.Path);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static Person Anybody(string id) => new() { Id = id, Username = id, Groups = new HashSet<string>(), Attributes = new HashSet<PersonAttribute>() };

    private sealed class World(PeopleSnapshot people, ValueList<Policy> policies, ValueList<GovernedObject> objects)
    {
        private readonly AccessIndex index = new(people, policies, objects);
        private readonly Dictionary<string, Person> people = people.People.ToDictionary(static p => p.Id);
        private readonly Dictionary<string, Policy> policies = policies.ToDictionary(static p => p.Key);
        private readonly Dictionary<ObjectPath, GovernedObject> objects = objects.ToDictionary(static o => o.Path);
        private PeopleSnapshot names = people;

        public void Put(Person person)
        {
            people[person.Id] = person;
            index.Audiences.Put(person);
        }

        public void RemovePerson(string id)
        {
            people.Remove(id);
            index.Audiences.Remove(id);
        }

        public void Put(GovernedObject target)
        {
            objects[target.Path] = target;
            index.Put(target);
        }

        public void RemoveObject(ObjectPath path)
        {
            objects.Remove(path);
            index.Remove(path);
        }

        public void Put(Policy policy) => Put(policy.Key, policy);

        public void Put(string key, Policy? policy)
        {
            policies.Remove(key);
            if (policy is not null) policies.Add(key, policy);
            if (policy is null) index.RemovePolicy(key);
            else index.Put(policy);
        }

        public void Know(string[] groups)
        {
            names = names with { KnownGroups = groups.ToHashSet(StringComparer.Ordinal) };
            index.Audiences.PutKnown(names.KnownGroups, names.KnownAttributes);
        }

        public void ShouldBeAsIfNew()
        {
            var anew = new AccessIndex(names with { People = [.. people.Values] }, policies.Values, objects.Values);
            foreach (var path in objects.Keys)
            {
                var access = index.AccessOf(path).ShouldNotBeNull();
                access.ShouldBe(anew.AccessOf(path));
                foreach (var rule in access.Masks.Select(static m => m.Exempt).Concat([access.Read, access.Write]))
                    index.Audiences.MembersOf(rule).ShouldBe(anew.Audiences.MembersOf(rule));
                foreach (var id in people.Keys)
                {
                    index.MayRead(id, path).ShouldBe(anew.MayRead(id, path));
                    index.MayWrite(id, path).ShouldBe(anew.MayWrite(id, path));
                }
            }
        }
    }
}
