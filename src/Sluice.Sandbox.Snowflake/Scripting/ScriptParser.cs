using System.Collections.Immutable;
using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Statements;

namespace Sluice.Sandbox.Snowflake.Scripting;

/// <summary>
/// Reads a script whole before any of it is run, so that what can't be understood is refused while nothing is done yet
/// (https://docs.snowflake.com/en/sql-reference-snowflake-scripting).
/// </summary>
internal sealed partial class ScriptParser
{
    private const int Deepest = 100;

    private static readonly string[] Unknown = ["AWAIT", "CANCEL", "ASYNC"];

    private readonly string sql;
    private readonly ImmutableArray<Token> tokens;
    private readonly TokenReader reader;
    private readonly ScriptNames names = new();
    private readonly List<(string? Label, Token At)> jumps = [];
    private int depth;

    private ScriptParser(string sql, ImmutableArray<Token> tokens)
    {
        (this.sql, this.tokens) = (sql, tokens);
        reader = new(sql, tokens);
    }

    /// <summary>A block, or with EXECUTE IMMEDIATE a single statement of the language.</summary>
    public static BlockNode Read(string sql, ImmutableArray<Token> tokens)
    {
        var parser = new ScriptParser(sql, tokens);
        var node = parser.ReadStatement();
        parser.reader.AcceptSymbol(";");
        if (parser.reader.Current.Kind != TokenKind.End) throw parser.reader.Unexpected();
        parser.DemandLoops();
        return node as BlockNode ?? new(node.At, [], [node], []);
    }

    /// <summary>EXECUTE IMMEDIATE that stands by itself: of a string or of a session variable.</summary>
    public static Execution ReadExecution(string sql, ImmutableArray<Token> tokens)
    {
        var parser = new ScriptParser(sql, tokens);
        var execution = parser.ReadExecuteImmediate();
        if (execution.Text.Tokens is not [{ Kind: TokenKind.Text or TokenKind.Variable }]) throw SnowflakeSyntax(sql, execution.Text.Tokens[0]);
        parser.reader.AcceptSymbol(";");
        return parser.reader.Current.Kind == TokenKind.End ? execution : throw parser.reader.Unexpected();
    }

    private static Wire.SnowflakeException SnowflakeSyntax(string sql, Token near) => Wire.SnowflakeException.Syntax(sql, near.Start, sql[near.Start..near.End]);

    /// <summary>DECLARE … BEGIN … EXCEPTION … END (https://docs.snowflake.com/en/sql-reference/snowflake-scripting/begin).</summary>
    private BlockNode ReadBlock()
    {
        var at = reader.Current.Start;
        names.Enter();
        var declarations = ImmutableArray.CreateBuilder<ScriptNode>();
        if (reader.Accept("DECLARE"))
        {
            do
            {
                declarations.Add(ReadDeclaration());
                reader.ExpectSymbol(";");
            }
            while (!reader.IsAt("BEGIN"));
        }

        if (!Blocks.Begins(tokens, reader.Position)) throw reader.Unexpected();
        reader.Expect("BEGIN");
        var body = ReadBody("END", "EXCEPTION");
        var handlers = ImmutableArray.CreateBuilder<HandlerNode>();
        if (reader.Accept("EXCEPTION"))
        {
            do handlers.Add(ReadHandler());
            while (!reader.IsAt("END"));
        }

        reader.Expect("END");
        if (reader.Current.IsName) reader.Take();
        names.Leave();
        return new(at, declarations.ToImmutable(), body, handlers.ToImmutable());
    }

    /// <summary>Statements up to one of the words. LET declares to the end of them.</summary>
    private ImmutableArray<ScriptNode> ReadBody(params string[] ends)
    {
        if (++depth > Deepest) throw ScriptErrors.Unsupported(sql, reader.Current.Start, "BLOCKS NESTED THIS DEEP");
        names.Enter();
        var body = ImmutableArray.CreateBuilder<ScriptNode>();
        do
        {
            body.Add(ReadStatement());
            reader.ExpectSymbol(";");
        }
        while (!(reader.Current.Kind == TokenKind.Word && ends.Contains(reader.Current.Value)));
        names.Leave();
        depth--;
        return body.ToImmutable();
    }

