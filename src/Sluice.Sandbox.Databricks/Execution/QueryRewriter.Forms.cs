using System.Collections.Immutable;
using Sluice.Sandbox.Databricks.Execution.Dialect;
using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.Execution;

/// <summary>The expressions whose form differs: casts, patterns, lambdas, joined texts and qualified columns.</summary>
internal sealed partial class QueryRewriter
{
    /// <summary>Where the operand that was written last begins; -1 when what came last is none.</summary>
    private int operand = -1;

    private bool IsOperand(int at) => tokens[at].Kind switch
    {
        // DATE '2026-05-04' is one operand, of which the text is the second half.
        TokenKind.String => at == 0 || !(tokens[at - 1].Is("DATE") || tokens[at - 1].Is("TIMESTAMP") || tokens[at - 1].Is("TIMESTAMP_NTZ") || tokens[at - 1].Is("INTERVAL") || tokens[at - 1].Is("X")),
        TokenKind.Number or TokenKind.Parameter or TokenKind.Quoted => true,
        TokenKind.Word => !tokens[at].Is("END"),
        _ => tokens[at].IsSymbol("(") && !(at > 0 && tokens[at - 1].Is("OVER")),
    };

    /// <summary>Writes what begins here if it is one of these forms, and answers where it ends; -1 otherwise.</summary>
    private int Form(int at, int end, ImmutableHashSet<string> tables)
    {
        var token = tokens[at];
        if (token.Kind == TokenKind.Word && at + 1 < end && tokens[at + 1].IsSymbol("->")) return Lambda(at, at);
        if (token.Kind != TokenKind.Word) return -1;
        if ((token.Is("CAST") || token.Is("TRY_CAST")) && at + 1 < end && tokens[at + 1].IsSymbol("(")) return Cast(at + 1, token.Is("TRY_CAST"), tables);
        if (token.Is("EXISTS") && at + 2 < end && tokens[at + 1].IsSymbol("(") && !tokens.IsQueryStart(at + 2)) return Any(at + 1, tables);
        if (token.Is("X") && tokens[at + 1].Kind == TokenKind.String && tokens[at + 1].Start == token.End) return Written($"unhex({EngineQuoting.Literal(tokens[at + 1].Text)})", at + 2);
        if (token.Is("DIV")) return Written("//", at + 1);
        if (at == 0 || !FollowsOperand(at)) return -1;
        if (token.Is("LIKE") || token.Is("ILIKE")) return Like(at, end, tables);
        return token.Is("RLIKE") || token.Is("REGEXP") ? Matches(at, end, tables) : -1;
    }

    private bool FollowsOperand(int at)
    {
        var before = tokens[at - 1];
        return before.Is("NOT") || before.IsSymbol(")") || before.IsSymbol("]") || before.Kind is TokenKind.Word or TokenKind.Quoted or TokenKind.String or TokenKind.Number or TokenKind.Parameter;
    }

    /// <summary>CAST(a AS T), TRY_CAST(a AS T).</summary>
    private int Cast(int open, bool isTry, ImmutableHashSet<string> tables)
    {
        var close = tokens.Close(open);
        var cut = tokens.Outside(open + 1, close, at => tokens[at].Is("AS"));
        if (cut < 0) throw SqlException.Syntax("')'", tokens[close].Start);
        var (head, tail) = CastForms.Of(SqlType.Parse(text[tokens[cut + 1].Start..tokens[close].Start]), isTry);
        Write($"{head}(");
        Inside(open + 1, cut, tables);
        Write($"{tail})");
        return close + 1;
    }

    /// <summary>a::T, the operand having been written already.</summary>
    private int Shorthand(int at)
    {
        var from = tokens[at + 1].Start;
        var reader = new TokenReader(text[from..]);
        var type = TypeParser.Parse(reader);
        var next = at + 1;
        while (tokens[next].Kind != TokenKind.End && tokens[next].Start < from + reader.Peek.Start) next++;
        var (head, tail) = CastForms.Of(type, isTry: false);
        sql.Insert(operand, $"{head}(");
        return Written($"{tail})", next);
    }

