using System.Collections.Immutable;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Sql;

namespace Sluice.Sandbox.Snowflake.Scripting;

/// <content>DECLARE, LET, := and what is done with cursors and exceptions.</content>
internal sealed partial class ScriptParser
{
    /// <summary>An item of DECLARE (https://docs.snowflake.com/en/sql-reference/snowflake-scripting/declare).</summary>
    private ScriptNode ReadDeclaration()
    {
        var name = reader.Current;
        if (!name.IsName) throw reader.Unexpected();
        if (reader.Peek().Is("EXCEPTION")) return ReadException();
        if (reader.Peek().Is("PROCEDURE")) throw ScriptErrors.Unsupported(sql, reader.Peek().Start, "NESTED PROCEDURE");
        return ReadDeclared(name.Start, needsValue: false);
    }

    /// <summary>https://docs.snowflake.com/en/sql-reference/snowflake-scripting/let.</summary>
    private ScriptNode ReadLet(int at) => reader.Current.IsName ? ReadDeclared(at, needsValue: true) : throw reader.Unexpected();

    private ScriptNode ReadDeclared(int at, bool needsValue)
    {
        var name = reader.Take();
        if (reader.Accept("CURSOR")) return ReadCursor(at, name);
        if (reader.Accept("RESULTSET"))
        {
            var rows = AcceptsValue() ? ReadRows() : null;
            names.Declare(sql, name, NameKind.ResultSet);
            return new ResultSetNode(at, name.Value, rows, Declares: true);
        }

        SqlType? type = reader.IsAt("DEFAULT") || reader.Current.IsSymbol(":") || reader.Current.IsSymbol(";") ? null : reader.ReadType();
        ScriptPart? value = null;
        if (AcceptsValue()) value = ReadExpression();
        else if (needsValue || type is null) throw reader.Unexpected();
        if (type is null) DemandType(at, name, value!);
        names.Declare(sql, name, NameKind.Variable);
        return new AssignNode(at, name.Value, value, type, Declares: true);
    }

    /// <summary>What a column of a row is isn't known before there is one (https://docs.snowflake.com/en/developer-guide/snowflake-scripting/variables).</summary>
    private void DemandType(int at, Token name, ScriptPart value)
    {
        if (value.Tokens is not [{ IsName: true } row, { Value: "." }, { IsName: true }] || names.Find(row.Value) != NameKind.Row) return;
        var (line, position) = ScriptErrors.Place(sql, at);
        throw new Wire.SnowflakeException(
            "092228", "P0000", $"SQL compilation error:\nerror line {line} at position {position} variable '{Quoting.Identifier(name.Value)}' cannot have its type inferred from initializer");
    }

    private bool AcceptsValue()
    {
        if (reader.Accept("DEFAULT")) return true;
        if (!reader.Current.IsSymbol(":") || !reader.Peek().IsSymbol("=")) return false;
        reader.Take();
        reader.Take();
        return true;
    }

    /// <summary>(query), (EXECUTE IMMEDIATE …) or any statement (https://docs.snowflake.com/en/developer-guide/snowflake-scripting/resultsets).</summary>
    private Execution ReadRows()
    {
        if (reader.IsAt("ASYNC")) throw ScriptErrors.Unsupported(sql, reader.Current.Start, "ASYNC");
        reader.ExpectSymbol("(");
        if (reader.IsAt("EXECUTE", "IMMEDIATE"))
        {
            var at = reader.Current.Start;
            reader.Expect("EXECUTE", "IMMEDIATE");
            var text = ReadExpression("USING", ")");
            var dynamic = new Execution(at, text, IsDynamic: true, reader.Accept("USING") ? ReadUsing() : []);
            reader.ExpectSymbol(")");
            return dynamic;
        }

        var first = reader.Position;
        reader.SkipToClosing();
        if (reader.Position - 1 == first) throw reader.Unexpected();
        return Statement(new(sql, tokens[first..(reader.Position - 1)], IsExpression: false));
    }

