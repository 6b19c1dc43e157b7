namespace Sluice.Core.Connections;

/// <summary>How settings are spelled in JSON: one place for the reader and the writer, so that what is printed can be sent back.</summary>
internal static class SettingSpelling
{
    internal const string IsActive = "isActive";
    internal const string Mode = "mode";
    internal const string Unregistered = "unregistered";
    internal const string OnResidual = "onResidual";
    internal const string ObjectSyncEvery = "objectSyncEvery";
    internal const string Prefix = "prefix";
    internal const string ExemptRoles = "exemptRoles";
    internal const string Masks = "masks";
    internal const string GroupBudget = "groupBudget";
    internal const string MaskFunctionSchemas = "maskFunctionSchemas";
    internal const string TrustPlatformTags = "trustPlatformTags";
    internal const string AcceptUnknownGovernance = "acceptUnknownGovernance";
    internal const string Guard = "guard";
    internal const string MaxLost = "maxLost";
    internal const string MaxGained = "maxGained";

    internal const string Protect = "protect";
    internal const string Pass = "pass";
    internal const string Report = "report";
    internal const string Refuse = "refuse";
    internal const string Columns = "columns";
    internal const string View = "view";

    private static readonly (EnforcementMode Mode, string Spelling)[] ModeSpellings =
    [
        (EnforcementMode.Sync, "sync"),
        (EnforcementMode.UpsertOnly, "upsert-only"),
        (EnforcementMode.CreateOnly, "create-only"),
        (EnforcementMode.Observe, "observe"),
    ];

    internal static string[] Modes => [.. ModeSpellings.Select(m => m.Spelling)];

    internal static string Of(EnforcementMode mode) => ModeSpellings.Single(m => m.Mode == mode).Spelling;

    internal static EnforcementMode ModeOf(string spelling) => ModeSpellings.Single(m => m.Spelling == spelling).Mode;
}
