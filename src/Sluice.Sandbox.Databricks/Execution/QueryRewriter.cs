using System.Collections.Immutable;
using System.Text;
using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.Execution;

/// <summary>
/// Puts a query of Databricks SQL into the embedded engine's words: relations and functions are bound, literals and quotes
/// respelled, all else passes.
/// </summary>
internal sealed class QueryRewriter(string text, RelationBinder relations, FunctionBinder functions)
{
    private readonly Token[] tokens = Tokenizer.Read(text);
    private readonly bool hasColumns = Tokenizer.Read(text).Any(token => token.Is("FROM"));
    private readonly StringBuilder sql = new();
    private readonly List<(ImmutableArray<string> Full, string Alias)> bare = [];

    /// <summary>A whole query.</summary>
    public string Query()
    {
        Region(0, Length, [], isFrom: false);
        return sql.ToString();
    }

    /// <summary>A bare expression, such as a function's body.</summary>
    public string Expression()
    {
        Expression(0, Length, []);
        return sql.ToString();
    }

    /// <summary>A changing statement, from the token after its target on; MERGE reads a relation after USING.</summary>
    public string Tail(int from, bool isMerge)
    {
        var starts = from < Length && IsQueryStart(from);
        if (starts) Region(from, Length, [], isFrom: false);
        else if (isMerge) Merge(from);
        else Expression(from, Length, []);
        return sql.ToString();
    }

    private int Length => tokens.Length - (tokens.Length > 1 && tokens[^2].IsSymbol(";") ? 2 : 1);

    private void Merge(int from)
    {
        var using_ = Array.FindIndex(tokens, from, token => token.Is("USING"));
        var on = using_ < 0 ? -1 : Array.FindIndex(tokens, using_, token => token.Is("ON"));
        if (on < 0) throw SqlException.Syntax("end of input", text.Length);
        Expression(from, using_ + 1, []);
        Region(using_ + 1, on, [], isFrom: true);
        Expression(on, Length, []);
    }

    private void Region(int start, int end, ImmutableHashSet<string> tables, bool isFrom)
    {
        var hints = Hints(start, end);
        NoteBare(start, end, isFrom);
        var (from, expects, with) = (isFrom, isFrom, false);
        for (var at = start; at < end;)
        {
            var token = tokens[at];
            if (expects && (token.IsName || token.IsSymbol("(")) && !token.Is("LATERAL") && !token.Is("VALUES") && !token.Is("SELECT"))
            {
                at = token.IsSymbol("(") ? Group(at, tables, isFrom: true) : Relation(at, end, tables, hints);
                expects = false;
                continue;
            }

            if (at == start && token.Is("WITH")) with = true;
            if (with && token.IsName && IsTableExpression(at)) tables = tables.Add(token.Text.ToLowerInvariant());
            if (token.Is("SELECT")) with = false;
            if (token.Is("VIEW") && at > start && tokens[at - 1].Is("LATERAL")) throw SqlException.Unsupported("The sandbox knows no LATERAL VIEW.");
            if (token.Is("FROM") && !(at > start && tokens[at - 1].Is("DISTINCT"))) (from, expects) = (true, true);
            else if (token.Is("JOIN") || (token.IsSymbol(",") && from)) expects = true;
            else if (QueryWords.EndsFrom(token)) (from, expects) = (false, false);
            at = Emit(at, end, tables);
        }
    }

    private void Expression(int start, int end, ImmutableHashSet<string> tables)
    {
        for (var at = start; at < end;) at = Emit(at, end, tables);
    }

    private int Relation(int at, int end, ImmutableHashSet<string> tables, RelationHints hints)
    {
        var (name, after) = Chain(at);
        if (after < end && tokens[after].IsSymbol("("))
        {
            Write(name.Last.ToLowerInvariant());
            return Group(after, tables, isFrom: false);
        }

        var local = name.Length == 1 && tables.Contains(name.Last.ToLowerInvariant());
        Write(local ? EngineQuoting.Identifier(name.Last) : relations.Bind(name, hints));
        if (HasAlias(after, end)) return after;
        if (!local) Write($"AS {EngineQuoting.Identifier(name.Last)}");
        return after;
    }

