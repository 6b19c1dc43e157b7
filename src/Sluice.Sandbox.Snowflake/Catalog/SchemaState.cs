namespace Sluice.Sandbox.Snowflake.Catalog;

/// <summary>A schema: objects that were made by statements, and tables computed from a seed until they are changed.</summary>
internal sealed class SchemaState(long id, string name, DatabaseState database, GeneratedTables? source = null) : Securable(id, Domain.Schema, name)
{
    private readonly Dictionary<Domain, SortedDictionary<string, SchemaObject>> objects = [];
    private readonly HashSet<int> removed = [];

    public DatabaseState Database { get; set; } = database;

    public GeneratedTables? Source => source;

    /// <summary>WITH MANAGED ACCESS: only the schema's owner grants.</summary>
    public bool IsManaged { get; set; }

    public bool IsTransient { get; set; }

    public override Securable Parent => Database;

    public override string FullName => $"{Database.FullName}.{base.FullName}";

    /// <summary>An object by its key; tables and views share one namespace.</summary>
    public SchemaObject? Find(Domain domain, string key)
    {
        if (Group(domain).TryGetValue(key, out var found)) return found;
        if (source is null || !domain.IsTableLike()) return null;
        var index = source.IndexOf(key);
        return index >= 0 && !removed.Contains(index) ? source.At(index, this) : null;
    }

    /// <summary>A generated table by its index, unless a statement took its place.</summary>
    public SchemaObject? Generated(int index) => source is not null && index < source.Count && !removed.Contains(index) ? source.At(index, this) : null;

    public SchemaObject? ById(long wanted) => objects.Values.SelectMany(group => group.Values).FirstOrDefault(candidate => candidate.Id == wanted);

    /// <summary>Tables and views in ordinal order, those after the given name.</summary>
    public IEnumerable<SchemaObject> Tables(string? after = null)
    {
        using var stated = Group(Domain.Table).Values.Where(table => after is null || string.CompareOrdinal(table.Name, after) > 0).GetEnumerator();
        var next = stated.MoveNext() ? stated.Current : null;
        for (var index = source?.FirstAfter(after) ?? 0; index < (source?.Count ?? 0); index++)
        {
            if (removed.Contains(index)) continue;
            var generated = source!.At(index, this);
            while (next is not null && string.CompareOrdinal(next.Name, generated.Name) < 0)
            {
                yield return next;
                next = stated.MoveNext() ? stated.Current : null;
            }

            yield return generated;
        }

        while (next is not null)
        {
            yield return next;
            next = stated.MoveNext() ? stated.Current : null;
        }
    }

    public IEnumerable<SchemaObject> Of(Domain domain) => domain.IsTableLike()
        ? Tables().Where(table => table.Domain == domain)
        : Group(domain).Values;

    /// <summary>Objects that were made or changed by statements.</summary>
    public IEnumerable<SchemaObject> Stated => objects.Values.SelectMany(group => group.Values);

    public void Put(SchemaObject made)
    {
        made.Schema = this;
        Group(made.Domain)[made.Key] = made;
        if (source?.IndexOf(made.Name) is { } index and >= 0 && made.Domain.IsTableLike()) removed.Add(index);
    }

    /// <summary>Makes sure that a table changed is kept, not computed anew.</summary>
    public void Keep(SchemaObject changed)
    {
        if (!Group(changed.Domain).TryGetValue(changed.Key, out var known) || !ReferenceEquals(known, changed)) Put(changed);
    }

    public void Remove(SchemaObject dropped)
    {
        Group(dropped.Domain).Remove(dropped.Key);
        if (dropped.Domain.IsTableLike() && source?.IndexOf(dropped.Name) is { } index and >= 0) removed.Add(index);
    }

    private SortedDictionary<string, SchemaObject> Group(Domain domain)
    {
        var shared = domain.IsTableLike() ? Domain.Table : domain;
        if (!objects.TryGetValue(shared, out var group)) objects[shared] = group = new(StringComparer.Ordinal);
        return group;
    }
}
