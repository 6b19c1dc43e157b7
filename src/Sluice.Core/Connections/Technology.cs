namespace Sluice.Core.Connections;

/// <summary>A kind of data platform, by its documented name. Names are compared exactly, as the documented API does.</summary>
/// <param name="Name">The value of <c>connection.technology</c>.</param>
public readonly record struct Technology(string Name)
{
    /// <summary>AWS Glue Data Catalog governed by AWS Lake Formation.</summary>
    public static readonly Technology Glue = new("Glue");

    /// <summary>Databricks Unity Catalog.</summary>
    public static readonly Technology Databricks = new("Databricks");

    /// <summary>Snowflake.</summary>
    public static readonly Technology Snowflake = new("Snowflake");

    /// <summary>PostgreSQL (ours: the documented API does not name it).</summary>
    public static readonly Technology PostgreSql = new("PostgreSQL");

    /// <summary>Every technology Sluice knows by name, available or not.</summary>
    public static readonly IReadOnlyList<Technology> All = [Glue, Databricks, Snowflake, PostgreSql];

    /// <inheritdoc/>
    public override string ToString() => Name;
}
