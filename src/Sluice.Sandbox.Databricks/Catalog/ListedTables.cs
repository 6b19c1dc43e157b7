namespace Sluice.Sandbox.Databricks.Catalog;

/// <summary>Relations held in memory.</summary>
internal sealed class ListedTables : ITableSource
{
    public static readonly ListedTables Empty = new([]);

    private readonly TableObject[] tables;
    private readonly string[] names;

    public ListedTables(IEnumerable<TableObject> tables)
    {
        this.tables = [.. tables.OrderBy(table => table.Name, StringComparer.Ordinal)];
        names = [.. this.tables.Select(table => table.Name)];
    }

    public int Count => tables.Length;

    public string NameAt(int index) => names[index];

    public TableObject At(int index) => tables[index];

    public int IndexOf(string name) => Array.BinarySearch(names, name, StringComparer.Ordinal);
}
