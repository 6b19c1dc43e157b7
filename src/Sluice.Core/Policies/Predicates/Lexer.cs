using System.Globalization;
using System.Text;
using Sluice.Core.Catalog;

namespace Sluice.Core.Policies.Predicates;

/// <summary>Cuts a text into tokens. What is none becomes <see cref="TokenKind.Unreadable"/>, its problem told, and the rest is read on.</summary>
internal sealed class Lexer(string text, SourceProblems problems)
{
    private readonly List<Token> _tokens = [];
    private int _at;

    /// <summary>The tokens; the last one is the end.</summary>
    internal List<Token> Read()
    {
        while (_at < text.Length)
        {
            var start = _at;
            var c = text[_at];
            if (c is ' ' or '\t' or '\r' or '\n') _at++;
            else if (c == '\'') Quoted(TokenKind.Text, "text");
            else if (c == '"') Quoted(TokenKind.QuotedName, "name");
            else if (char.IsAsciiDigit(c) || (c == '-' && char.IsAsciiDigit(At(1)))) Number();
            else if (Vocabulary.IsNameStart(c)) Name();
            else if (c == '@' && Vocabulary.IsNameStart(At(1)))
            {
                _at++;
                while (Vocabulary.IsNamePart(At(0))) _at++;
                Add(TokenKind.Function, start, text[(start + 1).._at]);
            }
            else if (Symbol() is { } length)
            {
                _at += length;
                Add(TokenKind.Symbol, start, text[start.._at]);
            }
            else Unreadable();
        }

        _tokens.Add(new Token(TokenKind.End, text.Length, "", ""));
        return _tokens;
    }

    private char At(int ahead) => _at + ahead < text.Length ? text[_at + ahead] : '\0';

    private int? Symbol() => (text[_at], At(1)) switch
    {
        ('=', '=') => null,
        ('<', '=') or ('<', '>') or ('>', '=') => 2,
        ('(' or ')' or ',' or '=' or '<' or '>', _) => 1,
        _ => null,
    };

    private void Add(TokenKind kind, int start, string meaning) => _tokens.Add(new Token(kind, start, text[start.._at], meaning));

    private void Reject(int start, string message)
    {
        problems.Add(start, message);
        Add(TokenKind.Unreadable, start, "");
    }

    private void Quoted(TokenKind kind, string what)
    {
        var start = _at++;
        var quote = text[start];
        var meaning = new StringBuilder();
        for (; _at < text.Length; _at++)
        {
            if (text[_at] == quote)
            {
                if (At(1) != quote)
                {
                    _at++;
                    if (kind == TokenKind.QuotedName && ObjectPath.NameProblem(meaning.ToString()) is { } problem) Reject(start, $"this name {problem}");
                    else Add(kind, start, meaning.ToString());
                    return;
                }

                _at++;
            }

            meaning.Append(text[_at]);
        }

        Reject(start, $"the {what} that begins here has no closing {quote}; one inside it is written twice");
    }

    private void Number()
    {
        var start = _at++;
        while (char.IsAsciiDigit(At(0))) _at++;
        if (At(0) == '.' && char.IsAsciiDigit(At(1)))
        {
            _at++;
            while (char.IsAsciiDigit(At(0))) _at++;
        }

        var written = text[start.._at];
        if (Vocabulary.IsNamePart(At(0)) || At(0) == '.')
        {
            while (Vocabulary.IsNamePart(At(0)) || At(0) == '.') _at++;
            Reject(start, "is no number: one is digits, and a point with digits after it if need be, without an exponent");
        }
        else if (!decimal.TryParse(written, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            || Vocabulary.Of(value) != Shortest(written)) Reject(start, "this number can't be kept exactly: write at most 28 digits");
        else Add(TokenKind.Number, start, Vocabulary.Of(value));
    }

    private static string Shortest(string written)
    {
        var digits = written.TrimStart('-').TrimStart('0');
        if (digits.Contains('.')) digits = digits.TrimEnd('0').TrimEnd('.');
        if (digits.Length == 0) return "0";
        return (written[0] == '-' ? "-" : "") + (digits[0] == '.' ? "0" : "") + digits;
    }

    private void Name()
    {
        var start = _at;
        while (Vocabulary.IsNamePart(At(0))) _at++;
        if (_at < text.Length && IsLetter())
        {
            Unreadable(start);
            return;
        }

        var name = text[start.._at];
        if (Vocabulary.Keywords.Contains(name)) Add(TokenKind.Keyword, start, name.ToUpperInvariant());
        else if (ObjectPath.NameProblem(name) is { } problem) Reject(start, $"this name {problem}");
        else Add(TokenKind.Name, start, name);
    }

    private bool IsLetter() => !char.IsAscii(text[_at]) && Rune.TryGetRuneAt(text, _at, out var rune) && Rune.IsLetterOrDigit(rune);

    private void Unreadable() => Unreadable(_at);

    private void Unreadable(int start)
    {
        if (IsLetter() || start < _at)
        {
            while (_at < text.Length && (Vocabulary.IsNamePart(text[_at]) || IsLetter())) _at += char.IsHighSurrogate(text[_at]) ? 2 : 1;
            Reject(start, "a name with other characters than ASCII letters, digits and _ is written in double quotes");
            return;
        }

        var rune = Rune.GetRuneAt(text, start);
        var message = (text[start], At(1)) switch
        {
            ('!', '=') => "unlike is written <>",
            ('=', '=') => "equal is written =",
            ('-', '-') or ('/', '*') => "comments are not part of the language",
            ('|', '|') or ('+' or '*' or '/' or '%' or '-', _) => "there is no arithmetic and no joining of texts in the language",
            ('.', >= '0' and <= '9') => "a number begins with a digit: 0.5",
            ('.', _) => "a column is named alone: without the table in front of it",
            ('`' or '[', _) => "a name with other characters than letters, digits and _ is written in double quotes",
            (';', _) => "one condition is all: nothing ends or follows it",
            ('@', _) => "the name of a function follows @, such as @username",
            _ => $"the character {(rune.Value is > ' ' and < 127 ? $"'{rune}'" : $"U+{rune.Value:X4}")} has no meaning here",
        };
        _at = (text[start], At(1)) switch
        {
            ('-', '-') => After("\n"),
            ('/', '*') => After("*/"),
            ('`', _) => After("`"),
            ('[', _) => After("]"),
            ('!' or '=', '=') or ('|', '|') => start + 2,
            _ => start + rune.Utf16SequenceLength,
        };
        Reject(start, message);
    }

    // What another dialect would have passed over tells nothing more.
    private int After(string end) => text.IndexOf(end, _at + end.Length, StringComparison.Ordinal) is >= 0 and var found ? found + end.Length : text.Length;
}
