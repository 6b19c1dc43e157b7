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

/// <summary>
/// The steps of an apply, in their order: all of one are done before the next begins (architecture.md, rule 2). At each moment between them everybody sees at
/// most what the old or the new state lets them see. The numbers are stored in plans: never renumber.
/// </summary>
public enum ChangePhase
{
    /// <summary>
    /// What the rest needs, and what no rule reads yet: audiences, exemptions and knowledge that only new protections ask for. And who leaves an audience that a
    /// changing mask names, or joins one of those that shows them nothing yet.
    /// </summary>
    Prepare = 1,

    /// <summary>Protections that are added.</summary>
    Protect = 2,

    /// <summary>Access that is added.</summary>
    Grant = 3,

    /// <summary>Access that is taken away before other access through the same audience comes (<see cref="LateGrant"/>).</summary>
    EarlyRevoke = 4,

    /// <summary>What rules in force know of people, and definitions that are replaced.</summary>
    Know = 5,

    /// <summary>Access that comes after the revokes of the same audience: what two changes cross would otherwise be open in between.</summary>
    LateGrant = 6,

    /// <summary>Access that is taken away.</summary>
    Revoke = 7,

    /// <summary>Protections that are taken away.</summary>
    Unprotect = 8,

    /// <summary>What nothing rests on any more. And who joins an audience that a changing mask names, or leaves one of those that nothing will use.</summary>
    Clean = 9,
}

/// <summary>One change of a plan.</summary>
/// <param name="Phase">When.</param>
/// <param name="Verb">What is done.</param>
/// <param name="Key">To which fact.</param>
/// <param name="Definition">The new definition; of a removed fact the one it had.</param>
/// <param name="Reason">Why, for people.</param>
public sealed record Change(ChangePhase Phase, ChangeVerb Verb, FactKey Key, string Definition, string Reason)
{
    /// <summary>Of a removed fact that somebody else made: what puts it back. Of an added one: it is such a fact, put back by this.</summary>
    public string? Restore { get; init; }

    /// <summary>Who made what is removed, where the platform tells.</summary>
    public string? MadeBy { get; init; }

    /// <summary>For people: <c>add grant ada SELECT on lake/sales/orders</c>.</summary>
    public override string ToString() => $"{Verb.ToString().ToLowerInvariant()} {Key}";
}

/// <summary>How a change ended.</summary>
/// <param name="Change">Which.</param>
/// <param name="Error">Why it was not made, in the platform's own words; null when it was.</param>
/// <param name="IsTransient">Whether another try may help.</param>
public sealed record ChangeOutcome(Change Change, string? Error, bool IsTransient = false)
{
    /// <summary>Whether something that shows less was put in its place, so that what rests on it need not wait.</summary>
    public bool IsContained { get; init; }
}
