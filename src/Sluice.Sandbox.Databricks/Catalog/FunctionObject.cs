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

    public bool IsDeterministic { get; init; } = true;

    /// <summary>Its body reads tables.</summary>
    public bool ReadsData { get; init; }

    /// <summary>The catalog and schema that its body's names are filled up with; null is where the function stands.</summary>
    public (string Catalog, string Schema)? Path { get; init; }
}

/// <summary>A parameter of a SQL function.</summary>
internal sealed record FunctionParameter(string Name, SqlType Type, string? Comment = null)
{
    /// <summary>The expression that stands for an argument that is not given.</summary>
    public string? Default { get; init; }
}
