namespace Sluice.Core.Planning;

/// <summary>What takes a platform from what was observed to what is desired: a value, the same for the same input.</summary>
public sealed record Plan
{
    /// <summary>By phase, then by fact.</summary>
    public required IReadOnlyList<Change> Changes { get; init; }

    /// <summary>What is there, is not asked for, and stays: the mode does not allow to remove it, or it is nobody's to remove.</summary>
    public required IReadOnlyList<ObservedFact> LeftAlone { get; init; }

    /// <summary>Ways by which registered people read on.</summary>
    public required IReadOnlyList<Residual> Residuals { get; init; }

    /// <summary>What can't be enforced as asked, by the platform's means or for what others made there.</summary>
    public required IReadOnlyList<Shortfall> Shortfalls { get; init; }

    /// <summary>Unregistered principals that read an object which the plan protects for the first time.</summary>
    public required IReadOnlyList<Residual> UnregisteredReaders { get; init; }

    /// <summary>Who gains and loses what.</summary>
    public required PlanImpact Impact { get; init; }

    /// <summary>Whether there is nothing to do.</summary>
    public bool IsEmpty => Changes.Count == 0;
}
