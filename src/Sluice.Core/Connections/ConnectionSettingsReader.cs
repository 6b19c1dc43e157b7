using Sluice.Core.Catalog;
using Sluice.Core.Payloads;

namespace Sluice.Core.Connections;

/// <summary>Reads <c>settings</c> of a connection payload (api.md, "Data API"). Problems go to the payload's list, all of them.</summary>
public static class ConnectionSettingsReader
{
    /// <summary>The longest prefix, in characters: what is left of the shortest identifier (63 bytes) must hold the rest of a native name.</summary>
    public const int MaxPrefixLength = 20;

    /// <summary>The most exempt roles and users of one connection.</summary>
    public const int MaxExemptRoles = 1000;

    /// <summary>
    /// The most account groups of one connection: an account has 5,000 at most, the customer's own among them
    /// (https://docs.databricks.com/aws/en/resources/limits).
    /// </summary>
    public const int MaxGroupBudget = 1000;

    /// <summary>The most schemas of mask functions of one connection.</summary>
    public const int MaxMaskFunctionSchemas = 100;

    /// <summary>Reads settings, unknown members rejected by name.</summary>
    /// <param name="settings">The payload's <c>settings</c>; null when it has none.</param>
    /// <param name="stored">
    /// On an update, what is stored: an absent member keeps its value, and so does a null one, but for <c>guard.maxLost</c> and
    /// <c>guard.maxGained</c>, where null is a value (the default rule). Null on a registration: absent members get their defaults.
    /// </param>
    /// <param name="technology">Whose settings they are: some have no meaning on some platforms. Null where that is not known.</param>
    /// <returns>The settings; to be used only when the payload's list of problems stayed empty.</returns>
    public static ConnectionSettings Read(PayloadObject? settings, ConnectionSettings? stored = null, Technology? technology = null)
    {
        var before = stored ?? new ConnectionSettings();
        if (settings is null) return before;
        var mode = settings.OptionalChoice(SettingSpelling.Mode, SettingSpelling.Modes);
        var unregistered = settings.OptionalChoice(SettingSpelling.Unregistered, SettingSpelling.Protect, SettingSpelling.Pass);
        var onResidual = settings.OptionalChoice(SettingSpelling.OnResidual, SettingSpelling.Report, SettingSpelling.Refuse);
        var after = before with
        {
            IsActive = settings.OptionalBoolean(SettingSpelling.IsActive) ?? before.IsActive,
            Mode = mode is null ? before.Mode : SettingSpelling.ModeOf(mode),
            ProtectUnregistered = unregistered is null ? before.ProtectUnregistered : unregistered == SettingSpelling.Protect,
            RefuseOnResidual = onResidual is null ? before.RefuseOnResidual : onResidual == SettingSpelling.Refuse,
            ObjectSyncEvery = Interval(settings) ?? before.ObjectSyncEvery,
            Prefix = Prefix(settings) ?? before.Prefix,
            ExemptRoles = ExemptRoles(settings) ?? before.ExemptRoles,
            MasksInView = MasksInView(settings, technology) ?? before.MasksInView,
            GroupBudget = GroupBudget(settings, technology) ?? before.GroupBudget,
            MaskFunctionSchemas = MaskFunctionSchemas(settings, technology) ?? before.MaskFunctionSchemas,
            TrustPlatformTags = settings.OptionalBoolean(SettingSpelling.TrustPlatformTags) ?? before.TrustPlatformTags,
            AcceptUnknownGovernance = settings.OptionalBoolean(SettingSpelling.AcceptUnknownGovernance) ?? before.AcceptUnknownGovernance,
        };

        if (settings.OptionalObject(SettingSpelling.Guard) is { } guard)
        {
            after = after with
            {
                GuardMaxLost = Limit(guard, SettingSpelling.MaxLost, before.GuardMaxLost),
                GuardMaxGained = Limit(guard, SettingSpelling.MaxGained, before.GuardMaxGained),
            };
            guard.RejectUnread();
        }

        settings.RejectUnread();
        return after;
    }

