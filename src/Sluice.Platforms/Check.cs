namespace Sluice.Platforms;

/// <summary>How a check ended.</summary>
public enum CheckStatus
{
    /// <summary>Proven.</summary>
    Passed,

    /// <summary>Proven to be missing, and nothing works without it.</summary>
    Failed,

    /// <summary>Missing or unproven; part of what Sluice does won't work, and the message says which.</summary>
    Warning,

    /// <summary>Not tried, and the message says why.</summary>
    Skipped,
}

/// <summary>One named check of a connection.</summary>
/// <param name="Name">Stable, such as <c>glue:GetTables</c>.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Result">What was seen, in a few words.</param>
/// <param name="Message">The missing privilege and the remedy; null when it passed.</param>
public sealed record Check(string Name, CheckStatus Status, string Result, string? Message = null)
{
    /// <summary>Whether the platform could not answer just now, so that nothing was learnt: it counts where nothing is known yet, and else what was seen before does.</summary>
    public bool IsInconclusive { get; init; }
}
