using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.Execution;

/// <summary>A column of a result.</summary>
internal sealed record ResultColumn(string Name, SqlType Type);
