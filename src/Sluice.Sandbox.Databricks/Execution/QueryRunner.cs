using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Sql;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.Execution;

/// <summary>Evaluates queries and changes of rows in the embedded engine.</summary>
internal sealed class QueryRunner(SandboxRuntime runtime, Session session)
{
    private readonly WorkspaceState state = runtime.State;

    /// <summary>
    /// Answers a query. Whether the reader may, which filter and masks stand before the rows, who is in which group, and the rows of all tables, those that masks look into among them,
    /// are of one moment. Of the platform's pages that is more than is promised: each table's rows are of one snapshot, and of several tables each is as it is when it is accessed
    /// (https://docs.databricks.com/aws/en/lakehouse/acid); how soon after the permission check that is, no page says.
    /// </summary>
    public static SqlResult Select(SandboxRuntime runtime, Session session, string text, CancellationToken cancellationToken) =>
        runtime.AtOneMoment(() =>
        {
            session.Recall(runtime.State.Principals);
            return new QueryRunner(runtime, session).Select(text, cancellationToken);
        });

    private SqlResult Select(string text, CancellationToken cancellationToken)
    {
        var output = new RewriteOutput();
        var sql = Rewriter(text, output).Query();
        var run = new EngineRun(runtime.Engine, output, cancellationToken);
        try
        {
            run.Begin();
            var columns = run.Describe(sql);
            return new(columns, run.Read(NestedTexts.Query(sql, columns), columns.Count)) { Source = run };
        }
        catch
        {
            run.Dispose();
            throw;
        }
    }

    /// <summary>The columns a query would answer, for views and CREATE TABLE … AS.</summary>
    public IReadOnlyList<ResultColumn> Describe(string text)
    {
        var output = new RewriteOutput();
        var sql = Rewriter(text, output).Query();
        using var run = new EngineRun(runtime.Engine, output, CancellationToken.None);
        return run.Describe(sql);
    }

    /// <summary>Refuses a function that could not be called, and answers what it returns.</summary>
    public SqlType Analyse(Located function)
    {
        var output = new RewriteOutput();
        var macro = new FunctionBinder(runtime, state, new(state, session.Caller), session, output, depth: 0).Made(function);
        // Columns, as constants the engine would work out before it tells the type.
        var arguments = function.Function.Parameters.Select((parameter, index) => $"CAST(NULL AS {parameter.Type.Engine}) AS a{index}").Append("1 AS one");
        var names = function.Function.Parameters.Select((_, index) => $"a{index}");
        using var run = new EngineRun(runtime.Engine, output, CancellationToken.None);
        return run.Describe($"SELECT {macro}({string.Join(", ", names)}) FROM (SELECT {string.Join(", ", arguments)})")[0].Type;
    }

    /// <summary>Fills a new table from a query.</summary>
    public void Fill(TableObject table, string text, CancellationToken cancellationToken)
    {
        var output = new RewriteOutput();
        var sql = Rewriter(text, output).Query();
        using var run = new EngineRun(runtime.Engine, output, cancellationToken);
        run.Execute($"INSERT INTO {runtime.Engine.Ensure(table)} {sql}");
    }

    public SqlResult Change(Change change, CancellationToken cancellationToken)
    {
        var output = new RewriteOutput();
        var target = Binder(output).BindTarget(change.Into, change.Verb);
        var sql = ChangeText(change, target, output);
        using var run = new EngineRun(runtime.Engine, output, cancellationToken);
        run.Begin();
        var affected = run.Execute(sql);
        runtime.Change(() =>
        {
            run.Commit();
            runtime.Engine.Touch();
        });
        string[] names = change.Verb == "INSERT" ? ["num_affected_rows", "num_inserted_rows"] : ["num_affected_rows"];
        return SqlResult.Of([.. names.Select(name => new ResultColumn(name, SqlType.Long))], [[.. names.Select(_ => (object)(long)affected)]]);
    }

    private string ChangeText(Change change, string target, RewriteOutput output)
    {
        var reader = new TokenReader(change.Text);
        reader.Next();
        var overwrites = change.Verb == "INSERT" && reader.Peek.Is("OVERWRITE");
        if (change.Verb is not "UPDATE") reader.Next();
        reader.Take("TABLE");
        reader.Name();
        var called = change.Into.Parts;
        var head = change.Verb switch
        {
            "INSERT" => overwrites ? $"DELETE FROM {target}; INSERT INTO {target}" : $"INSERT INTO {target}",
            "UPDATE" => $"UPDATE {target} AS {EngineQuoting.Identifier(change.Into.Last)}",
            "DELETE" => $"DELETE FROM {target} AS {EngineQuoting.Identifier(change.Into.Last)}",
            _ => $"MERGE INTO {target} AS {EngineQuoting.Identifier(change.Into.Last)}",
        };
        // A statement's own alias takes the place of the table's name.
        if (change.Verb != "INSERT" && (reader.Peek.Is("AS") || (reader.Peek.IsName && !reader.Peek.Is("SET") && !reader.Peek.Is("WHERE") && !reader.Peek.Is("USING"))))
        {
            reader.Take("AS");
            var alias = reader.Identifier();
            head = $"{head[..head.LastIndexOf(" AS ", StringComparison.Ordinal)]} AS {EngineQuoting.Identifier(alias)}";
            called = [alias];
        }

        return $"{head} {Rewriter(change.Text, output).Tail(reader.Position, change.Verb, called)}";
    }

    private QueryRewriter Rewriter(string text, RewriteOutput output) =>
        new(text, Binder(output), new FunctionBinder(runtime, state, new(state, session.Caller), session, output, depth: 0));

    private RelationBinder Binder(RewriteOutput output) => new(runtime, state, new(state, session.Caller), session, output, depth: 0);
}
