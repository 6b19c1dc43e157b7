using Sluice.Core.Catalog;

namespace Sluice.Platforms.Databricks.Crawling;

/// <summary>A catalog with what bears on its tables; makes the discovered objects of all three levels.</summary>
/// <remarks>
/// Unity Catalog honours grants on everything that it lists, so everything is governed. Where tags can't be read a rule on them could pass over
/// what it is meant for: then nothing is proven, with the reason.
/// </remarks>
/// <param name="path">Where the catalog stands.</param>
/// <param name="tags">The tags of the catalog and its schemas.</param>
internal sealed class CatalogContext(ObjectPath path, ContainerTags tags)
{
    /// <summary>Where the catalog stands.</summary>
    public ObjectPath Path => path;

    /// <summary>Its name.</summary>
    public string Name => path.Name;

    /// <summary>A schema.</summary>
    public DiscoveredObject Schema(Wire.SchemaEntry schema) => new()
    {
        Path = path.Child(schema.Name),
        Kind = ObjectKind.Schema,
        NativeId = schema.Id,
        Comment = schema.Comment,
        Tags = tags.OfSchema(schema.Name),
        TagsAreUnread = tags.AreUnread,
        Governance = tags.Governance,
        GovernanceReason = tags.Reason,
    };

    /// <summary>A table.</summary>
    /// <param name="schema">Its schema.</param>
    /// <param name="table">As it was read.</param>
    /// <param name="own">Its own tags and those of its columns.</param>
    /// <param name="lastChanged">When it was last changed, where that is told and says something.</param>
    /// <param name="idIsUnread">Whether its id was not read; see <see cref="DiscoveredObject.NativeIdIsUnread"/>.</param>
    public DiscoveredObject Table(
        string schema, Wire.TableEntry table, IReadOnlyList<ObjectTag> own, string? lastChanged = null, bool idIsUnread = false) => new()
    {
        Path = path.Child(schema).Child(table.Name),
        Kind = table.Kind,
        NativeId = table.Id,
        NativeIdIsUnread = idIsUnread,
        Comment = table.Comment,
        Columns = table.Columns,
        LastChanged = lastChanged,
        Tags = tags.OfTable(schema, own),
        TagsAreUnread = tags.AreUnread,
        Governance = tags.Governance,
        GovernanceReason = tags.Reason,
    };
}
