using System.Text.Json.Serialization;
using Sluice.Core.Connections;
using Sluice.Core.Planning;
using Sluice.Engine.Catalog;

namespace Sluice.Server.Plans;

/// <summary>What of a plan that is not stored is about some objects, in the members of a plan; each list is cut, and its count says how long it is.</summary>
internal sealed record SupposedPlanAnswer
{
    public required string Mode { get; init; }

    /// <summary>Why the plan would be held.</summary>
    public required string? StateReason { get; init; }
    public required int ChangeCount { get; init; }

    /// <summary>What takes something away comes first.</summary>
    public required IReadOnlyList<ChangeAnswer> Changes { get; init; }
    public required ImpactAnswer Impact { get; init; }
    public required int LeftAloneCount { get; init; }
    public required IReadOnlyList<LeftAloneAnswer> LeftAlone { get; init; }
    public required int ResidualCount { get; init; }
    public required IReadOnlyList<ResidualAnswer> Residuals { get; init; }
    public required int ShortfallCount { get; init; }
    public required IReadOnlyList<ShortfallAnswer> Shortfalls { get; init; }
    public required int UnregisteredReaderCount { get; init; }
    public required IReadOnlyList<ResidualAnswer> UnregisteredReaders { get; init; }

    /// <summary>Users, roles or groups that masks and row rules leave alone, by the connection's settings; left out where there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public required IReadOnlyList<string>? LeftAloneBySettings { get; init; }

    public static SupposedPlanAnswer Of(SupposedPlan supposed)
    {
        var plan = supposed.Plan;
        return new SupposedPlanAnswer
        {
            Mode = ConnectionSettingsWriter.Spelled(supposed.Mode),
            StateReason = supposed.ReasonToWait,
            ChangeCount = plan.Changes.Count,
            Changes = [.. supposed.Changes.Zip(supposed.Statements, ChangeAnswer.Of).Zip(supposed.Changes, (answer, change) => answer with { People = People(IdentityOf(change.Key)) })],
            Impact = ImpactAnswer.Of(plan.Impact),
            LeftAloneCount = plan.LeftAlone.Count,
            LeftAlone = [.. First(plan.LeftAlone).Select(LeftAloneAnswer.Of)],
            ResidualCount = plan.Residuals.Count,
            Residuals = [.. First(plan.Residuals).Select(r => ResidualAnswer.Of(r) with { People = People(r.Identity) })],
            ShortfallCount = plan.Shortfalls.Count,
            Shortfalls = [.. First(plan.Shortfalls).Select(static s => new ShortfallAnswer(s.Object.Names, s.Reason))],
            UnregisteredReaderCount = plan.UnregisteredReaders.Count,
            UnregisteredReaders = [.. First(plan.UnregisteredReaders).Select(ResidualAnswer.Of)],
            LeftAloneBySettings = supposed.LeftAloneBySettings.Count == 0 ? null : supposed.LeftAloneBySettings,
        };

        static IEnumerable<T> First<T>(IReadOnlyList<T> all) => all.Take(SupposedPlan.MostListed);

        IReadOnlyList<PlannedPersonAnswer>? People(string identity) =>
            supposed.HoldersOf(identity) is { Count: > 0 } holders ? [.. holders.Select(static p => new PlannedPersonAnswer(p.Id, p.Username))] : null;
    }

    private static string IdentityOf(FactKey key) => key.Kind == FactKind.Member ? key.Detail : key.Subject;
}

/// <summary>Who uses an identity.</summary>
internal sealed record PlannedPersonAnswer(string Id, string Username);
