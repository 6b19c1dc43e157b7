using Sluice.Core.Catalog;

namespace Sluice.Platforms.Databricks.Crawling;

/// <summary>
/// The tags of a catalog and its schemas, and how they are handed down: to everything below but columns, and what lies nearer takes the place of a tag of
/// the same name (Databricks documentation, "Apply tags to Unity Catalog securable objects", implicit inheritance in ABAC policies).
/// </summary>
internal sealed class ContainerTags
{
    private readonly IReadOnlyList<ObjectTag> _catalog;
    private readonly Dictionary<string, List<ObjectTag>> _schemas = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<ObjectTag>> _handedDown = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<ObjectTag> _fromCatalog;

    private ContainerTags(IReadOnlyList<ObjectTag> catalog, IEnumerable<(string Schema, ObjectTag Tag)> schemas, string? unknown)
    {
        _catalog = catalog;
        foreach (var (schema, tag) in schemas)
        {
            if (!_schemas.TryGetValue(schema, out var own)) _schemas[schema] = own = [];
            own.Add(tag);
        }

        _fromCatalog = Inherited(catalog);
        foreach (var (schema, own) in _schemas) _handedDown[schema] = Inherited(Merged(own, _fromCatalog));
        Governance = unknown is null ? Governance.Governed : Governance.Unknown;
        Reason = unknown is null
            ? null
            : $"Its tags can't be read, so that a rule on tags could pass it over. {unknown}";
    }

    /// <summary>What is known of everything in the catalog.</summary>
    public Governance Governance { get; }

    /// <summary>Whether tags could not be read, so that those that are stored stay.</summary>
    public bool AreUnread => Governance == Governance.Unknown;

    /// <summary>Why not more is known.</summary>
    public string? Reason { get; }

    /// <summary>The tags of a catalog that were read.</summary>
    public static ContainerTags Known(IReadOnlyList<ObjectTag> catalog, IEnumerable<(string Schema, ObjectTag Tag)> schemas) => new(catalog, schemas, null);

    /// <summary>Tags that can't be read, in Databricks' words.</summary>
    public static ContainerTags Unknown(string why) => new([], [], why);

    /// <summary>Those of the catalog itself.</summary>
    public IReadOnlyList<ObjectTag> OfCatalog => _catalog;

    /// <summary>Those in force on a schema.</summary>
    public IReadOnlyList<ObjectTag> OfSchema(string schema) => _schemas.TryGetValue(schema, out var own) ? Merged(own, _fromCatalog) : _fromCatalog;

    /// <summary>Those in force on a table and its columns.</summary>
    public IReadOnlyList<ObjectTag> OfTable(string schema, IReadOnlyList<ObjectTag> own) =>
        Merged(own, _handedDown.TryGetValue(schema, out var above) ? above : _fromCatalog);

    private static IReadOnlyList<ObjectTag> Merged(IReadOnlyList<ObjectTag> own, IReadOnlyList<ObjectTag> above)
    {
        if (own.Count == 0 || above.Count == 0) return own.Count == 0 ? above : own;
        var keys = own.Where(t => t.Column is null).Select(t => t.Key).ToHashSet(StringComparer.Ordinal);
        return [.. own, .. above.Where(t => !keys.Contains(t.Key))];
    }

    private static List<ObjectTag> Inherited(IReadOnlyList<ObjectTag> tags) => [.. tags.Select(t => t with { Inherited = true })];
}