    /// <summary>LIKE escapes by a backslash unless it says otherwise: https://docs.databricks.com/aws/en/sql/language-manual/functions/like.</summary>
    private int Like(int at, int end, ImmutableHashSet<string> tables)
    {
        if (tokens[at + 1].Is("ANY") || tokens[at + 1].Is("ALL") || tokens[at + 1].Is("SOME")) throw SqlException.Unsupported($"The sandbox knows no {tokens[at].Text.ToUpperInvariant()} {tokens[at + 1].Text.ToUpperInvariant()}.");
        Write(tokens[at].Text);
        var next = Pattern(at + 1, end, tables);
        if (next >= end || !tokens[next].Is("ESCAPE")) Write("ESCAPE '\\'");
        return next;
    }

    /// <summary>RLIKE finds its pattern anywhere: https://docs.databricks.com/aws/en/sql/language-manual/functions/rlike.</summary>
    private int Matches(int at, int end, ImmutableHashSet<string> tables)
    {
        Write("SIMILAR TO '(?s:.*)(?:' ||");
        return Written("|| ')(?s:.*)'", Pattern(at + 1, end, tables));
    }

    private int Pattern(int at, int end, ImmutableHashSet<string> tables)
    {
        var next = Emit(at, end, tables);
        while (next < end && (tokens[next].IsSymbol("||") || tokens[next].IsSymbol("::") || Reaches(next)))
        {
            var joins = tokens[next].IsSymbol("||");
            next = Emit(next, end, tables);
            if (joins && next < end) next = Emit(next, end, tables);
        }

        return next;
    }

    /// <summary>exists(array, x -> …): https://docs.databricks.com/aws/en/sql/language-manual/functions/exists.</summary>
    private int Any(int open, ImmutableHashSet<string> tables)
    {
        var close = tokens.Close(open);
        Write("sandbox_any(list_transform(");
        Inside(open + 1, close, tables);
        return Written("))", close + 1);
    }

    private bool IsParameterList(int open) => tokens.Close(open) + 1 is var after && after < tokens.Length && tokens[after].IsSymbol("->");

    /// <summary>x -> … or (x, y) -> …, whose names stand between these tokens.</summary>
    private int Lambda(int first, int last)
    {
        var names = Enumerable.Range(first, last - first + 1).Where(at => tokens[at].IsName).Select(at => EngineQuoting.Identifier(tokens[at].Text));
        return Written($"lambda {string.Join(", ", names)} :", last + 2);
    }

    /// <summary>concat(a, b) as a || b: NULL when one of them is.</summary>
    private int Joined(int open, ImmutableHashSet<string> tables)
    {
        var close = tokens.Close(open);
        var start = open + 1;
        if (start == close) return Written("''", close + 1);
        var isOne = tokens.Outside(start, close, at => tokens[at].IsSymbol(",")) < 0;
        Write(isOne ? "sandbox_text(" : "(");
        while (true)
        {
            var comma = tokens.Outside(start, close, at => tokens[at].IsSymbol(","));
            Write("(");
            Inside(start, comma < 0 ? close : comma, tables);
            Write(")");
            if (comma < 0) return Written(")", close + 1);
            Write("||");
            start = comma + 1;
        }
    }

    // substring(a FROM 2) and position(a IN b) separate what they are given by words.
    private void Arguments(int name, int start, int close, ImmutableHashSet<string> tables)
    {
        string[] words = tokens[name].Is("position") ? ["IN"] : QueryWords.TakesFrom(tokens[name]) ? ["FROM", "FOR"] : [];
        foreach (var word in words)
        {
            var cut = tokens.Outside(start, close, at => tokens[at].Is(word));
            if (cut < 0) continue;
            Inside(start, cut, tables);
            Write(",");
            start = cut + 1;
        }

        Inside(start, close, tables);
    }

    // main.sales.orders.id, where the relation has no other name: the engine knows it as orders.
    private string Column(SqlName name)
    {
        if (Scope is { } function && name.Length > 1 && string.Equals(name.Parts[^2], function.Name, StringComparison.OrdinalIgnoreCase)
            && function.Parameters.Any(parameter => string.Equals(parameter.Name, name.Last, StringComparison.OrdinalIgnoreCase))) return EngineQuoting.Identifier(name.Last);
        foreach (var (full, alias) in bare)
        {
            if (name.Length <= full.Length || !full.AsSpan().SequenceEqual(name.Parts.AsSpan()[..full.Length], StringComparer.OrdinalIgnoreCase)) continue;
            return string.Join('.', name.Parts.AsSpan()[full.Length..].ToArray().Prepend(alias).Select(EngineQuoting.Identifier));
        }

        return string.Join('.', name.Parts.Select(EngineQuoting.Identifier));
    }
}
