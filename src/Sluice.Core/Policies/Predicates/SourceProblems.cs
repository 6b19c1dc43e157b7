namespace Sluice.Core.Policies.Predicates;

/// <summary>Gathers the problems of one text and knows its lines.</summary>
internal sealed class SourceProblems(string text)
{
    /// <summary>So many are listed; whoever has more has another mistake.</summary>
    internal const int MaxListed = 20;

    private readonly List<(int At, string Message)> _problems = [];
    private List<int>? _starts;

    internal bool Any => _problems.Count > 0;

    internal void Add(int at, string message)
    {
        if (_problems.Count < MaxListed && !_problems.Contains((at, message))) _problems.Add((at, message));
    }

    internal IReadOnlyList<PredicateProblem> InOrder() => [.. _problems.OrderBy(p => p.At).Select(Placed)];

    /// <summary>The line and column of an offset, both from 1. A line ends with LF, CR LF or CR.</summary>
    internal (int Line, int Column) Position(int at)
    {
        _starts ??= Starts();
        var found = _starts.BinarySearch(at);
        var line = found >= 0 ? found : ~found - 1;
        return (line + 1, at - _starts[line] + 1);
    }

    private PredicateProblem Placed((int At, string Message) problem)
    {
        var (line, column) = Position(problem.At);
        return new(line, column, problem.Message);
    }

    private List<int> Starts()
    {
        List<int> starts = [0];
        for (var i = 0; i < text.Length; i++)
            if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.Length || text[i + 1] != '\n'))) starts.Add(i + 1);
        return starts;
    }
}
