using System.Collections.Frozen;
using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.Execution;

/// <summary>What a query says of a relation before it is read: only savings, the engine still filters and projects.</summary>
/// <param name="Columns">Every name in the query, lower case; null when it asks for all columns.</param>
/// <param name="Equal">Columns that the WHERE clause ties to one text.</param>
internal sealed record RelationHints(FrozenSet<string>? Columns, IReadOnlyDictionary<string, string> Equal)
{
    private static readonly Dictionary<string, string> Nothing = [];

    public bool Wants(string column) => Columns is null || Columns.Contains(column);

    public static FrozenSet<string>? ColumnsOf(ReadOnlySpan<Token> tokens)
    {
        HashSet<string> names = [];
        for (var index = 0; index < tokens.Length; index++)
        {
            if (tokens[index].IsName) names.Add(tokens[index].Text.ToLowerInvariant());
            // A star is a projection after these, and a product or count(*) elsewhere.
            if (tokens[index].IsSymbol("*") && index > 0 && (tokens[index - 1].IsSymbol(".") || tokens[index - 1].IsSymbol(",") || tokens[index - 1].Is("SELECT") || tokens[index - 1].Is("DISTINCT") || tokens[index - 1].Is("ALL"))) return null;
            if (tokens[index].IsSymbol("*") && index > 1 && tokens[index - 1].IsSymbol("(") && tokens[index - 2].Is("STRUCT")) return null;
            if (tokens[index].Is("TABLE")) return null;
        }

        return names.ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>The conjuncts column = 'text' of a region's WHERE clause; none as soon as an OR may undo them.</summary>
    public static IReadOnlyDictionary<string, string> EqualIn(ReadOnlySpan<Token> region, Func<string, string?> parameter)
    {
        Dictionary<string, string> found = [];
        var depth = 0;
        var conjunct = -1;
        for (var index = 0; index <= region.Length; index++)
        {
            var token = index < region.Length ? region[index] : new(TokenKind.End, "", 0, 0);
            if (token.IsSymbol("(")) depth++;
            if (token.IsSymbol(")")) depth--;
            if (depth > 0) continue;
            if (token.Is("OR") || token.Is("UNION") || token.Is("INTERSECT") || token.Is("EXCEPT") || token.Is("MINUS")) return Nothing;
            var ends = token.Kind == TokenKind.End || token.Is("AND") || token.Is("GROUP") || token.Is("HAVING") || token.Is("ORDER") || token.Is("LIMIT") || token.Is("QUALIFY") || token.Is("WINDOW");
            if (ends && conjunct >= 0) Add(found, region[conjunct..index], parameter);
            if (token.Is("WHERE") || (token.Is("AND") && conjunct >= 0)) conjunct = index + 1;
            else if (ends) conjunct = -1;
        }

        return found;
    }

    private static void Add(Dictionary<string, string> found, ReadOnlySpan<Token> conjunct, Func<string, string?> parameter)
    {
        if (conjunct.Length is not (3 or 5) || !(conjunct[^2].IsSymbol("=") || conjunct[^2].IsSymbol("=="))) return;
        if (!conjunct[^3].IsName || (conjunct.Length == 5 && !(conjunct[0].IsName && conjunct[1].IsSymbol(".")))) return;
        var value = conjunct[^1].Kind switch
        {
            TokenKind.String => conjunct[^1].Text,
            TokenKind.Parameter => parameter(conjunct[^1].Text),
            _ => null,
        };
        if (value is not null) found[conjunct[^3].Text.ToLowerInvariant()] = value;
    }
}
