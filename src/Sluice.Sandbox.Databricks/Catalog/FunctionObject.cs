using System.Collections.Immutable;
using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.Catalog;

/// <summary>A SQL function.</summary>
internal sealed record FunctionObject : SecurableObject
{
    public required ImmutableArray<FunctionParameter> Parameters { get; init; }

    public required SqlType Returns { get; init; }

    /// <summary>The expression after RETURN.</summary>
    public required string Body { get; init; }
}

/// <summary>A parameter of a SQL function.</summary>
internal sealed record FunctionParameter(string Name, SqlType Type, string? Comment = null);
