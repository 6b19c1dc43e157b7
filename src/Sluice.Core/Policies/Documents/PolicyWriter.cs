using System.Globalization;
using Sluice.Core.Payloads;
using Sluice.Core.Policies.Predicates;
using static Sluice.Core.Policies.Documents.PolicySpelling;

namespace Sluice.Core.Policies.Documents;

/// <summary>Prints a policy as the one document that stands for it: reading that gives an equal policy. What is as by default is left out.</summary>
public static class PolicyWriter
{
    /// <summary>The document.</summary>
    public static DocumentNode Write(Policy policy) => Map(
        ("policyKey", Text(policy.Key)),
        ("name", Text(policy.Name)),
        ("type", Text(PolicyTypes.Of(policy is DataPolicy ? PolicyType.Data : PolicyType.Subscription))),
        ("staged", Flag(policy.IsStaged)),
        ("circumstanceOperator", policy.CircumstanceOperator == SetOperator.Any ? null : Text(Operators.Of(policy.CircumstanceOperator))),
        ("circumstances", policy.Circumstances is { } circumstances ? List(circumstances.Select(Write)) : null),
        ("whenUnbound", policy.WhenUnbound == UnboundBehaviour.Protect ? null : Text(Unbound.Of(policy.WhenUnbound))),
        ("actions", policy switch
        {
            SubscriptionPolicy subscription => Actions(subscription),
            DataPolicy data => List([Map(("rules", List(data.Rules.Select(Write))))]),
            _ => null,
        }));

    private static DocumentNode.Mapping Actions(SubscriptionPolicy policy) => Map(
        ("type", Text(Kinds.Of(policy.Kind))),
        ("mode", policy.Mode == SubscriptionMode.Shared ? null : Text(Modes.Of(policy.Mode))),
        ("entitlements", Write(policy.Entitlements)),
        ("advanced", Write(policy.Advanced)),
        ("approvals", policy.Approvals.Count == 0 ? null : List(policy.Approvals.Select(a => Map(
            ("requiredPermission", Text(Approvers.Of(a.RequiredPermission))),
            ("specificApproverRequired", Flag(a.IsSpecificApproverRequired)))))),
        ("accessGrant", policy.Access == AccessKind.Read ? null : Text(Grants.Of(policy.Access))));

    private static DocumentNode.Mapping Write(Circumstance circumstance) => circumstance switch
    {
        Circumstance.Tagged tagged => Map(("type", Text(Circumstances.Of(CircumstanceType.Tags))), ("tag", Text(tagged.Tag))),
        Circumstance.ColumnTagged tagged => Map(("type", Text(Circumstances.Of(CircumstanceType.ColumnTags))), ("columnTag", Text(tagged.Tag))),
        Circumstance.ColumnMatches matches => Map(
            ("type", Text(Circumstances.Of(CircumstanceType.ColumnRegex))), ("regex", Text(matches.Regex)), ("caseInsensitive", Flag(matches.IgnoresCase))),
        Circumstance.NoTags => Map(("type", Text(Circumstances.Of(CircumstanceType.NoTags)))),
        Circumstance.AtOrBelow below => Map(("type", Text(Circumstances.Of(CircumstanceType.ObjectPath))), ("path", List(below.Path.Names.Select(Text)))),
        _ => throw Unknown(circumstance),
    };

    private static DocumentNode.Mapping? Write(Entitlements? entitlements) => entitlements is null ? null : Map(
        ("operator", Text(Operators.Of(entitlements.Operator))),
        ("groups", entitlements.Groups.Count == 0 ? null : List(entitlements.Groups.Select(Text))),
        ("attributes", entitlements.Attributes.Count == 0 ? null : List(entitlements.Attributes.Select(a => Map(("name", Text(a.Name)), ("value", Text(a.Value)))))));

