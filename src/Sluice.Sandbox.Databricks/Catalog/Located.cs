using Sluice.Sandbox.Databricks.Privileges;

namespace Sluice.Sandbox.Databricks.Catalog;

/// <summary>A securable with the containers it stands in.</summary>
/// <param name="Metastore">Always there.</param>
/// <param name="Catalog">Null for the metastore.</param>
/// <param name="Schema">Null for the metastore and catalogs.</param>
/// <param name="Leaf">The table or function; null above.</param>
internal sealed record Located(MetastoreObject Metastore, CatalogObject? Catalog = null, SchemaObject? Schema = null, SecurableObject? Leaf = null)
{
    public SecurableObject Securable => Leaf ?? Schema ?? (SecurableObject?)Catalog ?? Metastore;

    public SecurableKind Kind => Leaf switch
    {
        TableObject => SecurableKind.Table,
        FunctionObject => SecurableKind.Function,
        _ => Schema is not null ? SecurableKind.Schema : Catalog is not null ? SecurableKind.Catalog : SecurableKind.Metastore,
    };

    public TableObject Table => (TableObject)Leaf!;

    public FunctionObject Function => (FunctionObject)Leaf!;

    public string FullName => Leaf is not null ? $"{Catalog!.Name}.{Schema!.Name}.{Leaf.Name}"
        : Schema is not null ? $"{Catalog!.Name}.{Schema.Name}"
        : Catalog?.Name ?? Metastore.Name;

    /// <summary>From the securable itself up to the metastore.</summary>
    public IEnumerable<Located> Upwards()
    {
        if (Leaf is not null) yield return this;
        if (Schema is not null) yield return this with { Leaf = null };
        if (Catalog is not null) yield return new(Metastore, Catalog);
        yield return new(Metastore);
    }
}
