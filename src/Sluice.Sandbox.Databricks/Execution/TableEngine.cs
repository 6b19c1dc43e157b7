using System.Collections.Concurrent;
using DuckDB.NET.Data;
using DuckDB.NET.Data.DataChunk.Writer;
using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Execution.Dialect;
using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.Execution;

/// <summary>
/// The embedded engine that holds the tables' rows and evaluates queries. A table's rows are made when they are first asked for,
/// under a name made of its id, so a rename moves nothing.
/// </summary>
internal sealed class TableEngine : IDisposable
{
    private const string ScanFunction = "sandbox_scan";

    private readonly Lock gate = new();
    private readonly DuckDBConnection root = new("DataSource=:memory:");
    private readonly ConcurrentDictionary<long, TableScan> scans = new();
    private readonly HashSet<string> made = new(StringComparer.Ordinal);
    private long lastScan;
    private long version;

    /// <param name="megabytes">How much memory tables and queries may take.</param>
    /// <param name="folder">Where queries write what memory doesn't hold.</param>
    public TableEngine(int megabytes, string folder)
    {
        root.Open();
        root.RegisterTableFunction<long>(ScanFunction, arguments => Open(scans[arguments[0].GetValue<long>()]), (row, writers, at) => Write((object?[])row!, writers, at));
        Run($"SET memory_limit = '{megabytes}MiB'; SET temp_directory = {EngineQuoting.Literal(folder)}; SET max_temp_directory_size = '{4 * megabytes}MiB'");
        DialectMacros.Install(root);
        Run("SET threads = 2; SET enable_external_access = false; SET default_null_order = 'nulls_first_on_asc_last_on_desc'");
    }

    /// <summary>Goes up whenever rows change.</summary>
    public long Version => Interlocked.Read(ref version);

    public void Touch() => Interlocked.Increment(ref version);

    /// <summary>A connection of its own to the same tables; macros made on it as TEMP are its own too.</summary>
    public DuckDBConnection Connect()
    {
        DuckDBConnection connection;
        lock (gate) connection = root.Duplicate();
        connection.Open();
        return connection;
    }

    /// <summary>The SQL that reads a scan, good until it is forgotten.</summary>
    public (string Sql, long Ticket) Offer(TableScan scan)
    {
        var ticket = Interlocked.Increment(ref lastScan);
        scans[ticket] = scan;
        return ($"{ScanFunction}({ticket})", ticket);
    }

    public void Forget(IEnumerable<long> tickets)
    {
        foreach (var ticket in tickets) scans.TryRemove(ticket, out _);
    }

    /// <summary>The engine's name of a table whose rows are there.</summary>
    public string Ensure(TableObject table)
    {
        var name = Physical(table);
        lock (gate)
        {
            if (made.Contains(table.Id)) return name;
            Run($"CREATE TABLE {name} ({string.Join(", ", table.Columns.Select(column => $"{EngineQuoting.Identifier(column.Name)} {column.Type.Engine}"))})");
            if (table.BornRows > 0) Run($"INSERT INTO {name} {BornRows.Query(table)}");
            made.Add(table.Id);
        }

        return name;
    }

    /// <summary>Adds rows to a table, each a list of literals in parentheses.</summary>
    public void Append(TableObject table, IEnumerable<string> rows)
    {
        lock (gate) Run($"INSERT INTO {Ensure(table)} VALUES {string.Join(", ", rows)}");
        Touch();
    }

    /// <summary>Changes a table's rows as its columns change; one whose rows were never asked for has none to change.</summary>
    public void Alter(TableObject table, IReadOnlyList<string> changes)
    {
        lock (gate)
        {
            if (!made.Contains(table.Id)) return;
            Run("BEGIN TRANSACTION");
            try
            {
                foreach (var change in changes) Run($"ALTER TABLE {Physical(table)} {change}");
                Run("COMMIT");
            }
            catch
            {
                Run("ROLLBACK");
                throw;
            }
        }
    }

    /// <summary>Lets the rows of tables go, where there are any.</summary>
    public void Drop(IEnumerable<TableObject> tables)
    {
        lock (gate)
        {
            foreach (var table in tables)
            {
                if (made.Remove(table.Id)) Run($"DROP TABLE {Physical(table)}");
            }
        }
    }

    /// <summary>Whether a table's rows are held.</summary>
    public bool Holds(TableObject table)
    {
        lock (gate) return made.Contains(table.Id);
    }

    public void Dispose() => root.Dispose();

    private static string Physical(TableObject table) => $"\"t_{table.Id}\"";

    private void Run(string sql)
    {
        using var command = root.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static TableFunction Open(TableScan scan) =>
        new([.. scan.Columns.Select(column => new ColumnInfo(column.Name, column.Type))], scan.Rows);

    private static void Write(object?[] row, IDuckDBDataWriter[] writers, ulong at)
    {
        for (var index = 0; index < writers.Length; index++)
        {
            switch (row[index])
            {
                case null: writers[index].WriteNull(at); break;
                case string text: writers[index].WriteValue(text, at); break;
                case int number: writers[index].WriteValue(number, at); break;
                case long number: writers[index].WriteValue(number, at); break;
                case bool flag: writers[index].WriteValue(flag, at); break;
                case DateTime time: writers[index].WriteValue(time, at); break;
                case var other: throw new InvalidOperationException($"No column holds a {other.GetType().Name}.");
            }
        }
    }
}