    private static DocumentNode.Mapping Write(DataRule rule)
    {
        var (type, config) = rule switch
        {
            DataRule.Masking masking => (RuleType.Masking, Map(
                ("fields", List(masking.Fields.Select(Write))),
                ("maskingConfig", Write(masking.Function)),
                ("conditionalPredicate", Write(masking.Condition)))),
            DataRule.RowsByEntitlements rows => (RuleType.RowsByEntitlements, Map(
                ("operator", Text(Operators.Of(rows.Operator))),
                ("matches", List(rows.Matches.Select(Write))))),
            DataRule.RowsByPredicate rows => (RuleType.RowsByPredicate, Map(("predicate", Write(rows.Predicate)))),
            DataRule.RowsByTime rows => (RuleType.RowsByTime, Map(("column", Write(rows.Column)), ("newerThan", Text(IsoDuration.Print(rows.NewerThan))))),
            DataRule.RowsByShare rows => (RuleType.RowsByShare, Map(("percent", Number(rows.Percent)), ("on", Write(rows.On)))),
            _ => throw Unknown(rule),
        };
        return Map(("type", Text(Rules.Of(type))), ("config", config), ("exceptions", Write(rule.Exceptions)));
    }

    private static DocumentNode.Mapping Write(EntitlementMatch match) => Map(
        ("column", Write(match.Column)),
        match.Attribute is { } attribute ? ("attribute", Text(attribute)) : ("groups", Flag(true)));

    private static DocumentNode.Mapping Write(ColumnSelector selector) => selector switch
    {
        ColumnSelector.Tagged tagged => Map(("type", Text(Selectors.Of(SelectorType.ColumnTags))), ("columnTag", Text(tagged.Tag))),
        ColumnSelector.Matching matching => Map(
            ("type", Text(Selectors.Of(SelectorType.ColumnRegex))), ("regex", Text(matching.Regex)), ("caseInsensitive", Flag(matching.IgnoresCase))),
        ColumnSelector.Named named => Map(("type", Text(Selectors.Of(SelectorType.Column))), ("column", Text(named.Name))),
        _ => throw Unknown(selector),
    };

    private static DocumentNode.Mapping Write(MaskFunction function) => function switch
    {
        MaskFunction.Null => Mask(MaskType.Null),
        MaskFunction.Constant constant => Mask(MaskType.Constant, ("constant", Text(constant.Value))),
        MaskFunction.Hash => Mask(MaskType.Hash),
        MaskFunction.Regex regex => Mask(
            MaskType.Regex, ("regex", Text(regex.Pattern)), ("replacement", Text(regex.Replacement)), ("caseInsensitive", Flag(regex.IgnoresCase)),
            ("global", regex.IsGlobal ? null : new DocumentNode.Scalar(ScalarKind.Boolean, "false"))),
        MaskFunction.RoundNumber rounding => Mask(MaskType.Rounding, ("bucketSize", Number(rounding.BucketSize))),
        MaskFunction.RoundTime rounding => Mask(MaskType.Rounding, ("precision", Text(Precisions.Of(rounding.Precision)))),
        MaskFunction.Custom custom => Mask(
            MaskType.Custom, ("functions", Map([.. custom.Functions.Select(f => (f.Key, (DocumentNode?)Text(f.Value)))])),
            ("rank", custom.Rank == 0 ? null : Number(custom.Rank))),
        _ => throw Unknown(function),
    };

    private static DocumentNode.Mapping Mask(MaskType type, params (string Name, DocumentNode? Value)[] members) => Map([("type", Text(Masks.Of(type))), .. members]);

    private static DocumentNode.Scalar? Write(Predicate? predicate) => predicate is null ? null : Text(PredicateText.Of(predicate));

    private static DocumentNode.Mapping Map(params (string Name, DocumentNode? Value)[] members) =>
        new(members.Where(m => m.Value is not null).Select(m => new DocumentMember(m.Name, m.Value!)).ToValueList());

    private static DocumentNode.Sequence List(IEnumerable<DocumentNode> items) => new(items.ToValueList());

    private static DocumentNode.Scalar Text(string text) => new(ScalarKind.Text, text);

    private static DocumentNode.Scalar Number(decimal number) => new(ScalarKind.Number, number.ToString(CultureInfo.InvariantCulture));

    private static DocumentNode.Scalar? Flag(bool isSet) => isSet ? new(ScalarKind.Boolean, "true") : null;

    private static ArgumentException Unknown(object kind) => new($"{kind.GetType().Name} has no spelling.", nameof(kind));
}
