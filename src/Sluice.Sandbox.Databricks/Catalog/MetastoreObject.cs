using System.Collections.Immutable;

namespace Sluice.Sandbox.Databricks.Catalog;

/// <summary>The metastore the workspace is attached to; its owner is the metastore admin.</summary>
internal sealed record MetastoreObject : SecurableObject
{
    public required string Cloud { get; init; }

    public required string Region { get; init; }

    public ImmutableSortedDictionary<string, CatalogObject> Catalogs { get; init; } =
        ImmutableSortedDictionary.Create<string, CatalogObject>(StringComparer.Ordinal);

    /// <summary>As current_metastore() spells it.</summary>
    public string GlobalId => $"{Cloud}:{Region}:{Id}";

    public MetastoreObject With(CatalogObject catalog) => this with { Catalogs = Catalogs.SetItem(catalog.Name, catalog) };
}
