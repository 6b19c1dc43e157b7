using System.Collections.Immutable;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Scripting;

/// <content>Branches, loops and the rows they go over.</content>
internal sealed partial class ScriptRunner
{
    private static readonly SqlType Whole = SqlType.Number;

    private Flow If(IfNode branches, ScriptScope scope, Frame? frame)
    {
        foreach (var (condition, body) in branches.Branches)
        {
            if (condition is null || Evaluate(condition, scope, SqlType.Boolean).IsTrue) return Body(body, scope, frame);
        }

        return Flow.Next;
    }

    private Flow Case(CaseNode branches, ScriptScope scope, Frame? frame)
    {
        var of = branches.Of is null ? null : Evaluate(branches.Of, scope);
        foreach (var (when, body) in branches.Branches)
        {
            if (when is null || Meets(of, when, scope)) return Body(body, scope, frame);
        }

        return Flow.Next;
    }

    private bool Meets(ScriptValue? of, ScriptPart when, ScriptScope scope)
    {
        if (of is null) return Evaluate(when, scope, SqlType.Boolean).IsTrue;
        var value = Evaluate(when, scope);
        return Guard(ScriptError.Expression, when.At, () => Compute(":1 = :2", [of.Constant, value.Constant]).IsTrue);
    }

    private Flow Loop(LoopNode loop, ScriptScope scope, Frame? frame)
    {
        while (loop.While is null || Evaluate(loop.While, scope, SqlType.Boolean).IsTrue)
        {
            run.Cancellation.ThrowIfCancellationRequested();
            if (Leaves(Iterate(loop.Body, scope, frame), loop.Label, out var flow)) return flow;
            if (loop.Until is not null && Evaluate(loop.Until, scope, SqlType.Boolean).IsTrue) break;
        }

        return Flow.Next;
    }

    /// <summary>Both bounds belong to it; REVERSE goes from the second to the first (https://docs.snowflake.com/en/sql-reference/snowflake-scripting/for).</summary>
    private Flow Count(CountNode loop, ScriptScope scope, Frame? frame)
    {
        var (first, last) = (Bound(loop.From, scope), Bound(loop.To, scope));
        for (var step = 0L; step <= last - first; step++)
        {
            var inner = new ScriptScope(scope);
            inner.Declare(loop.Name, new ScriptVariable(ScriptValue.Number(loop.Reverse ? last - step : first + step)));
            if (Leaves(Iterate(loop.Body, inner, frame), loop.Label, out var flow)) return flow;
        }

        return Flow.Next;
    }

    private long Bound(ScriptPart bound, ScriptScope scope)
    {
        var value = Evaluate(bound, scope, Whole).Value;
        return Guard(ScriptError.Expression, bound.At, () => value is null ? throw SnowflakeException.Invalid("A bound of a FOR loop is NULL.") : long.Parse(value.ToString()!, System.Globalization.CultureInfo.InvariantCulture));
    }

    private Flow Rows(RowsNode loop, ScriptScope scope, Frame? frame)
    {
        var result = RowsOf(loop.At, loop.Of, scope);
        foreach (var values in result.Rows())
        {
            var inner = new ScriptScope(scope);
            inner.Declare(loop.Name, new ScriptRow(loop.Name, result.Columns, values));
            if (Leaves(Iterate(loop.Body, inner, frame), loop.Label, out var flow)) return flow;
        }

        return Flow.Next;
    }

    /// <summary>Once through a loop. After an error that a handler of the block continues from, the next time through follows.</summary>
    private Flow Iterate(ImmutableArray<ScriptNode> body, ScriptScope scope, Frame? frame)
    {
        try
        {
            return Body(body, scope, frame);
        }
        catch (ScriptError error) when (frame?.HandlerOf(error) is { Continues: true })
        {
            return Handle(frame, error);
        }
    }

    /// <summary>True where the loop ends here, with where the script goes on.</summary>
    private bool Leaves(Flow flow, string? name, out Flow next)
    {
        var isMine = flow is Flow.Break or Flow.Continue && (label is null || label == name);
        next = flow == Flow.Next || isMine ? Flow.Next : flow;
        if (isMine) label = null;
        return flow != Flow.Next && !(isMine && flow == Flow.Continue);
    }

    /// <summary>The rows of a RESULTSET, or all of a cursor's, whose query is run here if it isn't open (https://docs.snowflake.com/en/developer-guide/snowflake-scripting/cursors).</summary>
    private StoredResult RowsOf(int at, string name, ScriptScope scope)
    {
        if (scope.Find(name) is not ScriptCursor cursor) return Filled(at, name, scope.Get<ScriptRows>(name));
        if (cursor.Current is not null || cursor.Query is null) return Filled(at, name, cursor.Rows);
        return Held(Execute(new(at, cursor.Query, IsDynamic: false, []), scope));
    }

    private StoredResult Table(ReturnNode leave, string name, ScriptScope scope)
    {
        var rows = scope.Find(name) is ScriptCursor ? Opened(leave.At, name, scope).Rows : scope.Get<ScriptRows>(name);
        return Filled(leave.At, name, rows).Share();
    }

    private static StoredResult Filled(int at, string name, ScriptRows rows) => Guard(
        ScriptError.Statement, at, () => rows.Result ?? throw SnowflakeException.Invalid($"RESULTSET '{Quoting.Identifier(name)}' has no query yet."));

    private void Open(int at, string name, ImmutableArray<ScriptPart> values, ScriptScope scope)
    {
        var cursor = scope.Get<ScriptCursor>(name);
        Guard(ScriptError.Statement, at, () => cursor.Current is null ? true : throw SnowflakeException.Invalid($"Cursor '{Quoting.Identifier(name)}' is open already."));
        if (cursor.Query is { } query)
        {
            List<string> given = [.. values.Select(value => Evaluate(value, scope).Constant)];
            var (text, binds) = Guard(ScriptError.Statement, at, () => query.With(scope.ConstantOf, given));
            cursor.Rows.Result = Held(Start(at, query.Text, text, binds));
        }

        cursor.Current = Filled(at, name, cursor.Rows).Rows().GetEnumerator();
    }

    /// <summary>The next row; after the last one NULLs, and for variables without a column too (https://docs.snowflake.com/en/developer-guide/snowflake-scripting/cursors).</summary>
    private void Fetch(FetchNode fetch, ScriptScope scope)
    {
        var cursor = Opened(fetch.At, fetch.Name, scope);
        var row = cursor.Current!.MoveNext() ? cursor.Current.Current : null;
        Guard(ScriptError.Statement, fetch.At, () =>
        {
            Fill(fetch.Into, cursor.Rows.Result!, row, scope);
            return true;
        });
    }

    private static void Close(ScriptCursor cursor)
    {
        cursor.Current?.Dispose();
        cursor.Current = null;
    }

    private static ScriptCursor Opened(int at, string name, ScriptScope scope)
    {
        var cursor = scope.Get<ScriptCursor>(name);
        return Guard(ScriptError.Statement, at, () => cursor.Current is not null ? cursor : throw SnowflakeException.Invalid($"Cursor '{Quoting.Identifier(name)}' is not open."));
    }
}
