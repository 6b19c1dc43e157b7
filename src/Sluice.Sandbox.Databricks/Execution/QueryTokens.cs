using System.Collections.Immutable;
using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.Execution;

/// <summary>A query's tokens, and what may be read off them without binding anything.</summary>
internal sealed class QueryTokens(string text)
{
    private readonly Token[] tokens = Tokenizer.Read(text);

    public Token this[int at] => tokens[at];

    /// <summary>Where they end, a last semicolon left out.</summary>
    public int Length => tokens.Length - (tokens.Length > 1 && tokens[^2].IsSymbol(";") ? 2 : 1);

    public ReadOnlySpan<Token> All => tokens;

    public ReadOnlySpan<Token> Slice(int start, int end) => tokens.AsSpan(start, end - start);

    /// <summary>Where something first stands outside all parentheses; -1 when nowhere.</summary>
    public int Outside(int start, int end, Predicate<int> meets)
    {
        for (var at = start; at < end; at = tokens[at].IsSymbol("(") ? Close(at) + 1 : at + 1)
        {
            if (meets(at)) return at;
        }

        return -1;
    }

    /// <summary>Whether a query begins here, in parentheses or not.</summary>
    public bool IsQueryStart(int at)
    {
        while (tokens[at].IsSymbol("(")) at++;
        return tokens[at].Is("SELECT") || tokens[at].Is("WITH") || tokens[at].Is("VALUES") || tokens[at].Is("TABLE");
    }

    /// <summary>name AS ( … or name (a, b) AS ( …</summary>
    public bool IsTableExpression(int at)
    {
        var next = at + 1;
        if (tokens[next].IsSymbol("(")) next = Close(next) + 1;
        return tokens[next].Is("AS") && tokens[next + 1].IsSymbol("(");
    }

    /// <summary>The parenthesis that closes one.</summary>
    public int Close(int open)
    {
        var depth = 0;
        for (var at = open; at < Length; at++)
        {
            if (tokens[at].IsSymbol("(")) depth++;
            if (tokens[at].IsSymbol(")") && --depth == 0) return at;
        }

        throw SqlException.Syntax("end of input", tokens[^1].Start);
    }

    /// <summary>The dotted name that begins here, and where it ends.</summary>
    public (SqlName Name, int After) Chain(int at)
    {
        var parts = ImmutableArray.Create(tokens[at].Text);
        while (tokens[at + 1].IsSymbol(".") && tokens[at + 2].IsName)
        {
            at += 2;
            parts = parts.Add(tokens[at].Text);
        }

        return (new(parts), at + 1);
    }

    /// <summary>Whether a query reads no more than one relation.</summary>
    public bool FromHasOne(int start, int end)
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
}
