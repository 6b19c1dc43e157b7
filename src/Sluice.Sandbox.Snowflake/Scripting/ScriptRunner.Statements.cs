using System.Collections.Immutable;
using Sluice.Sandbox.Snowflake.Queries;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Statements;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Scripting;

/// <content>Statements of SQL and expressions, which the rest of the sandbox runs.</content>
internal sealed partial class ScriptRunner
{
    /// <summary>The sandbox's own limit, so that a statement that executes itself comes to an end.</summary>
    private const int DeepestCall = 16;

    private static readonly int[] Changes = [StatementTypes.Insert, StatementTypes.Update, StatementTypes.Delete, StatementTypes.Merge];

    /// <summary>Runs a statement as a run of its own, which the script's run is the parent of.</summary>
    private QueryRun Execute(Execution execution, ScriptScope scope)
    {
        if (!execution.IsDynamic)
        {
            var (text, binds) = Guard(ScriptError.Statement, execution.At, () => execution.Text.With(scope.ConstantOf, []));
            return Start(execution.At, execution.Text.Text, text, binds);
        }

        var said = Evaluate(execution.Text, scope).Value as string ?? "";
        List<string> values = [.. execution.Using.Select(value => Evaluate(value, scope).Constant)];
        return Start(execution.At, said, said, values);
    }

    private QueryRun Start(int at, string written, string text, List<string> binds)
    {
        var child = Guard(ScriptError.Statement, at, () => Child(written));
        using var link = run.Cancellation.Register(child.Abort);
        try
        {
            return Guard(ScriptError.Statement, at, () =>
            {
                child.Result = StatementRunner.Run(runtime, child, binds, text: text);
                Note(child);
                return child;
            });
        }
        catch (ScriptError failure)
        {
            child.Failure = failure.Cause;
            throw;
        }
        catch (OperationCanceledException)
        {
            child.Failure = EngineErrors.Cancelled();
            throw;
        }
        finally
        {
            child.Ended = runtime.Options.Clock.GetUtcNow();
        }
    }

    /// <summary>EXECUTE IMMEDIATE takes one statement; a block is one (https://docs.snowflake.com/en/sql-reference/sql/execute-immediate).</summary>
    private QueryRun Child(string text)
    {
        var depth = 0;
        for (var caller = run; caller is not null; caller = caller.Caller) depth++;
        if (depth > DeepestCall) throw SnowflakeException.Invalid($"A statement is executed by another {DeepestCall} levels deep.");
        var statements = StatementText.Split(text, inScript: true);
        if (statements.Length == 0) throw SnowflakeException.Empty();
        if (statements.Length > 1) throw new SnowflakeException("000006", "0A000", "Multiple SQL statements in a single API call are not supported; use one API call per statement instead.");
        var child = new QueryRun(runtime.Log.NextId(), run.Session, text, statements[0].Kind, runtime.Options.Clock.GetUtcNow()) { Tag = run.Tag, ParentId = run.Id, Caller = run };
        if (run.Session.IsSetup) return child;
        runtime.Log.Add(child);
        run.Session.Remember(child);
        return child;
    }

    /// <summary>
    /// How many rows the last statement changed, NULL where it changes none or is TRUNCATE
    /// (https://docs.snowflake.com/en/developer-guide/snowflake-scripting/dml-status), and its id (…/query-id).
    /// </summary>
    private void Note(QueryRun child)
    {
        var result = child.Result!;
        long? count = Changes.Contains(result.StatementType)
            ? result.Rows().Sum(row => row.Zip(result.Columns).Where(pair => !pair.Second.Name.Contains("multi-joined", StringComparison.Ordinal)).Sum(pair => Convert.ToInt64(pair.First, null)))
            : null;
        Set("SQLROWCOUNT", ScriptValue.Number(count));
        Set("SQLFOUND", ScriptValue.Flag(count is { } found ? found > 0 : null));
        Set("SQLNOTFOUND", ScriptValue.Flag(count is { } missed ? missed == 0 : null));
        Set("SQLID", ScriptValue.Text(child.Id));
    }

