namespace Sluice.Sandbox.Databricks.Privileges;

/// <summary>
/// Unity Catalog's privileges, one bit each, from
/// https://docs.databricks.com/aws/en/data-governance/unity-catalog/access-control/privileges-reference.
/// </summary>
[Flags]
internal enum Privilege : ulong
{
    None = 0,
    Select = 1 << 0,
    Modify = 1 << 1,
    UseCatalog = 1 << 2,
    UseSchema = 1 << 3,
    Browse = 1 << 4,
    Execute = 1 << 5,
    Manage = 1 << 6,
    ApplyTag = 1 << 7,
    CreateCatalog = 1 << 8,
    CreateSchema = 1 << 9,
    CreateTable = 1 << 10,
    CreateFunction = 1 << 11,
    CreateVolume = 1 << 12,
    CreateModel = 1 << 13,
    CreateMaterializedView = 1 << 14,
    ReadVolume = 1 << 15,
    WriteVolume = 1 << 16,
    Refresh = 1 << 17,
    ExternalUseSchema = 1 << 18,
    CreateConnection = 1 << 19,
    CreateExternalLocation = 1 << 20,
    CreateStorageCredential = 1 << 21,
    CreateServiceCredential = 1 << 22,
    CreateShare = 1 << 23,
    CreateRecipient = 1 << 24,
    CreateProvider = 1 << 25,
    CreateCleanRoom = 1 << 26,
    ManageAllowlist = 1 << 27,
    UseConnection = 1 << 28,
    UseProvider = 1 << 29,
    UseRecipient = 1 << 30,
    UseShare = 1UL << 31,
    SetSharePermission = 1UL << 32,
    UseMarketplaceAssets = 1UL << 33,
    AllPrivileges = 1UL << 34,
    CreateExternalMetadata = 1UL << 35,
}
