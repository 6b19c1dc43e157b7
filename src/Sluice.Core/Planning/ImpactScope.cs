namespace Sluice.Core.Planning;

/// <summary>What counts as a pair of person and object, and what is never held.</summary>
/// <param name="ObjectDepth">The depth of tables and views in paths of this platform: grants on what lies above them are no reading.</param>
/// <param name="Disabled">Identities whose holders are disabled: that they lose access is never held.</param>
/// <param name="IsDirect">Whether an audience stands for one person's own subscriptions: its end, by hand or by expiry, is never held.</param>
public sealed record ImpactScope(int ObjectDepth, IReadOnlySet<string> Disabled, Func<string, bool> IsDirect)
{
    /// <summary>Identities whose last holder was deleted here: that they lose access is never held either.</summary>
    public IReadOnlySet<string> Departed { get; init; } = new HashSet<string>();

    /// <summary>Grants to people themselves that were last asked for by subscriptions of their own alone: their end is never held either.</summary>
    public IReadOnlySet<FactKey> DirectGrants { get; init; } = new HashSet<FactKey>();

    /// <summary>Whether nobody who is here uses an identity: its holders are disabled, or were deleted.</summary>
    public bool IsDeprovisioned(string identity) => Disabled.Contains(identity) || Departed.Contains(identity);
}
