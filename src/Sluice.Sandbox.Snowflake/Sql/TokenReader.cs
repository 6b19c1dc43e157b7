using System.Collections.Immutable;
using System.Globalization;
using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Sql;

/// <summary>Reads tokens one after the other; what every parser of a statement is made from.</summary>
internal sealed class TokenReader(string sql, ImmutableArray<Token> tokens)
{
    public TokenReader(string sql)
        : this(sql, Tokenizer.Read(sql))
    {
    }

    public string Sql => sql;

    public int Position { get; private set; }

    public Token Current => tokens[Position];

    public bool AtEnd => Current.Kind == TokenKind.End || Current.IsSymbol(";");

    public Token Peek(int ahead = 1) => tokens[Math.Min(Position + ahead, tokens.Length - 1)];

    public Token Take()
    {
        var token = Current;
        if (token.Kind != TokenKind.End) Position++;
        return token;
    }

    /// <summary>True when these words stand here, one after the other.</summary>
    public bool IsAt(params ReadOnlySpan<string> words)
    {
        for (var i = 0; i < words.Length; i++)
        {
            if (!Peek(i).Is(words[i])) return false;
        }

        return true;
    }

    /// <summary>Takes these words if they stand here.</summary>
    public bool Accept(params ReadOnlySpan<string> words)
    {
        if (!IsAt(words)) return false;
        Position += words.Length;
        return true;
    }

    public bool AcceptAny(params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (Accept(word)) return true;
        }

        return false;
    }

    public bool AcceptSymbol(string symbol)
    {
        if (!Current.IsSymbol(symbol)) return false;
        Position++;
        return true;
    }

    public void Expect(params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (!Accept(word)) throw Unexpected();
        }
    }

    public void ExpectSymbol(string symbol)
    {
        if (!AcceptSymbol(symbol)) throw Unexpected();
    }

    public void ExpectEnd()
    {
        if (!AtEnd) throw Unexpected();
    }

    public string ReadIdentifier()
    {
        if (Accept("IDENTIFIER") && AcceptSymbol("("))
        {
            var inner = ReadText();
            ExpectSymbol(")");
            return ObjectName.Parse(inner).Name;
        }

        return Current.IsName ? Take().Value : throw Unexpected();
    }

    public ObjectName ReadName()
    {
        if (IsAt("IDENTIFIER") && Peek().IsSymbol("("))
        {
            Position += 2;
            var inner = ReadText();
            ExpectSymbol(")");
            return ObjectName.Parse(inner);
        }

        List<string> parts = [ReadIdentifier()];
        while (AcceptSymbol("."))
        {
            // db..table means the schema PUBLIC of the database.
            parts.Add(Current.IsSymbol(".") ? "PUBLIC" : ReadIdentifier());
        }

        return parts.Count <= 3 ? ObjectName.Of(parts) : throw Unexpected();
    }

    public string ReadText() => Current.Kind == TokenKind.Text ? Take().Value : throw Unexpected();

    public int ReadInteger() => Current.Kind == TokenKind.Number && int.TryParse(Current.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? Advance(number)
        : throw Unexpected();

    public SqlType ReadType()
    {
        if (!Current.IsName) throw Unexpected();
        var name = Take().Value;
        if (name == "DOUBLE") Accept("PRECISION");
        List<int> arguments = [];
        if (AcceptSymbol("("))
        {
            if (name is "ARRAY" or "MAP" or "OBJECT") SkipToClosing();
            else
            {
                do arguments.Add(ReadInteger());
                while (AcceptSymbol(","));
                ExpectSymbol(")");
            }
        }

        return SqlType.Named(name, arguments) ?? throw new SnowflakeException("002040", "42601", $"SQL compilation error:\nUnsupported data type '{name}'.");
    }

    /// <summary>A kind of object, such as ROW ACCESS POLICY.</summary>
    public Domain ReadDomain() => TryReadDomain() ?? throw Unexpected();

    public Domain? TryReadDomain()
    {
        foreach (var domain in Domains.LongestFirst)
        {
            if (Accept(domain.Sql().Split(' '))) return domain;
        }

        return null;
    }

    public Domain ReadPluralDomain()
    {
        foreach (var domain in Domains.LongestFirst)
        {
            if (Accept(domain.Plural().Split(' '))) return domain;
        }

        throw Unexpected();
    }

    /// <summary>The tokens of a balanced pair of parentheses that stands here, without the pair.</summary>
    public (int First, int End) ReadParenthesised()
    {
        ExpectSymbol("(");
        var first = Position;
        SkipToClosing();
        return (first, Position - 1);
    }

    /// <summary>The text from here to the end of the statement.</summary>
    public string ReadRest()
    {
        var start = Current.Start;
        var end = start;
        while (!AtEnd) end = Take().End;
        return sql[start..end];
    }

    public string TextOf(int first, int end) => end > first ? sql[tokens[first].Start..tokens[end - 1].End] : "";

    public SnowflakeException Unexpected() => SnowflakeException.Syntax(sql, Current.Start, Current.Kind == TokenKind.End ? "<EOF>" : sql[Current.Start..Current.End]);

    public void SkipToClosing()
    {
        for (var depth = 1; depth > 0;)
        {
            if (Current.Kind == TokenKind.End) throw Unexpected();
            var token = Take();
            if (token.IsSymbol("(")) depth++;
            else if (token.IsSymbol(")")) depth--;
        }
    }

    private T Advance<T>(T value)
    {
        Position++;
        return value;
    }
}
