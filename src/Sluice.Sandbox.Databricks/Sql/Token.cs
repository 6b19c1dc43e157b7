namespace Sluice.Sandbox.Databricks.Sql;

/// <summary>A piece of a statement.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">A word or symbol as written; the content of quoted identifiers and strings; a parameter's name.</param>
/// <param name="Start">Where it begins in the statement.</param>
/// <param name="End">Where it ends.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int Start, int End)
{
    /// <summary>An identifier, in back-ticks or bare.</summary>
    public bool IsName => Kind is TokenKind.Word or TokenKind.Quoted;

    public bool Is(string word) => Kind == TokenKind.Word && string.Equals(Text, word, StringComparison.OrdinalIgnoreCase);

    public bool IsSymbol(string symbol) => Kind == TokenKind.Symbol && Text == symbol;
}

internal enum TokenKind
{
    Word,
    Quoted,
    String,
    Number,
    Parameter,
    Symbol,
    End,
}
