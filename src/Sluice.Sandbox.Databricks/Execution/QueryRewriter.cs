using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.Execution;

/// <summary>
/// Puts a query of Databricks SQL into the embedded engine's words: relations and functions are bound, literals and quotes
/// respelled, all else passes. Whatever the engine would read as a relation is bound first, wherever it stands: a name that reached
/// the engine as it was written would be read past every privilege.
/// </summary>
internal sealed partial class QueryRewriter(string text, RelationBinder relations, FunctionBinder functions)
{
    private readonly QueryTokens tokens = new(text);
    private readonly bool hasColumns = Tokenizer.Read(text).Any(token => token.Is("FROM"));
    private readonly StringBuilder sql = new();
    private readonly List<(ImmutableArray<string> Full, string Alias)> bare = [];
    private FrozenSet<string>? wanted;
    private bool wantedIsRead;

    /// <summary>The function whose body this is, where its parameters may be qualified by its name.</summary>
    public FunctionObject? Scope { get; init; }

    /// <summary>A whole query.</summary>
    public string Query()
    {
        Region(0, tokens.Length, [], isFrom: false);
        return sql.ToString();
    }

    /// <summary>A bare expression, such as a function's body.</summary>
    public string Expression()
    {
        Region(0, tokens.Length, [], isFrom: false);
        return sql.ToString();
    }

    /// <summary>A changing statement, from the token after its target on; MERGE reads a relation after USING.</summary>
    /// <param name="from">The token.</param>
    /// <param name="verb">The statement's verb.</param>
    /// <param name="target">What the target is called in it.</param>
    public string Tail(int from, string verb, ImmutableArray<string> target)
    {
        bare.Add((target, target[^1]));
        if (verb == "MERGE")
        {
            Merge(from, target);
            return sql.ToString();
        }

        if (verb == "INSERT")
        {
            var head = InsertHead.Read(tokens, from);
            Expression(from, head.Query, []);
            Region(head.Query, tokens.Length, [], isFrom: false);
            return sql.ToString();
        }

        // The engine joins other relations to what it updates or deletes; Databricks knows MERGE for that.
        var join = tokens.Outside(from, tokens.Length, at => tokens[at].Is("USING") || (tokens[at].Is("FROM") && !tokens[at - 1].Is("DISTINCT")));
        if (join >= 0) throw SqlException.Syntax($"'{tokens[join].Text}'", tokens[join].Start);
        Setting(from, target);
        return sql.ToString();
    }

    private void Region(int start, int end, ImmutableHashSet<string> tables, bool isFrom)
    {
        if (start < end && QueryWords.IsEngineQuery(tokens[start], tokens[start + 1])) throw SqlException.Syntax($"'{tokens[start].Text}'", tokens[start].Start);
        NoteBare(start, end, isFrom);
        var (from, expects, with) = (isFrom, isFrom, false);
        for (var at = start; at < end;)
        {
            var token = tokens[at];
            if (expects && !token.Is("LATERAL"))
            {
                at = token.IsSymbol("(") ? Group(at, tables, isFrom: true)
                    : token.Is("VALUES") ? Values(at, end, tables)
                    : token.IsName ? Relation(at, end, tables, start)
                    : throw SqlException.Syntax($"'{token.Text}'", token.Start);
                expects = false;
                continue;
            }

            if (at == start && token.Is("WITH")) with = true;
            if (with && token.IsName && tokens.IsTableExpression(at)) tables = tables.Add(token.Text.ToLowerInvariant());
            if (token.Is("SELECT")) with = false;
            if (token.Is("VIEW") && at > start && tokens[at - 1].Is("LATERAL")) throw SqlException.Unsupported("The sandbox knows no LATERAL VIEW.");
            if (token.Is("TABLE"))
            {
                // TABLE t is short for a query of all its columns.
                (from, expects) = (true, true);
                at = Written("SELECT * FROM", at + 1);
                continue;
            }

            if (token.Is("FROM") && !(at > start && tokens[at - 1].Is("DISTINCT"))) (from, expects) = (true, true);
            else if (token.Is("JOIN") || (token.IsSymbol(",") && from)) expects = true;
            else if (QueryWords.EndsFrom(token)) (from, expects) = (false, false);
            at = Emit(at, end, tables);
        }

        if (expects) throw SqlException.Syntax(end < tokens.Length ? $"'{tokens[end].Text}'" : "end of input", tokens[end].Start);
    }

