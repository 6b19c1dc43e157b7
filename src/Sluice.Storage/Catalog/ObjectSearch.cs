using System.Text;
using Sluice.Core.Catalog;
using Sluice.Storage.Databases;

namespace Sluice.Storage.Catalog;

/// <summary>Puts the SQL of one search together. The same conditions count and read the page.</summary>
internal sealed class ObjectSearch
{
    private const int MaxSize = 1000;

    private readonly List<(string Name, object? Value)> _parameters = [];
    private readonly StringBuilder _where = new();
    private readonly string _from;
    private readonly string _order;
    private readonly ObjectQuery _query;

    public ObjectSearch(ObjectQuery query, string? parentLineage, long? parentId, Dialect dialect)
    {
        _query = query;
        _from = query.Active is null ? "data_objects o" : "data_objects o" + ObjectSql.Above;
        _order = query.Descendants ? "o.lineage" : "o.name_key";
        Scope(parentLineage, parentId);
        if (query.Connections is { } connections) And($"o.connection_id {dialect.In("@connections")}", ("@connections", dialect.List(connections)));
        if (query.Name is { } name) And($"o.name {dialect.Like} @name ESCAPE '\\'", ("@name", Pattern(name)));
        if (query.Kinds is { } kinds) And($"o.kind {dialect.In("@kinds")}", ("@kinds", dialect.List(kinds.Select(k => (long)k))));
        if (query.Tag is { } tag) Tag(tag);
        if (query.Active is { } active) And(active ? ObjectSql.IsActive : $"NOT {ObjectSql.IsActive}");
    }

    public async Task<ObjectPage> RunAsync(SluiceContext context, CancellationToken cancellationToken)
    {
        var count = await context.NumberAsync($"SELECT count(*) FROM {_from} WHERE {_where}", cancellationToken, [.. _parameters]) ?? 0;
        if (count <= _query.Offset) return new ObjectPage(count, []);
        var hits = await context.QueryAsync(
            $"""
            WITH page AS (SELECT o.id FROM {_from} WHERE {_where} ORDER BY {_order} LIMIT @size OFFSET @offset)
            SELECT {ObjectSql.Columns} FROM page JOIN data_objects o ON o.id = page.id {ObjectSql.Above} ORDER BY {_order}
            """,
            ObjectSql.Read, cancellationToken,
            [.. _parameters, ("@size", Math.Clamp(_query.Size, 0, MaxSize)), ("@offset", _query.Offset)]);
        return new ObjectPage(count, hits);
    }

    private void Scope(string? parentLineage, long? parentId)
    {
        if (_query.Descendants)
        {
            And("NOT o.hidden");
            if (parentLineage is not null) And(Lineage.Below, Lineage.Range(parentLineage));
            return;
        }

        And("NOT o.replaced");
        if (parentId is null) And("o.parent_id IS NULL");
        else And("o.parent_id = @parent", ("@parent", parentId));
    }

    private void Tag(string tag)
    {
        const string carries = "EXISTS (SELECT 1 FROM object_tags t WHERE t.object_id = o.id AND (t.name = @tag OR (t.name > @below AND t.name < @end)))";
        const string isNew = "o.discovered_new OR EXISTS (SELECT 1 FROM data_columns n WHERE n.object_id = o.id AND n.discovered_new)";
        var asksForNew = SystemTags.DiscoveredNew == tag || SystemTags.DiscoveredNew.StartsWith($"{tag}.", StringComparison.Ordinal);

        // Every tag below a.b lies between "a.b." and "a.b/": '/' follows '.'.
        And(asksForNew ? $"({carries} OR {isNew})" : carries, ("@tag", tag), ("@below", $"{tag}."), ("@end", $"{tag}/"));
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
