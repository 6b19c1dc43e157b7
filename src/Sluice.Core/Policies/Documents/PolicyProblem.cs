namespace Sluice.Core.Policies.Documents;

/// <summary>One thing wrong with a policy document, told so that its author can mend it.</summary>
/// <param name="Severity">Whether it keeps the policy from being taken.</param>
/// <param name="Path">Where: a JSON path such as <c>$.actions[0].rules[1].config</c>.</param>
/// <param name="Line">The line, from 1; 0 where the policy has no text.</param>
/// <param name="Column">The column, from 1; 0 where the policy has no text.</param>
/// <param name="Message">What is wrong and what would be right.</param>
public sealed record PolicyProblem(PolicySeverity Severity, string Path, int Line, int Column, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => Line == 0 ? $"{Path}: {Message}" : $"line {Line}, column {Column}: {Path}: {Message}";
}

/// <summary>How bad it is.</summary>
public enum PolicySeverity
{
    /// <summary>The policy is taken, and probably does not do what was meant.</summary>
    Warning,

    /// <summary>The policy is not taken.</summary>
    Error,
}
