namespace Sluice.Sandbox.Snowflake.Catalog;

/// <summary>Which catalog a sandbox serves.</summary>
public sealed record SnowflakeSandboxCatalog
{
    private SnowflakeSandboxCatalog()
    {
    }

    /// <summary>The hand-made catalog: databases SALES, FINANCE, HR, ANALYTICS, a shared and an application database.</summary>
    public static SnowflakeSandboxCatalog Demo { get; } = new() { IsDemo = true };

    /// <summary>No database but SNOWFLAKE.</summary>
    public static SnowflakeSandboxCatalog Empty { get; } = new();

    internal bool IsDemo { get; private init; }

    internal GeneratedShape? Shape { get; private init; }

    /// <summary>A catalog computed from a seed: nothing is kept in memory for a table until it is changed. Databases are DB000, DB001, ...</summary>
    /// <param name="tables">Tables in all, spread evenly over the databases.</param>
    /// <param name="columns">Columns of each table.</param>
    /// <param name="databases">Databases; null makes one for every 10,000 tables.</param>
    /// <param name="tablesPerSchema">Tables of a schema.</param>
    /// <param name="seed">The same seed makes the same catalog.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is not positive, or tables are fewer than databases.</exception>
    public static SnowflakeSandboxCatalog Generated(int tables, int columns = 10, int? databases = null, int tablesPerSchema = 1_000, int seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tables);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tablesPerSchema);
        var count = databases ?? Math.Max(1, (tables + 9_999) / 10_000);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count, nameof(databases));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, tables, nameof(databases));
        return new() { Shape = new(tables, columns, count, tablesPerSchema, seed) };
    }
}

/// <summary>The measures of a generated catalog.</summary>
internal sealed record GeneratedShape(int Tables, int Columns, int Databases, int TablesPerSchema, int Seed);
