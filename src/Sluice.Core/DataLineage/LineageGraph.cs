using Sluice.Core.Catalog;

namespace Sluice.Core.DataLineage;

/// <summary>
/// Edges, ready to be followed. What goes between columns goes between their objects too. Where only objects are known, what a column carries goes to the whole of
/// the target: nobody knows to which of its columns.
/// </summary>
internal sealed class LineageGraph
{
    private readonly Dictionary<LineagePoint, List<LineagePoint>> _columns = [];
    private readonly Dictionary<ObjectPath, List<ObjectPath>> _objects = [];
    private readonly HashSet<(ObjectPath, ObjectPath)> _byColumns = [];

    public LineageGraph(IEnumerable<LineageEdge> edges)
    {
        var objects = new HashSet<(ObjectPath, ObjectPath)>();
        var columns = new HashSet<LineageEdge>();
        foreach (var (from, to) in edges)
        {
            if (objects.Add((from.Object, to.Object))) ListOf(_objects, from.Object).Add(to.Object);
            if (from.Column is null || to.Column is null) continue;
            _byColumns.Add((from.Object, to.Object));
            if (columns.Add(new LineageEdge(from, to))) ListOf(_columns, from).Add(to);
        }
    }

    /// <summary>Where what stands at a place goes in one step.</summary>
    public IEnumerable<LineagePoint> After(LineagePoint from)
    {
        if (from.Column is not null && _columns.TryGetValue(from, out var columns))
            foreach (var to in columns) yield return to;
        if (!_objects.TryGetValue(from.Object, out var objects)) yield break;
        foreach (var to in objects)
            if (from.Column is null || !_byColumns.Contains((from.Object, to))) yield return new LineagePoint(to);
    }

    private static List<TTo> ListOf<TFrom, TTo>(Dictionary<TFrom, List<TTo>> lists, TFrom key) where TFrom : notnull
    {
        if (!lists.TryGetValue(key, out var list)) lists[key] = list = [];
        return list;
    }
}
