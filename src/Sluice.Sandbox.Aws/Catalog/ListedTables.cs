namespace Sluice.Sandbox.Aws.Catalog;

/// <summary>Tables held in memory.</summary>
internal sealed class ListedTables : ITableSource
{
    public static readonly ListedTables Empty = new([]);

    private readonly (TableDefinition Table, TagAssignment Tags)[] tables;
    private readonly string[] names;

    public ListedTables(IEnumerable<(TableDefinition Table, TagAssignment Tags)> tables)
    {
        this.tables = [.. tables.OrderBy(table => table.Table.Name, StringComparer.Ordinal)];
        names = [.. this.tables.Select(table => table.Table.Name)];
    }

    public int Count => tables.Length;

    public string NameAt(int index) => names[index];

    public TableDefinition At(int index) => tables[index].Table;

    public TagAssignment TagsAt(int index) => tables[index].Tags;

    public int IndexOf(string name) => Array.BinarySearch(names, name, StringComparer.Ordinal);
}
