using DuckDB.NET.Data;
using Sluice.Sandbox.Databricks.Execution.Dialect;
using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.Execution;

/// <summary>One query on a connection of its own, with the macros and scans it needs.</summary>
internal sealed class EngineRun : IDisposable
{
    private readonly TableEngine engine;
    private readonly RewriteOutput output;
    private readonly DuckDBConnection connection;
    private readonly DuckDBCommand command;
    private readonly CancellationTokenRegistration cancelling;
    private readonly CancellationToken cancellationToken;
    private bool withTexts;

    public EngineRun(TableEngine engine, RewriteOutput output, CancellationToken cancellationToken)
    {
        this.engine = engine;
        this.output = output;
        this.cancellationToken = cancellationToken;
        connection = engine.Connect();
        command = connection.CreateCommand();
        command.UseStreamingMode = true;
        cancelling = cancellationToken.Register(command.Cancel);
        try
        {
            foreach (var macro in output.Macros.Values.Where(macro => macro.Length > 0)) Execute(macro);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>From the first statement on that names a table, everything is read as it is by then; what is changed is seen by others after <see cref="Commit"/>.</summary>
    public void Begin() => ExecuteOnce("BEGIN TRANSACTION");

    public void Commit() => ExecuteOnce("COMMIT");

    public IReadOnlyList<ResultColumn> Describe(string sql) => WithTexts(() => DescribeOnce(sql));

    private List<ResultColumn> DescribeOnce(string sql)
    {
        command.CommandText = $"DESCRIBE {sql}";
        using var reader = command.ExecuteReader();
        List<ResultColumn> columns = [];
        while (reader.Read()) columns.Add(new(reader.GetString(0), EngineTypes.Read(reader.GetString(1))));
        return columns;
    }

    public IEnumerable<object?[]> Read(string sql, int width)
    {
        command.CommandText = sql;
        var row = new object?[width];
        DuckDBDataReader reader;
        try
        {
            reader = (DuckDBDataReader)command.ExecuteReader();
        }
        catch (DuckDBException problem)
        {
            throw EngineErrors.Translate(problem);
        }

        using (reader)
        {
            for (var isFirst = true; Next(reader, isFirst); isFirst = false)
            {
                for (var index = 0; index < width; index++) row[index] = reader.IsDBNull(index) ? null : reader.GetValue(index);
                yield return row;
            }
        }
    }

    public int Execute(string sql) => WithTexts(() => ExecuteOnce(sql));

    private int ExecuteOnce(string sql)
    {
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }

    /// <summary>Nothing has run when the engine finds no operator for a text, so what it refused may be tried again.</summary>
    private T WithTexts<T>(Func<T> run)
    {
        try
        {
            return run();
        }
        catch (DuckDBException problem) when (!withTexts && EngineErrors.MissesTexts(problem))
        {
            withTexts = true;
            ExecuteOnce(DialectMacros.ReckonWithTexts);
            return run();
        }
    }

    public void Dispose()
    {
        cancelling.Dispose();
        command.Dispose();
        connection.Dispose();
        engine.Forget(output.Scans);
    }

    private bool Next(DuckDBDataReader reader, bool isFirst)
    {
        if (cancellationToken.IsCancellationRequested) throw new SqlException("QUERY_EXECUTION_CANCELED", "57014", "The query was cancelled.", "CANCELLED");
        try
        {
            return reader.Read();
        }
        catch (DuckDBException problem) when (isFirst && problem.Message.EndsWith("closed pending query result", StringComparison.Ordinal))
        {
            // What the driver makes of a streamed result without rows; a query that failed says why.
            return false;
        }
        catch (DuckDBException problem)
        {
            throw EngineErrors.Translate(problem);
        }
    }
}
