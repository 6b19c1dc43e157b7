using Sluice.Sandbox.Databricks.Execution;
using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.InformationSchema;

/// <summary>A view of the information schema.</summary>
internal abstract class InformationRelation(string name)
{
    /// <summary>Lower case, as queries find it.</summary>
    public string Name => name;

    public abstract IReadOnlyList<(string Name, SqlType Type)> Columns { get; }

    /// <summary>The rows a caller may see, with the columns a query asks for.</summary>
    public abstract TableScan Scan(InformationScope scope);
}

/// <summary>A view of the information schema, made of one kind of row.</summary>
internal sealed class InformationRelation<TRow>(string name, Func<InformationScope, IEnumerable<TRow>> rows, params (string Name, SqlType Type, Func<TRow, object?> Value)[] columns)
    : InformationRelation(name)
{
    public override IReadOnlyList<(string Name, SqlType Type)> Columns { get; } = [.. columns.Select(column => (column.Name, column.Type))];

    public override TableScan Scan(InformationScope scope)
    {
        var wanted = columns.Where(column => scope.Hints.Wants(column.Name)).ToArray();
        // count(*) asks for no column, and a relation without one can't be read.
        if (wanted.Length == 0) wanted = columns[..1];
        return new([.. wanted.Select(column => (column.Name, Net(column.Type)))], Read(scope, wanted));
    }

    // One array for all rows: the engine copies each before it asks for the next.
    private IEnumerable<object?[]> Read(InformationScope scope, (string Name, SqlType Type, Func<TRow, object?> Value)[] wanted)
    {
        var values = new object?[wanted.Length];
        foreach (var row in rows(scope))
        {
            for (var index = 0; index < wanted.Length; index++) values[index] = wanted[index].Value(row);
            yield return values;
        }
    }

    private static Type Net(SqlType type) => type.Base switch
    {
        "int" => typeof(int),
        "bigint" => typeof(long),
        "boolean" => typeof(bool),
        "timestamp" => typeof(DateTime),
        _ => typeof(string),
    };
}
