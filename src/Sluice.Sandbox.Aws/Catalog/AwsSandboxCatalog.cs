namespace Sluice.Sandbox.Aws.Catalog;

/// <summary>Which catalog a sandbox serves.</summary>
public sealed record AwsSandboxCatalog
{
    private AwsSandboxCatalog()
    {
    }

    /// <summary>The hand-made catalog: seven databases, one of them, legacy_lake, left under IAM access control.</summary>
    public static AwsSandboxCatalog Demo { get; } = new();

    internal GeneratedShape? Shape { get; private init; }

    /// <summary>A catalog computed from a seed: nothing is kept in memory for a table until it is changed.</summary>
    /// <param name="tables">Tables in all, spread evenly over the databases.</param>
    /// <param name="columnsPerTable">Columns of each table, the partition key included.</param>
    /// <param name="databases">Databases; null makes one for every 1,000 tables.</param>
    /// <param name="seed">The same seed makes the same catalog.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is not positive, or tables are fewer than databases.</exception>
    public static AwsSandboxCatalog Generated(int tables, int columnsPerTable = 10, int? databases = null, int seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tables);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columnsPerTable);
        var count = databases ?? Math.Max(1, (tables + 999) / 1000);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count, nameof(databases));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, tables, nameof(databases));
        return new() { Shape = new(tables, columnsPerTable, count, seed) };
    }
}

/// <summary>The measures of a generated catalog.</summary>
internal sealed record GeneratedShape(int Tables, int ColumnsPerTable, int Databases, int Seed);