    private static bool? MasksInView(PayloadObject settings, Technology? technology)
    {
        if (settings.OptionalChoice(SettingSpelling.Masks, SettingSpelling.Columns, SettingSpelling.View) is not { } masks) return null;
        var isView = masks == SettingSpelling.View;
        if (isView && technology is { } known && known != Technology.PostgreSql)
            settings.Reject(SettingSpelling.Masks, $"can be '{SettingSpelling.View}' with technology {Technology.PostgreSql} alone, not with {known}");
        return isView;
    }

    private static int? GroupBudget(PayloadObject settings, Technology? technology)
    {
        var budget = settings.OptionalInteger(SettingSpelling.GroupBudget, 0, MaxGroupBudget);
        if (budget > 0 && technology is { } known && known != Technology.Databricks)
            settings.Reject(SettingSpelling.GroupBudget, $"can be more than 0 with technology {Technology.Databricks} alone, not with {known}");
        return budget;
    }

    private static IReadOnlyList<string>? MaskFunctionSchemas(PayloadObject settings, Technology? technology)
    {
        const string member = SettingSpelling.MaskFunctionSchemas;
        if (settings.OptionalStrings(member) is not { } schemas) return null;
        if (schemas.Count > MaxMaskFunctionSchemas) settings.Reject(member, $"must hold at most {MaxMaskFunctionSchemas} schemas, not {schemas.Count}");
        if (technology is not { } known || schemas.Count == 0) return schemas;
        if (known != Technology.Snowflake && known != Technology.Databricks)
        {
            settings.Reject(member, $"can be listed with technology {Technology.Snowflake} and {Technology.Databricks} alone, not with {known}");
            return schemas;
        }

        var read = new HashSet<QualifiedName>();
        foreach (var schema in schemas)
        {
            if (QualifiedName.Parse(known, schema, out var problem) is not { } name) settings.Reject(member, $"holds '{schema}', which {problem}");
            else if (name.Names.Count != 2)
                settings.Reject(member, $"holds '{schema}', which is no schema: write two names, as in {(known == Technology.Databricks ? "governance.masks, a catalog" : "GOVERNANCE.MASKS, a database")} and a schema");
            else if (!read.Add(name)) settings.Reject(member, $"holds the schema {name} twice");
        }

        return schemas;
    }

    private static TimeSpan? Interval(PayloadObject settings)
    {
        if (settings.OptionalString(SettingSpelling.ObjectSyncEvery) is not { } text) return null;
        var interval = SyncInterval.Parse(text, out var problem);
        if (problem is not null) settings.Reject(SettingSpelling.ObjectSyncEvery, problem);
        return interval;
    }

    private static string? Prefix(PayloadObject settings)
    {
        if (settings.OptionalString(SettingSpelling.Prefix) is not { } prefix) return null;
        if (prefix.Length <= MaxPrefixLength && char.IsAsciiLetter(prefix[0]) && prefix.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            return prefix;
        settings.Reject(
            SettingSpelling.Prefix, $"must have 1 to {MaxPrefixLength} ASCII letters, digits and '_', the first of them a letter");
        return null;
    }

    private static IReadOnlyList<string>? ExemptRoles(PayloadObject settings)
    {
        if (settings.OptionalStrings(SettingSpelling.ExemptRoles) is not { } roles) return null;
        if (roles.Count > MaxExemptRoles)
            settings.Reject(SettingSpelling.ExemptRoles, $"must hold at most {MaxExemptRoles} names, not {roles.Count}");
        foreach (var role in roles)
            if (ObjectPath.NameProblem(role) is { } problem) settings.Reject(SettingSpelling.ExemptRoles, $"holds a name that {problem}");
        if (roles.Distinct(StringComparer.Ordinal).Count() < roles.Count)
            settings.Reject(SettingSpelling.ExemptRoles, "holds a name twice");
        return roles;
    }

    private static int? Limit(PayloadObject guard, string name, int? before)
    {
        if (guard.Has(name)) return guard.OptionalInteger(name, 0, int.MaxValue);
        return guard.MemberNames.Contains(name, StringComparer.Ordinal) ? null : before;
    }
}
