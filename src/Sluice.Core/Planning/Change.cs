namespace Sluice.Core.Planning;

/// <summary>What is done to a fact.</summary>
public enum ChangeVerb
{
    /// <summary>It comes to be.</summary>
    Add,

    /// <summary>It is there with another definition, which is replaced in one atomic step.</summary>
    Replace,

    /// <summary>It goes.</summary>
    Remove,
}

/// <summary>The steps of an apply, in their order: all of one are done before the next begins (architecture.md, rule 2).</summary>
public enum ChangePhase
{
    /// <summary>What everything else rests on, and protections that are added.</summary>
    Protect = 1,

    /// <summary>Access that is added.</summary>
    Grant = 2,

    /// <summary>Access that is taken away before other access on the same audience may come (<see cref="LateGrant"/>).</summary>
    EarlyRevoke = 3,

    /// <summary>What native rules know of people.</summary>
    Know = 4,

    /// <summary>Access that may come only after the revokes of the same audience: what two changes cross would else be open in between.</summary>
    LateGrant = 5,

    /// <summary>Access that is taken away.</summary>
    Revoke = 6,

    /// <summary>Protections that are taken away, and what nothing rests on any more.</summary>
    Unprotect = 7,
}

/// <summary>One change of a plan.</summary>
/// <param name="Phase">When.</param>
/// <param name="Verb">What is done.</param>
/// <param name="Key">To which fact.</param>
/// <param name="Definition">The new definition; of a removed fact the one it had.</param>
/// <param name="Reason">Why, for people.</param>
public sealed record Change(ChangePhase Phase, ChangeVerb Verb, FactKey Key, string Definition, string Reason)
{
    /// <summary>Of a removed fact that somebody else made: what puts it back, and who made it.</summary>
    public string? Restore { get; init; }

    /// <summary>Who made what is removed, where the platform tells.</summary>
    public string? MadeBy { get; init; }
}

/// <summary>How a change ended.</summary>
/// <param name="Change">Which.</param>
/// <param name="Error">Why it was not made, in the platform's own words; null when it was.</param>
/// <param name="IsTransient">Whether another try may help.</param>
public sealed record ChangeOutcome(Change Change, string? Error, bool IsTransient = false);
