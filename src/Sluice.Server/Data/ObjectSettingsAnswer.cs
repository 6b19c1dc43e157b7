using System.Text.Json.Serialization;
using Sluice.Storage.Catalog;

namespace Sluice.Server.Data;

/// <summary>One setting of an object, in the documented form.</summary>
internal sealed record SettingAnswer<T>(T Value, bool HasDescendantsWithOverrides);

/// <summary>What holds for an object.</summary>
internal sealed record ObjectSettingsAnswer(
    SettingAnswer<bool> IsActive, SettingAnswer<bool?> ActivateNewChildren, SettingAnswer<IReadOnlyList<string>> DataOwners)
{
    public static ObjectSettingsAnswer Of(StoredObject stored) => new(
        new SettingAnswer<bool>(stored.Effective.IsActive ?? false, stored.Descendants.IsActive),
        new SettingAnswer<bool?>(stored.Effective.ActivateNewChildren, stored.Descendants.ActivateNewChildren),
        new SettingAnswer<IReadOnlyList<string>>(stored.Effective.DataOwners ?? [], stored.Descendants.DataOwners));
}

/// <summary>What an object itself overrides; what it does not is left out.</summary>
internal sealed record ObjectOverridesAnswer
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SettingAnswer<bool>? IsActive { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SettingAnswer<bool>? ActivateNewChildren { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SettingAnswer<IReadOnlyList<string>>? DataOwners { get; init; }

    public static ObjectOverridesAnswer Of(StoredObject stored) => new()
    {
        IsActive = stored.Overrides.IsActive is { } active ? new(active, stored.Descendants.IsActive) : null,
        ActivateNewChildren = stored.Overrides.ActivateNewChildren is { } children ? new(children, stored.Descendants.ActivateNewChildren) : null,
        DataOwners = stored.Overrides.DataOwners is { } owners ? new(owners, stored.Descendants.DataOwners) : null,
    };
}
