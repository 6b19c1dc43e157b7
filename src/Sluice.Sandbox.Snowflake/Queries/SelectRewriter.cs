using System.Collections.Immutable;
using System.Text;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Statements;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Queries;

/// <summary>
/// Turns a query of Snowflake's dialect into one of the engine's, token by token: names become the tables, views and metadata the
/// caller may read, functions of the session become constants, types and strings change their spelling.
/// </summary>
internal sealed class SelectRewriter
{
    private static readonly HashSet<string> ClauseEnds =
        ["WHERE", "GROUP", "ORDER", "HAVING", "QUALIFY", "LIMIT", "UNION", "EXCEPT", "INTERSECT", "MINUS", "WINDOW", "SELECT", "OFFSET", "FETCH", "RETURNING", "SET", "WHEN", "VALUES"];

    private static readonly HashSet<string> NoAlias =
        [.. ClauseEnds, "ON", "USING", "JOIN", "INNER", "LEFT", "RIGHT", "FULL", "CROSS", "NATURAL", "LATERAL", "ASOF"];

    private readonly StatementContext context;
    private readonly ImmutableArray<Token> tokens;
    private readonly TableSources sources;
    private readonly StringBuilder output = new();
    private readonly Stack<Frame> frames = new();
    private readonly FunctionRewriter functions;
    private readonly HashSet<string> commonTables;
    private readonly SelectNames? names;
    private int at;

    private SelectRewriter(StatementContext context, string sql, TableSources sources, bool namesColumns)
    {
        this.context = context;
        this.sources = sources;
        tokens = context.Tokens(sql);
        functions = new(context, tokens);
        commonTables = [.. CommonTables(tokens)];
        names = namesColumns ? new(sql, tokens, output) : null;
        sources.Filters = MetadataFilters.Of(tokens);
        frames.Push(new());
    }

    public static RewrittenQuery Rewrite(StatementContext context, string sql)
    {
        var read = new TableSources(context, Tokenizer.Read(sql));
        try
        {
            var rewritten = new SelectRewriter(context, sql, read, namesColumns: true).Run();
            read.CheckCase(Tokenizer.Read(sql));
            return new(rewritten, read);
        }
        catch
        {
            read.Dispose();
            throw;
        }
    }

    /// <summary>A part of a statement that reads from the same sources: a view's query, the tail of a DML statement.</summary>
    public static string Part(StatementContext context, string sql, TableSources sources, bool startsInFrom = false)
    {
        var rewriter = new SelectRewriter(context, sql, sources, namesColumns: false);
        if (startsInFrom) rewriter.frames.Peek().BeginFrom();
        return rewriter.Run();
    }

    public static IReadOnlyList<ResultColumn> Describe(StatementContext context, string sql)
    {
        using var rewritten = Rewrite(context, sql);
        return context.Runtime.Engine.For(context.Session).Describe(rewritten.Sql);
    }

    /// <summary>The value of an expression that reads no table.</summary>
    public static object? Evaluate(StatementContext context, string expression)
    {
        using var rewritten = Rewrite(context, $"SELECT {expression}");
        object? value = null;
        foreach (var row in context.Runtime.Engine.For(context.Session).Query(rewritten.Sql, context.Run.Cancellation).Rows) value = row[0];
        return value;
    }

    private string Run()
    {
        while (tokens[at].Kind != TokenKind.End && !tokens[at].IsSymbol(";"))
        {
            var token = tokens[at];
            if (frames.Count == 1) names?.Visit(at, frames.Peek().InSelectList);
            if (frames.Peek().ExpectsTable && TryTable()) continue;
            switch (token.Kind)
            {
                case TokenKind.Symbol:
                    Symbol(token);
                    break;
                case TokenKind.Word:
                    Word(token);
                    break;
                default:
                    Emit(Constant(token));
                    at++;
                    break;
            }
        }

        if (frames.Count == 1) names?.Finish(at);
        return output.ToString();
    }

