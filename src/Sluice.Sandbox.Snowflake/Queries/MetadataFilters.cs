using System.Collections.Immutable;
using Sluice.Sandbox.Snowflake.Sql;

namespace Sluice.Sandbox.Snowflake.Queries;

/// <summary>
/// What a query's WHERE says for certain about schema and table names, so that metadata it can't ask for isn't computed. Only plain
/// comparisons joined by AND in a query with one SELECT count; anything else filters nothing here, and the engine does it all.
/// </summary>
internal sealed class MetadataFilters
{
    private readonly Dictionary<string, HashSet<string>> allowed = new(StringComparer.Ordinal);

    public static MetadataFilters Of(ImmutableArray<Token> tokens)
    {
        var filters = new MetadataFilters();
        if (tokens.Count(token => token.Is("SELECT")) != 1 || tokens.Any(token => token.Is("OR") || token.Is("JOIN"))) return filters;
        var inWhere = false;
        for (var i = 0; i + 2 < tokens.Length; i++)
        {
            inWhere |= tokens[i].Is("WHERE");
            if (tokens[i].Is("GROUP") || tokens[i].Is("HAVING") || tokens[i].Is("ORDER")) inWhere = false;
            if (inWhere && (tokens[i].Is("WHERE") || tokens[i].Is("AND"))) filters.Read(tokens, i + 1);
        }

        return filters;
    }

    public bool Allows(string column, string value) => !allowed.TryGetValue(column, out var values) || values.Contains(value);

    /// <summary>The only values a column can have; null where any may come.</summary>
    public IReadOnlySet<string>? Of(string column) => allowed.GetValueOrDefault(column);

    private void Read(ImmutableArray<Token> tokens, int at)
    {
        if (tokens[at].IsName && tokens[at + 1].IsSymbol(".")) at += 2;
        if (!tokens[at].IsName || at + 2 >= tokens.Length) return;
        var column = tokens[at].Value;
        if (tokens[at + 1].IsSymbol("=") && tokens[at + 2].Kind == TokenKind.Text && Ends(tokens, at + 3)) Add(column, [tokens[at + 2].Value]);
        if (!tokens[at + 1].Is("IN") || !tokens[at + 2].IsSymbol("(")) return;
        HashSet<string> values = [];
        for (at += 3; tokens[at].Kind == TokenKind.Text; at += 2)
        {
            values.Add(tokens[at].Value);
            if (!tokens[at + 1].IsSymbol(",")) break;
        }

        if (values.Count > 0 && tokens[at + 1].IsSymbol(")") && Ends(tokens, at + 2)) Add(column, values);
    }

    private static bool Ends(ImmutableArray<Token> tokens, int at) =>
        tokens[at].Kind is TokenKind.End || tokens[at].Is("AND") || tokens[at].Is("ORDER") || tokens[at].Is("GROUP") || tokens[at].Is("LIMIT") || tokens[at].IsSymbol(")") || tokens[at].IsSymbol(";");

    private void Add(string column, HashSet<string> values)
    {
        if (allowed.TryGetValue(column, out var known)) known.IntersectWith(values);
        else allowed[column] = values;
    }
}
