using Sluice.Sandbox.Databricks.Commands;
using Sluice.Sandbox.Databricks.Compute;
using Sluice.Sandbox.Databricks.Identity;
using Sluice.Sandbox.Databricks.Statements;
using Sluice.Sandbox.Databricks.UnityCatalog;

namespace Sluice.Sandbox.Databricks.Wire;

/// <summary>Every operation the sandbox knows.</summary>
internal static class OperationTable
{
    private const string Catalog = "/api/2.1/unity-catalog";

    private static readonly Operation[] All =
    [
        new("oidc.discover", "GET", "/oidc/.well-known/oauth-authorization-server", OauthEndpoint.Discover) { IsAnonymous = true },
        new("oidc.token", "POST", "/oidc/v1/token", OauthEndpoint.Token) { IsAnonymous = true },
        new("account.oidc.discover", "GET", "/oidc/accounts/{account_id}/.well-known/oauth-authorization-server", OauthEndpoint.Discover) { IsAnonymous = true },
        new("account.oidc.token", "POST", "/oidc/accounts/{account_id}/v1/token", OauthEndpoint.Token) { IsAnonymous = true },
        new("metastores.summary", "GET", $"{Catalog}/metastore_summary", CatalogOperations.MetastoreSummary),
        new("metastores.current", "GET", $"{Catalog}/current-metastore-assignment", CatalogOperations.CurrentAssignment),
        new("systemSchemas.list", "GET", $"{Catalog}/metastores/{{metastore_id}}/systemschemas", SystemSchemaOperations.List),
        new("systemSchemas.enable", "PUT", $"{Catalog}/metastores/{{metastore_id}}/systemschemas/{{schema_name}}", SystemSchemaOperations.Enable),
        new("systemSchemas.disable", "DELETE", $"{Catalog}/metastores/{{metastore_id}}/systemschemas/{{schema_name}}", SystemSchemaOperations.Disable),
        new("catalogs.list", "GET", $"{Catalog}/catalogs", CatalogOperations.ListCatalogs),
        new("catalogs.get", "GET", $"{Catalog}/catalogs/{{name}}", CatalogOperations.GetCatalog),
        new("catalogs.update", "PATCH", $"{Catalog}/catalogs/{{name}}", ContainerUpdates.UpdateCatalog),
        new("schemas.list", "GET", $"{Catalog}/schemas", CatalogOperations.ListSchemas),
        new("schemas.get", "GET", $"{Catalog}/schemas/{{full_name}}", CatalogOperations.GetSchema),
        new("schemas.update", "PATCH", $"{Catalog}/schemas/{{full_name}}", ContainerUpdates.UpdateSchema),
        new("tables.list", "GET", $"{Catalog}/tables", TableOperations.List),
        new("tables.get", "GET", $"{Catalog}/tables/{{full_name}}", TableOperations.Get),
        new("tables.exists", "GET", $"{Catalog}/tables/{{full_name}}/exists", TableOperations.Exists),
        new("tables.summaries", "GET", $"{Catalog}/table-summaries", TableOperations.Summaries),
        new("functions.list", "GET", $"{Catalog}/functions", CatalogOperations.ListFunctions),
        new("functions.get", "GET", $"{Catalog}/functions/{{name}}", CatalogOperations.GetFunction),
        new("permissions.get", "GET", $"{Catalog}/permissions/{{securable_type}}/{{full_name}}", PermissionOperations.Get),
        new("permissions.update", "PATCH", $"{Catalog}/permissions/{{securable_type}}/{{full_name}}", PermissionOperations.Update),
        new("permissions.effective", "GET", $"{Catalog}/effective-permissions/{{securable_type}}/{{full_name}}", PermissionOperations.GetEffective),
        new("quotas.list", "GET", $"{Catalog}/resource-quotas/all-resource-quotas", QuotaOperations.List),
        new("quotas.get", "GET", $"{Catalog}/resource-quotas/{{parent_securable_type}}/{{parent_full_name}}/{{quota_name}}", QuotaOperations.Get),
        new("tags.create", "POST", $"{Catalog}/entity-tag-assignments", TagOperations.Create),
        new("tags.list", "GET", $"{Catalog}/entity-tag-assignments/{{entity_type}}/{{entity_name}}/tags", TagOperations.List),
        new("tags.get", "GET", $"{Catalog}/entity-tag-assignments/{{entity_type}}/{{entity_name}}/tags/{{tag_key}}", TagOperations.Get),
        new("tags.update", "PATCH", $"{Catalog}/entity-tag-assignments/{{entity_type}}/{{entity_name}}/tags/{{tag_key}}", TagOperations.Update),
        new("tags.delete", "DELETE", $"{Catalog}/entity-tag-assignments/{{entity_type}}/{{entity_name}}/tags/{{tag_key}}", TagOperations.Delete),
        new("statements.execute", "POST", "/api/2.0/sql/statements", StatementOperations.Execute),
        new("statements.execute", "POST", "/api/2.0/sql/statements/", StatementOperations.Execute),
        new("statements.get", "GET", "/api/2.0/sql/statements/{statement_id}", StatementOperations.Get),
        new("statements.chunk", "GET", "/api/2.0/sql/statements/{statement_id}/result/chunks/{chunk_index}", StatementOperations.Chunk),
        new("statements.cancel", "POST", "/api/2.0/sql/statements/{statement_id}/cancel", StatementOperations.Cancel),
        new("statements.link", "GET", "/external-results/{statement_id}/{chunk_index}", StatementOperations.External) { IsAnonymous = true },
        new("warehouses.list", "GET", "/api/2.0/sql/warehouses", WarehouseOperations.List),
        new("warehouses.get", "GET", "/api/2.0/sql/warehouses/{id}", WarehouseOperations.Get),
        new("warehouses.start", "POST", "/api/2.0/sql/warehouses/{id}/start", WarehouseOperations.Start),
        new("warehouses.stop", "POST", "/api/2.0/sql/warehouses/{id}/stop", WarehouseOperations.Stop),
        .. Clusters("/api/2.0/clusters"),
        .. Clusters("/api/2.1/clusters"),
        new("contexts.create", "POST", "/api/1.2/contexts/create", CommandOperations.CreateContext),
        new("contexts.status", "GET", "/api/1.2/contexts/status", CommandOperations.ContextStatus),
        new("contexts.destroy", "POST", "/api/1.2/contexts/destroy", CommandOperations.DestroyContext),
        new("commands.execute", "POST", "/api/1.2/commands/execute", CommandOperations.Execute),
        new("commands.status", "GET", "/api/1.2/commands/status", CommandOperations.Status),
        new("commands.cancel", "POST", "/api/1.2/commands/cancel", CommandOperations.Cancel),
        new("scim.me", "GET", "/api/2.0/preview/scim/v2/Me", ScimOperations.Me),
        .. Scim("scim", "/api/2.0/preview/scim/v2"),
        .. Scim("account.scim", "/api/2.0/account/scim/v2"),
        .. Scim("account.scim", "/api/2.0/accounts/{account_id}/scim/v2"),
    ];

