using System.Collections.Immutable;
using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Sql;

namespace Sluice.Sandbox.Snowflake.History;

/// <summary>Which columns the items of a select list, or an expression, are made of, as far as their names tell.</summary>
internal static class ColumnLineage
{
    /// <summary>The sources of each column a query answers; tables are those it names.</summary>
    public static IReadOnlyList<IReadOnlyList<ColumnSource>> OfQuery(string query, IEnumerable<SchemaObject> tables)
    {
        var tokens = Tokenizer.Read(query);
        var read = tables.ToArray();
        var aliases = Aliases(tokens, read);
        List<IReadOnlyList<ColumnSource>> items = [];
        foreach (var item in Items(tokens))
        {
            if (item.Length > 0 && item[^1].IsSymbol("*"))
            {
                var starred = item.Length > 1 ? read.Where(table => Means(aliases, item[0].Value, table)) : read;
                items.AddRange(starred.SelectMany(table => table.Columns.Select((_, index) => (IReadOnlyList<ColumnSource>)[new(table, index)])));
            }
            else items.Add(OfExpression(item, read, aliases));
        }

        return items;
    }

    public static IReadOnlyList<ColumnSource> OfExpression(string expression, IEnumerable<SchemaObject> tables) =>
        OfExpression([.. Tokenizer.Read(expression).Where(token => token.Kind != TokenKind.End)], [.. tables], new Dictionary<string, SchemaObject>());

    /// <summary>The base columns behind a column: itself, or what a view's query makes it of.</summary>
    public static IEnumerable<ColumnSource> Bases(ColumnSource source, Func<SchemaObject, IReadOnlyList<SchemaObject>> tablesOf, int depth = 0)
    {
        if (!source.Table.Domain.IsView() || source.Table.Body is not { } body || depth > 16) return [source];
        var items = OfQuery(body, tablesOf(source.Table));
        return source.Column < items.Count ? items[source.Column].SelectMany(inner => Bases(inner, tablesOf, depth + 1)).Distinct() : [];
    }

    private static List<ColumnSource> OfExpression(ImmutableArray<Token> tokens, SchemaObject[] tables, IReadOnlyDictionary<string, SchemaObject> aliases)
    {
        List<ColumnSource> sources = [];
        for (var i = 0; i < tokens.Length; i++)
        {
            if (!tokens[i].IsName || (i + 1 < tokens.Length && (tokens[i + 1].IsSymbol("(") || tokens[i + 1].IsSymbol(".")))) continue;
            if (i > 0 && tokens[i - 1].Is("AS")) continue;
            var qualifier = i > 1 && tokens[i - 1].IsSymbol(".") ? tokens[i - 2].Value : null;
            foreach (var table in tables.Where(table => qualifier is null || Means(aliases, qualifier, table)))
            {
                var column = table.Columns.Select((candidate, index) => (candidate, index)).FirstOrDefault(pair => pair.candidate.Name == tokens[i].Value, (null!, -1)).index;
                if (column >= 0 && !sources.Contains(new(table, column))) sources.Add(new(table, column));
            }
        }

        return sources;
    }

    private static bool Means(IReadOnlyDictionary<string, SchemaObject> aliases, string qualifier, SchemaObject table) =>
        aliases.TryGetValue(qualifier, out var meant) ? meant == table : table.Name == qualifier;

    /// <summary>FROM table [AS] alias.</summary>
    private static Dictionary<string, SchemaObject> Aliases(ImmutableArray<Token> tokens, SchemaObject[] tables)
    {
        Dictionary<string, SchemaObject> aliases = [];
        for (var i = 1; i < tokens.Length - 1; i++)
        {
            var table = tokens[i].IsName ? tables.FirstOrDefault(candidate => candidate.Name == tokens[i].Value) : null;
            if (table is null || tokens[i + 1].IsSymbol(".")) continue;
            var alias = tokens[i + 1].Is("AS") && i + 2 < tokens.Length ? tokens[i + 2] : tokens[i + 1];
            if (alias.IsName && !Queries.SelectWords.NoAlias.Contains(alias.Value)) aliases[alias.Value] = table;
        }

        return aliases;
    }

    /// <summary>The items between the first SELECT that is in no parentheses and its FROM.</summary>
    private static IEnumerable<ImmutableArray<Token>> Items(ImmutableArray<Token> tokens)
    {
        var depth = 0;
        var first = -1;
        for (var i = 0; i < tokens.Length; i++)
        {
            depth += tokens[i].IsSymbol("(") ? 1 : tokens[i].IsSymbol(")") ? -1 : 0;
            if (depth > 0) continue;
            if (first < 0)
            {
                if (tokens[i].Is("SELECT")) first = tokens[i + 1].Is("DISTINCT") ? i + 2 : i + 1;
                continue;
            }

            var ends = tokens[i].Is("FROM") || tokens[i].Kind == TokenKind.End || tokens[i].Is("UNION") || tokens[i].Is("WHERE");
            if (!ends && !tokens[i].IsSymbol(",")) continue;
            if (i > first) yield return tokens[first..i];
            if (ends) yield break;
            first = i + 1;
        }
    }
}