    private CursorNode ReadCursor(int at, Token name)
    {
        reader.Expect("FOR");
        CursorNode cursor;
        if (reader.Current.IsName && names.Find(reader.Current.Value) == NameKind.ResultSet && reader.Peek().IsSymbol(";")) cursor = new(at, name.Value, null, reader.Take().Value);
        else
        {
            var first = reader.Position;
            if (!reader.IsAt("SELECT") && !reader.IsAt("WITH") && !reader.Current.IsSymbol("(")) throw reader.Unexpected();
            SkipTo(";");
            cursor = new(at, name.Value, Statement(new(sql, tokens[first..reader.Position], IsExpression: false), takesMarks: true).Text, null);
        }

        names.Declare(sql, name, NameKind.Cursor);
        return cursor;
    }

    private ExceptionNode ReadException()
    {
        var name = reader.Take();
        reader.Expect("EXCEPTION");
        var (number, message) = (-20000, "");
        if (reader.AcceptSymbol("("))
        {
            var at = reader.Current.Start;
            reader.ExpectSymbol("-");
            number = -reader.ReadInteger();
            if (number is > -20000 or < -20999) throw ScriptErrors.Compilation(sql, at, $"Exception number {number} is not between -20999 and -20000.");
            reader.ExpectSymbol(",");
            message = reader.ReadText();
            reader.ExpectSymbol(")");
        }

        names.Declare(sql, name, NameKind.Exception);
        return new(name.Start, name.Value, number, message);
    }

    private ScriptNode ReadAssignment()
    {
        var at = reader.Current.Start;
        var kind = names.Demand(sql, reader.Current, NameKind.Variable, NameKind.ResultSet);
        var name = kind == NameKind.Variable ? Target(reader.Current) : reader.Current.Value;
        reader.Take();
        AcceptsValue();
        return kind == NameKind.ResultSet ? new ResultSetNode(at, name, ReadRows(), Declares: false) : new AssignNode(at, name, ReadExpression(), null, Declares: false);
    }

    private OpenNode ReadOpen(int at)
    {
        var name = ReadName(NameKind.Cursor);
        return new(at, name, reader.Accept("USING") ? ReadUsing() : []);
    }

    private FetchNode ReadFetch(int at)
    {
        var name = ReadName(NameKind.Cursor);
        reader.Expect("INTO");
        return new(at, name, ReadTargets(reader, needsColon: false));
    }

    private RaiseNode ReadRaise(int at)
    {
        if (!reader.Current.IsSymbol(";") && reader.Current.Kind != TokenKind.End) return new(at, ReadName(NameKind.Exception));
        return names.Find("SQLCODE") is not null ? new(at, null) : throw reader.Unexpected();
    }

    /// <summary>https://docs.snowflake.com/en/sql-reference/snowflake-scripting/return.</summary>
    private ReturnNode ReadReturn(int at)
    {
        if (!reader.IsAt("TABLE") || !reader.Peek().IsSymbol("(")) return new(at, ReadExpression(), null);
        reader.Take();
        reader.ExpectSymbol("(");
        string table;
        if (reader.Accept("RESULTSET_FROM_CURSOR"))
        {
            reader.ExpectSymbol("(");
            table = ReadName(NameKind.Cursor);
            reader.ExpectSymbol(")");
        }
        else table = ReadName(NameKind.ResultSet);
        reader.ExpectSymbol(")");
        return new(at, null, table);
    }

    /// <summary>WHEN name [OR name …] [EXIT | CONTINUE] THEN (https://docs.snowflake.com/en/sql-reference/snowflake-scripting/exception).</summary>
    private HandlerNode ReadHandler()
    {
        var at = reader.Current.Start;
        reader.Expect("WHEN");
        var caught = ImmutableArray.CreateBuilder<string>();
        if (!reader.Accept("OTHER"))
        {
            do
            {
                var isBuiltIn = reader.IsAt(ScriptError.Statement) || reader.IsAt(ScriptError.Expression);
                caught.Add(isBuiltIn ? reader.Take().Value : ReadName(NameKind.Exception));
            }
            while (reader.Accept("OR"));
        }

        var continues = reader.Accept("CONTINUE");
        if (!continues) reader.Accept("EXIT");
        reader.Expect("THEN");
        names.Enter(ScriptNames.Handling);
        var body = ReadBody("WHEN", "END");
        names.Leave();
        return new(at, caught.ToImmutable(), continues, body);
    }
}
