using System.Globalization;
using System.Text;

namespace Sluice.Sandbox.Databricks.Sql;

/// <summary>
/// Cuts a statement into tokens by the rules of https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-identifiers and
/// data-types/string-type: back-ticked identifiers double their back-ticks, strings escape with a backslash.
/// </summary>
internal static class Tokenizer
{
    // Longest first: what is read must not be cut in two.
    private static readonly string[] Symbols = ["<=>", "||", "<=", ">=", "<>", "!=", "==", "::", "->", "=>", "<<", ">>"];

    public static Token[] Read(string text)
    {
        List<Token> tokens = [];
        var at = 0;
        while (SkipBlank(text, ref at))
        {
            var start = at;
            tokens.Add(Next(text, ref at, start));
        }

        tokens.Add(new(TokenKind.End, "end of input", text.Length, text.Length));
        return [.. tokens];
    }

    private static Token Next(string text, ref int at, int start)
    {
        var first = text[at];
        if (first == '`') return new(TokenKind.Quoted, Quoted(text, ref at), start, at);
        if (first is '\'' or '"') return new(TokenKind.String, String(text, ref at), start, at);
        if (first is 'r' or 'R' && at + 1 < text.Length && text[at + 1] is '\'' or '"') return new(TokenKind.String, Raw(text, ref at), start, at);
        if (char.IsAsciiDigit(first) || (first == '.' && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1]))) return Number(text, ref at, start);
        if (IsWordPart(first))
        {
            while (at < text.Length && IsWordPart(text[at])) at++;
            return new(TokenKind.Word, text[start..at], start, at);
        }

        if (first == ':' && at + 1 < text.Length && IsWordPart(text[at + 1]))
        {
            at++;
            while (at < text.Length && IsWordPart(text[at])) at++;
            return new(TokenKind.Parameter, text[(start + 1)..at], start, at);
        }

        var symbol = Array.Find(Symbols, candidate => text.AsSpan(start).StartsWith(candidate, StringComparison.Ordinal)) ?? first.ToString();
        at += symbol.Length;
        return new(TokenKind.Symbol, symbol, start, at);
    }

    private static bool SkipBlank(string text, ref int at)
    {
        while (at < text.Length)
        {
            if (char.IsWhiteSpace(text[at])) at++;
            else if (text.AsSpan(at).StartsWith("--")) at = text.IndexOf('\n', at) is >= 0 and var end ? end + 1 : text.Length;
            else if (text.AsSpan(at).StartsWith("/*")) SkipComment(text, ref at);
            else return true;
        }

        return false;
    }

    private static void SkipComment(string text, ref int at)
    {
        var start = at;
        var depth = 0;
        do
        {
            var rest = text.AsSpan(at);
            if (rest.StartsWith("/*")) depth++;
            else if (rest.StartsWith("*/")) depth--;
            else if (rest.IsEmpty) throw SqlException.Syntax("'/*'", start);
            at += rest.StartsWith("/*") || rest.StartsWith("*/") ? 2 : 1;
        }
        while (depth > 0);
    }

    private static string Quoted(string text, ref int at)
    {
        var start = at++;
        var name = new StringBuilder();
        while (at < text.Length)
        {
            if (text[at] != '`') name.Append(text[at++]);
            else if (at + 1 < text.Length && text[at + 1] == '`')
            {
                name.Append('`');
                at += 2;
            }
            else
            {
                at++;
                return name.Length > 0 ? name.ToString() : throw SqlException.Syntax("'``'", start);
            }
        }

        throw SqlException.Syntax("'`'", start);
    }

    private static string String(string text, ref int at)
    {
        var start = at;
        var quote = text[at++];
        var value = new StringBuilder();
        while (at < text.Length && text[at] != quote)
        {
            if (text[at] == '\\' && at + 1 < text.Length) Escape(text, ref at, value);
            else value.Append(text[at++]);
        }

        if (at >= text.Length) throw SqlException.Syntax(quote.ToString(), start);
        at++;
        return value.ToString();
    }

    private static string Raw(string text, ref int at)
    {
        var start = ++at;
        var end = text.IndexOf(text[start], start + 1);
        if (end < 0) throw SqlException.Syntax(text[start].ToString(), start);
        at = end + 1;
        return text[(start + 1)..end];
    }

    private static void Escape(string text, ref int at, StringBuilder value)
    {
        var escaped = text[at + 1];
        at += 2;
        if (escaped == 'u' && at + 4 <= text.Length && ushort.TryParse(text.AsSpan(at, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var unit))
        {
            value.Append((char)unit);
            at += 4;
            return;
        }

        value.Append(escaped switch
        {
            'n' => "\n",
            't' => "\t",
            'r' => "\r",
            '0' => "\0",
            'b' => "\b",
            // LIKE reads these itself, so the backslash stays.
            '%' => "\\%",
            '_' => "\\_",
            _ => escaped.ToString(),
        });
    }

    private static Token Number(string text, ref int at, int start)
    {
        while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == '.')) at++;
        if (at < text.Length && text[at] is 'e' or 'E')
        {
            var mark = at + 1;
            if (mark < text.Length && text[mark] is '+' or '-') mark++;
            if (mark < text.Length && char.IsAsciiDigit(text[mark]))
            {
                at = mark;
                while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
            }
        }

        // 10L, 1.5D, 2.0BD: the engine infers what the suffix says.
        var end = at;
        while (at < text.Length && IsWordPart(text[at])) at++;
        return new(TokenKind.Number, text[start..end], start, at);
    }

    private static bool IsWordPart(char letter) => char.IsLetterOrDigit(letter) || letter == '_' || char.IsSurrogate(letter);
}
