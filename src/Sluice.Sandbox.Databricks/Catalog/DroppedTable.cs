namespace Sluice.Sandbox.Databricks.Catalog;

/// <summary>A table that was dropped and may still come back.</summary>
/// <param name="Catalog">The catalog it stood in.</param>
/// <param name="Schema">The schema it stood in.</param>
/// <param name="Table">As it was.</param>
/// <param name="DroppedAt">Milliseconds since 1970.</param>
internal sealed record DroppedTable(string Catalog, string Schema, TableObject Table, long DroppedAt)
{
    /// <summary>https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-undrop-table: seven days.</summary>
    public const long KeptFor = 7L * 86_400_000;

    /// <summary>More than these are not kept: the oldest goes for good.</summary>
    public const int MostKept = 200;

    public static bool MayComeBack(TableType type) => type is TableType.Managed or TableType.External or TableType.MaterializedView;
}
