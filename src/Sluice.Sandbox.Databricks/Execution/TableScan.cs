namespace Sluice.Sandbox.Databricks.Execution;

/// <summary>Rows from outside the engine, made while it reads them.</summary>
/// <param name="Columns">Names and .NET types: string, int, long, bool or DateTime.</param>
/// <param name="Rows">One array a row, in the order of the columns; a null is NULL.</param>
internal sealed record TableScan(IReadOnlyList<(string Name, Type Type)> Columns, IEnumerable<object?[]> Rows);
