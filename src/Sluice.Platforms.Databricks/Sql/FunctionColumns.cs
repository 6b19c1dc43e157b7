using Sluice.Core.Access;

namespace Sluice.Platforms.Databricks.Sql;

/// <summary>The columns that a function is given, each under a name of its own: in the text of a function stands no name of the user's.</summary>
internal sealed class FunctionColumns
{
    private readonly List<(GovernedColumn Column, string Type)> _columns = [];

    /// <summary>Begins without any.</summary>
    public FunctionColumns()
    {
    }

    /// <summary>Begins with the column that a mask is on.</summary>
    /// <param name="first">The column.</param>
    /// <param name="type">Its type as SQL.</param>
    public FunctionColumns(GovernedColumn first, string type) => _columns.Add((first, type));

    /// <summary>The columns in the order in which they are given.</summary>
    public IReadOnlyList<GovernedColumn> All => [.. _columns.Select(static c => c.Column)];

    /// <summary>As the head of a function declares them.</summary>
    public IReadOnlyList<string> Parameters => [.. _columns.Select(static (c, i) => $"c{i} {c.Type}")];

    /// <summary>The parameter of a column; null for one of a type that can't be given.</summary>
    public string? NameOf(GovernedColumn column)
    {
        var at = _columns.FindIndex(c => c.Column.Name == column.Name);
        if (at >= 0) return $"c{at}";
        if (SqlTypes.Of(column.Type) is not { } type) return null;
        _columns.Add((column, type));
        return $"c{_columns.Count - 1}";
    }
}
