namespace Sluice.Core.Tests.Catalog.Merge;

/// <summary>A container on a platform: names are unique, ids are never used twice.</summary>
internal sealed class RemoteContainer(Ids ids)
{
    // Few names, so that they meet often.
    private static readonly string[] Pool = ["a", "b", "c", "d", "e", "f"];

    private readonly List<RemoteTable> _tables = [];
    private readonly List<RemoteTable> _dropped = [];
    private int _lastId;
    private int _lastContent;

    internal IReadOnlyList<RemoteTable> Tables => _tables;

    internal void Take(IEnumerable<Step> steps)
    {
        foreach (var step in steps) Take(step);
    }

    internal void Take(Step step)
    {
        var name = Pool[step.Second % Pool.Length];
        var isFree = _tables.All(t => t.Name != name);
        if (step.What == Happening.Add)
        {
            if (isFree) _tables.Add(New(name, step.First));
            return;
        }

        if (step.What is Happening.Return or Happening.ReturnElsewhere)
        {
            if (_dropped.Count == 0) return;
            var old = _dropped[step.First % _dropped.Count];
            var back = step.What == Happening.Return ? old : old with { Name = name };
            if (_tables.Any(t => t.Name == back.Name)) return;
            _dropped.Remove(old);
            _tables.Add(back);
            return;
        }

        if (_tables.Count == 0) return;
        var first = step.First % _tables.Count;
        var second = step.Second % _tables.Count;
        switch (step.What)
        {
            case Happening.Drop:
                Drop(first);
                break;
            case Happening.Rename:
                if (isFree) _tables[first] = _tables[first] with { Name = name };
                break;
            case Happening.Swap:
                var (one, other) = (_tables[first], _tables[second]);
                _tables[first] = one with { Name = other.Name };
                _tables[second] = other with { Name = one.Name };
                break;
            case Happening.Rotate:
                var names = _tables.Select(t => t.Name).ToList();
                for (var i = 0; i < names.Count; i++) _tables[i] = _tables[i] with { Name = names[(i + 1) % names.Count] };
                break;
            case Happening.Replace:
                var taken = _tables[first].Name;
                Drop(first);
                _tables.Add(New(taken, step.Second));
                break;
            case Happening.Change:
                _tables[first] = _tables[first] with { Content = ++_lastContent };
                break;
            case Happening.LoseId:
                if (ids == Ids.Mixed) _tables[first] = _tables[first] with { NativeId = null };
                break;
            case Happening.GainId:
                if (ids == Ids.Mixed && _tables[first].NativeId is null) _tables[first] = _tables[first] with { NativeId = NextId() };
                break;
            default:
                throw new InvalidOperationException(step.What.ToString());
        }
    }

    private void Drop(int index)
    {
        _dropped.Add(_tables[index]);
        _tables.RemoveAt(index);
    }

    private RemoteTable New(string name, int pick)
    {
        var hasId = ids == Ids.Always || (ids == Ids.Mixed && pick % 2 == 0);
        return new RemoteTable(name, hasId ? NextId() : null, ++_lastContent);
    }

    private string NextId() => $"id{++_lastId}";
}
