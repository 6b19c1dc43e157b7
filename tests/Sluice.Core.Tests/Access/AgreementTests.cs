using Sluice.Core.Access;
using Sluice.Core.People;
using Sluice.Core.Policies;
using Sluice.Testing.Cases;

namespace Sluice.Core.Tests.Access;

/// <summary>The evaluator and the naive one, written apart from the same page, say the same of every generated world.</summary>
public sealed class AgreementTests
{
    private static readonly uint Worlds = Environment.GetEnvironmentVariable("SLUICE_LONG") == "1" ? 20_000u : 300u;

    private static readonly CaseGenerator Cases = new();

    [Fact]
    public void Both_say_who_may_read_and_write()
    {
        for (uint seed = 1; seed <= Worlds; seed++)
        {
            var world = Cases.Of(seed);
            var (naive, compiler, people) = (world.Naive(), new AccessCompiler(world.Policies), new AudienceIndex(world.People));
            foreach (var governed in world.Governed)
            {
                var access = compiler.Compile(governed);
                foreach (var person in world.People.People)
                {
                    foreach (var kind in (AccessKind[])[AccessKind.Read, AccessKind.Write])
                        May(people, access, person, kind, Held(world, person, governed, kind)).ShouldBe(
                            naive.IsSubscribed(person, governed, kind), $"seed {seed}: {kind} of {person.Username} on {governed.Path}\n{world}");
                }
            }
        }
    }

    [Fact]
    public void What_the_one_masks_in_any_row_the_other_masks_too()
    {
        for (uint seed = 1; seed <= Worlds; seed++)
        {
            var world = Cases.Of(seed);
            var (naive, compiler, people) = (world.Naive(), new AccessCompiler(world.Policies), new AudienceIndex(world.People));
            foreach (var (governed, column, row) in world.Cells())
            {
                var masks = compiler.Compile(governed).Masks.Where(m => m.Column == column).ToList();
                foreach (var person in world.People.People.Where(p => p.IsEnabled))
                {
                    var about = $"seed {seed}: {person.Username} on {governed.Path}, {column}\n{world}";
                    var isMasked = masks.Exists(m => !people.Of(m.Exempt).Contains(person.Id));
                    if (naive.MaskOf(person, governed, column, row) is not null) isMasked.ShouldBeTrue(about);
                    if (isMasked) naive.HasMasks(person, governed, column).ShouldBeTrue(about);
                }
            }
        }
    }

    private static bool May(AudienceIndex people, ObjectAccess access, Person person, AccessKind kind, Subscriptions held)
    {
        var (rule, whole) = kind == AccessKind.Read ? (access.Read, access.ReadBySubscription) : (access.Write, access.WriteBySubscription);
        return people.Of(rule).Contains(person.Id) || (whole is not null && people.Holds(whole, person.Id, held));
    }

    private static Subscriptions Held(World world, Person person, GovernedObject governed, AccessKind kind)
    {
        var held = world.Subscriptions
            .Where(s => s.PersonId == person.Id && s.ObjectPath.Equals(governed.Path) && s.Access == kind && (s.ExpiresAt is null || s.ExpiresAt > world.Now)).ToList();
        return new Subscriptions(held.Exists(s => s.Kind == SubscriptionKind.Manual), held.Exists(s => s.Kind == SubscriptionKind.Approval));
    }
}
