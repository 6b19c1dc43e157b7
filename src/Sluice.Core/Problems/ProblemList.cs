using System.Collections;

namespace Sluice.Core.Problems;

/// <summary>Gathers every problem of an input, so that an answer lists all of them and never just the first.</summary>
public sealed class ProblemList : IReadOnlyCollection<Problem>
{
    /// <summary>So many are listed; that there are more is the last one. A body of a megabyte could else be answered with ten.</summary>
    public const int MaxListed = 200;

    private readonly List<Problem> _problems = [];

    /// <summary>How many problems are listed.</summary>
    public int Count => _problems.Count;

    /// <summary>Whether anything is wrong.</summary>
    public bool Any => _problems.Count > 0;

    /// <summary>Whether further problems are no longer listed, so that nobody need look for them.</summary>
    internal bool IsFull => _problems.Count > MaxListed;

    /// <summary>Adds a problem; the same one twice is kept once.</summary>
    /// <param name="path">A JSON path such as <c>$.connection.region</c>.</param>
    /// <param name="message">What is wrong and what would be right.</param>
    public void Add(string path, string message)
    {
        if (IsFull) return;
        var problem = new Problem(path, message);
        if (_problems.Contains(problem)) return;
        _problems.Add(_problems.Count < MaxListed ? problem : new Problem("$", $"has more problems: the first {MaxListed} are listed"));
    }

    /// <summary>The messages by path, in the order the paths were first met.</summary>
    public IReadOnlyDictionary<string, string[]> ByPath() =>
        _problems.GroupBy(p => p.Path, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Select(p => p.Message).ToArray(), StringComparer.Ordinal);

    /// <inheritdoc/>
    public IEnumerator<Problem> GetEnumerator() => _problems.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
