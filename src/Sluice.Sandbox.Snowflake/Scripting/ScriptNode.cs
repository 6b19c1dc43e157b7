using System.Collections.Immutable;
using Sluice.Sandbox.Snowflake.Results;

namespace Sluice.Sandbox.Snowflake.Scripting;

/// <summary>A statement or declaration of a script.</summary>
/// <param name="At">Where it begins in the script's text.</param>
internal abstract record ScriptNode(int At);

/// <summary>[DECLARE …] BEGIN … [EXCEPTION …] END.</summary>
internal sealed record BlockNode(int At, ImmutableArray<ScriptNode> Declarations, ImmutableArray<ScriptNode> Body, ImmutableArray<HandlerNode> Handlers) : ScriptNode(At);

/// <summary>WHEN … THEN of EXCEPTION. No names stand for OTHER.</summary>
internal sealed record HandlerNode(int At, ImmutableArray<string> Names, bool Continues, ImmutableArray<ScriptNode> Body) : ScriptNode(At);

/// <summary>A statement of SQL that is run: written here, or in a string that EXECUTE IMMEDIATE is given.</summary>
/// <param name="At">Where it begins.</param>
/// <param name="Text">The statement, or with <paramref name="IsDynamic"/> the expression that says it.</param>
/// <param name="IsDynamic">True for EXECUTE IMMEDIATE.</param>
/// <param name="Using">The values for its question marks.</param>
internal sealed record Execution(int At, ScriptPart Text, bool IsDynamic, ImmutableArray<ScriptPart> Using);

/// <summary>A statement of SQL, and for SELECT … INTO the variables that take what it gives.</summary>
internal sealed record RunNode(int At, Execution What, ImmutableArray<string> Into) : ScriptNode(At);

/// <summary>A variable that is declared or set.</summary>
internal sealed record AssignNode(int At, string Name, ScriptPart? Value, SqlType? Type, bool Declares) : ScriptNode(At);

/// <summary>A RESULTSET that is declared or set.</summary>
internal sealed record ResultSetNode(int At, string Name, Execution? What, bool Declares) : ScriptNode(At);

/// <summary>A cursor for a query or for a RESULTSET.</summary>
internal sealed record CursorNode(int At, string Name, ScriptPart? Query, string? ResultSet) : ScriptNode(At);

internal sealed record OpenNode(int At, string Name, ImmutableArray<ScriptPart> Using) : ScriptNode(At);

internal sealed record FetchNode(int At, string Name, ImmutableArray<string> Into) : ScriptNode(At);

internal sealed record CloseNode(int At, string Name) : ScriptNode(At);

internal sealed record ExceptionNode(int At, string Name, int Number, string Message) : ScriptNode(At);

/// <summary>RAISE of an exception, or without a name of the one that is handled.</summary>
internal sealed record RaiseNode(int At, string? Name) : ScriptNode(At);

internal sealed record IfNode(int At, ImmutableArray<(ScriptPart? Condition, ImmutableArray<ScriptNode> Body)> Branches) : ScriptNode(At);

/// <summary>CASE (value) WHEN …, or CASE WHEN condition.</summary>
internal sealed record CaseNode(int At, ScriptPart? Of, ImmutableArray<(ScriptPart? When, ImmutableArray<ScriptNode> Body)> Branches) : ScriptNode(At);

/// <summary>WHILE, REPEAT … UNTIL and LOOP.</summary>
internal sealed record LoopNode(int At, ScriptPart? While, ScriptPart? Until, ImmutableArray<ScriptNode> Body, string? Label) : ScriptNode(At);

internal sealed record CountNode(int At, string Name, ScriptPart From, ScriptPart To, bool Reverse, ImmutableArray<ScriptNode> Body, string? Label) : ScriptNode(At);

/// <summary>FOR over the rows of a cursor or RESULTSET.</summary>
internal sealed record RowsNode(int At, string Name, string Of, ImmutableArray<ScriptNode> Body, string? Label) : ScriptNode(At);

/// <summary>BREAK or CONTINUE.</summary>
internal sealed record JumpNode(int At, bool Breaks, string? Label) : ScriptNode(At);

/// <summary>RETURN of an expression, or of TABLE(RESULTSET or cursor).</summary>
internal sealed record ReturnNode(int At, ScriptPart? Value, string? Table) : ScriptNode(At);

internal sealed record NullNode(int At) : ScriptNode(At);
