namespace Sluice.Sandbox.Databricks.Execution;

/// <summary>What a statement answers; rows are read once, and a row is only good until the next.</summary>
internal sealed class SqlResult(IReadOnlyList<ResultColumn> columns, IEnumerable<object?[]> rows) : IDisposable
{
    public IReadOnlyList<ResultColumn> Columns => columns;

    public IEnumerable<object?[]> Rows => rows;

    /// <summary>Let go of with the result.</summary>
    public IDisposable? Source { get; init; }

    /// <summary>Nothing to show: CREATE, GRANT and their kind.</summary>
    public static SqlResult Nothing() => new([], []);

    public static SqlResult Of(IReadOnlyList<ResultColumn> columns, IEnumerable<object?[]> rows) => new(columns, rows);

    public void Dispose() => Source?.Dispose();
}
