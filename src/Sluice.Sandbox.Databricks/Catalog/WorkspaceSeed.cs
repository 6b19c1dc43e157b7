using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Sluice.Sandbox.Databricks.Identity;
using Sluice.Sandbox.Databricks.InformationSchema;
using Sluice.Sandbox.Databricks.Privileges;

namespace Sluice.Sandbox.Databricks.Catalog;

/// <summary>The state a workspace begins with.</summary>
internal static class WorkspaceSeed
{
    /// <summary>The workspace's own catalog, which sessions begin in.</summary>
    public const string WorkspaceCatalog = "workspace";

    /// <summary>The workspace's older catalog, beside Unity Catalog: SHOW CATALOGS tells of it, and nothing of Unity Catalog does.</summary>
    public const string HiveMetastore = "hive_metastore";

    private const long Born = 1_740_988_800_000;

    public static WorkspaceState For(DatabricksSandboxOptions options)
    {
        IEnumerable<CatalogObject> catalogs = options.Catalog.Shape is { } shape ? Generated(shape) : DemoCatalog.Load();
        var all = catalogs.Append(Workspace()).Append(SystemCatalog.Build(options.SystemSchemas, Born)).Select(catalog => Granted(Complete(catalog, options), options.ServiceGrants));
        var metastore = new MetastoreObject
        {
            Name = "acme-metastore",
            Id = options.MetastoreId,
            Owner = SandboxCast.MetastoreAdministrators,
            Cloud = "aws",
            Region = options.Region,
            CreatedAt = Born,
            CreatedBy = SandboxCast.AccountAdministrator,
            UpdatedAt = Born,
            UpdatedBy = SandboxCast.AccountAdministrator,
            Catalogs = all.ToImmutableSortedDictionary(catalog => catalog.Name, catalog => catalog, StringComparer.Ordinal),
        };
        var principals = new PrincipalDirectory(SandboxCast.For(options));
        if (options.ServiceGrants == ServiceGrants.MetastoreAdmin && principals.Find(SandboxCast.MetastoreAdministrators) is { } administrators)
        {
            principals = principals.With(administrators with { Members = [.. administrators.Members, SandboxCast.ServicePrincipal] });
        }

        return new(metastore, principals);
    }

    /// <summary>A UUID made of a path, so that born objects have the same ids on every start.</summary>
    public static string IdOf(string path) => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(path)).AsSpan(0, 16)).ToString();

    /// <summary>A catalog with the schemas every catalog is born with.</summary>
    public static CatalogObject Complete(CatalogObject catalog, DatabricksSandboxOptions options)
    {
        if (!catalog.Schemas.ContainsKey(InformationRelations.SchemaName)) catalog = catalog.With(InformationRelations.Schema(options, catalog.Name, catalog.CreatedAt));
        if (catalog.Kind != CatalogKind.Managed || catalog.Schemas.ContainsKey("default")) return catalog;
        return catalog.With(new SchemaObject
        {
            Name = "default",
            Id = IdOf($"{catalog.Id}/default"),
            Owner = catalog.Owner,
            Comment = "Default schema (auto-created)",
            CreatedAt = catalog.CreatedAt,
            CreatedBy = catalog.CreatedBy,
            UpdatedAt = catalog.CreatedAt,
            UpdatedBy = catalog.CreatedBy,
        });
    }

    private static CatalogObject Workspace() => new()
    {
        Name = WorkspaceCatalog,
        Id = IdOf(WorkspaceCatalog),
        Owner = SandboxCast.Administrator,
        Comment = "The workspace's catalog",
        CreatedAt = Born,
        CreatedBy = SandboxCast.Administrator,
        UpdatedAt = Born,
        UpdatedBy = SandboxCast.Administrator,
        Grants = SecurableObject.NoGrants.Add(SandboxCast.Everybody, new(Privilege.UseCatalog, SandboxCast.Administrator)),
    };

    private static IEnumerable<CatalogObject> Generated(GeneratedShape shape)
    {
        var made = 0;
        for (var index = 0; index < shape.Catalogs; index++)
        {
            var tables = (shape.Tables / shape.Catalogs) + (index < shape.Tables % shape.Catalogs ? 1 : 0);
            var name = $"lake_{index:D4}";
            var catalog = new CatalogObject
            {
                Name = name,
                Id = IdOf($"generated/{name}"),
                Owner = SandboxCast.Engineers,
                Comment = $"Generated catalog {index}",
                CreatedAt = Born,
                CreatedBy = SandboxCast.Engineer,
                UpdatedAt = Born,
                UpdatedBy = SandboxCast.Engineer,
                Tags = SecurableObject.NoTexts.Add("domain", new[] { "finance", "hr", "marketing", "operations", "sales" }[index % 5]),
            };
            for (var first = 0; first < tables; first += 1000, made++)
            {
                catalog = catalog.With(new SchemaObject
                {
                    Name = $"schema_{first / 1000:D4}",
                    Id = IdOf($"generated/{name}/{first}"),
                    Owner = SandboxCast.Engineers,
                    CreatedAt = Born,
                    CreatedBy = SandboxCast.Engineer,
                    UpdatedAt = Born,
                    UpdatedBy = SandboxCast.Engineer,
                    Tables = new(new GeneratedTables(shape.Seed, made, Math.Min(1000, tables - first), shape.ColumnsPerTable)),
                });
            }

            yield return catalog;
        }
    }

    private static CatalogObject Granted(CatalogObject catalog, ServiceGrants grants)
    {
        if (catalog.Kind == CatalogKind.System) return grants == ServiceGrants.ManageWithSystemTables ? SystemCatalog.Granted(catalog, SandboxCast.ServicePrincipal) : catalog;
        Privilege? held = grants switch
        {
            ServiceGrants.Browse => Privilege.Browse,
            ServiceGrants.Manage or ServiceGrants.ManageWithSystemTables =>
                Privilege.UseCatalog | Privilege.UseSchema | Privilege.Browse | Privilege.Select | Privilege.ApplyTag | Privilege.Manage,
            _ => null,
        };
        return held is null ? catalog : catalog with { Grants = catalog.Grants.SetItem(SandboxCast.ServicePrincipal, new(held.Value, catalog.Owner)) };
    }
}
