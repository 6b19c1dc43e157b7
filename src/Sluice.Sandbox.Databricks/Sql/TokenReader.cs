using System.Collections.Immutable;

namespace Sluice.Sandbox.Databricks.Sql;

/// <summary>A cursor over a statement's tokens.</summary>
internal sealed class TokenReader(string text, IReadOnlyDictionary<string, string?>? parameters = null)
{
    private readonly Token[] tokens = Tokenizer.Read(text);
    private int at;

    public Token Peek => tokens[at];

    public Token After => tokens[Math.Min(at + 1, tokens.Length - 1)];

    public int Position => at;

    public Token Next() => Peek.Kind == TokenKind.End ? Peek : tokens[at++];

    public bool IsEnd => Peek.Kind == TokenKind.End || (Peek.IsSymbol(";") && After.Kind == TokenKind.End);

    public SqlException Wrong() => SqlException.Syntax(Peek.Kind == TokenKind.End ? "end of input" : $"'{Peek.Text}'", Peek.Start);

    /// <summary>Takes these words when they all come next.</summary>
    public bool Take(params ReadOnlySpan<string> words)
    {
        for (var index = 0; index < words.Length; index++)
        {
            if (at + index >= tokens.Length || !tokens[at + index].Is(words[index])) return false;
        }

        at += words.Length;
        return true;
    }

    public void Expect(params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (!Take(word)) throw Wrong();
        }
    }

    public bool TakeSymbol(string symbol)
    {
        if (!Peek.IsSymbol(symbol)) return false;
        at++;
        return true;
    }

    /// <summary>In name:type, the colon and the type were read as a parameter marker: only the colon is taken.</summary>
    public void TakeColon()
    {
        if (Peek.Kind == TokenKind.Parameter) tokens[at] = new(TokenKind.Word, Peek.Text, Peek.Start + 1, Peek.End);
        else TakeSymbol(":");
    }

    /// <summary>The end of array&lt;array&lt;int&gt;&gt; was read as a shift: its first half is taken.</summary>
    public bool TakeHalfOf(string symbol)
    {
        if (!Peek.IsSymbol(symbol)) return false;
        tokens[at] = new(TokenKind.Symbol, symbol[1..], Peek.Start + 1, Peek.End);
        return true;
    }

    public void ExpectSymbol(string symbol)
    {
        if (!TakeSymbol(symbol)) throw Wrong();
    }

    public void ExpectEnd()
    {
        if (!IsEnd) throw Wrong();
    }

    public string Identifier() => Peek.IsName ? Next().Text : throw Wrong();

    /// <summary>A string literal, adjacent ones joined, or the parameter that stands for one.</summary>
    public string String()
    {
        if (Peek.Kind == TokenKind.Parameter) return Bound(Next().Text) ?? throw Wrong();
        if (Peek.Kind != TokenKind.String) throw Wrong();
        var value = Next().Text;
        while (Peek.Kind == TokenKind.String) value += Next().Text;
        return value;
    }

    /// <summary>A dotted name.</summary>
    public SqlName Name()
    {
        var parts = ImmutableArray.CreateBuilder<string>();
        do parts.Add(Identifier());
        while (TakeSymbol("."));
        return new(parts.ToImmutable());
    }

    /// <summary>The text from here to the statement's end.</summary>
    public string Rest()
    {
        var start = Peek.Start;
        while (!IsEnd) at++;
        return text[start..tokens[at].Start].TrimEnd();
    }

    /// <summary>The text of an expression, up to a word or symbol outside all parentheses.</summary>
    public string Until(Func<Token, bool> ends)
    {
        var start = Peek.Start;
        var end = start;
        var depth = 0;
        while (!IsEnd && (depth > 0 || !ends(Peek)))
        {
            if (Peek.IsSymbol("(")) depth++;
            if (Peek.IsSymbol(")") && --depth < 0) break;
            end = Next().End;
        }

        return text[start..end];
    }

    public string? Bound(string parameter) => parameters is not null && parameters.TryGetValue(parameter, out var value)
        ? value
        : throw new SqlException("UNBOUND_SQL_PARAMETER", "42P02", $"Found the unbound parameter: {parameter}.");
}
