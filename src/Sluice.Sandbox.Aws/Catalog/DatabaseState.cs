using Tags = System.Collections.Immutable.ImmutableSortedDictionary<string, string>;

namespace Sluice.Sandbox.Aws.Catalog;

/// <summary>A database: the tables it was born with, and sparsely what changed since.</summary>
internal sealed class DatabaseState(DatabaseDefinition definition, ITableSource source, Tags tags)
{
    private readonly SortedList<string, TableDefinition> added = new(StringComparer.Ordinal);
    private readonly HashSet<int> removed = [];
    private readonly Dictionary<string, TagAssignment> retagged = [];

    public DatabaseDefinition Definition { get; private set; } = definition;

    public string Name => Definition.Name;

    public Tags Tags { get; set; } = tags;

    public ITableSource Source => source;

    /// <summary>True while the tables are those it was born with: what was rendered of them still holds.</summary>
    public bool IsPristine { get; private set; } = true;

    public void Rename(string name)
    {
        Definition = Definition with { Name = name };
        IsPristine = false;
    }

    public TableEntry? Find(string name)
    {
        if (added.TryGetValue(name, out var table)) return new(this, name, -1, table);
        var index = source.IndexOf(name);
        return index >= 0 && !removed.Contains(index) ? new(this, name, index, null) : null;
    }

    /// <summary>The tables whose name is greater than the given one, in ordinal order.</summary>
    public IEnumerable<TableEntry> After(string? last)
    {
        var index = last is null ? 0 : source.IndexOf(last);
        index = index >= 0 && last is not null ? index + 1 : index < 0 ? ~index : index;
        var extra = 0;
        while (last is not null && extra < added.Count && string.CompareOrdinal(added.GetKeyAtIndex(extra), last) <= 0) extra++;
        while (true)
        {
            while (index < source.Count && removed.Contains(index)) index++;
            var born = index < source.Count ? source.NameAt(index) : null;
            var later = extra < added.Count ? added.GetKeyAtIndex(extra) : null;
            if (born is null && later is null) yield break;
            if (later is null || (born is not null && string.CompareOrdinal(born, later) < 0)) yield return new(this, born!, index++, null);
            else yield return new(this, later, -1, added.GetValueAtIndex(extra++));
        }
    }

    public void Put(TableDefinition table)
    {
        var index = source.IndexOf(table.Name);
        if (index >= 0) removed.Add(index);
        added[table.Name] = table;
        IsPristine = false;
    }

    public void Remove(string name)
    {
        if (!added.Remove(name)) removed.Add(source.IndexOf(name));
        retagged.Remove(name);
        // A table made anew under this name doesn't get back the tags of the one that was.
        if (source.IndexOf(name) >= 0) retagged[name] = TagAssignment.None;
        IsPristine = false;
    }

    public TagAssignment TagsOf(TableEntry table) =>
        retagged.TryGetValue(table.Name, out var changed) ? changed
        : table.Index >= 0 ? source.TagsAt(table.Index)
        : source.IndexOf(table.Name) is >= 0 and var index ? source.TagsAt(index)
        : TagAssignment.None;

    public void Retag(string table, TagAssignment assignment) => retagged[table] = assignment;
}

/// <summary>A table of a database; its definition is made when it is asked for.</summary>
internal readonly record struct TableEntry(DatabaseState Database, string Name, int Index, TableDefinition? Known)
{
    public TableDefinition Definition => Known ?? Database.Source.At(Index);

    public TagAssignment Assigned => Database.TagsOf(this);
}
