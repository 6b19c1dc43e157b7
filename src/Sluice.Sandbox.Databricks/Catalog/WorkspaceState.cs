using System.Collections.Immutable;
using Sluice.Sandbox.Databricks.Identity;
using Sluice.Sandbox.Databricks.Privileges;

namespace Sluice.Sandbox.Databricks.Catalog;

/// <summary>Everything a request may change, in one immutable value: readers keep the one they began with.</summary>
internal sealed record WorkspaceState(MetastoreObject Metastore, PrincipalDirectory Principals)
{
    /// <summary>Tables that UNDROP may bring back, the last one dropped last.</summary>
    public ImmutableList<DroppedTable> Dropped { get; init; } = [];

    public CatalogObject? Catalog(string name) => Metastore.Catalogs.GetValueOrDefault(Lower(name));

    public Located? Find(SecurableKind kind, params ReadOnlySpan<string> parts)
    {
        if (kind == SecurableKind.Metastore) return new(Metastore);
        if (parts.Length == 0 || Catalog(parts[0]) is not { } catalog) return null;
        if (kind == SecurableKind.Catalog) return parts.Length == 1 ? new(Metastore, catalog) : null;
        if (parts.Length < 2 || !catalog.Schemas.TryGetValue(Lower(parts[1]), out var schema)) return null;
        if (kind == SecurableKind.Schema) return parts.Length == 2 ? new(Metastore, catalog, schema) : null;
        if (parts.Length != 3) return null;
        SecurableObject? leaf = kind == SecurableKind.Table
            ? schema.Tables.Find(Lower(parts[2]))
            : schema.Functions.GetValueOrDefault(Lower(parts[2]));
        return leaf is null ? null : new(Metastore, catalog, schema, leaf);
    }

    /// <summary>Puts a changed securable in the place of the old one.</summary>
    public WorkspaceState Replace(Located at, SecurableObject by)
    {
        switch (by)
        {
            case MetastoreObject metastore:
                return this with { Metastore = metastore };
            case CatalogObject catalog:
                return this with { Metastore = (Metastore with { Catalogs = Metastore.Catalogs.Remove(at.Catalog!.Name) }).With(catalog) };
            case SchemaObject schema:
                return With((at.Catalog! with { Schemas = at.Catalog!.Schemas.Remove(at.Schema!.Name) }).With(schema));
            case TableObject table:
                var tables = at.Leaf is { } old && old.Name != table.Name ? at.Schema!.Tables.Without(old.Name) : at.Schema!.Tables;
                return With(at.Catalog!.With(at.Schema! with { Tables = tables.With(table) }));
            default:
                var functions = at.Leaf is null ? at.Schema!.Functions : at.Schema!.Functions.Remove(at.Leaf.Name);
                return With(at.Catalog!.With(at.Schema! with { Functions = functions.SetItem(by.Name, (FunctionObject)by) }));
        }
    }

    public WorkspaceState Remove(Located at) => at.Kind switch
    {
        SecurableKind.Catalog => this with { Metastore = Metastore with { Catalogs = Metastore.Catalogs.Remove(at.Catalog!.Name) } },
        SecurableKind.Schema => With(at.Catalog! with { Schemas = at.Catalog!.Schemas.Remove(at.Schema!.Name) }),
        SecurableKind.Table => With(at.Catalog!.With(at.Schema! with { Tables = at.Schema!.Tables.Without(at.Leaf!.Name) })),
        _ => With(at.Catalog!.With(at.Schema! with { Functions = at.Schema!.Functions.Remove(at.Leaf!.Name) })),
    };

    private WorkspaceState With(CatalogObject catalog) => this with { Metastore = Metastore.With(catalog) };

    private static string Lower(string name) => name.ToLowerInvariant();
}
