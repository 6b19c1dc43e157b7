using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Sluice.Sandbox.Snowflake.Sql;

namespace Sluice.Sandbox.Snowflake.Scripting;

/// <summary>
/// A piece of a script that the SQL of the sandbox evaluates. Variables stand in it as :name, and in expressions by their name alone
/// (https://docs.snowflake.com/en/developer-guide/snowflake-scripting/variables).
/// </summary>
/// <param name="Sql">The script it is a part of.</param>
/// <param name="Tokens">Its own tokens.</param>
/// <param name="IsExpression">True where names alone may be variables.</param>
internal sealed record ScriptPart(string Sql, ImmutableArray<Token> Tokens, bool IsExpression)
{
    public int At => Tokens[0].Start;

    public string Text => Sql[At..Tokens[^1].End];

    /// <summary>The tokens of INTO and what follows it, which are not SQL.</summary>
    public Range Left { get; init; }

    /// <summary>The names with a colon before them, each with where it stands.</summary>
    public IEnumerable<(int Index, Token Name)> Bound =>
        Enumerable.Range(0, Tokens.Length).Where(index => IsBind(index) && !IsLeft(index)).Select(index => (index, Tokens[index + 1]));

    /// <summary>The text with numbered binds in place of variables, and the values of these as SQL constants.</summary>
    /// <param name="constantOf">The constant for a name, or for a column of a row; null where the name is no variable.</param>
    /// <param name="given">The values for question marks.</param>
    public (string Text, List<string> Binds) With(Func<string, string?, string?> constantOf, IReadOnlyList<string> given)
    {
        var text = new StringBuilder();
        List<string> binds = [];
        var (copied, marks) = (At, 0);
        var queries = new Stack<bool>([false]);
        for (var i = 0; i < Tokens.Length; i++)
        {
            var token = Tokens[i];
            if (token.IsSymbol("(")) queries.Push(queries.Peek() || (i + 1 < Tokens.Length && (Tokens[i + 1].Is("SELECT") || Tokens[i + 1].Is("WITH"))));
            else if (token.IsSymbol(")") && queries.Count > 1) queries.Pop();
            var end = 0;
            string? constant = null;
            if (IsLeft(i)) end = token.End;
            else if (token is { Kind: TokenKind.Bind, Value: "" } && marks < given.Count) (constant, end) = (given[marks++], token.End);
            else if (IsBind(i))
            {
                constant = constantOf(Tokens[i + 1].Value, null);
                end = Tokens[++i].End;
            }
            else if (IsExpression && !queries.Peek() && IsPlain(i) && (constant = Value(constantOf, ref i)) is not null) end = Tokens[i].End;
            if (end == 0 || (constant is null && !IsLeft(i))) continue;
            text.Append(Sql, copied, token.Start - copied);
            copied = end;
            if (constant is null) continue;
            binds.Add(constant);
            text.Append(CultureInfo.InvariantCulture, $" :{binds.Count}");
        }

        return (text.Append(Sql, copied, Tokens[^1].End - copied).ToString(), binds);
    }

    /// <summary>The tokens for a parser that is to say whether this is a statement at all: a text stands for each variable.</summary>
    public ImmutableArray<Token> Sample()
    {
        var sample = ImmutableArray.CreateBuilder<Token>();
        for (var i = 0; i < Tokens.Length; i++)
        {
            if (IsLeft(i)) continue;
            var token = Tokens[i];
            if (IsBind(i)) sample.Add(new(TokenKind.Text, "X", token.Start, Tokens[++i].End));
            else sample.Add(token.Kind == TokenKind.Variable ? token with { Kind = TokenKind.Text, Value = "X" } : token);
        }

        sample.Add(new(TokenKind.End, "<EOF>", Tokens[^1].End, Tokens[^1].End));
        return sample.ToImmutable();
    }

    /// <summary>A colon right before a name, that isn't the path into a VARIANT: that stands right after what it is a path of.</summary>
    private bool IsBind(int index)
    {
        if (!Tokens[index].IsSymbol(":") || index + 1 >= Tokens.Length || !Tokens[index + 1].IsName || Tokens[index + 1].Start != Tokens[index].End) return false;
        return index == 0 || Tokens[index - 1].End != Tokens[index].Start || !(Tokens[index - 1].IsName || Tokens[index - 1].IsSymbol(")") || Tokens[index - 1].IsSymbol("]"));
    }

    private bool IsLeft(int index) => index >= Left.Start.Value && index < Left.End.Value;

    private bool IsPlain(int index)
    {
        if (!Tokens[index].IsName) return false;
        var isAfter = index > 0 && (Tokens[index - 1].IsSymbol(".") || Tokens[index - 1].IsSymbol("::") || Tokens[index - 1].IsSymbol(":") || Tokens[index - 1].Is("AS"));
        return !isAfter && !Follows(index, "(") && !Follows(index, "=>");
    }

    private string? Value(Func<string, string?, string?> constantOf, ref int index)
    {
        var name = Tokens[index].Value;
        if (!Follows(index, ".")) return constantOf(name, null);
        if (index + 2 >= Tokens.Length || !Tokens[index + 2].IsName || Follows(index + 2, ".") || Follows(index + 2, "(")) return null;
        if (constantOf(name, Tokens[index + 2].Value) is not { } constant) return null;
        index += 2;
        return constant;
    }

    private bool Follows(int index, string symbol) => index + 1 < Tokens.Length && Tokens[index + 1].IsSymbol(symbol);
}
