namespace Sluice.Core.QueryAudit;

/// <summary>That somebody used an identity, and how long.</summary>
/// <param name="PersonId">Who.</param>
/// <param name="Username">Their name then.</param>
/// <param name="From">From when on.</param>
/// <param name="To">Until when; null: still.</param>
public sealed record IdentityHolding(string PersonId, string Username, DateTimeOffset From, DateTimeOffset? To);

/// <summary>Where it is known from.</summary>
public enum KnownBy
{
    /// <summary>It is not known.</summary>
    Nothing,

    /// <summary>From the record of that time.</summary>
    History,

    /// <summary>From what was so when the event was taken from the platform.</summary>
    Taking,
}

/// <summary>Who used an identity at a time.</summary>
public static class IdentityHolders
{
    /// <summary>
    /// Those of the history at that time. Where it tells of none, those who have the identity now, unless the history knows somebody else who had it: whose it
    /// was in between is then not known.
    /// </summary>
    /// <param name="history">Every holding on record.</param>
    /// <param name="now">Who has it now.</param>
    /// <param name="at">The time.</param>
    public static (IReadOnlyList<IdentityHolding> Holders, KnownBy By) At(IReadOnlyList<IdentityHolding> history, IReadOnlyList<IdentityHolding> now, DateTimeOffset at)
    {
        var then = history.Where(h => h.From <= at && (h.To is null || h.To > at)).ToList();
        if (then.Count > 0) return (then, KnownBy.History);
        var holders = now.Select(static n => n.PersonId).ToHashSet(StringComparer.Ordinal);
        return now.Count > 0 && history.All(h => holders.Contains(h.PersonId)) ? (now, KnownBy.Taking) : ([], KnownBy.Nothing);
    }
}