    // Columns may be qualified by a relation that comes only later in the text.
    private void NoteBare(int start, int end, bool isFrom)
    {
        var (from, expects) = (isFrom, isFrom);
        for (var at = start; at < end; at++)
        {
            var token = tokens[at];
            if (token.IsSymbol("("))
            {
                (at, expects) = (Close(at), false);
            }
            else if (expects && token.IsName && !token.Is("LATERAL"))
            {
                var (name, after) = Chain(at);
                if (name.Length > 1 && !HasAlias(after, end)) bare.Add((name.Parts, name.Last));
                (at, expects) = (after - 1, false);
            }
            else if (token.Is("FROM") || token.Is("JOIN") || (from && token.IsSymbol(",")))
            {
                (from, expects) = (true, true);
            }
            else if (QueryWords.EndsFrom(token))
            {
                (from, expects) = (false, false);
            }
        }
    }

    private bool HasAlias(int after, int end) => after < end && (tokens[after].Is("AS") || (tokens[after].IsName && !QueryWords.IsClause(tokens[after])));

    private int Emit(int at, int end, ImmutableHashSet<string> tables)
    {
        var token = tokens[at];
        switch (token.Kind)
        {
            case TokenKind.String:
                var value = token.Text;
                while (tokens[at + 1].Kind == TokenKind.String) value += tokens[++at].Text;
                Write(EngineQuoting.Literal(value));
                return at + 1;
            case TokenKind.Number:
                Write(token.Text);
                return at + 1;
            case TokenKind.Parameter:
                Write(functions.Parameter(token.Text));
                return at + 1;
            case TokenKind.Symbol when token.Text == ";":
                throw SqlException.Syntax($"'{tokens[at + 1].Text}'", tokens[at + 1].Start);
            case TokenKind.Symbol when token.Text == "(":
                return Group(at, tables, isFrom: false);
            case TokenKind.Symbol:
                Write(token.Text switch { "==" => "=", "<=>" => "IS NOT DISTINCT FROM", var other => other });
                return at + 1;
            default:
                return Name(at, end, tables);
        }
    }

    private int Name(int at, int end, ImmutableHashSet<string> tables)
    {
        var (name, after) = Chain(at);
        if (after < end && tokens[after].IsSymbol("(") && (name.Length > 1 || tokens[at].Kind == TokenKind.Quoted || !QueryWords.IsOperator(tokens[at])))
        {
            var called = functions.Bind(name, tokens[after + 1].IsSymbol(")"));
            if (called is { Whole: true }) return Written(called.Sql, after + 2);
            if (called is not null)
            {
                Write($"{called.Sql}(");
                var close = Close(after);
                Inside(after + 1, close, tables);
                Write($"{called.Tail})");
                return close + 1;
            }
        }

        if (!(at > 0 && tokens[at - 1].Is("AS")) && functions.Variable(name, hasColumns) is { } value) return Written(value, after);
        if (name.Length == 1 && tokens[at].Kind == TokenKind.Word) return Written(Word(at), after);
        return Written(Column(name), after);
    }

    private string Word(int at)
    {
        var token = tokens[at];
        if (token.Is("MINUS")) return "EXCEPT";
        if (token.Is("EXCEPT") && at > 0 && tokens[at - 1].IsSymbol("*")) return "EXCLUDE";
        if (token.Is("TIMESTAMP_NTZ")) return "TIMESTAMP";
        var niladic = token.Text.StartsWith("current_", StringComparison.OrdinalIgnoreCase) || token.Is("session_user");
        return (niladic ? functions.Bind(new([token.Text]), isEmpty: true)?.Sql : null) ?? token.Text;
    }

