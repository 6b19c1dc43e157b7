namespace Sluice.Sandbox.Databricks.Catalog;

/// <summary>Which catalogs a sandbox serves, beside system.</summary>
public sealed record DatabricksSandboxCatalog
{
    private DatabricksSandboxCatalog()
    {
    }

    /// <summary>The hand-made demo: catalogs of every kind, with odd names, tags, comments and relations of every type.</summary>
    public static DatabricksSandboxCatalog Demo { get; } = new();

    internal GeneratedShape? Shape { get; private init; }

    /// <summary>Catalogs computed from a seed: nothing is kept in memory for a table until it is changed.</summary>
    /// <param name="tables">Tables in all, spread evenly over the catalogs and over schemas of at most 1,000.</param>
    /// <param name="columnsPerTable">Columns of each table.</param>
    /// <param name="catalogs">Catalogs; null makes one for every 10,000 tables.</param>
    /// <param name="seed">The same seed makes the same tables.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is not positive, or tables are fewer than catalogs.</exception>
    public static DatabricksSandboxCatalog Generated(int tables, int columnsPerTable = 10, int? catalogs = null, int seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tables);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columnsPerTable);
        var count = catalogs ?? Math.Max(1, (tables + 9_999) / 10_000);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count, nameof(catalogs));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, tables, nameof(catalogs));
        return new() { Shape = new(tables, columnsPerTable, count, seed) };
    }
}

/// <summary>What generated catalogs look like.</summary>
internal sealed record GeneratedShape(int Tables, int ColumnsPerTable, int Catalogs, int Seed);