    private void Set(string name, ScriptValue value) => root.Get<ScriptVariable>(name).Value = value;

    /// <summary>SELECT … INTO: exactly one row (https://docs.snowflake.com/en/developer-guide/snowflake-scripting/variables).</summary>
    private void Take(RunNode statement, QueryRun child, ScriptScope scope)
    {
        if (statement.Into.Length == 0) return;
        var result = child.Result!;
        Guard(ScriptError.Statement, statement.At, () =>
        {
            if (result.Total != 1) throw SnowflakeException.Invalid($"A SELECT INTO statement expects exactly 1 returned row, but got {result.Total}.");
            if (result.Columns.Count != statement.Into.Length) throw SnowflakeException.Invalid($"A SELECT INTO statement gave {result.Columns.Count} columns for {statement.Into.Length} variables.");
            Fill(statement.Into, result, result.Rows().First(), scope);
            return true;
        });
    }

    private void Fill(ImmutableArray<string> names, StoredResult from, object?[]? row, ScriptScope scope)
    {
        for (var i = 0; i < names.Length; i++)
        {
            var variable = scope.Get<ScriptVariable>(names[i]);
            var value = row is not null && i < row.Length ? new ScriptValue(from.Columns[i].Type, row[i]) : null;
            variable.Value = value is null ? variable.Value with { Value = null } : Compute($":1::{variable.Value.Type}", [value.Constant]) with { Type = variable.Value.Type };
        }
    }

    private void Assign(AssignNode assignment, ScriptScope scope)
    {
        var known = assignment.Declares ? null : scope.Get<ScriptVariable>(assignment.Name);
        var type = known?.Value.Type ?? assignment.Type;
        var value = assignment.Value is { } expression ? Evaluate(expression, scope, type) : new ScriptValue(type!.Value, null);
        if (known is not null) known.Value = value;
        else scope.Declare(assignment.Name, new ScriptVariable(type is null ? Inferred(assignment.Value!, value) : value));
    }

    /// <summary>Of the types that hold a value, one with room (https://docs.snowflake.com/en/developer-guide/snowflake-scripting/variables): FLOAT for 12.3.</summary>
    private static ScriptValue Inferred(ScriptPart expression, ScriptValue value)
    {
        if (expression.Tokens is [var token] && token.Is("NULL")) return ScriptValue.Null;
        return value.Type is { Kind: SqlKind.Fixed, Scale: > 0 } ? new(new(SqlKind.Real), value.Value is null ? null : Convert.ToDouble(value.Value, null)) : value;
    }

    private ScriptValue Evaluate(ScriptPart expression, ScriptScope scope, SqlType? type = null) => Guard(ScriptError.Expression, expression.At, () =>
    {
        var (text, binds) = expression.With(scope.ConstantOf, []);
        return type is { } wanted ? Compute($"({text})::{wanted}", binds) with { Type = wanted } : Compute(text, binds);
    });

    private ScriptValue Compute(string expression, IReadOnlyList<string> binds) => runtime.Run(writes: false, () =>
    {
        var (column, value) = SelectRewriter.EvaluateColumn(new(runtime, run, binds), expression);
        return new ScriptValue(column.Type, value is DBNull ? null : value);
    });

    private StoredResult Stored(ScriptValue value) =>
        StoredResult.Write(new([new("anonymous block", value.Type)], [[value.Value]]), runtime.Options.InlineBytes, runtime.Options.ChunkBytes, run.Cancellation);

    private StoredResult Held(QueryRun child)
    {
        held.Add(child.Result!.Share());
        return held[^1];
    }

    /// <summary>An error of SQL becomes an exception that handlers may take; an abort doesn't.</summary>
    private static T Guard<T>(string type, int at, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SnowflakeException problem) when (problem.Code != EngineErrors.Cancelled().Code)
        {
            throw new ScriptError(type, problem, at);
        }
    }
}
