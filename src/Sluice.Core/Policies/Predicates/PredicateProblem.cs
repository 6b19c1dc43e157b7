namespace Sluice.Core.Policies.Predicates;

/// <summary>What keeps a text from being a predicate.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1, in UTF-16 code units; one past the last of a line is its end.</param>
/// <param name="Message">What is wrong and what would be right.</param>
public sealed record PredicateProblem(int Line, int Column, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"line {Line}, column {Column}: {Message}";
}