    // main.sales.orders.id, where the relation has no other name: the engine knows it as orders.
    private string Column(SqlName name)
    {
        foreach (var (full, alias) in bare)
        {
            if (name.Length <= full.Length || !full.AsSpan().SequenceEqual(name.Parts.AsSpan()[..full.Length], StringComparer.OrdinalIgnoreCase)) continue;
            return string.Join('.', name.Parts.AsSpan()[full.Length..].ToArray().Prepend(alias).Select(EngineQuoting.Identifier));
        }

        return string.Join('.', name.Parts.Select(EngineQuoting.Identifier));
    }

    private int Group(int open, ImmutableHashSet<string> tables, bool isFrom)
    {
        var close = Close(open);
        Write("(");
        if (isFrom && !IsQueryStart(open + 1)) Region(open + 1, close, tables, isFrom: true);
        else Inside(open + 1, close, tables);
        Write(")");
        return close + 1;
    }

    private void Inside(int start, int end, ImmutableHashSet<string> tables)
    {
        if (IsQueryStart(start)) Region(start, end, tables, isFrom: false);
        else Expression(start, end, tables);
    }

    private bool IsQueryStart(int at)
    {
        while (tokens[at].IsSymbol("(")) at++;
        return tokens[at].Is("SELECT") || tokens[at].Is("WITH") || tokens[at].Is("VALUES") || tokens[at].Is("TABLE");
    }

    // name AS ( … or name (a, b) AS ( …
    private bool IsTableExpression(int at)
    {
        var next = at + 1;
        if (tokens[next].IsSymbol("(")) next = Close(next) + 1;
        return tokens[next].Is("AS") && tokens[next + 1].IsSymbol("(");
    }

    private int Close(int open)
    {
        var depth = 0;
        for (var at = open; at < Length; at++)
        {
            if (tokens[at].IsSymbol("(")) depth++;
            if (tokens[at].IsSymbol(")") && --depth == 0) return at;
        }

        throw SqlException.Syntax("end of input", text.Length);
    }

    private (SqlName Name, int After) Chain(int at)
    {
        if (tokens[at].Is("IDENTIFIER") && tokens[at + 1].IsSymbol("(") && tokens[at + 2].Kind is TokenKind.String or TokenKind.Parameter && tokens[at + 3].IsSymbol(")"))
        {
            var given = tokens[at + 2].Kind == TokenKind.String ? tokens[at + 2].Text : functions.Text(tokens[at + 2].Text);
            return (new TokenReader(given ?? "").Name(), at + 4);
        }

        var parts = ImmutableArray.Create(tokens[at].Text);
        while (tokens[at + 1].IsSymbol(".") && tokens[at + 2].IsName)
        {
            at += 2;
            parts = parts.Add(tokens[at].Text);
        }

        return (new(parts), at + 1);
    }

    private RelationHints Hints(int start, int end)
    {
        var alone = !tokens.AsSpan(start, end - start).ToArray().Any(token => token.Is("JOIN")) && FromHasOne(start, end);
        return new(
            RelationHints.ColumnsOf(tokens),
            alone ? RelationHints.EqualIn(tokens.AsSpan(start, end - start), functions.Text) : new Dictionary<string, string>());
    }

    private bool FromHasOne(int start, int end)
    {
        var (depth, from) = (0, false);
        for (var at = start; at < end; at++)
        {
            if (tokens[at].IsSymbol("(")) depth++;
            if (tokens[at].IsSymbol(")")) depth--;
            if (depth > 0) continue;
            if (tokens[at].Is("FROM")) from = true;
            else if (QueryWords.EndsFrom(tokens[at])) from = false;
            else if (from && tokens[at].IsSymbol(",")) return false;
        }

        return true;
    }

    private int Written(string piece, int after)
    {
        Write(piece);
        return after;
    }

    private void Write(string piece) => sql.Append(piece).Append(' ');
}
