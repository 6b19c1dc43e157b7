using Sluice.Core.Access;
using Sluice.Core.People;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;
using Sluice.Testing.Naive;

namespace Sluice.Testing.Cases;

/// <summary>What the policies of a case ask of its platform, by the evaluator under test.</summary>
public static class WorldIntent
{
    /// <summary>Of all its active objects.</summary>
    /// <param name="world">The case.</param>
    /// <param name="prefix">Of what is ours.</param>
    /// <param name="identitiesOf">The names on the platform of an identity of the case: one, or several that all its holders use.</param>
    /// <param name="typed">The object with the families of its columns' types.</param>
    /// <param name="grantMethodOf">How Sluice can grant on it; null where there is one way.</param>
    public static AccessIntent Of(
        World world, string prefix, Func<string, IReadOnlyList<string>> identitiesOf, Func<GovernedObject, GovernedObject> typed, Func<GovernedObject, string?>? grantMethodOf = null)
    {
        var holders = world.Holders().SelectMany(h => identitiesOf(h.Name).Select(name => h with { Name = name })).ToList();
        var compiler = new AccessCompiler(world.Policies);
        var people = new AudienceIndex(world.People);
        return new AccessIntent
        {
            Prefix = prefix,
            ProtectsUnregistered = world.Unregistered == UnregisteredBehaviour.Protect,
            Identities = holders,
            KnownGroups = world.People.KnownGroups,
            KnownAttributes = world.People.KnownAttributes,
            MembersOf = rule => [.. holders.Where(h => h.Holders.Count > 0 && h.Holders.All(p => people.Of(rule).Contains(p.Id))).Select(h => h.Name).Order(StringComparer.Ordinal)],
            Objects = [.. world.Governed.Select(typed).Select(g => Intended(g, compiler.Compile(g)))],
        };

        IntendedObject Intended(GovernedObject governed, ObjectAccess access) => new()
        {
            Object = governed,
            Access = access,
            GrantMethod = grantMethodOf?.Invoke(governed),
            DirectReaders = Direct(governed, access.ReadBySubscription, access.Read, AccessKind.Read),
            DirectWriters = Direct(governed, access.WriteBySubscription, access.Write, AccessKind.Write),
        };

        ValueList<string> Direct(GovernedObject governed, Predicate? whole, AccessRule rule, AccessKind kind) => whole is null ? [] : holders
            .Where(h => h.Holders.Count > 0 && h.Holders.All(p => people.Of(rule).Contains(p.Id) || people.Holds(whole, p.Id, Held(p, governed, kind))))
            .Where(h => !h.Holders.All(p => people.Of(rule).Contains(p.Id)))
            .Select(h => h.Name).Order(StringComparer.Ordinal).ToValueList();

        Subscriptions Held(Person person, GovernedObject governed, AccessKind kind)
        {
            var held = world.Subscriptions
                .Where(s => s.PersonId == person.Id && s.ObjectPath.Equals(governed.Path) && s.Access == kind && (s.ExpiresAt is null || s.ExpiresAt > world.Now)).ToList();
            return new Subscriptions(held.Exists(s => s.Kind == SubscriptionKind.Manual), held.Exists(s => s.Kind == SubscriptionKind.Approval));
        }
    }
}
