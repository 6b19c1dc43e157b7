using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Core.Access;

/// <summary>What the policies ask for on one object: equal for all objects that the same policies treat alike.</summary>
public sealed record ObjectAccess
{
    /// <summary>Who may read, subscriptions by hand or by approval left out.</summary>
    public required AccessRule Read { get; init; }

    /// <summary>Who may write, likewise.</summary>
    public required AccessRule Write { get; init; }

    /// <summary>The whole rule to read, with <see cref="Predicate.IsSubscribed"/> in it where a subscription by hand or approval counts; null where none can.</summary>
    public Predicate? ReadBySubscription { get; init; }

    /// <summary>The whole rule to write, likewise.</summary>
    public Predicate? WriteBySubscription { get; init; }

    /// <summary>The subscription policies that take part, by key.</summary>
    public ValueList<string> SubscriptionPolicies { get; init; } = [];

    /// <summary>Every mask on every column; several on one compose (<see cref="Policies.MaskFunction"/>). By column in the object's order, then by policy.</summary>
    public ValueList<ColumnMask> Masks { get; init; } = [];

    /// <summary>Every row rule; a row is visible when each is true for it, or the person is exempt from it.</summary>
    public ValueList<RowRule> RowRules { get; init; } = [];
}

/// <summary>A mask on one column.</summary>
/// <param name="Column">The column's name.</param>
/// <param name="Function">What its values become.</param>
/// <param name="Exempt">Who sees them as they are.</param>
/// <param name="Condition">Masks only in rows where this is true or unknown, its columns bound; null: always.</param>
/// <param name="PolicyKey">Whose rule it is.</param>
/// <param name="IsUnbound">Whether its condition names something that is missing here, so that it masks always.</param>
/// <param name="IsNarrowed">Whether the policy asks for a mask that can't apply to the column's type, so that it is Null.</param>
public sealed record ColumnMask(
    string Column, MaskFunction Function, AccessRule Exempt, Predicate? Condition, string PolicyKey, bool IsUnbound = false, bool IsNarrowed = false);

/// <summary>A row rule on one object.</summary>
/// <param name="Predicate">What has to be true for a row, its columns bound; false when <paramref name="IsUnbound"/>.</param>
/// <param name="Exempt">Who sees every row.</param>
/// <param name="PolicyKey">Whose rule it is.</param>
/// <param name="IsUnbound">Whether it names something that is missing here, so that nobody but the exempt sees a row.</param>
public sealed record RowRule(Predicate Predicate, AccessRule Exempt, string PolicyKey, bool IsUnbound = false);
