using System.Collections.Immutable;
using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Privileges;

namespace Sluice.Sandbox.Databricks.Sql;

/// <summary>A parsed statement.</summary>
/// <param name="Verb">What it is counted under: SELECT, GRANT, ALTER TABLE.</param>
internal abstract record Statement(string Verb);

/// <summary>A securable as a statement names it; the metastore has no name.</summary>
internal sealed record Target(SecurableKind Kind, SqlName? Name)
{
    /// <summary>Whether the statement says VIEW rather than TABLE, where the service takes one for the other no more than we do.</summary>
    public bool? IsView { get; init; }

    /// <summary>The statement says STREAMING TABLE or MATERIALIZED VIEW.</summary>
    public bool IsPipelined { get; init; }
}

/// <summary>SHOW CATALOGS, SCHEMAS, TABLES, VIEWS or FUNCTIONS.</summary>
internal sealed record ShowStatement(ShowKind Kind, SqlName? In, string? Like) : Statement($"SHOW {Enum.GetName(Kind)!.ToUpperInvariant()}");

internal enum ShowKind
{
    Catalogs,
    Schemas,
    Tables,
    Views,
    Functions,
}

internal sealed record ShowGrants(string? Principal, Target On) : Statement("SHOW GRANTS");

internal sealed record Describe(Target Of, bool Extended) : Statement("DESCRIBE");

internal sealed record Use(SqlName Name, bool IsCatalog) : Statement(IsCatalog ? "USE CATALOG" : "USE SCHEMA");

internal sealed record GrantStatement(Privilege Privileges, Target On, string Principal, bool Revokes) : Statement(Revokes ? "REVOKE" : "GRANT")
{
    public GrantEdit Edit => Revokes ? new(Principal, Privilege.None, Privileges) : new(Principal, Privileges, Privilege.None);
}

internal sealed record CreateCatalog(SqlName Name, bool IfNotExists, string? Comment) : Statement("CREATE CATALOG");

internal sealed record CreateSchema(SqlName Name, bool IfNotExists, string? Comment, ImmutableSortedDictionary<string, string> Properties) : Statement("CREATE SCHEMA");

internal sealed record CreateTable(SqlName Name, bool IfNotExists, bool OrReplace) : Statement("CREATE TABLE")
{
    public ImmutableArray<ColumnObject> Columns { get; init; } = [];

    public string Format { get; init; } = "DELTA";

    public string? Comment { get; init; }

    public string? Location { get; init; }

    /// <summary>Its function as written; filled up when the statement runs, as those of masks are.</summary>
    public RowFilter? RowFilter { get; init; }

    public ImmutableSortedDictionary<string, string> Properties { get; init; } = SecurableObject.NoTexts;

    public string? Query { get; init; }

    /// <summary>The table of CLONE.</summary>
    public SqlName? CloneOf { get; init; }

    public bool IsShallow { get; init; }
}

internal sealed record CreateView(SqlName Name, bool IfNotExists, bool OrReplace, bool Materialized, ImmutableArray<(string Name, string? Comment)> Columns, string? Comment, string Query)
    : Statement(Materialized ? "CREATE MATERIALIZED VIEW" : "CREATE VIEW");

internal sealed record CreateFunction(SqlName Name, bool IfNotExists, bool OrReplace, ImmutableArray<FunctionParameter> Parameters, SqlType? Returns, string? Comment, string Body)
    : Statement("CREATE FUNCTION")
{
    /// <summary>DETERMINISTIC or NOT DETERMINISTIC; null leaves it to the body.</summary>
    public bool? IsDeterministic { get; init; }

    /// <summary>CONTAINS SQL or READS SQL DATA; null leaves it to the body.</summary>
    public bool? ReadsData { get; init; }
}

internal sealed record Drop(Target What, bool IfExists, bool Cascade) : Statement($"DROP {What.Kind.ToString().ToUpperInvariant()}");

/// <summary>UNDROP TABLE, by a name or an id.</summary>
internal sealed record Undrop(SqlName? Name, string? Id) : Statement("UNDROP TABLE");

internal sealed record ShowDropped(SqlName? In) : Statement("SHOW TABLES DROPPED");

/// <summary>ALTER … and COMMENT ON: one change of one securable.</summary>
internal sealed record Alter(Target What, Alteration Change) : Statement($"ALTER {What.Kind.ToString().ToUpperInvariant()}")
{
    public bool IfExists { get; init; }
}

/// <summary>A SELECT, or anything else the embedded engine evaluates.</summary>
internal sealed record Query(string Text) : Statement("SELECT");

/// <summary>INSERT, UPDATE, DELETE or MERGE on one table.</summary>
internal sealed record Change(string Verb, SqlName Into, string Text) : Statement(Verb);
