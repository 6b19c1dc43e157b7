using System.Collections.Immutable;
using System.Text;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Statements;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Queries;

/// <summary>
/// Turns a query of Snowflake's dialect into one of the engine's, token by token: names become the tables, views and metadata the
/// caller may read, functions of the session become constants, users' functions their bodies, types and strings change their spelling.
/// </summary>
internal sealed partial class SelectRewriter
{
    private static readonly IReadOnlyDictionary<string, BodyArgument> Nothing = ImmutableDictionary<string, BodyArgument>.Empty;

    private readonly TableSources sources;
    private readonly ImmutableArray<Token> tokens;
    private readonly StringBuilder output = new();
    private readonly Stack<RewriterFrame> frames = new();
    private readonly FunctionRewriter functions;
    private readonly UserFunctions userFunctions;
    private readonly StatementContext context;
    private readonly HashSet<string> commonTables;
    private readonly SelectNames? names;
    private readonly IReadOnlyDictionary<string, BodyArgument> inPlace;
    private int at;
    private int operand;

    private SelectRewriter(StatementContext context, string sql, TableSources sources, bool namesColumns, IReadOnlyDictionary<string, BodyArgument>? inPlace = null)
    {
        this.context = context;
        this.sources = sources;
        this.inPlace = inPlace ?? Nothing;
        tokens = context.Tokens(sql);
        functions = new(context, tokens);
        userFunctions = new(context, sources, this.inPlace);
        commonTables = [.. CommonTables(tokens)];
        names = namesColumns ? new(sql, tokens, output) : null;
        sources.Filters = MetadataFilters.Of(tokens);
        frames.Push(new());
    }

    private SelectRewriter(SelectRewriter outer, ImmutableArray<Token> part)
    {
        (context, sources, inPlace, userFunctions, commonTables) = (outer.context, outer.sources, outer.inPlace, outer.userFunctions, outer.commonTables);
        tokens = part.Add(new(TokenKind.End, "<EOF>", 0, 0));
        functions = new(context, tokens);
        frames.Push(new() { Scope = outer.frames.Peek().Scope });
    }

    public static RewrittenQuery Rewrite(StatementContext context, string sql)
    {
        var read = new TableSources(context, Tokenizer.Read(sql));
        try
        {
            var rewritten = new SelectRewriter(context, sql, read, namesColumns: true).Run();
            return new(rewritten, read);
        }
        catch
        {
            read.Dispose();
            throw;
        }
    }

    /// <summary>A part of a statement that reads from the same sources: a view's query, the tail of a DML statement.</summary>
    /// <param name="context">Who reads.</param>
    /// <param name="sql">The part.</param>
    /// <param name="sources">What it reads from.</param>
    /// <param name="startsInFrom">True where it begins with a table.</param>
    /// <param name="inPlace">SQL of the engine to stand for names: the arguments of a policy's or function's body.</param>
    public static string Part(StatementContext context, string sql, TableSources sources, bool startsInFrom = false, IReadOnlyDictionary<string, BodyArgument>? inPlace = null)
    {
        var rewriter = new SelectRewriter(context, sql, sources, namesColumns: false, inPlace);
        if (startsInFrom) rewriter.frames.Peek().BeginFrom();
        return rewriter.Run();
    }

    public static IReadOnlyList<ResultColumn> Describe(StatementContext context, string sql)
    {
        using var rewritten = Rewrite(context, sql);
        return context.Runtime.Engine.For(context.Session).Describe(rewritten.Sql);
    }

    /// <summary>The value of an expression.</summary>
    public static object? Evaluate(StatementContext context, string expression) => EvaluateColumn(context, expression).Value;

    /// <summary>The value of an expression, and what the engine says of it.</summary>
    public static (ResultColumn Column, object? Value) EvaluateColumn(StatementContext context, string expression)
    {
        using var rewritten = Rewrite(context, $"SELECT {expression}");
        if (rewritten.Sources.Any) context.DemandWarehouse();
        var outcome = context.Runtime.Engine.For(context.Session).Query(rewritten.Sql, context.Run.Cancellation);
        object? value = null;
        foreach (var row in outcome.Rows) value = row[0];
        return (outcome.Columns[0], value);
    }

    private string Run()
    {
        while (tokens[at].Kind != TokenKind.End && !tokens[at].IsSymbol(";"))
        {
            var token = tokens[at];
            if (frames.Count == 1) names?.Visit(at, frames.Peek().InSelectList);
            if (frames.Peek().ExpectsTable && TryTable()) continue;
            if (token.IsName && !Previous(1).IsSymbol(".") && (TryCall() || TryArgument())) continue;
            switch (token.Kind)
            {
                case TokenKind.Symbol:
                    Symbol(token);
                    break;
                case TokenKind.Word:
                    Word(token);
                    break;
                case TokenKind.Text when Previous(1).Kind == TokenKind.Word && Previous(1).Value is "DATE" or "TIME" or "TIMESTAMP" or "INTERVAL":
                    // A literal with its type before it is one operand.
                    Emit(Constant(token));
                    at++;
                    break;
                default:
                    EmitOperand(Constant(token));
                    at++;
                    break;
            }
        }

        if (frames.Count == 1) names?.Finish(at);
        return output.ToString();
    }

    private string Part(ImmutableArray<Token> part) => new SelectRewriter(this, part).Run();

    private Token Previous(int back) => at >= back ? tokens[at - back] : default;

