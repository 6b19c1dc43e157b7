using System.Globalization;
using DuckDB.NET.Data;
using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.History;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Statements;

namespace Sluice.Sandbox.Snowflake.Queries;

/// <summary>A session's connection to the engine: one statement at a time, and the session's transaction.</summary>
internal sealed class EngineConnection : IDisposable
{
    private const int KeptVersions = 32;

    private readonly QueryEngine engine;
    private readonly DuckDBConnection connection;
    private readonly SemaphoreSlim turn = new(1);
    private readonly HashSet<SchemaObject> changed = [];
    private readonly List<(SchemaObject Table, TableVersion Version)> kept = [];
    private bool inTransaction;

    public EngineConnection(QueryEngine engine, DuckDBConnection connection)
    {
        this.engine = engine;
        this.connection = connection;
        connection.Open();
    }

    public FeedLease Lend(Feed feed) => engine.Lend(feed);

    /// <summary>Runs a query. Its rows are read while they are asked for, and must be read or the connection stays taken.</summary>
    public Outcome Query(string sql, CancellationToken cancellation) => Settled(sql, settled => Begin(settled, cancellation));

    public IReadOnlyList<ResultColumn> Describe(string sql) => Settled(sql, Columns);

    public long Execute(string sql) => Settled(sql, Run);

    public void Transact(string verb)
    {
        // COMMIT outside a transaction does nothing, and BEGIN within one goes on with it.
        if (verb == "BEGIN" == inTransaction) return;
        Execute(verb == "BEGIN" ? "BEGIN TRANSACTION" : verb);
        inTransaction = verb == "BEGIN";
        if (verb == "ROLLBACK") kept.ForEach(one => one.Table.History.Remove(one.Version));
        kept.Clear();
    }

    /// <summary>Notes how many rows a table has now; after ROLLBACK it is counted again.</summary>
    public void Counted(SchemaObject table)
    {
        if (inTransaction) changed.Add(table);
        foreach (var row in Query($"SELECT count(*) FROM {TableName(table)}", CancellationToken.None).Rows) table.RowCount = (long)row[0]!;
    }

    public void Recount()
    {
        foreach (var table in changed.Where(table => table.HasRows)) Counted(table);
        changed.Clear();
    }

    /// <summary>Keeps a table's rows for Time Travel, as they are before a statement changes them.</summary>
    /// <param name="table">The table.</param>
    /// <param name="by">The statement's id.</param>
    /// <param name="at">When it runs.</param>
    /// <param name="mostRows">Of a table with more rows nothing is kept.</param>
    public void Keep(SchemaObject table, string by, DateTimeOffset at, int mostRows)
    {
        // A statement with arrays of binds comes here once for each of their rows.
        if (table.History.Versions is [.., { By: var last }] && last == by) return;
        while (table.History.Versions.Count > 0 && (table.RowCount > mostRows || table.History.Versions.Count >= KeptVersions)) Execute($"DROP TABLE {table.History.Forget().Place}");
        if (table.RowCount > mostRows)
        {
            table.History.Lose(at, by);
            return;
        }

        var version = new TableVersion(string.Create(CultureInfo.InvariantCulture, $"\"main\".\"t{table.Id}v{by}\""), at, by);
        Execute($"CREATE TABLE {version.Place} AS SELECT * FROM {TableName(table)}");
        table.History.Add(version);
        if (inTransaction) kept.Add((table, version));
    }

    public static string TableName(SchemaObject table) => string.Create(CultureInfo.InvariantCulture, $"\"main\".\"t{table.Id}\"");

    /// <summary>Makes the place for a table's rows, when the first are about to come.</summary>
    public void Ensure(SchemaObject table)
    {
        if (table.HasRows) return;
        var columns = table.Columns.Select(column =>
            $"{EngineNames.Quoted(column.Name)} {column.Type.Engine}{(column.Default is null ? "" : $" DEFAULT {EngineTypes.Default(column.Default)}")}{(column.Nullable ? "" : " NOT NULL")}");
        Execute($"CREATE TABLE {TableName(table)} ({string.Join(", ", columns)})");
        table.HasRows = true;
    }

    public long CreateAs(StatementContext context, SchemaObject table, string query)
    {
        Ensure(table);
        using var rewritten = SelectRewriter.Rewrite(context, query);
        context.Run.Access.Modified = Written.ByQuery(table, [], query, rewritten.Sources.Tables);
        return Execute($"INSERT INTO {TableName(table)} {rewritten.Sql}");
    }

    /// <param name="from">A table.</param>
    /// <param name="to">Its copy, with the same columns.</param>
    /// <param name="rows">Where the rows are, if they are not those of today.</param>
    public long Copy(SchemaObject from, SchemaObject to, string? rows = null)
    {
        if (!from.HasRows) return 0;
        Ensure(to);
        return Execute($"INSERT INTO {TableName(to)} SELECT * FROM {rows ?? TableName(from)}");
    }

