using Sluice.Core.Planning;

namespace Sluice.Core.Access;

/// <summary>Audiences in terms of a platform's identities: a rule holds for a shared identity when it holds for all who use it.</summary>
public sealed class IdentityAudiences(AudienceIndex people, IReadOnlyList<IdentityHolders> identities)
{
    private readonly IdentityHolders[] sorted = [.. identities.OrderBy(static i => i.Name, StringComparer.Ordinal)];

    /// <summary>The identities a rule holds for, sorted ordinally; see <see cref="AccessIntent.MembersOf"/>. One that nobody uses is none of them.</summary>
    public IReadOnlyList<string> MembersOf(AccessRule rule)
    {
        var audience = people.Of(rule);
        return [.. sorted.Where(i => i.Holders.Count > 0 && i.Holders.All(h => audience.Contains(h.Id))).Select(static i => i.Name)];
    }
}
