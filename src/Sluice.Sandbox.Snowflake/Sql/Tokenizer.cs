using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Sql;

/// <summary>Cuts SQL text into tokens by Snowflake's rules for identifiers, string constants, dollar quoting and comments.</summary>
internal sealed class Tokenizer
{
    private static readonly string[] Doubles = ["=>", "->", "::", "||", "<>", "!=", "<=", ">="];

    private readonly string sql;
    private int at;

    private Tokenizer(string sql) => this.sql = sql;

    public static ImmutableArray<Token> Read(string sql)
    {
        var tokenizer = new Tokenizer(sql);
        var tokens = ImmutableArray.CreateBuilder<Token>();
        do tokens.Add(tokenizer.Next());
        while (tokens[^1].Kind != TokenKind.End);
        return tokens.ToImmutable();
    }

    private Token Next()
    {
        SkipBlanks();
        if (at >= sql.Length) return new(TokenKind.End, "<EOF>", sql.Length, sql.Length);
        var start = at;
        var c = sql[at];
        if (c == '\'') return new(TokenKind.Text, ReadText(), start, at);
        if (c == '"') return new(TokenKind.Quoted, ReadQuoted(), start, at);
        if (c == '$') return ReadDollar(start);
        if (char.IsAsciiDigit(c) || (c == '.' && at + 1 < sql.Length && char.IsAsciiDigit(sql[at + 1]))) return ReadNumber(start);
        if (IsWordStart(c)) return ReadWord(start);
        if (c == '?' || (c == ':' && at + 1 < sql.Length && char.IsAsciiDigit(sql[at + 1]))) return ReadBind(start);
        var two = at + 1 < sql.Length ? sql.Substring(at, 2) : "";
        var symbol = Doubles.Contains(two) ? two : c.ToString();
        at += symbol.Length;
        return new(TokenKind.Symbol, symbol, start, at);
    }

    private void SkipBlanks()
    {
        while (at < sql.Length)
        {
            if (char.IsWhiteSpace(sql[at]) || sql[at] == '\uFEFF') at++;
            else if (At("--") || At("//")) SkipPast("\n");
            else if (At("/*")) SkipPast("*/");
            else return;
        }
    }

    private void SkipPast(string end)
    {
        var found = sql.IndexOf(end, Math.Min(at + 2, sql.Length), StringComparison.Ordinal);
        at = found < 0 ? sql.Length : found + end.Length;
    }

    private string ReadText()
    {
        var text = new StringBuilder();
        for (at++; at < sql.Length; at++)
        {
            if (sql[at] == '\\') AppendEscape(text);
            else if (sql[at] != '\'') text.Append(sql[at]);
            else if (at + 1 < sql.Length && sql[at + 1] == '\'') text.Append(sql[at++]);
            else
            {
                at++;
                return text.ToString();
            }
        }

        throw Broken("'");
    }

    private void AppendEscape(StringBuilder text)
    {
        at++;
        if (at >= sql.Length) throw Broken("\\");
        switch (sql[at])
        {
            case 'n': text.Append('\n'); break;
            case 'r': text.Append('\r'); break;
            case 't': text.Append('\t'); break;
            case 'b': text.Append('\b'); break;
            case 'f': text.Append('\f'); break;
            case '0': text.Append('\0'); break;
            case 'u' when at + 4 < sql.Length && ushort.TryParse(sql.AsSpan(at + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var code):
                text.Append((char)code);
                at += 4;
                break;
            default: text.Append(sql[at]); break;
        }
    }

    private string ReadQuoted()
    {
        var name = new StringBuilder();
        for (at++; at < sql.Length; at++)
        {
            if (sql[at] != '"') name.Append(sql[at]);
            else if (at + 1 < sql.Length && sql[at + 1] == '"') name.Append(sql[at++]);
            else
            {
                at++;
                return name.Length > 0 ? name.ToString() : throw Broken("\"\"");
            }
        }

        throw Broken("\"");
    }

    private Token ReadDollar(int start)
    {
        if (At("$$"))
        {
            var end = sql.IndexOf("$$", at + 2, StringComparison.Ordinal);
            if (end < 0) throw Broken("$$");
            at = end + 2;
            return new(TokenKind.Text, sql[(start + 2)..end], start, at);
        }

        at++;
        while (at < sql.Length && IsWordPart(sql[at])) at++;
        if (at == start + 1) throw Broken("$");
        return new(TokenKind.Variable, sql[(start + 1)..at].ToUpperInvariant(), start, at);
    }

    private Token ReadNumber(int start)
    {
        while (at < sql.Length && (char.IsAsciiDigit(sql[at]) || sql[at] == '.')) at++;
        if (at < sql.Length && sql[at] is 'e' or 'E')
        {
            at++;
            if (at < sql.Length && sql[at] is '+' or '-') at++;
            while (at < sql.Length && char.IsAsciiDigit(sql[at])) at++;
        }

        return new(TokenKind.Number, sql[start..at], start, at);
    }

    private Token ReadWord(int start)
    {
        while (at < sql.Length && IsWordPart(sql[at])) at++;
        return new(TokenKind.Word, sql[start..at].ToUpperInvariant(), start, at);
    }

    private Token ReadBind(int start)
    {
        at++;
        while (sql[start] == ':' && at < sql.Length && char.IsAsciiDigit(sql[at])) at++;
        return new(TokenKind.Bind, sql[start] == ':' ? sql[(start + 1)..at] : "", start, at);
    }

    private bool At(string text) => string.CompareOrdinal(sql, at, text, 0, text.Length) == 0;

    private static bool IsWordStart(char c) => char.IsLetter(c) || c == '_';

    private static bool IsWordPart(char c) => char.IsLetterOrDigit(c) || c is '_' or '$';

    private SnowflakeException Broken(string near) => SnowflakeException.Syntax(sql, Math.Min(at, sql.Length), near);
}
