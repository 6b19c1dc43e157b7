using Sluice.Core.Access;
using Sluice.Core.People;
using Sluice.Core.Policies;

namespace Sluice.Testing.Naive;

/// <summary>
/// What policies mean, for one person, one object and one row at a time: straight loops over all policies, as the design says it, slow and obvious. The fast
/// evaluator has to agree with it. Custom masks are found by the technology's documented name; where none is given, all are there. Where a person may be
/// null, null is somebody who is not registered.
/// </summary>
public sealed class NaiveEvaluator(
    IReadOnlyList<Policy> policies, PeopleSnapshot people, IReadOnlyList<Subscription> subscriptions, DateTimeOffset now,
    UnregisteredBehaviour unregistered = UnregisteredBehaviour.Protect, string? technology = null)
{
    private readonly NaiveRules _rules = new(people, subscriptions, now);

    /// <summary>Whether the policies, and what was granted by hand or by approval, subscribe a person to an active object.</summary>
    public bool IsSubscribed(Person person, GovernedObject governed, AccessKind access)
    {
        if (!person.IsEnabled) return false;
        var shared = new List<Truth>();
        var required = new List<Truth>();
        var guardrails = new List<Truth>();
        foreach (var policy in Applicable<SubscriptionPolicy>(governed))
        {
            if (policy.Access != access) continue;
            var holds = _rules.Subscribes(policy, person, governed);
            if (policy.Mode == SubscriptionMode.Shared) shared.Add(holds);
            if (policy.Mode == SubscriptionMode.Required) required.Add(holds);
            if (policy.Mode == SubscriptionMode.Guardrail) guardrails.Add(holds);
        }

        // S and R both empty: nobody is subscribed by policy. By hand or by approval it is possible then; the guardrails, which hold for everybody, hold
        // for these people too (the stricter reading: the rule's last term is "all of G").
        if (shared.Count == 0 && required.Count == 0)
        {
            var isSubscribed = _rules.HasSubscription(person, governed, access, SubscriptionKind.Manual)
                || _rules.HasSubscription(person, governed, access, SubscriptionKind.Approval);
            return Truths.And([Truths.Of(isSubscribed), .. guardrails]) == Truth.True;
        }

        var anyShared = shared.Count == 0 ? Truth.True : Truths.Or(shared);
        return Truths.And([anyShared, .. required, .. guardrails]) == Truth.True;
    }

    /// <summary>
    /// The same on a platform: without row filters, who is not exempt from every row rule is not subscribed at all. Neither to read nor to write: a statement
    /// that updates where a column has some value tells who wrote it what rows there are.
    /// </summary>
    public bool IsSubscribed(Person person, GovernedObject governed, AccessKind access, Capabilities capabilities) =>
        IsSubscribed(person, governed, access) && (capabilities.HasRowFilters || !HasRowRules(person, governed));

    /// <summary>What the masks make of a cell for a person, subscribed or not; null: nothing.</summary>
    public MaskFunction? MaskOf(Person? person, GovernedObject governed, string column, IReadOnlyList<object?> row) =>
        Compose(governed, column, MasksOn(person, governed, column, row));

    /// <summary>Whether every row rule from which a person isn't exempt is true for a row; whether they are subscribed is not asked.</summary>
    public bool IsRowVisible(Person? person, GovernedObject governed, IReadOnlyList<object?> row)
    {
        if (person is null && unregistered == UnregisteredBehaviour.Pass) return true;
        foreach (var policy in Applicable<DataPolicy>(governed))
        {
            foreach (var rule in policy.Rules)
            {
                if (rule is DataRule.Masking || _rules.IsExempt(person, rule)) continue;
                if (_rules.AllowsRow(policy, rule, person, governed, row) is { } truth && truth != Truth.True) return false;
            }
        }

        return true;
    }

    /// <summary>What a person meets at a cell.</summary>
    public CellOutcome OutcomeOf(Person person, GovernedObject governed, string column, IReadOnlyList<object?> row, Capabilities capabilities) =>
        OutcomeOf([person], governed, column, row, capabilities);

    /// <summary>
    /// What the holders of one platform identity meet at a cell: what all of them may, and the strictest of their masks. A disabled holder is entitled to
    /// nothing, so while there is one the identity is not either. Masks compose over all rules that mask for any of them.
    /// </summary>
    public CellOutcome OutcomeOf(
        IReadOnlyList<Person> holders, GovernedObject governed, string column, IReadOnlyList<object?> row, Capabilities capabilities)
    {
        if (holders.Count == 0 || holders.Any(h => !IsSubscribed(h, governed, AccessKind.Read, capabilities))) return new CellOutcome.NotSubscribed();
        return Seen([.. holders], governed, column, row, capabilities);
    }

    /// <summary>What somebody who is not registered, and whom the platform lets read the object, meets at a cell.</summary>
    public CellOutcome OutcomeOfUnregistered(GovernedObject governed, string column, IReadOnlyList<object?> row, Capabilities capabilities)
    {
        if (!capabilities.HasRowFilters && HasRowRules(null, governed)) return new CellOutcome.NotSubscribed();
        return Seen([null], governed, column, row, capabilities);
    }

    private CellOutcome Seen(
        IReadOnlyList<Person?> holders, GovernedObject governed, string column, IReadOnlyList<object?> row, Capabilities capabilities)
    {
        if (!capabilities.HasNativeMasks && holders.Any(h => HasMasks(h, governed, column))) return new CellOutcome.ColumnRefused();
        if (holders.Any(h => !IsRowVisible(h, governed, row))) return new CellOutcome.RowAbsent();
        return Compose(governed, column, holders.SelectMany(h => MasksOn(h, governed, column, row))) is { } mask
            ? new CellOutcome.Masked(mask)
            : new CellOutcome.Clear();
    }

    /// <summary>Whether a mask is on a column from which a person isn't exempt, be its condition true or not.</summary>
    public bool HasMasks(Person? person, GovernedObject governed, string column)
    {
        if (person is null && unregistered == UnregisteredBehaviour.Pass) return false;
        return Applicable<DataPolicy>(governed).Any(policy => policy.Rules.OfType<DataRule.Masking>().Any(rule =>
            _rules.Covers(rule, governed, column) && !_rules.IsExempt(person, rule) && !NaiveRules.IsSkipped(policy, rule, governed)));
    }

    /// <summary>Whether a row rule is on an object from which a person isn't exempt.</summary>
    public bool HasRowRules(Person? person, GovernedObject governed)
    {
        if (person is null && unregistered == UnregisteredBehaviour.Pass) return false;
        return Applicable<DataPolicy>(governed).Any(policy => policy.Rules.Any(rule =>
            rule is not DataRule.Masking && !_rules.IsExempt(person, rule) && !NaiveRules.IsSkipped(policy, rule, governed)));
    }

    /// <summary>Whether a rule on an object names a tag or a column that is missing there.</summary>
    public bool HasUnboundRules(GovernedObject governed) => Applicable<DataPolicy>(governed).Any(p => p.Rules.Any(r => NaiveRules.IsUnbound(r, governed)));

    /// <summary>The masks that <see cref="MaskOf"/> composes.</summary>
    public IReadOnlyList<MaskFunction> MasksOn(Person? person, GovernedObject governed, string column, IReadOnlyList<object?> row)
    {
        var masks = new List<MaskFunction>();
        if (person is null && unregistered == UnregisteredBehaviour.Pass) return masks;
        foreach (var policy in Applicable<DataPolicy>(governed))
        {
            foreach (var rule in policy.Rules)
            {
                if (rule is not DataRule.Masking masking || !_rules.Covers(masking, governed, column) || _rules.IsExempt(person, rule)) continue;
                if (_rules.Masks(policy, masking, person, governed, row)) masks.Add(masking.Function);
            }
        }

        return masks;
    }

    private MaskFunction? Compose(GovernedObject governed, string column, IEnumerable<MaskFunction> masks) =>
        NaiveMasks.Compose(ColumnKinds.Of(governed.Columns.Single(c => c.Name == column).Type), masks, technology);

    private IEnumerable<TPolicy> Applicable<TPolicy>(GovernedObject governed) where TPolicy : Policy =>
        policies.OfType<TPolicy>().Where(policy => !policy.IsStaged && NaiveRules.CircumstancesHold(policy, governed));
}