    private ScriptNode ReadStatement()
    {
        var start = reader.Current;
        if (Blocks.Begins(tokens, reader.Position)) return ReadBlock();
        if (start.Is("BEGIN") && reader.Peek().IsSymbol(";"))
        {
            // A block's BEGIN is not to be followed by a semicolon, and a transaction's is to be told from it.
            reader.Take();
            throw reader.Unexpected();
        }

        if (start.IsName && reader.Peek().IsSymbol(":") && reader.Peek(2).IsSymbol("=")) return ReadAssignment();
        if (start.Kind == TokenKind.Word && Unknown.Contains(start.Value)) throw ScriptErrors.Unsupported(sql, start.Start, start.Value);
        if (reader.Accept("LET")) return ReadLet(start.Start);
        if (reader.Accept("IF")) return ReadIf(start.Start);
        if (reader.Accept("CASE")) return ReadCase(start.Start);
        if (reader.Accept("FOR")) return ReadFor(start.Start);
        if (reader.Accept("WHILE")) return ReadWhile(start.Start);
        if (reader.Accept("REPEAT")) return ReadRepeat(start.Start);
        if (reader.Accept("LOOP")) return ReadLoop(start.Start);
        if (reader.AcceptAny("BREAK", "EXIT")) return ReadJump(start, breaks: true);
        if (reader.AcceptAny("CONTINUE", "ITERATE")) return ReadJump(start, breaks: false);
        if (reader.Accept("RETURN")) return ReadReturn(start.Start);
        if (reader.Accept("RAISE")) return ReadRaise(start.Start);
        if (reader.Accept("OPEN")) return ReadOpen(start.Start);
        if (reader.Accept("FETCH")) return ReadFetch(start.Start);
        if (reader.Accept("CLOSE")) return new CloseNode(start.Start, ReadName(NameKind.Cursor));
        if (reader.Accept("NULL")) return new NullNode(start.Start);
        return reader.IsAt("EXECUTE", "IMMEDIATE") ? new RunNode(start.Start, ReadExecuteImmediate(), []) : ReadSql();
    }

    /// <summary>EXECUTE IMMEDIATE expression [USING (…)] (https://docs.snowflake.com/en/sql-reference/sql/execute-immediate).</summary>
    private Execution ReadExecuteImmediate()
    {
        var at = reader.Current.Start;
        reader.Expect("EXECUTE", "IMMEDIATE");
        if (reader.IsAt("FROM")) throw ScriptErrors.Unsupported(sql, reader.Current.Start, "EXECUTE IMMEDIATE FROM");
        var text = ReadExpression("USING");
        return new(at, text, IsDynamic: true, reader.Accept("USING") ? ReadUsing() : []);
    }

    private ImmutableArray<ScriptPart> ReadUsing()
    {
        var values = ImmutableArray.CreateBuilder<ScriptPart>();
        reader.ExpectSymbol("(");
        do values.Add(ReadExpression(",", ")"));
        while (reader.AcceptSymbol(","));
        reader.ExpectSymbol(")");
        return values.ToImmutable();
    }

    private RunNode ReadSql()
    {
        var first = reader.Position;
        SkipTo(";");
        if (reader.Position == first) throw reader.Unexpected();
        var part = new ScriptPart(sql, tokens[first..reader.Position], IsExpression: false);
        var into = ReadInto(ref part);
        return new(part.At, Statement(part), into);
    }

    /// <summary>A statement of SQL, if the sandbox knows it.</summary>
    private Execution Statement(ScriptPart part, bool takesMarks = false)
    {
        Check(part, takesMarks);
        StatementParser.Parse(new TokenReader(sql, part.Sample()));
        return new(part.At, part, IsDynamic: false, []);
    }

