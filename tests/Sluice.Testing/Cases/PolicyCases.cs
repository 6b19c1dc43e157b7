using Sluice.Core.Catalog;
using Sluice.Core.Policies;

namespace Sluice.Testing.Cases;

/// <summary>Policies of a case, about the tables there are more often than not.</summary>
internal sealed class PolicyCases(Dice dice, CaseOptions options, ValueList<CaseTable> tables)
{
    private static readonly string[] Keys = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa"];

    private readonly DataRuleCases _rules = new(dice, options, tables);
    private readonly PredicateCases _predicates = new(dice, options);

    internal ValueList<Policy> Policies() => dice.Times(dice.Chance(25) ? 1 : 4, 8, number => Policy(Keys[number])).ToValueList();

    /// <summary>A key that no policy has.</summary>
    internal static string FreeKey(IReadOnlyList<Policy> policies) => Keys.FirstOrDefault(k => policies.All(p => p.Key != k)) ?? $"policy-{policies.Count}";

    internal Policy Policy(string key) => dice.Chance(50) ? Subscription(key) : Data(key);

    internal DataPolicy Data(string key) => new()
    {
        Key = key,
        Name = $"What is seen: {key}",
        IsStaged = dice.Chance(8),
        CircumstanceOperator = Operator(),
        Circumstances = Circumstances(),
        WhenUnbound = dice.Chance(70) ? UnboundBehaviour.Protect : UnboundBehaviour.Skip,
        Rules = dice.Times(1, 2, _ => _rules.Rule()).ToValueList(),
    };

    internal SubscriptionPolicy Subscription(string key)
    {
        var kind = dice.Between(1, 20) switch
        {
            <= 11 => SubscriptionKind.Entitlements,
            <= 16 => SubscriptionKind.Anyone,
            <= 18 => SubscriptionKind.Manual,
            _ => SubscriptionKind.Approval,
        };
        var isAdvanced = kind == SubscriptionKind.Entitlements && dice.Chance(50);
        return new SubscriptionPolicy
        {
            Key = key,
            Name = $"Who reads: {key}",
            IsStaged = dice.Chance(8),
            CircumstanceOperator = Operator(),
            Circumstances = Circumstances(),
            WhenUnbound = dice.Chance(80) ? UnboundBehaviour.Protect : UnboundBehaviour.Skip,
            Kind = kind,
            Mode = dice.Between(1, 10) switch { <= 7 => SubscriptionMode.Shared, 8 => SubscriptionMode.Required, _ => SubscriptionMode.Guardrail },
            Entitlements = kind == SubscriptionKind.Entitlements && !isAdvanced ? _rules.Entitlements() : null,
            Advanced = isAdvanced ? _predicates.OfPerson() : null,
            Approvals = kind == SubscriptionKind.Approval ? [new Approval(dice.OneOf(ApproverPermission.Owner, ApproverPermission.Governance), dice.Chance(30))] : [],
            Access = dice.Chance(85) ? AccessKind.Read : AccessKind.Write,
        };
    }

    private SetOperator Operator() => dice.Chance(65) ? SetOperator.Any : SetOperator.All;

    private ValueList<Circumstance>? Circumstances() => dice.Chance(50) ? null : dice.Times(1, dice.Chance(40) ? 3 : 1, _ => Circumstance()).ToValueList();

    private Circumstance Circumstance() => dice.Between(1, 10) switch
    {
        <= 4 => new Circumstance.Tagged(dice.From(Vocabulary.ObjectTags)),
        5 or 6 => new Circumstance.ColumnTagged(dice.Chance(50) ? dice.From(Vocabulary.AnyColumnTags) : dice.From(Vocabulary.TypedTags).Tag),
        7 => new Circumstance.ColumnMatches(dice.From(Vocabulary.Regexes), dice.Chance(50)),
        8 => new Circumstance.NoTags(),
        _ => new Circumstance.AtOrBelow(Path()),
    };

    private ObjectPath Path()
    {
        var path = dice.From(tables).Object.Path;
        return new ObjectPath(path.Names.AsSpan()[..dice.Between(1, path.Names.Length)]);
    }
}
