using Sluice.Platforms.Http;

namespace Sluice.Platforms.Databricks.Wire;

/// <summary>The reading calls of Unity Catalog (API 2.1) and of its neighbours.</summary>
internal sealed class UnityClient(WorkspaceClient workspace, TextPool pool, int mostPages)
{
    private const string Unity = "/api/2.1/unity-catalog";

    // The server's own page size, which Databricks recommends; without it everything comes in one answer.
    private const string Paged = "max_results=0";

    private readonly UnityReading _reading = new(pool);

    /// <summary>The host, for people.</summary>
    public string Host => workspace.Host;

    /// <summary>The metastore of the workspace. Any principal of the workspace may ask.</summary>
    public Task<MetastoreAssignment> AssignmentAsync(CancellationToken cancellationToken) =>
        workspace.GetAsync("unity:current-metastore-assignment", $"{Unity}/current-metastore-assignment", UnityReading.Assignment, cancellationToken);

    public Task<MetastoreSummary> SummaryAsync(CancellationToken cancellationToken) =>
        workspace.GetAsync("unity:metastore_summary", $"{Unity}/metastore_summary", UnityReading.Summary, cancellationToken);

    /// <summary>Who the token belongs to; a service principal's name is its application id.</summary>
    public Task<Principal> MeAsync(CancellationToken cancellationToken) =>
        workspace.GetAsync("scim:Me", "/api/2.0/preview/scim/v2/Me", UnityReading.Me, cancellationToken);

    public Task<WarehouseEntry> WarehouseAsync(string id, CancellationToken cancellationToken) =>
        workspace.GetAsync("sql:warehouse", $"/api/2.0/sql/warehouses/{Uri.EscapeDataString(id)}", UnityReading.Warehouse, cancellationToken);

    public Task<IReadOnlyList<CatalogEntry>> CatalogsAsync(CancellationToken cancellationToken) =>
        ListAsync((token, cancel) => workspace.GetAsync("unity:catalogs", $"{Unity}/catalogs?{Paged}{After(token)}", _reading.Catalogs, cancel), cancellationToken);

    public Task<CatalogEntry> CatalogAsync(string name, CancellationToken cancellationToken) =>
        workspace.GetAsync("unity:catalog", $"{Unity}/catalogs/{Uri.EscapeDataString(name)}", _reading.Catalog, cancellationToken);

    public Task<IReadOnlyList<SchemaEntry>> SchemasAsync(string catalog, CancellationToken cancellationToken) =>
        ListAsync(
            (token, cancel) => workspace.GetAsync(
                "unity:schemas", $"{Unity}/schemas?catalog_name={Uri.EscapeDataString(catalog)}&{Paged}{After(token)}", _reading.Schemas, cancel),
            cancellationToken);

    public Task<SchemaEntry> SchemaAsync(string catalog, string schema, CancellationToken cancellationToken) =>
        workspace.GetAsync("unity:schema", $"{Unity}/schemas/{Uri.EscapeDataString($"{catalog}.{schema}")}", _reading.Schema, cancellationToken);

    /// <summary>A page of a schema's tables.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="token">The page; null for the first.</param>
    /// <param name="withColumns">Whether the columns are wanted.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<Page<TableEntry>> TablesAsync(string catalog, string schema, string? token, bool withColumns, CancellationToken cancellationToken)
    {
        var omit = withColumns ? "" : "&omit_columns=true";
        return workspace.GetAsync(
            "unity:tables",
            $"{Unity}/tables?catalog_name={Uri.EscapeDataString(catalog)}&schema_name={Uri.EscapeDataString(schema)}&{Paged}{omit}&omit_properties=true{After(token)}",
            _reading.Tables,
            cancellationToken);
    }

    /// <summary>All tables of a schema, without their columns.</summary>
    public Task<IReadOnlyList<TableEntry>> TableNamesAsync(string catalog, string schema, CancellationToken cancellationToken) =>
        ListAsync((token, cancel) => TablesAsync(catalog, schema, token, withColumns: false, cancel), cancellationToken);

    public Task<TableEntry> TableAsync(string catalog, string schema, string table, CancellationToken cancellationToken) =>
        workspace.GetAsync("unity:table", $"{Unity}/tables/{Uri.EscapeDataString($"{catalog}.{schema}.{table}")}", _reading.Table, cancellationToken);

    /// <summary>What a principal may do with a catalog, by itself and by its groups.</summary>
    public Task<IReadOnlyList<string>> PrivilegesAsync(string catalog, string principal, CancellationToken cancellationToken) =>
        ListAsync(
            (token, cancel) => workspace.GetAsync(
                "unity:effective-permissions",
                $"{Unity}/effective-permissions/catalog/{Uri.EscapeDataString(catalog)}?principal={Uri.EscapeDataString(principal)}&{Paged}{After(token)}",
                UnityReading.Privileges,
                cancel),
            cancellationToken);

    private static string After(string? token) => token is null ? "" : $"&page_token={Uri.EscapeDataString(token)}";

    private async Task<IReadOnlyList<T>> ListAsync<T>(Func<string?, CancellationToken, Task<Page<T>>> read, CancellationToken cancellationToken)
    {
        var items = new List<T>();
        var trail = new TokenTrail(mostPages);
        string? token = null;
        do
        {
            var page = await read(token, cancellationToken);
            items.AddRange(page.Items);
            token = trail.Follow(token, page.NextToken);
        }
        while (token is not null);
        return items;
    }
}
