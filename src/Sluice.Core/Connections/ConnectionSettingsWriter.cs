using System.Text.Json.Nodes;

namespace Sluice.Core.Connections;

/// <summary>Prints settings as <see cref="ConnectionSettingsReader"/> reads them.</summary>
public static class ConnectionSettingsWriter
{
    /// <summary>A mode as settings spell it.</summary>
    public static string Spelled(EnforcementMode mode) => SettingSpelling.Of(mode);

    /// <summary>Every member, defaults included; a guard that follows the default rule prints null.</summary>
    public static JsonObject Write(ConnectionSettings settings) => new()
    {
        [SettingSpelling.IsActive] = settings.IsActive,
        [SettingSpelling.Mode] = SettingSpelling.Of(settings.Mode),
        [SettingSpelling.Unregistered] = settings.ProtectUnregistered ? SettingSpelling.Protect : SettingSpelling.Pass,
        [SettingSpelling.OnResidual] = settings.RefuseOnResidual ? SettingSpelling.Refuse : SettingSpelling.Report,
        [SettingSpelling.ObjectSyncEvery] = SyncInterval.Print(settings.ObjectSyncEvery),
        [SettingSpelling.Prefix] = settings.Prefix,
        [SettingSpelling.ExemptRoles] = new JsonArray([.. settings.ExemptRoles.Select(role => JsonValue.Create(role))]),
        [SettingSpelling.Masks] = settings.MasksInView ? SettingSpelling.View : SettingSpelling.Columns,
        [SettingSpelling.GroupBudget] = settings.GroupBudget,
        [SettingSpelling.MaskFunctionSchemas] = new JsonArray([.. settings.MaskFunctionSchemas.Select(schema => JsonValue.Create(schema))]),
        [SettingSpelling.TrustPlatformTags] = settings.TrustPlatformTags,
        [SettingSpelling.AcceptUnknownGovernance] = settings.AcceptUnknownGovernance,
        [SettingSpelling.Guard] = new JsonObject
        {
            [SettingSpelling.MaxLost] = settings.GuardMaxLost,
            [SettingSpelling.MaxGained] = settings.GuardMaxGained,
        },
    };
}
