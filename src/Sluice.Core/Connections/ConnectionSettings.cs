namespace Sluice.Core.Connections;

/// <summary>A connection's settings (documented: <c>isActive</c>; the rest ours, api.md).</summary>
public sealed record ConnectionSettings
{
    /// <summary>The root of activation: whether objects without any override are active. Default false.</summary>
    public bool IsActive { get; init; }

    /// <summary>Default <see cref="EnforcementMode.Sync"/>.</summary>
    public EnforcementMode Mode { get; init; }

    /// <summary>Whether people that are neither registered nor exempt are treated as not exempt (true, <c>protect</c>) or left alone (false, <c>pass</c>).</summary>
    public bool ProtectUnregistered { get; init; } = true;

    /// <summary>Whether an object with a residual refuses activation (<c>refuse</c>) or reports it (<c>report</c>, the default).</summary>
    public bool RefuseOnResidual { get; init; }

    /// <summary>How often the whole connection is crawled. Default one day, at least one minute.</summary>
    public TimeSpan ObjectSyncEvery { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Prefix of every native object Sluice makes; fixed after the first write. Default <c>SLUICE</c>.</summary>
    public string Prefix { get; init; } = "SLUICE";

    /// <summary>Roles and users that policies leave alone, exact and case-sensitive.</summary>
    public IReadOnlyList<string> ExemptRoles { get; init; } = [];

    /// <summary>
    /// Whether a table with masks is shown masked in a view beside it (<c>view</c>), and not only without its masked columns (<c>columns</c>, the default).
    /// PostgreSQL alone.
    /// </summary>
    public bool MasksInView { get; init; }

    /// <summary>How many account groups Sluice may make; 0, the default: none, everything is granted to people themselves. Databricks alone.</summary>
    public int GroupBudget { get; init; }

    /// <summary>The schemas whose functions custom masks may call, as they are spelled in the platform's SQL; see <see cref="QualifiedName"/>. Snowflake and Databricks alone. Default none.</summary>
    public IReadOnlyList<string> MaskFunctionSchemas { get; init; } = [];

    /// <summary>Whether a platform tag that vanished stops protecting at once. Default false.</summary>
    public bool TrustPlatformTags { get; init; }

    /// <summary>Whether objects whose governance could not be read may be active. Default false: fail closed.</summary>
    public bool AcceptUnknownGovernance { get; init; }

    /// <summary>Pairs (person, object) a plan may take away without waiting for confirmation; null: the default rule.</summary>
    public int? GuardMaxLost { get; init; }

    /// <summary>Pairs a plan may uncover without waiting for confirmation; null: the default rule.</summary>
    public int? GuardMaxGained { get; init; }

    /// <summary>The members by which these settings let more be seen than others, or more be done unasked; in the order they are documented.</summary>
    public IReadOnlyList<string> LaxerThan(ConnectionSettings other)
    {
        var laxer = new List<string>();
        if (AcceptUnknownGovernance && !other.AcceptUnknownGovernance) laxer.Add("acceptUnknownGovernance");
        if (!RefuseOnResidual && other.RefuseOnResidual) laxer.Add("onResidual");
        if (!ProtectUnregistered && other.ProtectUnregistered) laxer.Add("unregistered");
        if (ExemptRoles.Except(other.ExemptRoles, StringComparer.Ordinal).Any()) laxer.Add("exemptRoles");
        if (MaskFunctionSchemas.Except(other.MaskFunctionSchemas, StringComparer.Ordinal).Any()) laxer.Add("maskFunctionSchemas");
        if (TrustPlatformTags && !other.TrustPlatformTags) laxer.Add("trustPlatformTags");
        if (IsLaxer(GuardMaxLost, other.GuardMaxLost) || IsLaxer(GuardMaxGained, other.GuardMaxGained)) laxer.Add("guard");
        return laxer;

        // The default rule depends on how much there is: a number of one's own may be more.
        static bool IsLaxer(int? most, int? otherMost) => most != otherMost && !(most < otherMost);
    }

    /// <summary>Value equality with the list compared by its items.</summary>
    public bool Equals(ConnectionSettings? other) =>
        other is not null && IsActive == other.IsActive && Mode == other.Mode && ProtectUnregistered == other.ProtectUnregistered
        && RefuseOnResidual == other.RefuseOnResidual && ObjectSyncEvery == other.ObjectSyncEvery && Prefix == other.Prefix
        && ExemptRoles.SequenceEqual(other.ExemptRoles) && MasksInView == other.MasksInView && GroupBudget == other.GroupBudget
        && MaskFunctionSchemas.SequenceEqual(other.MaskFunctionSchemas) && TrustPlatformTags == other.TrustPlatformTags
        && AcceptUnknownGovernance == other.AcceptUnknownGovernance && GuardMaxLost == other.GuardMaxLost
        && GuardMaxGained == other.GuardMaxGained;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(IsActive, Mode, ObjectSyncEvery, Prefix);
}
