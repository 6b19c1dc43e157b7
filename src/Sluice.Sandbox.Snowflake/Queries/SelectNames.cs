using System.Collections.Immutable;
using System.Text;
using Sluice.Sandbox.Snowflake.Sql;

namespace Sluice.Sandbox.Snowflake.Queries;

/// <summary>
/// Gives every column of the outermost select list the name Snowflake would: the column's, or the expression's text in upper case.
/// </summary>
internal sealed class SelectNames(string sql, ImmutableArray<Token> tokens, StringBuilder output)
{
    private int first = -1;
    private bool done;

    /// <summary>Told of every token outside parentheses before it is written.</summary>
    public void Visit(int at, bool inSelectList)
    {
        if (done) return;
        if (first < 0)
        {
            if (inSelectList && !tokens[at].Is("DISTINCT") && !tokens[at].Is("ALL")) first = at;
            return;
        }

        // IS [NOT] DISTINCT FROM begins no clause.
        var ends = (tokens[at].Is("FROM") && !tokens[at - 1].Is("DISTINCT")) || tokens[at].Is("UNION") || tokens[at].Is("WHERE") || tokens[at].Is("ORDER") || tokens[at].Is("LIMIT") || tokens[at].Is("INTERSECT") || tokens[at].Is("EXCEPT") || tokens[at].Is("MINUS");
        if (!ends && !tokens[at].IsSymbol(",")) return;
        Name(at);
        done = ends;
        first = ends ? -1 : at + 1;
    }

    public void Finish(int at)
    {
        if (!done && first >= 0) Name(at);
    }

    private void Name(int end)
    {
        if (end <= first) return;
        var last = tokens[end - 1];
        if (last.IsSymbol("*") || HasAlias(end)) return;
        var isName = last.IsName && (end - first == 1 || tokens[end - 2].IsSymbol("."));
        var name = isName && !IsConstant(last, end) ? last.Value : sql[tokens[first].Start..last.End].ToUpperInvariant();
        output.Append(" AS ").Append(EngineNames.Quoted(name));
    }

    private static bool IsConstant(Token token, int end) => end == 1 && (token.Is("TRUE") || token.Is("FALSE") || token.Is("NULL"));

    private bool HasAlias(int end)
    {
        if (end - first < 2 || !tokens[end - 1].IsName) return false;
        var before = tokens[end - 2];
        if (before.Is("AS")) return true;
        return !tokens[end - 1].Is("END") && !tokens[end - 1].Is("NULL")
            && (before.IsName || before.IsSymbol(")") || before.Kind is TokenKind.Text or TokenKind.Number or TokenKind.Bind or TokenKind.Variable)
            && !before.Is("NOT") && !before.Is("IS") && !before.Is("AND") && !before.Is("OR") && !before.Is("LIKE") && !before.Is("THEN") && !before.Is("ELSE");
    }
}
