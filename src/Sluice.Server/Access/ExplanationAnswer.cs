using System.Text.Json.Serialization;
using Sluice.Core.Access;
using Sluice.Core.Connections;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;
using Sluice.Engine.Access;
using Sluice.Server.Http;

namespace Sluice.Server.Access;

/// <summary>Why somebody sees of an object what they see.</summary>
internal sealed record ExplanationAnswer
{
    public required string User { get; init; }
    public required IReadOnlyList<string> ObjectPath { get; init; }
    public required bool Enabled { get; init; }

    /// <summary>Who they are on the platform; none: nothing can be granted to them there.</summary>
    public required IReadOnlyList<string> Identities { get; init; }
    public required WayAnswer Read { get; init; }
    public required WayAnswer Write { get; init; }
    public required IReadOnlyList<ExplainedColumnAnswer> Columns { get; init; }

    /// <summary>What has to be true for a row, this person's values put in.</summary>
    public required string RowFilter { get; init; }
    public required IReadOnlyList<ExplainedRowRuleAnswer> RowRules { get; init; }

    /// <summary>What the platform can't enforce as asked, and what it does instead.</summary>
    public required IReadOnlyList<string> Shortfalls { get; init; }

    /// <summary>What they have to do on the platform to read it; left out where that is nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public required string? HowToRead { get; init; }

    /// <summary>Whom masks and row rules leave alone, by the connection's settings; left out where there are neither on the object, or nobody is left alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public required LeftAloneBySettingsAnswer? LeftAloneBySettings { get; init; }

    /// <summary>What the platform says; left out when it was not asked.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public required PlatformAccessAnswer? Platform { get; init; }

    public static ExplanationAnswer Of(ExplainedAccess explained) => new()
    {
        User = explained.Username,
        ObjectPath = explained.Path.Names,
        Enabled = explained.IsEnabled,
        Identities = explained.Identities,
        Read = WayAnswer.Of(explained.Explanation.Read),
        Write = WayAnswer.Of(explained.Explanation.Write),
        Columns = [.. explained.Explanation.Columns.Select(c => ExplainedColumnAnswer.Of(c, explained.Technology))],
        RowFilter = PredicateText.Of(explained.Explanation.RowFilter),
        RowRules = [.. explained.Explanation.RowRules.Select(ExplainedRowRuleAnswer.Of)],
        Shortfalls = [.. explained.Shortfalls.Select(static s => s.Reason)],
        HowToRead = explained.HowToRead,
        LeftAloneBySettings = explained.LeftAlone is { } leftAlone ? new(leftAlone.Names, leftAlone.IsPerson) : null,
        Platform = explained.Platform is { } platform ? PlatformAccessAnswer.Of(platform) : null,
    };

    public static IReadOnlyList<ConditionAnswer> Conditions(IEnumerable<ConditionValue> conditions) =>
        [.. conditions.Select(static c => new ConditionAnswer(PredicateText.Of(c.Condition), c.Value))];
}

/// <summary>Whom masks and row rules leave alone: users, roles or groups, and whether the person is one of the users.</summary>
internal sealed record LeftAloneBySettingsAnswer(IReadOnlyList<string> Names, bool Person);

/// <summary>Whether and why.</summary>
internal sealed record WayAnswer(bool Allowed, string Way, IReadOnlyList<ExplainedPolicyAnswer> Policies)
{
    public static WayAnswer Of(AccessExplanation access) => new(
        access.IsAllowed, Spelling.Of(access.Way),
        [.. access.Policies.Select(static p => new ExplainedPolicyAnswer(p.PolicyKey, Spelling.Of(p.Kind), Spelling.Of(p.Mode), p.Value, ExplanationAnswer.Conditions(p.Conditions)))]);
}

/// <summary>A subscription policy that takes part; <c>holds</c> is null where it is unknown.</summary>
internal sealed record ExplainedPolicyAnswer(string PolicyKey, string Type, string Mode, bool? Holds, IReadOnlyList<ConditionAnswer> Conditions);

/// <summary>A condition and its value for this person; null where it is unknown.</summary>
internal sealed record ConditionAnswer(string Condition, bool? Value);

/// <summary>What becomes of a column's values.</summary>
internal sealed record ExplainedColumnAnswer(string Column, string? Mask, bool EveryRow, IReadOnlyList<string> DecidedBy, IReadOnlyList<ExplainedMaskAnswer> Masks)
{
    /// <summary>The function of a custom mask on the object's platform.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Function { get; init; }

