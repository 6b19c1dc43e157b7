namespace Sluice.Sandbox.Snowflake.Sql;

/// <summary>A piece of SQL text. <see cref="Value"/> is what it means: an unquoted identifier in upper case, a string without its quotes.</summary>
internal readonly record struct Token(TokenKind Kind, string Value, int Start, int End)
{
    /// <summary>True for the unquoted word given in upper case.</summary>
    public bool Is(string word) => Kind == TokenKind.Word && Value == word;

    public bool IsSymbol(string symbol) => Kind == TokenKind.Symbol && Value == symbol;

    public bool IsName => Kind is TokenKind.Word or TokenKind.Quoted;
}

internal enum TokenKind
{
    Word,
    Quoted,
    Text,
    Number,
    Symbol,
    Variable,
    Bind,
    End,
}
