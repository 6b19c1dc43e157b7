using Sluice.Core.Catalog;
using Sluice.Platforms.Databricks.Wire;

namespace Sluice.Platforms.Databricks.Enforcing;

/// <summary>Where paths are in Unity Catalog: below the connection come catalog, schema, and table or view.</summary>
internal static class Places
{
    public const int Catalog = 1;
    public const int Schema = 2;
    public const int Table = 3;

    /// <summary>What privileges on an object of a path are granted on.</summary>
    public static Securable SecurableOf(ObjectPath path) => new(
        path.Depth switch
        {
            Catalog => "catalog",
            Schema => "schema",
            Table => "table",
            _ => throw new ArgumentException($"Nothing is granted on {path}.", nameof(path)),
        },
        string.Join('.', path.Names.Skip(1)));

    /// <summary>The schema of a table.</summary>
    public static ObjectPath SchemaOf(ObjectPath table) => table.Parent!;

    /// <summary>The catalog of a table.</summary>
    public static ObjectPath CatalogOf(ObjectPath table) => table.Parent!.Parent!;
}
