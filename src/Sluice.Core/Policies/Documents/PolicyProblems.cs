using System.Collections;
using Sluice.Core.Problems;

namespace Sluice.Core.Policies.Documents;

/// <summary>Gathers every problem of policy documents, so that an answer lists all of them and never just the first.</summary>
public sealed class PolicyProblems : IReadOnlyCollection<PolicyProblem>
{
    private readonly List<PolicyProblem> _problems = [];
    private readonly HashSet<PolicyProblem> _known = [];

    /// <summary>How many are listed: at most <see cref="ProblemList.MaxListed"/>, and one that says there are more.</summary>
    public int Count => _problems.Count;

    /// <summary>How many errors there are, listed or not.</summary>
    public int ErrorCount { get; private set; }

    /// <summary>Whether anything keeps a policy from being taken.</summary>
    public bool HasErrors => ErrorCount > 0;

    /// <summary>Whether further problems are no longer listed, so that nobody need look for them.</summary>
    internal bool IsFull => _problems.Count > ProblemList.MaxListed;

    /// <summary>Adds an error at a piece of the document.</summary>
    public void Add(string path, DocumentNode? at, string message) => Add(path, at?.Line ?? 0, at?.Column ?? 0, message);

    /// <summary>Adds an error.</summary>
    public void Add(string path, int line, int column, string message)
    {
        ErrorCount++;
        List(new PolicyProblem(PolicySeverity.Error, path, line, column, message));
    }

    /// <summary>Adds a warning at a piece of the document.</summary>
    public void Warn(string path, DocumentNode? at, string message) =>
        List(new PolicyProblem(PolicySeverity.Warning, path, at?.Line ?? 0, at?.Column ?? 0, message));

    /// <inheritdoc/>
    public IEnumerator<PolicyProblem> GetEnumerator() => _problems.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void List(PolicyProblem problem)
    {
        if (IsFull || !_known.Add(problem)) return;
        _problems.Add(_problems.Count < ProblemList.MaxListed
            ? problem
            : new PolicyProblem(problem.Severity, "$", 0, 0, $"has more problems: the first {ProblemList.MaxListed} are listed"));
    }
}
