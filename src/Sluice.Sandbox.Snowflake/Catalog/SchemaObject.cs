using System.Collections.Immutable;
using Sluice.Sandbox.Snowflake.Results;

namespace Sluice.Sandbox.Snowflake.Catalog;

/// <summary>A table, view, tag, policy, function or another object of a schema.</summary>
internal sealed class SchemaObject(long id, Domain domain, string name, SchemaState schema) : Securable(id, domain, name)
{
    public SchemaState Schema { get; set; } = schema;

    public DatabaseState Database => Schema.Database;

    public ImmutableArray<ColumnState> Columns { get; set; } = [];

    /// <summary>A view's query, a policy's or function's body.</summary>
    public string? Body { get; set; }

    /// <summary>The statement that made it, for the text columns of SHOW.</summary>
    public string? Text { get; set; }

    /// <summary>A policy's or function's arguments.</summary>
    public ImmutableArray<Argument> Arguments { get; set; } = [];

    /// <summary>A function's or policy's return type, as written.</summary>
    public string? Returns { get; set; }

    public bool IsSecure { get; set; }

    public bool IsTransient { get; set; }

    public bool IsTemporary { get; set; }

    public bool IsMemoizable { get; set; }

    public long RowCount { get; set; }

    /// <summary>True once the engine holds rows for it.</summary>
    public bool HasRows { get; set; }

    /// <summary>A table's rows before its last changes.</summary>
    public TableHistory History { get; } = new();

    /// <summary>The statement that made it.</summary>
    public string MadeBy { get; init; } = "";

    public ImmutableArray<string> AllowedValues { get; set; } = [];

    /// <summary>A tag's masking policies, or a table's row access policy.</summary>
    public ImmutableArray<PolicyReference> Policies { get; set; } = [];

    /// <summary>The tables a materialized view is made of.</summary>
    public ImmutableArray<long> BaseTables { get; set; } = [];

    public override Securable Parent => Schema;

    /// <summary>Functions and procedures are told apart by their argument types.</summary>
    public string Key => Domain is Domain.Function or Domain.Procedure ? $"{Name}({string.Join(", ", Arguments.Select(argument => argument.Type.Short))})" : Name;

    public override string FullName => Domain is Domain.Function or Domain.Procedure
        ? $"{Schema.FullName}.\"{Name}({string.Join(", ", Arguments.Select(argument => $"{argument.Name} {(argument.Type.Kind == SqlKind.Text ? "VARCHAR" : argument.Type.Short)}"))}):{Returns}\""
        : $"{Schema.FullName}.{base.FullName}";
}

/// <summary>A column and the policy that masks it.</summary>
internal sealed record ColumnState(string Name, SqlType Type)
{
    public bool Nullable { get; init; } = true;

    public string? Default { get; init; }

    public string? Comment { get; init; }

    public PolicyReference? Mask { get; init; }

    /// <summary>What a virtual column is computed by; null for one whose values are stored (https://docs.snowflake.com/en/sql-reference/virtual-columns).</summary>
    public string? Expression { get; init; }

    /// <summary>As SHOW COLUMNS and INFORMATION_SCHEMA name it.</summary>
    public string Kind => Expression is null ? "COLUMN" : "VIRTUAL_COLUMN";
}

internal sealed record Argument(string Name, SqlType Type);

/// <summary>A policy in force somewhere, with the columns it is given.</summary>
internal sealed record PolicyReference(SchemaObject Policy, ImmutableArray<string> Columns)
{
    /// <summary>Since when; ACCOUNT_USAGE shows it later.</summary>
    public DateTimeOffset On { get; init; }
}
