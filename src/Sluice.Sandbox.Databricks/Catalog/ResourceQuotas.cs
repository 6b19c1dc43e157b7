using Sluice.Sandbox.Databricks.InformationSchema;

namespace Sluice.Sandbox.Databricks.Catalog;

/// <summary>
/// The quotas of a metastore and what is used of them. A quota is named by the child's type, as table-quota is, in
/// https://docs.databricks.com/aws/en/data-governance/unity-catalog/resource-quotas. What the service itself put there doesn't count.
/// </summary>
internal static class ResourceQuotas
{
    private const string Metastore = "METASTORE";
    private const string Catalog = "CATALOG";
    private const string Schema = "SCHEMA";

    /// <summary>In no order.</summary>
    public static IEnumerable<ResourceQuota> All(WorkspaceState state, SandboxQuotas limits) =>
        OfMetastore(state, limits).Concat(Counted(state).SelectMany(catalog => OfCatalog(catalog, limits).Concat(Counted(catalog).SelectMany(schema => OfSchema(catalog, schema, limits)))));

    public static IEnumerable<ResourceQuota> OfMetastore(WorkspaceState state, SandboxQuotas limits) =>
    [
        new(Metastore, state.Metastore.Id, "catalog", Counted(state).Count(), limits.Catalogs),
        new(Metastore, state.Metastore.Id, "table", Counted(state).Sum(catalog => Counted(catalog).Sum(schema => schema.Tables.Count)), limits.TablesOfMetastore),
    ];

    public static IEnumerable<ResourceQuota> OfCatalog(CatalogObject catalog, SandboxQuotas limits) =>
        [new(Catalog, catalog.Name, "schema", Counted(catalog).Count(), limits.Schemas)];

    public static IEnumerable<ResourceQuota> OfSchema(CatalogObject catalog, SchemaObject schema, SandboxQuotas limits) =>
    [
        new(Schema, $"{catalog.Name}.{schema.Name}", "function", schema.Functions.Count, limits.Functions),
        new(Schema, $"{catalog.Name}.{schema.Name}", "table", schema.Tables.Count, limits.TablesOfSchema),
    ];

    /// <summary>The quota that a state goes beyond at a place, if it does.</summary>
    public static ResourceQuota? Exceeded(WorkspaceState state, Located at, SandboxQuotas limits)
    {
        var asked = OfMetastore(state, limits);
        if (at.Catalog is { } catalog) asked = asked.Concat(OfCatalog(catalog, limits));
        if (at.Schema is { } schema) asked = asked.Concat(OfSchema(at.Catalog!, schema, limits));
        return asked.FirstOrDefault(quota => quota.Count > quota.Limit);
    }

    private static IEnumerable<CatalogObject> Counted(WorkspaceState state) => state.Metastore.Catalogs.Values.Where(catalog => catalog.Kind != CatalogKind.System);

    private static IEnumerable<SchemaObject> Counted(CatalogObject catalog) => catalog.Schemas.Values.Where(schema => schema.Name != InformationRelations.SchemaName);
}
