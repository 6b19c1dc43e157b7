using System.Text.Json.Serialization;
using Sluice.Engine.Catalog;
using Sluice.Server.Plans;

namespace Sluice.Server.Data;

/// <summary>What a change of settings would do.</summary>
internal sealed record SettingsDryRunAnswer(IReadOnlyList<string> ObjectPath, bool DryRun, long Activated, long Deactivated)
{
    /// <summary>What was taken from others there, and could be put back then.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RemovedGrantsOffer? RemovedGrants { get; init; }

    /// <summary>Why nothing of access would change, or what could not be looked at.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Note { get; init; }

    /// <summary>Why the change itself would be refused.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Refused { get; init; }

    /// <summary>What would be done on the platform.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SupposedPlanAnswer? Plan { get; init; }

    public static SettingsDryRunAnswer Of(SettingsTrial trial) => new(trial.ObjectPath.Names, true, trial.Activated, trial.Deactivated)
    {
        RemovedGrants = RemovedGrantsOffer.Of(trial.ObjectPath, trial.RemovedGrants, canBePutBack: true),
        Note = trial.Note,
        Refused = trial.Refused,
        Plan = trial.Plan is { } plan ? SupposedPlanAnswer.Of(plan) : null,
    };
}
