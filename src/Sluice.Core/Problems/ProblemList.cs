using System.Collections;

namespace Sluice.Core.Problems;

/// <summary>Gathers every problem of an input, so that an answer lists all of them and never just the first.</summary>
public sealed class ProblemList : IReadOnlyCollection<Problem>
{
    private readonly List<Problem> _problems = [];

    /// <summary>How many problems were found.</summary>
    public int Count => _problems.Count;

    /// <summary>Whether anything is wrong.</summary>
    public bool Any => _problems.Count > 0;

    /// <summary>Adds a problem; the same one twice is kept once.</summary>
    /// <param name="path">A JSON path such as <c>$.connection.region</c>.</param>
    /// <param name="message">What is wrong and what would be right.</param>
    public void Add(string path, string message)
    {
        var problem = new Problem(path, message);
        if (!_problems.Contains(problem)) _problems.Add(problem);
    }

    /// <summary>The messages by path, in the order the paths were first met.</summary>
    public IReadOnlyDictionary<string, string[]> ByPath() =>
        _problems.GroupBy(p => p.Path, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Select(p => p.Message).ToArray(), StringComparer.Ordinal);

    /// <inheritdoc/>
    public IEnumerator<Problem> GetEnumerator() => _problems.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
