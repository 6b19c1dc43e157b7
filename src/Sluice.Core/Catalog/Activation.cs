namespace Sluice.Core.Catalog;

/// <summary>Which objects are active (api.md, "Activation and crawl").</summary>
public static class Activation
{
    /// <summary>
    /// Whether an object is asked to be active: its own override, else the nearest one above it. The chain ends at the connection, whose
    /// override is its <c>settings.isActive</c>.
    /// </summary>
    /// <param name="overridesUpwards">The object's own override first, then its parent's, and so on to the connection's.</param>
    public static bool IsWanted(params ReadOnlySpan<bool?> overridesUpwards)
    {
        foreach (var candidate in overridesUpwards)
            if (candidate is { } wanted) return wanted;
        return false;
    }

    /// <summary>
    /// Whether it is active: wanted, there, and honoured by the platform. What is not governed stays inactive whatever was asked, for a
    /// grant on it would protect nothing.
    /// </summary>
    public static bool IsActive(bool wanted, bool missing, Governance governance, bool acceptUnknownGovernance) =>
        wanted && !missing && governance switch
        {
            Governance.Governed => true,
            Governance.Unknown => acceptUnknownGovernance,
            _ => false,
        };

    /// <summary>
    /// The override a newly discovered child gets: the nearest explicit <c>activateNewChildren</c> at or above its parent decides;
    /// none set: no override, the child inherits.
    /// </summary>
    /// <param name="activateNewChildrenUpwards">The parent's setting first, then its parent's, and so on to the connection's.</param>
    public static bool? OverrideOfNewChild(params ReadOnlySpan<bool?> activateNewChildrenUpwards)
    {
        foreach (var candidate in activateNewChildrenUpwards)
            if (candidate is not null) return candidate;
        return null;
    }
}
