using System.Collections.Concurrent;
using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Platforms.Snowflake.Protocol;
using Sluice.Platforms.Snowflake.Sql;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>
/// Reads which columns are virtual, and of which others they are computed (https://docs.snowflake.com/en/sql-reference/virtual-columns): by one statement for a database, and by one for each
/// table that Information Schema does not show, as before anything was granted there to the role that reads.
/// </summary>
internal sealed class VirtualColumns(StatementClient statements, string connectionKey, int parallelism)
{
    private const string Virtual = "VIRTUAL_COLUMN";

    /// <summary>Those of the objects that have any.</summary>
    public async Task<IReadOnlyDictionary<ObjectPath, ValueList<ComputedColumn>>> ReadAsync(IReadOnlyCollection<GovernedObject> objects, CancellationToken cancellationToken)
    {
        var together = new ParallelOptions { MaxDegreeOfParallelism = parallelism, CancellationToken = cancellationToken };
        var read = new ConcurrentDictionary<ObjectPath, List<(string Name, string? Expression)>>();
        await Parallel.ForEachAsync(objects.Select(static o => o.Path.Names[1]).Distinct(), together, async (database, token) => await AddDatabaseAsync(database, read, token));
        await Parallel.ForEachAsync(objects.Where(o => !read.ContainsKey(o.Path)), together, async (of, token) => await AddTableAsync(of.Path, read, token));
        return objects.Select(of => (of.Path, Columns: Computed(of, read.GetValueOrDefault(of.Path) ?? []))).Where(static o => o.Columns.Count > 0).ToDictionary(static o => o.Path, static o => o.Columns);
    }

    /// <summary>The virtual columns, each with all that it may be computed of: what an expression names, by others or itself, and everything where it names nothing.</summary>
    public static ValueList<ComputedColumn> Computed(GovernedObject of, IReadOnlyList<(string Name, string? Expression)> columns)
    {
        var read = columns.ToDictionary(static c => c.Name, c => Named(c.Expression, of), StringComparer.Ordinal);
        return [.. columns.Select(c => new ComputedColumn(c.Name, [.. Closure(c.Name, read).Order(StringComparer.Ordinal)]))];
    }

    private static HashSet<string> Closure(string name, Dictionary<string, List<string>> read)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Stack<string>(read[name]);
        while (waiting.TryPop(out var next))
            if (reached.Add(next) && read.TryGetValue(next, out var further)) foreach (var one in further) waiting.Push(one);
        return reached;
    }

    private static List<string> Named(string? expression, GovernedObject of)
    {
        var named = of.Columns.Select(static c => c.Name).Where(c => expression is not null && Names(expression, c)).ToList();
        return named.Count > 0 ? named : [.. of.Columns.Select(static c => c.Name)];
    }

    // As a word or in quotes: rather one too many.
    private static bool Names(string expression, string column)
    {
        var spelled = column.Replace("\"", "\"\"", StringComparison.Ordinal);
        for (var at = expression.IndexOf(spelled, StringComparison.OrdinalIgnoreCase); at >= 0; at = expression.IndexOf(spelled, at + 1, StringComparison.OrdinalIgnoreCase))
            if (!IsPart(expression, at - 1) && !IsPart(expression, at + spelled.Length)) return true;
        return false;
    }

    private static bool IsPart(string expression, int at) => at >= 0 && at < expression.Length && (char.IsLetterOrDigit(expression[at]) || expression[at] is '_' or '$');

    // One row at least of each table that is shown.
    private async Task AddDatabaseAsync(string database, ConcurrentDictionary<ObjectPath, List<(string, string?)>> read, CancellationToken cancellationToken)
    {
        var sql = $"SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, KIND, EXPRESSION FROM {Quote.Identifier(database)}.INFORMATION_SCHEMA.COLUMNS WHERE KIND = '{Virtual}' OR ORDINAL_POSITION = 1";
        var shown = new Dictionary<ObjectPath, List<(string, string?)>>();
        try
        {
            using var result = await statements.RunAsync(new Statement(sql), cancellationToken);
            await foreach (var row in result.RowsAsync(cancellationToken))
            {
                var path = new ObjectPath(connectionKey, database, row[0]!, row[1]!);
                if (!shown.TryGetValue(path, out var columns)) shown[path] = columns = [];
                if (row[3] == Virtual) columns.Add((row[2]!, row[4]));
            }
        }
        catch (PlatformException e) when (!e.IsTransient)
        {
            // It may not be used, or is too large: its tables are asked for one by one.
            return;
        }

        foreach (var (path, columns) in shown) read[path] = columns;
    }

    private async Task AddTableAsync(ObjectPath path, ConcurrentDictionary<ObjectPath, List<(string, string?)>> read, CancellationToken cancellationToken)
    {
        try
        {
            using var result = await statements.RunAsync(new Statement($"SHOW COLUMNS IN TABLE {Statements.Name(path)}"), cancellationToken);
            var (name, kind, expression) = (result.Column("column_name"), result.Column("kind"), result.Column("expression"));
            var columns = new List<(string, string?)>();
            await foreach (var row in result.RowsAsync(cancellationToken))
                if (row[kind] == Virtual) columns.Add((row[name]!, row[expression]));
            read[path] = columns;
        }
        catch (PlatformException e) when (!e.IsTransient)
        {
            // What is there no more, its grants and policies tell too.
        }
    }
}
