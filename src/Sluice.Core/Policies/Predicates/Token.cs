namespace Sluice.Core.Policies.Predicates;

/// <summary>A piece of the text.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Its offset.</param>
/// <param name="Written">As it is written.</param>
/// <param name="Meaning">What it says: a text or name without its quotes, a keyword in capitals, a function without its <c>@</c>.</param>
internal readonly record struct Token(TokenKind Kind, int Start, string Written, string Meaning)
{
    internal bool Is(string symbol) => Kind is TokenKind.Symbol or TokenKind.Keyword && Meaning == symbol;
}

/// <summary>What a piece of the text is.</summary>
internal enum TokenKind
{
    /// <summary>A comparison, parenthesis or comma.</summary>
    Symbol,

    /// <summary>One of <see cref="Vocabulary.Keywords"/>.</summary>
    Keyword,

    /// <summary>A name without quotes.</summary>
    Name,

    /// <summary>A name in double quotes.</summary>
    QuotedName,

    /// <summary>A text in single quotes.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary><c>@name</c>.</summary>
    Function,

    /// <summary>No piece of the language; its problem has been told.</summary>
    Unreadable,

    /// <summary>The end.</summary>
    End,
}
