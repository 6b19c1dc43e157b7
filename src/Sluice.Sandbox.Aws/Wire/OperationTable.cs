using System.Collections.Frozen;
using Sluice.Sandbox.Aws.Glue;
using Sluice.Sandbox.Aws.LakeFormation;

namespace Sluice.Sandbox.Aws.Wire;

/// <summary>Every JSON operation the sandbox knows.</summary>
internal static class OperationTable
{
    private static readonly FrozenDictionary<string, Operation> ByAction = new Operation[]
    {
        new("glue", "GetDatabase", DatabaseOperations.GetDatabase),
        new("glue", "GetDatabases", DatabaseOperations.GetDatabases),
        new("glue", "GetTable", TableOperations.GetTable),
        new("glue", "GetTables", TableOperations.GetTables),
        new("lakeformation", "ListPermissions", PermissionListing.ListPermissions),
        new("lakeformation", "GrantPermissions", GrantOperations.GrantPermissions, Writes: true),
        new("lakeformation", "RevokePermissions", GrantOperations.RevokePermissions, Writes: true),
        new("lakeformation", "BatchGrantPermissions", GrantOperations.BatchGrantPermissions, Writes: true),
        new("lakeformation", "BatchRevokePermissions", GrantOperations.BatchRevokePermissions, Writes: true),
        new("lakeformation", "CreateLFTag", TagOperations.CreateLFTag, Writes: true),
        new("lakeformation", "UpdateLFTag", TagOperations.UpdateLFTag, Writes: true),
        new("lakeformation", "DeleteLFTag", TagOperations.DeleteLFTag, Writes: true),
        new("lakeformation", "GetLFTag", TagOperations.GetLFTag),
        new("lakeformation", "ListLFTags", TagOperations.ListLFTags),
        new("lakeformation", "AddLFTagsToResource", TagAssignmentOperations.AddLFTagsToResource, Writes: true),
        new("lakeformation", "RemoveLFTagsFromResource", TagAssignmentOperations.RemoveLFTagsFromResource, Writes: true),
        new("lakeformation", "GetResourceLFTags", TagReading.GetResourceLFTags),
        new("lakeformation", "SearchTablesByLFTags", TagReading.SearchTablesByLFTags),
        new("lakeformation", "SearchDatabasesByLFTags", TagReading.SearchDatabasesByLFTags),
        new("lakeformation", "GetDataLakeSettings", SettingsOperations.GetDataLakeSettings),
    }.ToFrozenDictionary(operation => operation.Action);

    public static Operation? Find(string service, string name) => ByAction.GetValueOrDefault($"{service}:{name}");
}