    private Token Following(int ahead) => tokens[Math.Min(at + ahead, tokens.Length - 1)];

    private string Constant(Token token) => token.Kind switch
    {
        TokenKind.Quoted => EngineNames.Quoted(token.Value),
        TokenKind.Text => Quoting.Text(token.Value),
        TokenKind.Bind => functions.Bind(token),
        _ => token.Value,
    };

    private void Symbol(Token token)
    {
        at++;
        switch (token.Value)
        {
            case "(":
                Open();
                return;
            case ")":
                if (frames.Count == 1) throw SnowflakeException.Syntax("", 0, ")");
                operand = frames.Pop().Operand;
                break;
            case "," when frames.Peek().InFrom:
                frames.Peek().ExpectsTable = true;
                break;
            case "::":
                Convert();
                return;
        }

        Emit(token.Value);
    }

    private void Open()
    {
        var isQuery = tokens[at].Is("SELECT") || tokens[at].Is("WITH") || tokens[at].Is("VALUES");
        var previous = Previous(2);
        var outer = frames.Peek();
        var isCall = previous.IsName && !(previous.Kind == TokenKind.Word && SelectWords.NotCalled.Contains(previous.Value));
        frames.Push(new() { IsPlain = previous.Is("EXTRACT") || previous.Is("TRIM"), Operand = isCall ? operand : output.Length, Scope = outer.Scope });
        if (outer.ExpectsTable && !isQuery) frames.Peek().BeginFrom();
        var isTable = outer.ExpectsTable && tokens[at].Is("VALUES");
        outer.ExpectsTable = false;
        Emit("(");
        if (isTable) Emit(Rows());
    }

    /// <summary>expression::type, of which the expression is written already.</summary>
    private void Convert()
    {
        var start = Math.Min(operand, output.Length);
        var expression = output.ToString(start, output.Length - start);
        output.Length = start;
        var reader = new TokenReader("", tokens[at..]);
        var type = reader.ReadType();
        at += reader.Position;
        Emit(Casts.To(expression, type));
    }

    private void Word(Token token)
    {
        var frame = frames.Peek();
        var previous = Previous(1);
        var start = output.Length;
        if (!previous.IsSymbol(".") && functions.TryRewrite(ref at, output, out var opens))
        {
            operand = start;
            if (opens) frames.Push(new() { Operand = start, Scope = frame.Scope });
            return;
        }

        at++;
        if (SelectWords.ClauseEnds.Contains(token.Value)) frame.EndFrom();
        switch (token.Value)
        {
            case "SELECT":
                (frame.InSelectList, frame.Scope) = (true, new());
                break;
            case "FROM" when !frame.IsPlain && !previous.Is("DISTINCT"):
                frame.BeginFrom();
                break;
            case "JOIN" or "USING" when frame.InFrom || token.Value == "JOIN":
                frame.ExpectsTable = token.Value == "JOIN";
                break;
            case "MINUS":
                Emit("EXCEPT");
                return;
            case "RLIKE" or "REGEXP":
                Emit("SIMILAR TO");
                return;
            case "CASE":
                frame.Cases.Push(start);
                break;
            case "END" when frame.Cases.TryPop(out var begun):
                Emit("END");
                operand = begun;
                return;
        }

        // FETCH FIRST n ROWS ONLY names nothing.
        var written = tokens[at].IsSymbol("(") || previous.Is("ROW") || previous.Is("ROWS") ? token.Value : EngineNames.Word(token.Value);
        if (previous.IsSymbol(".")) Emit(written);
        else EmitOperand(written);
    }

    /// <summary>A call that isn't the engine's: of a user's function, or of one whose arguments the engine takes otherwise.</summary>
    private bool TryCall()
    {
        List<string> parts = [tokens[at].Value];
        var open = 1;
        while (Following(open).IsSymbol(".") && Following(open + 1).IsName && parts.Count < 3)
        {
            parts.Add(Following(open + 1).Value);
            open += 2;
        }

        if (!Following(open).IsSymbol("(") || (parts.Count == 1 && tokens[at].Kind == TokenKind.Word && SelectWords.NotCalled.Contains(parts[0]))) return false;
        var name = ObjectName.Of(parts);
        var named = userFunctions.Named(name);
        if (named.Length == 0 && !CallRewriter.Knows(name.Name)) return false;
        var arguments = CallArgument.Split(tokens, at + open, out var close);
        var rewritten = named.Length > 0
            ? userFunctions.Expand(name, named, arguments, [.. arguments.Select(argument => Part(argument.Tokens))], frames.Peek().Scope)
            : CallRewriter.Rewrite(name.Name, arguments, Part);
        if (rewritten is null) return false;
        at = close + 1;
        EmitOperand(rewritten);
        return true;
    }

    /// <summary>The name of an argument, in a body.</summary>
    private bool TryArgument()
    {
        if (tokens[at].Kind == TokenKind.Word && SelectWords.Reserved.Contains(tokens[at].Value)) return false;
        if (!inPlace.TryGetValue(tokens[at].Value, out var written) || Following(1).IsSymbol(".") || Following(1).IsSymbol("(")) return false;
        at++;
        EmitOperand(written.Sql);
        return true;
    }

    private void EmitOperand(string text)
    {
        if (!Previous(1).IsSymbol(".") || operand > output.Length) operand = output.Length;
        Emit(text);
    }

    private void Emit(string text)
    {
        if (output.Length > 0 && text is not "." && output[^1] != '.') output.Append(' ');
        output.Append(text);
    }
}