    public static (Operation Operation, Dictionary<string, string> Route)? Find(string method, string path)
    {
        var segments = path.Split('/');
        foreach (var operation in All)
        {
            if (operation.Match(method, segments) is { } route) return (operation, route);
        }

        return null;
    }

    private static Operation[] Clusters(string root) =>
    [
        new("clusters.list", "GET", $"{root}/list", ClusterOperations.List),
        new("clusters.get", "GET", $"{root}/get", ClusterOperations.Get),
        new("clusters.start", "POST", $"{root}/start", ClusterOperations.Start),
        new("clusters.delete", "POST", $"{root}/delete", ClusterOperations.Delete),
    ];

    private static Operation[] Scim(string name, string root) =>
    [
        new($"{name}.users.list", "GET", $"{root}/Users", ScimOperations.ListUsers),
        new($"{name}.users.get", "GET", $"{root}/Users/{{id}}", ScimOperations.GetUser),
        new($"{name}.servicePrincipals.list", "GET", $"{root}/ServicePrincipals", ScimOperations.ListServicePrincipals),
        new($"{name}.servicePrincipals.get", "GET", $"{root}/ServicePrincipals/{{id}}", ScimOperations.GetServicePrincipal),
        new($"{name}.groups.list", "GET", $"{root}/Groups", ScimOperations.ListGroups),
        new($"{name}.groups.get", "GET", $"{root}/Groups/{{id}}", ScimOperations.GetGroup),
        new($"{name}.groups.create", "POST", $"{root}/Groups", ScimGroups.Create),
        new($"{name}.groups.update", "PUT", $"{root}/Groups/{{id}}", ScimGroups.Update),
        new($"{name}.groups.patch", "PATCH", $"{root}/Groups/{{id}}", ScimGroups.Patch),
        new($"{name}.groups.delete", "DELETE", $"{root}/Groups/{{id}}", ScimGroups.Delete),
    ];
}
