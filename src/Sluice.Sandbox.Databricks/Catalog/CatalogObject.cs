using System.Collections.Immutable;

namespace Sluice.Sandbox.Databricks.Catalog;

/// <summary>A catalog and its schemas.</summary>
internal sealed record CatalogObject : SecurableObject
{
    public CatalogKind Kind { get; init; }

    /// <summary>Of a foreign catalog.</summary>
    public string? ConnectionName { get; init; }

    /// <summary>Of a Delta Sharing catalog.</summary>
    public string? ProviderName { get; init; }

    /// <summary>Of a Delta Sharing catalog.</summary>
    public string? ShareName { get; init; }

    public ImmutableSortedDictionary<string, SchemaObject> Schemas { get; init; } = NoSchemas;

    public CatalogObject With(SchemaObject schema) => this with { Schemas = Schemas.SetItem(schema.Name, schema) };

    public static readonly ImmutableSortedDictionary<string, SchemaObject> NoSchemas =
        ImmutableSortedDictionary.Create<string, SchemaObject>(StringComparer.Ordinal);
}