    /// <summary>The rows after VALUES where a relation may stand; the comma between two of them begins no other relation.</summary>
    private int Values(int at, int end, ImmutableHashSet<string> tables)
    {
        Write("(VALUES");
        at++;
        while (true)
        {
            at = at < end && tokens[at].IsSymbol("(") ? Group(at, tables, isFrom: false) : Emit(at, end, tables);
            if (at + 1 >= end || !tokens[at].IsSymbol(",") || !tokens[at + 1].IsSymbol("(")) break;
            at = Written(",", at + 1);
        }

        return Written(")", at);
    }

    private void Expression(int start, int end, ImmutableHashSet<string> tables)
    {
        for (var at = start; at < end;) at = Emit(at, end, tables);
    }

    private int Relation(int at, int end, ImmutableHashSet<string> tables, int start)
    {
        var (name, after) = tokens.Chain(at);
        if (after < end && tokens[after].IsSymbol("("))
        {
            // Every other one is the engine's own, and reads what no privilege was asked for.
            if (!tokens[at].Is("range") || name.Length > 1) throw new SqlException("UNRESOLVABLE_TABLE_VALUED_FUNCTION", "42883", $"Could not resolve {name} to a table-valued function: this stand-in knows range alone.");
            Write("range");
            return Group(after, tables, isFrom: false);
        }

        var local = name.Length == 1 && tables.Contains(name.Last.ToLowerInvariant());
        Write(local ? EngineQuoting.Identifier(name.Last) : relations.Bind(name, Hints(start, end)));
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
                (at, expects) = (tokens.Close(at), false);
            }
            else if (expects && token.IsName && !token.Is("LATERAL"))
            {
                var (name, after) = tokens.Chain(at);
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
        if (tokens[at].IsSymbol("::") && operand >= 0) return Shorthand(at);
        if (Reaches(at)) return Reach(at, tables);
        var start = sql.Length;
        var isOperand = IsOperand(at);
        var next = Unit(at, end, tables);
        operand = isOperand ? start : -1;
        return next;
    }

    private int Unit(int at, int end, ImmutableHashSet<string> tables)
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
                return IsParameterList(at) ? Lambda(at, tokens.Close(at)) : Group(at, tables, isFrom: false);
            case TokenKind.Symbol:
                Write(token.Text switch { "==" => "=", "<=>" => "IS NOT DISTINCT FROM", var other => other });
                return at + 1;
            default:
                return Name(at, end, tables);
        }
    }

    private int Name(int at, int end, ImmutableHashSet<string> tables)
    {
        if (Form(at, end, tables) is >= 0 and var formed) return formed;
        if (Nested(at, end, tables) is >= 0 and var nested) return nested;
        var (name, after) = tokens.Chain(at);
        if (after < end && tokens[after].IsSymbol("(") && (name.Length > 1 || tokens[at].Kind == TokenKind.Quoted || !QueryWords.IsOperator(tokens[at])))
        {
            var called = functions.Bind(name, tokens[after + 1].IsSymbol(")"));
            if (called is { Whole: true }) return Written(called.Sql, after + 2);
            if (called is { Joins: true }) return Joined(after, tables);
            if (called is not null)
            {
                if (called.Function is not null) return Call(called, after, tables);
                Write($"{called.Sql}(");
                var close = tokens.Close(after);
                Arguments(at, after + 1, close, tables);
                Write($"{called.Tail})");
                return close + 1;
            }

            if (name.Length == 1 && QueryWords.TakesFrom(tokens[at]))
            {
                Write($"{tokens[at].Text}(");
                var close = tokens.Close(after);
                Expression(after + 1, close, tables);
                Write(")");
                return close + 1;
            }

            if (name.Length == 1 && tokens[at].Kind == TokenKind.Word)
            {
                // The call stays one operand, so that a cast after it takes all of it.
                Write(Word(at));
                return Group(after, tables, isFrom: false);
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

    private int Group(int open, ImmutableHashSet<string> tables, bool isFrom)
    {
        var close = tokens.Close(open);
        Write("(");
        if (isFrom && !tokens.IsQueryStart(open + 1)) Region(open + 1, close, tables, isFrom: true);
        else Inside(open + 1, close, tables);
        Write(")");
        return close + 1;
    }

    private void Inside(int start, int end, ImmutableHashSet<string> tables) => Region(start, end, tables, isFrom: false);

    private RelationHints Hints(int start, int end)
    {
        var alone = !tokens.Slice(start, end).ToArray().Any(token => token.Is("JOIN")) && tokens.FromHasOne(start, end);
        if (!wantedIsRead) (wanted, wantedIsRead) = (RelationHints.ColumnsOf(tokens.All), true);
        return new(
            wanted,
            alone ? RelationHints.EqualIn(tokens.Slice(start, end), functions.Text) : new Dictionary<string, string>());
    }

    private int Written(string piece, int after)
    {
        Write(piece);
        return after;
    }

    private void Write(string piece) => sql.Append(piece).Append(' ');
}
