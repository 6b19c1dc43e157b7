namespace Sluice.Sandbox.Aws.Catalog;

/// <summary>The databases of the account.</summary>
internal sealed class CatalogState(IEnumerable<DatabaseState> databases)
{
    private readonly SortedList<string, DatabaseState> byName = new(
        databases.ToDictionary(database => database.Name),
        StringComparer.Ordinal);

    public IEnumerable<DatabaseState> All => byName.Values;

    public DatabaseState? Find(string name) => byName.GetValueOrDefault(name);

    public IEnumerable<DatabaseState> After(string? last) =>
        last is null ? byName.Values : byName.Values.SkipWhile(database => string.CompareOrdinal(database.Name, last) <= 0);

    public void Add(DatabaseState database) => byName.Add(database.Name, database);

    public void Remove(string name) => byName.Remove(name);

    public void Rename(DatabaseState database, string name)
    {
        byName.Remove(database.Name);
        database.Rename(name);
        byName.Add(name, database);
    }

    public IEnumerable<TableEntry> TablesAfter(string? database, string? table)
    {
        foreach (var found in byName.Values)
        {
            var order = database is null ? 1 : string.CompareOrdinal(found.Name, database);
            if (order < 0) continue;
            foreach (var entry in found.After(order == 0 ? table : null)) yield return entry;
        }
    }
}