    public static ExplainedColumnAnswer Of(ColumnExplanation column, Technology? technology) => new(
        column.Column, column.Strictest is { } mask ? NameOf(mask) : null, column.Strictest is not null && column.Strictest.Equals(column.Always), column.DecidedBy,
        [.. column.Masks.Select(m => new ExplainedMaskAnswer(
            m.Mask.PolicyKey, NameOf(m.Mask.Function), m.Exempt.IsExempt, m.Mask.Condition is null ? null : PredicateText.Of(m.Condition), m.Mask.IsUnbound, m.Mask.IsNarrowed)
        {
            Function = FunctionOf(m.Mask.Function, technology),
        })])
    {
        Function = FunctionOf(column.Strictest, technology),
    };

    private static string? FunctionOf(MaskFunction? mask, Technology? technology) =>
        mask is MaskFunction.Custom custom && technology is { } known ? custom.Functions.FirstOrDefault(f => f.Key == known.Name).Value : null;

    private static string NameOf(MaskFunction function) => function switch
    {
        MaskFunction.RoundNumber or MaskFunction.RoundTime => "Rounding",
        _ => function.GetType().Name,
    };
}

/// <summary>A mask on a column.</summary>
internal sealed record ExplainedMaskAnswer(string PolicyKey, string Type, bool Exempt, string? Condition, bool Unbound, bool Narrowed)
{
    /// <summary>The function of a custom mask on the object's platform.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Function { get; init; }
}

/// <summary>A row rule.</summary>
internal sealed record ExplainedRowRuleAnswer(string PolicyKey, bool Exempt, string Filter, bool Unbound)
{
    public static ExplainedRowRuleAnswer Of(RowRuleExplanation rule) => new(rule.Rule.PolicyKey, rule.Exempt.IsExempt, PredicateText.Of(rule.Filter), rule.Rule.IsUnbound);
}

/// <summary>What the platform says of the person and the object.</summary>
internal sealed record PlatformAccessAnswer(IReadOnlyList<string> Residuals, IReadOnlyList<string> Pending, IReadOnlyList<string> Shortfalls)
{
    public static PlatformAccessAnswer Of(PlatformAccess platform) => new(
        [.. platform.Residuals.Select(static r => r.Path)],
        [.. platform.Pending.Select(static c => $"{Spelling.Of(c.Verb)} {Spelling.Of(c.Key.Kind)} {c.Key.Subject} {c.Key.Detail}".TrimEnd())],
        [.. platform.Shortfalls.Select(static s => s.Reason)]);
}

/// <summary>A yes or no.</summary>
internal sealed record AccessCheckAnswer(bool Allowed, string Way);

/// <summary>Somebody with access.</summary>
internal sealed record PersonWithAccessAnswer(string Id, string Username, string Way, IReadOnlyList<string> Identities);

/// <summary>An object somebody has access to.</summary>
internal sealed record ObjectWithAccessAnswer(IReadOnlyList<string> ObjectPath, string Read, string Write);

/// <summary>What would come of a change.</summary>
internal sealed record SimulationAnswer(
    long GainedCount, long LostCount, long UncoveredCount, long CoveredCount, long ChangedCount,
    IReadOnlyList<SimulatedPairAnswer> Gained, IReadOnlyList<SimulatedPairAnswer> Lost,
    IReadOnlyList<SimulatedSightAnswer> Uncovered, IReadOnlyList<SimulatedSightAnswer> Covered, IReadOnlyList<IReadOnlyList<string>> ChangedObjects)
{
    public static SimulationAnswer Of(Simulation simulation) => new(
        simulation.Gained.Count, simulation.Lost.Count, simulation.Uncovered.Count, simulation.Covered.Count, simulation.Changed.Count,
        [.. simulation.Gained.First.Select(Pair)], [.. simulation.Lost.First.Select(Pair)],
        [.. simulation.Uncovered.First.Select(Sight)], [.. simulation.Covered.First.Select(Sight)],
        [.. simulation.Changed.First.Select(static o => (IReadOnlyList<string>)o.Names)]);

    private static SimulatedPairAnswer Pair(SimulatedPair pair) => new(pair.Username, pair.Path.Names, pair.Access == AccessKind.Write ? "WRITE" : "READ");

    private static SimulatedSightAnswer Sight(SimulatedSight sight) => new(sight.Username, sight.Path.Names, sight.Columns, sight.HasRows);
}

/// <summary>A person and what they would see more or less of.</summary>
internal sealed record SimulatedSightAnswer(string User, IReadOnlyList<string> ObjectPath, IReadOnlyList<string> Columns, bool Rows);

/// <summary>A person and an object.</summary>
internal sealed record SimulatedPairAnswer(string User, IReadOnlyList<string> ObjectPath, string Access);
