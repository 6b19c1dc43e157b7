namespace Sluice.Core.Policies.Documents;

/// <summary>How kinds are spelled in policy documents: one place for the reader, the writer and the schema.</summary>
internal static class PolicySpelling
{
    /// <summary>The kinds of policies.</summary>
    internal enum PolicyType
    {
        Subscription,
        Data,
    }

    /// <summary>The kinds of circumstances.</summary>
    internal enum CircumstanceType
    {
        Tags,
        ColumnTags,
        ColumnRegex,
        NoTags,
        ObjectPath,
    }

    /// <summary>The kinds of rules of a data policy.</summary>
    internal enum RuleType
    {
        Masking,
        RowsByEntitlements,
        RowsByPredicate,
        RowsByTime,
        RowsByShare,
    }

    /// <summary>The kinds of column selectors.</summary>
    internal enum SelectorType
    {
        ColumnTags,
        ColumnRegex,
        Column,
    }

    /// <summary>The kinds of masks.</summary>
    internal enum MaskType
    {
        Null,
        Constant,
        Hash,
        Regex,
        Rounding,
        Custom,
    }

    internal static readonly Spelling<PolicyType> PolicyTypes = new((PolicyType.Subscription, "subscription"), (PolicyType.Data, "data"));

    internal static readonly Spelling<SetOperator> Operators = new((SetOperator.Any, "any"), (SetOperator.All, "all"));

    internal static readonly Spelling<UnboundBehaviour> Unbound = new((UnboundBehaviour.Protect, "protect"), (UnboundBehaviour.Skip, "skip"));

    internal static readonly Spelling<SubscriptionKind> Kinds = new(
        (SubscriptionKind.Anyone, "anyone"), (SubscriptionKind.Approval, "approval"), (SubscriptionKind.Entitlements, "entitlements"), (SubscriptionKind.Manual, "manual"));

    internal static readonly Spelling<SubscriptionMode> Modes = new(
        (SubscriptionMode.Shared, "shared"), (SubscriptionMode.Required, "required"), (SubscriptionMode.Guardrail, "guardrail"));

    internal static readonly Spelling<AccessKind> Grants = new((AccessKind.Read, "READ"), (AccessKind.Write, "WRITE"));

    internal static readonly Spelling<ApproverPermission> Approvers = new((ApproverPermission.Owner, "OWNER"), (ApproverPermission.Governance, "GOVERNANCE"));

    internal static readonly Spelling<CircumstanceType> Circumstances = new(
        (CircumstanceType.Tags, "tags"), (CircumstanceType.ColumnTags, "columnTags"), (CircumstanceType.ColumnRegex, "columnRegex"),
        (CircumstanceType.NoTags, "noTags"), (CircumstanceType.ObjectPath, "objectPath"));

    internal static readonly Spelling<RuleType> Rules = new(
        (RuleType.Masking, "Masking"), (RuleType.RowsByEntitlements, "Row Restriction By User Entitlements"),
        (RuleType.RowsByPredicate, "Row Restriction by Custom Where Clause"), (RuleType.RowsByTime, "Time Restriction"), (RuleType.RowsByShare, "Minimization"));

    internal static readonly Spelling<SelectorType> Selectors = new(
        (SelectorType.ColumnTags, "columnTags"), (SelectorType.ColumnRegex, "columnRegex"), (SelectorType.Column, "column"));

    internal static readonly Spelling<MaskType> Masks = new(
        (MaskType.Null, "Null"), (MaskType.Constant, "Constant"), (MaskType.Hash, "Hash"), (MaskType.Regex, "Regex"), (MaskType.Rounding, "Rounding"),
        (MaskType.Custom, "Custom"));

    internal static readonly Spelling<TimePrecision> Precisions = new(
        (TimePrecision.Second, "SECOND"), (TimePrecision.Minute, "MINUTE"), (TimePrecision.Hour, "HOUR"), (TimePrecision.Day, "DAY"),
        (TimePrecision.Month, "MONTH"), (TimePrecision.Quarter, "QUARTER"), (TimePrecision.Year, "YEAR"));
}
