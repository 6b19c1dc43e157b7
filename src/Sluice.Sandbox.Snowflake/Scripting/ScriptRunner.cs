using System.Collections.Immutable;
using System.Globalization;
using Sluice.Sandbox.Snowflake.Queries;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Scripting;

/// <summary>Runs a script, statement by statement.</summary>
internal sealed partial class ScriptRunner : IDisposable
{
    private readonly SandboxRuntime runtime;
    private readonly QueryRun run;
    private readonly string sql;
    private readonly ScriptScope root = new(null);
    private readonly List<StoredResult> held = [];
    private StoredResult? returned;
    private string? label;

    public ScriptRunner(SandboxRuntime runtime, QueryRun run, string sql)
    {
        (this.runtime, this.run, this.sql) = (runtime, run, sql);
        foreach (var name in ScriptNames.Always) root.Declare(name, new ScriptVariable(ScriptValue.Null));
    }

    /// <summary>A block's answer is what it returns, else NULL (https://docs.snowflake.com/en/developer-guide/snowflake-scripting/return).</summary>
    public StoredResult Run(BlockNode block)
    {
        try
        {
            Block(block, root, null);
            return returned ?? Stored(ScriptValue.Null);
        }
        catch (ScriptError error)
        {
            returned?.Dispose();
            throw error.Uncaught(sql);
        }
    }

    /// <summary>EXECUTE IMMEDIATE by itself answers, and fails, as its statement does.</summary>
    public StoredResult Run(Execution execution)
    {
        try
        {
            return Execute(execution, root).Result!.Share();
        }
        catch (ScriptError error)
        {
            throw error.Cause;
        }
    }

    public void Dispose()
    {
        foreach (var result in held) result.Dispose();
    }

    private Flow Block(BlockNode block, ScriptScope outer, Frame? around)
    {
        var scope = new ScriptScope(outer);
        foreach (var declaration in block.Declarations) Run(declaration, scope, around);
        var frame = new Frame(block, scope, around);
        var inner = new ScriptScope(scope);
        try
        {
            foreach (var node in block.Body)
            {
                var flow = Guarded(node, inner, frame);
                if (flow != Flow.Next) return flow;
            }

            return Flow.Next;
        }
        catch (ScriptError error) when (frame.HandlerOf(error) is { Continues: false })
        {
            return Handle(frame, error);
        }
    }

    /// <summary>
    /// A statement of a block. Where a handler that continues takes an error, the next statement of the block follows, after a branch or
    /// loop that it came up in (https://docs.snowflake.com/en/sql-reference/snowflake-scripting/exception).
    /// </summary>
    private Flow Guarded(ScriptNode node, ScriptScope scope, Frame frame)
    {
        try
        {
            return Run(node, scope, frame);
        }
        catch (ScriptError error) when (frame.HandlerOf(error) is { Continues: true })
        {
            return Handle(frame, error);
        }
    }

    private Flow Handle(Frame frame, ScriptError error)
    {
        var scope = new ScriptScope(frame.Scope) { Handled = error };
        var code = error.Declared?.Number ?? (long.TryParse(error.Cause.Code, CultureInfo.InvariantCulture, out var number) ? number : null as long?);
        scope.Declare("SQLCODE", new ScriptVariable(ScriptValue.Number(code)));
        scope.Declare("SQLERRM", new ScriptVariable(ScriptValue.Text(error.Cause.Message)));
        scope.Declare("SQLSTATE", new ScriptVariable(ScriptValue.Text(error.Cause.SqlState)));
        return Body(frame.HandlerOf(error)!.Body, scope, frame.Around);
    }

    private Flow Body(ImmutableArray<ScriptNode> body, ScriptScope outer, Frame? frame)
    {
        var scope = new ScriptScope(outer);
        foreach (var node in body)
        {
            var flow = Run(node, scope, frame);
            if (flow != Flow.Next) return flow;
        }

        return Flow.Next;
    }

    private Flow Run(ScriptNode node, ScriptScope scope, Frame? frame)
    {
        run.Cancellation.ThrowIfCancellationRequested();
        switch (node)
        {
            case BlockNode block: return Block(block, scope, frame);
            case IfNode branches: return If(branches, scope, frame);
            case CaseNode branches: return Case(branches, scope, frame);
            case LoopNode loop: return Loop(loop, scope, frame);
            case CountNode loop: return Count(loop, scope, frame);
            case RowsNode loop: return Rows(loop, scope, frame);
            case JumpNode jump:
                label = jump.Label;
                return jump.Breaks ? Flow.Break : Flow.Continue;
            case ReturnNode leave:
                returned = leave.Table is { } table ? Table(leave, table, scope) : Stored(Evaluate(leave.Value!, scope));
                return Flow.Return;
            default:
                Do(node, scope);
                return Flow.Next;
        }
    }

    private void Do(ScriptNode node, ScriptScope scope)
    {
        switch (node)
        {
            case RunNode statement:
                Take(statement, Execute(statement.What, scope), scope);
                break;
            case AssignNode assignment:
                Assign(assignment, scope);
                break;
            case ResultSetNode assignment:
                var rows = assignment.Declares ? new ScriptRows() : scope.Get<ScriptRows>(assignment.Name);
                if (assignment.What is { } what) rows.Result = Held(Execute(what, scope));
                if (assignment.Declares) scope.Declare(assignment.Name, rows);
                break;
            case CursorNode cursor:
                scope.Declare(cursor.Name, new ScriptCursor(cursor.Query, cursor.ResultSet is { } of ? scope.Get<ScriptRows>(of) : new()));
                break;
            case OpenNode open:
                Open(open.At, open.Name, open.Using, scope);
                break;
            case FetchNode fetch:
                Fetch(fetch, scope);
                break;
            case CloseNode close:
                Close(Opened(close.At, close.Name, scope));
                break;
            case ExceptionNode exception:
                scope.Declare(exception.Name, new DeclaredException(exception.Name, exception.Number, exception.Message));
                break;
            case RaiseNode { Name: null }:
                throw scope.Handled!;
            case RaiseNode { Name: { } name }:
                var raised = scope.Get<DeclaredException>(name);
                throw new ScriptError(raised.Name, new(raised.Number.ToString(CultureInfo.InvariantCulture), "P0001", raised.Message), node.At, raised);
        }
    }

    /// <summary>Where a script goes on after a statement.</summary>
    private enum Flow
    {
        Next,
        Break,
        Continue,
        Return,
    }

    /// <summary>A block that is run, and what it declares.</summary>
    private sealed record Frame(BlockNode Block, ScriptScope Scope, Frame? Around)
    {
        /// <summary>The first handler that is for the error.</summary>
        public HandlerNode? HandlerOf(ScriptError error) => Block.Handlers.FirstOrDefault(handler => handler.Names.Length == 0 || handler.Names.Any(name => Matches(name, error)));

        private bool Matches(string name, ScriptError error) => error.Declared is null ? name == error.Type : Scope.Find(name) == error.Declared;
    }
}