    private string Constant(Token token) => token.Kind switch
    {
        TokenKind.Quoted => Quoting.Always(token.Value),
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
                var first = tokens[at];
                var isQuery = first.Is("SELECT") || first.Is("WITH") || first.Is("VALUES");
                var previous = at >= 2 ? tokens[at - 2] : default;
                var outer = frames.Peek();
                frames.Push(new() { IsCast = previous.Is("CAST") || previous.Is("TRY_CAST"), IsPlain = previous.Is("EXTRACT") || previous.Is("TRIM") || previous.Is("SUBSTRING") });
                if (outer.ExpectsTable && !isQuery) frames.Peek().BeginFrom();
                outer.ExpectsTable = false;
                break;
            case ")":
                if (frames.Count == 1) throw SnowflakeException.Syntax("", 0, ")");
                frames.Pop();
                break;
            case "," when frames.Peek().InFrom:
                frames.Peek().ExpectsTable = true;
                break;
            case "::":
                Emit("::");
                EmitType();
                return;
        }

        Emit(token.Value);
    }

    private void Word(Token token)
    {
        var frame = frames.Peek();
        var previous = at > 0 ? tokens[at - 1] : default;
        if (!previous.IsSymbol(".") && functions.TryRewrite(ref at, output, out var opens))
        {
            if (opens) frames.Push(new());
            return;
        }

        at++;
        if (ClauseEnds.Contains(token.Value)) frame.EndFrom();
        switch (token.Value)
        {
            case "SELECT":
                frame.InSelectList = true;
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
            case "AS" when frame.IsCast:
                Emit("AS");
                EmitType();
                return;
        }

        Emit(token.Value);
    }

    /// <summary>A table where one is expected: a name, TABLE(...), or a common table, which stays as it is.</summary>
    private bool TryTable()
    {
        var token = tokens[at];
        if (token.Is("LATERAL") || !token.IsName || token.Is("SELECT") || token.Is("VALUES")) return false;
        frames.Peek().ExpectsTable = false;
        if (token.Is("TABLE") && tokens[at + 1].IsSymbol("("))
        {
            var reader = new TokenReader("", tokens[(at + 2)..]);
            Emit(sources.Function(reader, functions));
            at += 2 + reader.Position + 1;
            return true;
        }

        var reading = new TokenReader("", tokens[at..]);
        var name = reading.ReadName();
        at += reading.Position;
        if (name.Schema is null && commonTables.Contains(name.Name))
        {
            Emit(Quoting.Always(name.Name));
            return true;
        }

        Emit(sources.Table(name));
        var next = tokens[at];
        var hasAlias = next.Is("AS") || next.Kind == TokenKind.Quoted || (next.Kind == TokenKind.Word && !NoAlias.Contains(next.Value));
        if (!hasAlias) Emit($"AS {Quoting.Always(name.Name)}");
        return true;
    }

    private void EmitType()
    {
        var reader = new TokenReader("", tokens[at..]);
        Emit(reader.ReadType().Engine);
        at += reader.Position;
    }

    private void Emit(string text)
    {
        if (output.Length > 0 && text is not ("." or "::") && output[^1] is not ('.' or ':')) output.Append(' ');
        output.Append(text);
    }

    /// <summary>WITH name [(columns)] AS (, and those after a comma.</summary>
    private static IEnumerable<string> CommonTables(ImmutableArray<Token> tokens)
    {
        if (!tokens.Any(token => token.Is("WITH"))) yield break;
        for (var i = 0; i + 2 < tokens.Length; i++)
        {
            if (tokens[i].IsName && tokens[i + 1].Is("AS") && tokens[i + 2].IsSymbol("(")) yield return tokens[i].Value;
            if (tokens[i].IsName && tokens[i + 1].IsSymbol("(") && i > 0 && (tokens[i - 1].Is("WITH") || tokens[i - 1].Is("RECURSIVE"))) yield return tokens[i].Value;
        }
    }

    /// <summary>What is known of a pair of parentheses while inside it.</summary>
    private sealed class Frame
    {
        public bool InFrom { get; private set; }

        public bool ExpectsTable { get; set; }

        public bool InSelectList { get; set; }

        public bool IsCast { get; init; }

        /// <summary>EXTRACT(... FROM ...) and its like, whose FROM is no clause.</summary>
        public bool IsPlain { get; init; }

        public void BeginFrom() => (InFrom, ExpectsTable, InSelectList) = (true, true, false);

        public void EndFrom() => (InFrom, ExpectsTable, InSelectList) = (false, false, false);
    }
}

/// <summary>A query the engine understands, and what it reads from meanwhile.</summary>
internal sealed class RewrittenQuery(string sql, TableSources sources) : IDisposable
{
    public string Sql => sql;

    public TableSources Sources => sources;

    public void Dispose() => sources.Dispose();
}
