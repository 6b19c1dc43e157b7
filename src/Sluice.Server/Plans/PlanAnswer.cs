using System.Text.Json.Serialization;
using Sluice.Core.Planning;
using Sluice.Engine.Enforcing;
using Sluice.Server.Http;
using Sluice.Storage.Plans;

namespace Sluice.Server.Plans;

/// <summary>A plan in a list.</summary>
internal sealed record PlanSummaryAnswer(
    Guid Id, string ConnectionKey, string State, string? StateReason, int ChangeCount, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset? EndedAt)
{
    public static PlanSummaryAnswer Of(StoredPlan plan, string connectionKey) => new(
        plan.Id, connectionKey, Spelling.Of(plan.State), plan.StateReason, plan.ChangeCount, plan.CreatedAt, plan.CreatedBy.Name, plan.EndedAt);
}

/// <summary>A plan with all it would do.</summary>
internal sealed record PlanAnswer
{
    public required Guid Id { get; init; }
    public required string ConnectionKey { get; init; }
    public required string State { get; init; }
    public required string? StateReason { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required string CreatedBy { get; init; }
    public required DateTimeOffset? EndedAt { get; init; }
    public required IReadOnlyList<ChangeAnswer> Changes { get; init; }
    public required ImpactAnswer Impact { get; init; }

    /// <summary>What no policy asks for and the mode leaves where it is.</summary>
    public required IReadOnlyList<LeftAloneAnswer> LeftAlone { get; init; }
    public required IReadOnlyList<ResidualAnswer> Residuals { get; init; }
    public required IReadOnlyList<ShortfallAnswer> Shortfalls { get; init; }
    public required IReadOnlyList<ResidualAnswer> UnregisteredReaders { get; init; }

    /// <summary>Users, roles or groups that masks and row rules leave alone, by the connection's settings; left out where there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public required IReadOnlyList<string>? LeftAloneBySettings { get; init; }

    public static PlanAnswer Of(PlanView view) => new()
    {
        Id = view.Stored.Id,
        ConnectionKey = view.ConnectionKey,
        State = Spelling.Of(view.Stored.State),
        StateReason = view.Stored.StateReason,
        CreatedAt = view.Stored.CreatedAt,
        CreatedBy = view.Stored.CreatedBy.Name,
        EndedAt = view.Stored.EndedAt,
        Changes = [.. view.Plan.Changes.Zip(view.Statements, ChangeAnswer.Of)],
        Impact = ImpactAnswer.Of(view.Plan.Impact),
        LeftAlone = [.. view.Plan.LeftAlone.Select(LeftAloneAnswer.Of)],
        Residuals = [.. view.Plan.Residuals.Select(ResidualAnswer.Of)],
        Shortfalls = [.. view.Plan.Shortfalls.Select(static s => new ShortfallAnswer(s.Object.Names, s.Reason))],
        UnregisteredReaders = [.. view.Plan.UnregisteredReaders.Select(ResidualAnswer.Of)],
        LeftAloneBySettings = view.LeftAloneBySettings.Count == 0 ? null : view.LeftAloneBySettings,
    };
}

/// <summary>One change.</summary>
internal sealed record ChangeAnswer
{
    public required string Phase { get; init; }
    public required string Verb { get; init; }
    public required string Kind { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public required IReadOnlyList<string>? ObjectPath { get; init; }
    public required string Subject { get; init; }
    public required string Detail { get; init; }
    public required string Definition { get; init; }
    public required string Reason { get; init; }
    public required IReadOnlyList<string> Statements { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? MadeBy { get; init; }

    /// <summary>What puts a removed grant of somebody else's back.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Restore { get; init; }

    /// <summary>Who uses the identity that it is about; of a supposed plan alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<PlannedPersonAnswer>? People { get; init; }

    public static ChangeAnswer Of(Change change, IReadOnlyList<string> statements) => new()
    {
        Phase = Spelling.Of(change.Phase),
        Verb = Spelling.Of(change.Verb),
        Kind = Spelling.Of(change.Key.Kind),
        ObjectPath = change.Key.Object?.Names,
        Subject = change.Key.Subject,
        Detail = change.Key.Detail,
        Definition = change.Definition,
        Reason = change.Reason,
        Statements = statements,
        MadeBy = change.MadeBy,
        Restore = change.Restore,
    };
}

/// <summary>Who gains and loses what, in pairs of a platform identity and an object.</summary>
internal sealed record ImpactAnswer(long Lost, long Gained, long Before, IReadOnlyList<ImpactExampleAnswer> Examples)
{
    public static ImpactAnswer Of(PlanImpact impact) => new(
        impact.Lost, impact.Gained, impact.Before, [.. impact.Examples.Select(static e => new ImpactExampleAnswer(e.Identity, e.Object.Names, e.IsLost ? "lost" : "gained"))]);
}

/// <summary>One pair.</summary>
internal sealed record ImpactExampleAnswer(string Identity, IReadOnlyList<string> ObjectPath, string Effect);

/// <summary>What stays though no policy asks for it.</summary>
internal sealed record LeftAloneAnswer(string Kind, IReadOnlyList<string>? ObjectPath, string Subject, string Detail, string? MadeBy)
{
    public static LeftAloneAnswer Of(ObservedFact fact) => new(Spelling.Of(fact.Key.Kind), fact.Key.Object?.Names, fact.Key.Subject, fact.Key.Detail, fact.MadeBy);
}

/// <summary>A way by which somebody reads on.</summary>
internal sealed record ResidualAnswer(IReadOnlyList<string> ObjectPath, string Identity, string Path)
{
    /// <summary>Who uses the identity; of a supposed plan alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<PlannedPersonAnswer>? People { get; init; }

    public static ResidualAnswer Of(Residual residual) => new(residual.Object.Names, residual.Identity, residual.Path);
}

/// <summary>What can't be enforced as asked.</summary>
internal sealed record ShortfallAnswer(IReadOnlyList<string> ObjectPath, string Reason);

/// <summary>A plan is being applied by the job of this bulk.</summary>
internal sealed record PlanAcceptedAnswer(Guid Id, Guid BulkId);