    /// <summary>SELECT … INTO :a, :b (https://docs.snowflake.com/en/sql-reference/constructs/into).</summary>
    private ImmutableArray<string> ReadInto(ref ScriptPart part)
    {
        if (!part.Tokens[0].Is("SELECT") && !part.Tokens[0].Is("WITH")) return [];
        var nested = 0;
        for (var i = 0; i < part.Tokens.Length; i++)
        {
            nested += part.Tokens[i].IsSymbol("(") ? 1 : part.Tokens[i].IsSymbol(")") ? -1 : 0;
            if (nested > 0 || !part.Tokens[i].Is("INTO")) continue;
            var inner = new TokenReader(sql, part.Tokens[(i + 1)..].Add(tokens[^1]));
            var into = ReadTargets(inner, needsColon: true);
            part = part with { Left = i..(i + 1 + inner.Position) };
            return into;
        }

        return [];
    }

    private ImmutableArray<string> ReadTargets(TokenReader from, bool needsColon)
    {
        var targets = ImmutableArray.CreateBuilder<string>();
        do
        {
            if (!from.AcceptSymbol(":") && needsColon) throw from.Unexpected();
            if (!from.Current.IsName) throw from.Unexpected();
            targets.Add(Target(from.Current));
            from.Take();
        }
        while (from.AcceptSymbol(","));
        return targets.ToImmutable();
    }

    private string Target(Token name)
    {
        names.Demand(sql, name, NameKind.Variable);
        return ScriptNames.IsBuiltIn(name.Value) ? throw ScriptErrors.Compilation(sql, name.Start, $"'{name.Value}' is set by what is run, and by nothing else.") : name.Value;
    }

    /// <summary>An expression up to a semicolon, or to one of these outside of parentheses.</summary>
    private ScriptPart ReadExpression(params string[] ends)
    {
        var first = reader.Position;
        SkipTo([";", .. ends]);
        return Expression(first, reader.Position);
    }

    private ScriptPart ReadCondition()
    {
        var (first, end) = reader.ReadParenthesised();
        return Expression(first, end);
    }

    private ScriptPart Expression(int first, int end)
    {
        if (end == first) throw reader.Unexpected();
        var part = new ScriptPart(sql, tokens[first..end], IsExpression: true);
        Check(part, takesMarks: false);
        return part;
    }

    private void Check(ScriptPart part, bool takesMarks)
    {
        foreach (var mark in part.Tokens.Where(token => token.Kind == TokenKind.Bind && !(takesMarks && token.Value.Length == 0))) throw ScriptErrors.UnsetBind(sql, mark, mark.Value);
        foreach (var (index, name) in part.Bound)
        {
            if (names.Find(name.Value) is null) throw ScriptErrors.UnsetBind(sql, name, Quoting.Identifier(name.Value));
            // The documentation reads a row's columns in expressions alone.
            if (names.Find(name.Value) == NameKind.Row) throw ScriptErrors.Unsupported(sql, part.Tokens[index].Start, "A ROW'S COLUMN AS A BIND VARIABLE");
            names.Demand(sql, name, NameKind.Variable, NameKind.Counter);
        }
    }

    private void SkipTo(params string[] ends)
    {
        for (var nested = 0; reader.Current.Kind != TokenKind.End; reader.Take())
        {
            if (nested == 0 && reader.Current.Kind is TokenKind.Word or TokenKind.Symbol && ends.Contains(reader.Current.Value)) return;
            if (reader.Current.IsSymbol("(")) nested++;
            else if (reader.Current.IsSymbol(")") && --nested < 0) throw reader.Unexpected();
        }
    }

    private string ReadName(params ReadOnlySpan<NameKind> kinds)
    {
        if (!reader.Current.IsName) throw reader.Unexpected();
        names.Demand(sql, reader.Current, kinds);
        return reader.Take().Value;
    }
}
