using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.Execution;

/// <summary>A named parameter; a null value is NULL.</summary>
internal sealed record StatementParameter(string? Value, SqlType Type);
