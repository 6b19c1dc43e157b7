using System.Text;
using Sluice.Core.Catalog;
using Sluice.Storage.Databases;

namespace Sluice.Storage.Catalog;

/// <summary>
/// Puts the SQL of one search together. It is one statement, which finds the parent, counts and reads the page: one round trip, from one state.
/// </summary>
internal sealed class ObjectSearch
{
    private const int MaxSize = 1000;

    private readonly List<(string Name, object? Value)> _parameters = [];
    private readonly StringBuilder _where = new();
    private readonly string _place;
    private readonly string _from;
    private readonly string _order;
    private string _isCarried = "false";

    public ObjectSearch(ObjectQuery query, Dialect dialect)
    {
        _place = query.Parent is null
            ? ""
            : $"place AS (SELECT o.id, o.lineage, {ObjectSql.LineageEnd} AS lineage_end FROM ({ObjectSql.Locate(query.Parent)}) hit JOIN data_objects o ON o.id = hit.id),";
        _from = query.Active is null ? "data_objects o" : "data_objects o" + ObjectSql.Above;
        _order = query.Descendants ? "o.lineage" : "o.name_key";
        Scope(query);
        if (query.Parent is { } parent) _parameters.AddRange(ObjectSql.Names(parent));
        if (query.Connections is { } connections) And($"o.connection_id {dialect.In("@connections")}", ("@connections", dialect.List(connections)));
        if (query.Name is { } name) And($"o.name {dialect.Like} @name ESCAPE '\\'", ("@name", Pattern(name)));
        if (query.Kinds is { } kinds) And($"o.kind {dialect.In("@kinds")}", ("@kinds", dialect.List(kinds.Select(k => (long)k))));
        if (query.Tag is { } tag) Tag(tag);
        if (query.Active is { } active) And(active ? ObjectSql.IsActive : $"NOT {ObjectSql.IsActive}");
        _parameters.Add(("@size", Math.Clamp(query.Size, 0, MaxSize)));
        _parameters.Add(("@offset", Math.Max(0, query.Offset)));
    }

    /// <summary>The statement.</summary>
    public string Sql =>
        $"""
        WITH {_place}
        total AS (SELECT count(*) AS objects FROM {_from} WHERE {_where}),
        page AS (SELECT o.id, {_isCarried} AS carried FROM {_from} WHERE {_where} ORDER BY {_order} LIMIT @size OFFSET @offset)
        SELECT {ObjectSql.Columns}, total.objects, page.carried
        FROM total LEFT JOIN page ON true LEFT JOIN data_objects o ON o.id = page.id {ObjectSql.Above} ORDER BY {_order}
        """;

    /// <summary>Its values.</summary>
    public (string Name, object? Value)[] Parameters => [.. _parameters];

    public async Task<ObjectPage> RunAsync(SluiceContext context, CancellationToken cancellationToken)
    {
        var rows = await context.QueryAsync(
            Sql,
            row => (Count: row.GetInt64(ObjectSql.ColumnCount), Hit: row.IsDBNull(0) ? null : ObjectSql.Read(row), IsCarried: !row.IsDBNull(0) && row.GetBoolean(ObjectSql.ColumnCount + 1)),
            cancellationToken, Parameters);
        return new ObjectPage(rows[0].Count, [.. rows.Select(r => r.Hit).OfType<StoredObject>()])
        {
            TaggedByLineage = rows.Where(static r => r.IsCarried).Select(static r => r.Hit!.Id).ToHashSet(),
        };
    }

    private void Scope(ObjectQuery query)
    {
        if (query.Descendants)
        {
            And("NOT o.hidden");
            if (query.Parent is not null) And("o.lineage > (SELECT lineage FROM place) AND o.lineage < (SELECT lineage_end FROM place)");
            return;
        }

        And("NOT o.replaced");
        And(query.Parent is null ? "o.parent_id IS NULL" : "o.parent_id = (SELECT id FROM place)");
        if (query.After is { } after) And("o.name_key > @after", ("@after", NameKey.Of(after)));
    }

    private void Tag(string tag)
    {
        const string has = """
            EXISTS (SELECT 1 FROM object_tags t WHERE t.object_id = o.id AND (t.name = @tag OR (t.name > @below AND t.name < @end)))
            OR EXISTS (SELECT 1 FROM assigned_tags t WHERE t.object_id = o.id AND (t.tag = @tag OR (t.tag > @below AND t.tag < @end)))
            """;
        const string isBrought = "EXISTS (SELECT 1 FROM lineage_tags t WHERE t.object_id = o.id AND (t.tag = @tag OR (t.tag > @below AND t.tag < @end)))";
        const string isNew = "o.discovered_new OR EXISTS (SELECT 1 FROM data_columns n WHERE n.object_id = o.id AND n.discovered_new)";
        var asksForNew = SystemTags.DiscoveredNew == tag || SystemTags.DiscoveredNew.StartsWith($"{tag}.", StringComparison.Ordinal);

        // Every tag below a.b lies between "a.b." and "a.b/": '/' follows '.'.
        var isGiven = asksForNew ? $"({has} OR {isNew})" : $"({has})";
        _isCarried = $"NOT {isGiven}";
        And($"({isGiven} OR {isBrought})", ("@tag", tag), ("@below", $"{tag}."), ("@end", $"{tag}/"));
    }

    private void And(string condition, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (_where.Length > 0) _where.Append(" AND ");
        _where.Append(condition);
        _parameters.AddRange(parameters);
    }

    private static string Pattern(string part)
    {
        var pattern = new StringBuilder("%");
        foreach (var letter in part)
        {
            if (letter is '%' or '_' or '\\') pattern.Append('\\');
            pattern.Append(letter);
        }

        return pattern.Append('%').ToString();
    }
}
