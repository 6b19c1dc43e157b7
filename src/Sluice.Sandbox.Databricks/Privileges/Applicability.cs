using Sluice.Sandbox.Databricks.Catalog;

namespace Sluice.Sandbox.Databricks.Privileges;

/// <summary>Which privileges may be granted on which kind of securable.</summary>
internal static class Applicability
{
    /// <summary>What ALL PRIVILEGES never brings along.</summary>
    public const Privilege NotInAll = Privilege.Manage | Privilege.ExternalUseSchema;

    private const Privilege OnEverything = Privilege.AllPrivileges | Privilege.Manage;

    private const Privilege OnFunction = OnEverything | Privilege.Execute;

    private const Privilege OnReadable = OnEverything | Privilege.ApplyTag | Privilege.Select;

    private const Privilege OnTable = OnReadable | Privilege.Modify;

    private const Privilege OnSchema = OnTable | OnFunction | Privilege.UseSchema | Privilege.CreateTable | Privilege.CreateFunction
        | Privilege.CreateVolume | Privilege.CreateModel | Privilege.CreateMaterializedView | Privilege.ReadVolume | Privilege.WriteVolume
        | Privilege.Refresh | Privilege.ExternalUseSchema;

    private const Privilege OnCatalog = OnSchema | Privilege.UseCatalog | Privilege.CreateSchema | Privilege.Browse;

    private const Privilege OnMetastore = Privilege.CreateCatalog | Privilege.CreateConnection | Privilege.CreateExternalLocation | Privilege.CreateExternalMetadata
        | Privilege.CreateStorageCredential | Privilege.CreateServiceCredential | Privilege.CreateShare | Privilege.CreateRecipient
        | Privilege.CreateProvider | Privilege.CreateCleanRoom | Privilege.ManageAllowlist | Privilege.UseConnection | Privilege.UseProvider
        | Privilege.UseRecipient | Privilege.UseShare | Privilege.SetSharePermission | Privilege.UseMarketplaceAssets;

    public static Privilege Of(SecurableKind kind, SecurableObject securable) => kind switch
    {
        SecurableKind.Metastore => OnMetastore,
        SecurableKind.Catalog => OnCatalog,
        SecurableKind.Schema => OnSchema,
        SecurableKind.Function => OnFunction,
        _ => ((TableObject)securable).Type switch
        {
            TableType.View or TableType.MetricView => OnReadable,
            TableType.MaterializedView => OnReadable | Privilege.Refresh,
            TableType.StreamingTable => OnTable | Privilege.Refresh,
            _ => OnTable,
        },
    };
}
