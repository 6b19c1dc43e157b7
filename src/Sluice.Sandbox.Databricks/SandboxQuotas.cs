namespace Sluice.Sandbox.Databricks;

/// <summary>How many objects Unity Catalog holds, by what holds them: https://docs.databricks.com/aws/en/resources/limits.</summary>
public sealed record SandboxQuotas
{
    /// <summary>Catalogs of the metastore.</summary>
    public int Catalogs { get; init; } = 1000;

    /// <summary>Schemas of a catalog.</summary>
    public int Schemas { get; init; } = 10_000;

    /// <summary>Tables, views among them, of a schema.</summary>
    public int TablesOfSchema { get; init; } = 10_000;

    /// <summary>Tables, views among them, of the metastore.</summary>
    public int TablesOfMetastore { get; init; } = 1_000_000;

    /// <summary>Functions of a schema.</summary>
    public int Functions { get; init; } = 10_000;
}
