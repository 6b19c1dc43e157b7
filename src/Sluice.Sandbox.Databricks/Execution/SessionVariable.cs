using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.Execution;

/// <summary>A variable of a session; it ends with it.</summary>
/// <param name="Value">As a literal of its type holds it; null is NULL.</param>
/// <param name="Type">Its type.</param>
/// <param name="Default">The expression that SET … = DEFAULT evaluates again.</param>
internal sealed record SessionVariable(string? Value, SqlType Type, string? Default);
