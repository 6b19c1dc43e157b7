using Sluice.Core.Access;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Engine.Enforcing;

/// <summary>Audiences as identities of one platform. What holds for an identity holds for everybody who uses it: a shared one gets what all of them may.</summary>
internal sealed class IdentityAudiences(AudienceIndex people, IReadOnlyList<IdentityHolders> identities)
{
    private readonly Dictionary<AudienceId, IReadOnlyList<string>> _members = [];
    private readonly ILookup<string, IdentityHolders> _ofPerson = identities
        .SelectMany(static i => i.Holders.Select(h => (h.Id, Identity: i))).ToLookup(static p => p.Id, static p => p.Identity, StringComparer.Ordinal);

    /// <summary>The identities of a rule, sorted ordinally.</summary>
    public IReadOnlyList<string> MembersOf(AccessRule rule)
    {
        if (_members.TryGetValue(rule.Id, out var members)) return members;
        var audience = people.Of(rule);
        members = [.. identities.Where(i => i.Holders.Count > 0 && i.Holders.All(h => audience.Contains(h.Id))).Select(static i => i.Name).Order(StringComparer.Ordinal)];
        _members.Add(rule.Id, members);
        return members;
    }

    /// <summary>The identities for which the whole rule holds with their subscriptions, and not the rule without them; sorted ordinally.</summary>
    /// <param name="whole">The rule with subscriptions in it.</param>
    /// <param name="rule">The same without.</param>
    /// <param name="ways">How people are subscribed, by person.</param>
    public ValueList<string> DirectlySubscribed(Predicate whole, AccessRule rule, IReadOnlyDictionary<string, Core.Access.Subscriptions> ways)
    {
        var audience = people.Of(rule);
        return ways.Keys.SelectMany(p => _ofPerson[p]).Distinct()
            .Where(i => i.Holders.All(h => audience.Contains(h.Id) || people.Holds(whole, h.Id, ways.GetValueOrDefault(h.Id))))
            .Where(i => !i.Holders.All(h => audience.Contains(h.Id)))
            .Select(static i => i.Name).Order(StringComparer.Ordinal).ToValueList();
    }
}
