using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Identity;

namespace Sluice.Sandbox.Databricks.Privileges;

/// <summary>
/// The privilege model, from https://docs.databricks.com/aws/en/data-governance/unity-catalog/access-control/permissions-concepts:
/// privileges inherit downwards; an owner holds all of them on the object itself and may grant on all it contains; a metastore
/// admin may grant everywhere and reads nothing by that alone.
/// </summary>
internal sealed class AccessRules(WorkspaceState state, Caller caller)
{
    private readonly bool metastoreAdmin = caller.IsSystem || caller.Names.Contains(state.Metastore.Owner);

    public Caller Caller => caller;

    public bool IsMetastoreAdmin => metastoreAdmin;

    public Holding OnMetastore() => new()
    {
        Held = Granted(state.Metastore),
        Owns = metastoreAdmin,
        IsMetastoreAdmin = metastoreAdmin,
        Reachable = true,
    };

    public Holding On(CatalogObject catalog)
    {
        var held = Granted(catalog);
        return new()
        {
            // ALL PRIVILEGES has what its own object knows: of these, only a catalog knows BROWSE, which then reaches down.
            Held = held.HasFlag(Privilege.AllPrivileges) ? held | Privilege.Browse : held,
            Owns = Owns(catalog),
            IsMetastoreAdmin = metastoreAdmin,
            Reachable = true,
        };
    }

    public Holding On(Holding above, CatalogObject catalog, SchemaObject schema) => new()
    {
        // In the system catalog, USE SCHEMA on the catalog opens no schema: it's granted on each.
        Held = Granted(schema) | (catalog.Kind == CatalogKind.System ? above.Held & ~(Privilege.UseSchema | Privilege.AllPrivileges) : above.Held),
        Owns = Owns(schema),
        OwnsAbove = above.Owns,
        IsMetastoreAdmin = metastoreAdmin,
        Reachable = above.Has(Privilege.UseCatalog),
        Missing = above.Has(Privilege.UseCatalog) ? null : (Privilege.UseCatalog, "Catalog", catalog.Name),
    };

    public Holding On(Holding above, CatalogObject catalog, SchemaObject schema, SecurableObject leaf) => new()
    {
        Held = Granted(leaf) | above.Held,
        Owns = Owns(leaf),
        OwnsAbove = above.OwnsAbove || (above.Owns && above.Reachable),
        IsMetastoreAdmin = metastoreAdmin,
        Reachable = above.Can(Privilege.UseSchema),
        Missing = above.Missing ?? (above.Has(Privilege.UseSchema) ? null : (Privilege.UseSchema, "Schema", $"{catalog.Name}.{schema.Name}")),
    };

    public Holding On(Located at)
    {
        if (at.Catalog is null) return OnMetastore();
        var holding = On(at.Catalog);
        if (at.Schema is null) return holding;
        holding = On(holding, at.Catalog, at.Schema);
        return at.Leaf is null ? holding : On(holding, at.Catalog, at.Schema, at.Leaf);
    }

    /// <summary>On the system catalog only someone who is both metastore and account admin may grant.</summary>
    public bool MayGrant(Located at) => at.Catalog?.Kind == CatalogKind.System
        ? metastoreAdmin && caller.IsAccountAdmin
        : On(at).Manages || (at.Catalog is null && caller.IsAccountAdmin);

    /// <summary>EXTERNAL USE SCHEMA lets data out: nobody gives it but the catalog's owner.</summary>
    public bool MayGrantExternalUse(Located at) => at.Catalog is { } catalog && Owns(catalog);

    private bool Owns(SecurableObject securable) => caller.IsSystem || caller.Names.Contains(securable.Owner);

    private Privilege Granted(SecurableObject securable)
    {
        var held = Privilege.None;
        if (securable.Grants.IsEmpty) return held;
        foreach (var (principal, grant) in securable.Grants)
        {
            if (caller.Names.Contains(principal)) held |= grant.Held;
        }

        return held;
    }
}
