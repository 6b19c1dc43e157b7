using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Core.Access;

/// <summary>Why a person sees of an object what they see.</summary>
public sealed record Explanation
{
    /// <summary>Whether they read it, and why.</summary>
    public required AccessExplanation Read { get; init; }

    /// <summary>Whether they write it, and why.</summary>
    public required AccessExplanation Write { get; init; }

    /// <summary>The columns, or the one that was asked about, in the object's order.</summary>
    public required ValueList<ColumnExplanation> Columns { get; init; }

    /// <summary>Which rows they see: what is left of all row rules with this person put in. True: all.</summary>
    public required Predicate RowFilter { get; init; }

    /// <summary>Every row rule.</summary>
    public required ValueList<RowRuleExplanation> RowRules { get; init; }
}

/// <summary>Whether a person has one kind of access to an object, and why.</summary>
/// <param name="Way">By what.</param>
/// <param name="Policies">Every policy that took part, by key.</param>
public sealed record AccessExplanation(AccessWay Way, ValueList<PolicyExplanation> Policies)
{
    /// <summary>Whether they have it.</summary>
    public bool IsAllowed => Way != AccessWay.None;
}

/// <summary>By what a person has access.</summary>
public enum AccessWay
{
    /// <summary>They have none.</summary>
    None,

    /// <summary>By the rule of the policies.</summary>
    Rule,

    /// <summary>By a subscription of their own that the policies let count.</summary>
    Subscription,
}

/// <summary>A subscription policy's part.</summary>
/// <param name="PolicyKey">The policy.</param>
/// <param name="Kind">How people come to be subscribed by it.</param>
/// <param name="Mode">How it is joined with the others.</param>
/// <param name="Value">What it is for this person; null: unknown, which grants nothing.</param>
/// <param name="Conditions">Its conditions, the object's properties put in.</param>
public sealed record PolicyExplanation(
    string PolicyKey, SubscriptionKind Kind, SubscriptionMode Mode, bool? Value, ValueList<ConditionValue> Conditions);

/// <summary>A condition and its value for the person.</summary>
/// <param name="Condition">The condition.</param>
/// <param name="Value">Null: unknown, because it names a group or attribute that is not known, or compares NULL.</param>
public sealed record ConditionValue(Predicate Condition, bool? Value);

/// <summary>What a person sees in a column.</summary>
/// <param name="Column">Its name.</param>
/// <param name="Always">What its values become in every row at least; null: rows there may be in which they are seen as they are.</param>
/// <param name="Strictest">What they become where the condition of every mask holds; null: no mask meets this person.</param>
/// <param name="DecidedBy">The policies whose masks came to <paramref name="Strictest"/>: those that ask for it, or all that together come to NULL; by key.</param>
/// <param name="Masks">Every mask on the column.</param>
public sealed record ColumnExplanation(
    string Column, MaskFunction? Always, MaskFunction? Strictest, ValueList<string> DecidedBy, ValueList<MaskExplanation> Masks);

/// <summary>A mask's part.</summary>
/// <param name="Mask">The mask.</param>
/// <param name="Exempt">Whether the person is exempt from it, and by which conditions.</param>
/// <param name="Condition">Where it masks for this person: what is left of its condition. True: in every row; false: nowhere.</param>
public sealed record MaskExplanation(ColumnMask Mask, ExemptExplanation Exempt, Predicate Condition);

/// <summary>A row rule's part.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Exempt">Whether the person is exempt from it, and by which conditions.</param>
/// <param name="Filter">The rows it lets this person see: what is left of it with them put in.</param>
public sealed record RowRuleExplanation(RowRule Rule, ExemptExplanation Exempt, Predicate Filter);

/// <summary>Whether a person is exempt from a rule.</summary>
/// <param name="IsExempt">Whether.</param>
/// <param name="Conditions">The conditions of the exemption; none: nobody is exempt.</param>
public sealed record ExemptExplanation(bool IsExempt, ValueList<ConditionValue> Conditions);