    public void Drop(SchemaObject table)
    {
        foreach (var place in Places(table)) Execute($"DROP TABLE {place}");
        while (table.History.Versions.Count > 0) table.History.Forget();
        table.HasRows = false;
    }

    public void AddColumn(SchemaObject table, string column, SqlType type)
    {
        foreach (var place in Places(table)) Execute($"ALTER TABLE {place} ADD COLUMN {EngineNames.Quoted(column)} {type.Engine}");
    }

    public void DropColumn(SchemaObject table, string column)
    {
        foreach (var place in Places(table)) Execute($"ALTER TABLE {place} DROP COLUMN {EngineNames.Quoted(column)}");
    }

    public void RenameColumn(SchemaObject table, string from, string to)
    {
        foreach (var place in Places(table)) Execute($"ALTER TABLE {place} RENAME COLUMN {EngineNames.Quoted(from)} TO {EngineNames.Quoted(to)}");
    }

    public void Dispose()
    {
        connection.Dispose();
        turn.Dispose();
    }

    /// <summary>Runs what may hold calls that the engine has to be asked the arguments' types of.</summary>
    private T Settled<T>(string sql, Func<string, T> run)
    {
        while (true)
        {
            try
            {
                return run(sql);
            }
            catch (DuckDBException problem)
            {
                sql = engine.Settled(sql, problem.Message) ?? throw EngineErrors.Translate(problem);
            }
        }
    }

    private Outcome Begin(string sql, CancellationToken cancellation)
    {
        turn.Wait(cancellation);
        DuckDBCommand? command = null;
        DuckDBDataReader? reader = null;
        try
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            command.UseStreamingMode = true;
            reader = command.ExecuteReader();
            ResultColumn[] columns = [.. Enumerable.Range(0, reader.FieldCount).Select(i => new ResultColumn(EngineNames.Read(reader.GetName(i)), EngineTypes.TypeOf(reader, i)))];
            return new(columns, Read(command, reader, columns.Length, cancellation));
        }
        catch
        {
            Release(command, reader);
            throw;
        }
    }

    private ResultColumn[] Columns(string sql)
    {
        turn.Wait();
        try
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT * FROM ({sql}) AS \"DESCRIBED\" LIMIT 0";
            using var reader = command.ExecuteReader();
            ResultColumn[] columns = [.. Enumerable.Range(0, reader.FieldCount).Select(i => new ResultColumn(EngineNames.Read(reader.GetName(i)), EngineTypes.TypeOf(reader, i)))];
            foreach (var index in Variants(sql)) columns[index] = columns[index] with { Type = new(SqlKind.Variant) };
            return columns;
        }
        finally
        {
            turn.Release();
        }
    }

    private long Run(string sql)
    {
        turn.Wait();
        try
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            return command.ExecuteNonQuery();
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Where a table's rows are, old ones too: these have the columns of today.</summary>
    private static IEnumerable<string> Places(SchemaObject table) => table.HasRows ? [TableName(table), .. table.History.Versions.Select(version => version.Place)] : [];

    /// <summary>Which columns are VARIANTs, that a reader takes for text.</summary>
    private List<int> Variants(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"DESCRIBE SELECT * FROM ({sql}) AS \"DESCRIBED\"";
        using var reader = command.ExecuteReader();
        List<int> found = [];
        for (var index = 0; reader.Read(); index++)
        {
            if (reader.GetString(1) == "JSON") found.Add(index);
        }

        return found;
    }

    private IEnumerable<object?[]> Read(DuckDBCommand command, DuckDBDataReader reader, int columns, CancellationToken cancellation)
    {
        try
        {
            using var watch = cancellation.Register(command.Cancel);
            for (var isFirst = true; Next(reader, isFirst); isFirst = false)
            {
                var row = new object?[columns];
                for (var i = 0; i < columns; i++) row[i] = reader.IsDBNull(i) ? null : Value(reader.GetValue(i));
                yield return row;
            }
        }
        finally
        {
            Release(command, reader);
        }
    }

    /// <summary>Binary comes as a stream that lives no longer than its row.</summary>
    private static object Value(object value)
    {
        if (value is not Stream stream) return value;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static bool Next(DuckDBDataReader reader, bool isFirst)
    {
        try
        {
            return reader.Read();
        }
        catch (DuckDBException problem) when (isFirst && problem.Message.Contains("closed pending query result", StringComparison.Ordinal))
        {
            // The engine takes a stream without rows for one that broke.
            return false;
        }
        catch (DuckDBException problem)
        {
            throw EngineErrors.Translate(problem);
        }
    }

    private void Release(DuckDBCommand? command, DuckDBDataReader? reader)
    {
        reader?.Dispose();
        command?.Dispose();
        turn.Release();
    }
}
