using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Identity;

namespace Sluice.Sandbox.Databricks.Privileges;

/// <summary>A group's name wherever it was granted something or owns something: privileges are its own and not its name's.</summary>
internal static class GranteeNames
{
    public static WorkspaceState Renamed(WorkspaceState state, SandboxPrincipal group, string name)
    {
        if (group.Kind != SandboxPrincipalKind.Group) return state;
        // What a schema was born with names no group that was made since.
        var withBorn = group.CreatedBy is null;
        var metastore = Renamed(state.Metastore, group.Name, name);
        foreach (var catalog in state.Metastore.Catalogs.Values) metastore = metastore.With(Renamed(catalog, group.Name, name, withBorn));
        return state with { Metastore = metastore, Dropped = [.. state.Dropped.Select(dropped => dropped with { Table = Renamed(dropped.Table, group.Name, name) })] };
    }

    private static CatalogObject Renamed(CatalogObject catalog, string from, string to, bool withBorn) => Renamed(catalog, from, to) with
    {
        Schemas = catalog.Schemas.SetItems(catalog.Schemas.Values.Select(schema => KeyValuePair.Create(schema.Name, Renamed(schema, from, to) with
        {
            Tables = schema.Tables.Changed(table => Renamed(table, from, to), withBorn),
            Functions = schema.Functions.SetItems(schema.Functions.Values.Select(function => KeyValuePair.Create(function.Name, Renamed(function, from, to)))),
        }))),
    };

    private static T Renamed<T>(T securable, string from, string to)
        where T : SecurableObject
    {
        var granted = securable.Grants.TryGetValue(from, out var grant);
        if (!granted && securable.Owner != from) return securable;
        return securable with
        {
            Owner = securable.Owner == from ? to : securable.Owner,
            Grants = granted ? securable.Grants.Remove(from).SetItem(to, grant!) : securable.Grants,
        };
    }
}
