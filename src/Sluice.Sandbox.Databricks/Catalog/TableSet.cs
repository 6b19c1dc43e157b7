using System.Collections.Immutable;

namespace Sluice.Sandbox.Databricks.Catalog;

/// <summary>The relations of a schema: those it was born with, and sparsely what changed since.</summary>
internal sealed class TableSet
{
    public static readonly TableSet Empty = new(ListedTables.Empty);

    private readonly ITableSource born;
    private readonly ImmutableSortedDictionary<string, TableObject> changed;
    private readonly ImmutableHashSet<string> gone;

    public TableSet(ITableSource born)
        : this(born, ImmutableSortedDictionary.Create<string, TableObject>(StringComparer.Ordinal), [], born.Count)
    {
    }

    private TableSet(ITableSource born, ImmutableSortedDictionary<string, TableObject> changed, ImmutableHashSet<string> gone, int count)
    {
        this.born = born;
        this.changed = changed;
        this.gone = gone;
        Count = count;
    }

    public int Count { get; }

    public bool IsEmpty => !After(null).Any();

    public TableObject? Find(string name)
    {
        if (changed.TryGetValue(name, out var table)) return table;
        var index = gone.Contains(name) ? -1 : born.IndexOf(name);
        return index < 0 ? null : born.At(index);
    }

    /// <summary>The relations whose name is greater than the given one, in ordinal order.</summary>
    public IEnumerable<TableObject> After(string? last)
    {
        var index = last is null ? 0 : born.IndexOf(last);
        index = index >= 0 && last is not null ? index + 1 : index < 0 ? ~index : index;
        using var others = changed.GetEnumerator();
        var more = others.MoveNext();
        while (last is not null && more && string.CompareOrdinal(others.Current.Key, last) <= 0) more = others.MoveNext();
        while (true)
        {
            var name = index < born.Count ? born.NameAt(index) : null;
            if (name is not null && (gone.Contains(name) || changed.ContainsKey(name)))
            {
                index++;
                continue;
            }

            if (name is null && !more) yield break;
            if (!more || (name is not null && string.CompareOrdinal(name, others.Current.Key) < 0))
            {
                yield return born.At(index++);
                continue;
            }

            yield return others.Current.Value;
            more = others.MoveNext();
        }
    }

    public TableSet With(TableObject table) => new(born, changed.SetItem(table.Name, table), gone, Has(table.Name) ? Count : Count + 1);

    public TableSet Without(string name) => new(born, changed.Remove(name), born.IndexOf(name) >= 0 ? gone.Add(name) : gone, Has(name) ? Count - 1 : Count);

    /// <summary>Every relation as a change has it; those that are as they were born are asked only if they may be concerned.</summary>
    public TableSet Changed(Func<TableObject, TableObject> change, bool withBorn)
    {
        var result = this;
        foreach (var table in withBorn ? After(null) : changed.Values)
        {
            var after = change(table);
            if (!ReferenceEquals(after, table)) result = result.With(after);
        }

        return result;
    }

    private bool Has(string name) => changed.ContainsKey(name) || (!gone.Contains(name) && born.IndexOf(name) >= 0);
}
