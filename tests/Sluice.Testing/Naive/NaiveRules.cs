using Sluice.Core.Access;
using Sluice.Core.People;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Testing.Naive;

/// <summary>What one rule says about one person, one object and one row.</summary>
internal sealed class NaiveRules(PeopleSnapshot people, IReadOnlyList<Subscription> subscriptions, DateTimeOffset now)
{
    private static readonly Dictionary<string, string> Unbound = [];

    /// <summary>Left out: on all active objects. A list of none, with any: on no object; with all: on every one.</summary>
    internal static bool CircumstancesHold(Policy policy, GovernedObject governed)
    {
        if (policy.Circumstances is null) return true;
        return policy.CircumstanceOperator == SetOperator.Any
            ? policy.Circumstances.Any(c => Holds(c, governed))
            : policy.Circumstances.All(c => Holds(c, governed));
    }

    private static bool Holds(Circumstance circumstance, GovernedObject governed) => circumstance switch
    {
        Circumstance.Tagged(var tag) => governed.Tags.Any(t => NaiveNames.IsAtOrBelow(t, tag)),
        Circumstance.ColumnTagged(var tag) => governed.Columns.Any(c => c.Tags.Any(t => NaiveNames.IsAtOrBelow(t, tag))),
        Circumstance.ColumnMatches(var regex, var ignoresCase) => governed.Columns.Any(c => NaiveNames.Expression(regex, ignoresCase).IsMatch(c.Name)),
        Circumstance.NoTags => governed.Tags.All(t => t == "Discovered.New"),
        Circumstance.AtOrBelow(var path) => path.Names.Length <= governed.Path.Names.Length
            && Enumerable.Range(0, path.Names.Length).All(i => path.Names[i] == governed.Path.Names[i]),
        _ => throw new NaiveFaultException($"No circumstance: {circumstance}."),
    };

    /// <summary>Whether a subscription policy's own condition holds. An error grants nothing.</summary>
    internal Truth Subscribes(SubscriptionPolicy policy, Person person, GovernedObject governed)
    {
        switch (policy.Kind)
        {
            case SubscriptionKind.Anyone: return Truth.True;
            case SubscriptionKind.Manual or SubscriptionKind.Approval: return Truths.Of(HasSubscription(person, governed, policy.Access, policy.Kind));
            case SubscriptionKind.Entitlements when policy.Entitlements is { } entitlements: return Entitled(person, entitlements);
        }

        if (policy.Advanced is null) return Truth.False;
        try
        {
            return Predicate(person, governed, null, Unbound, kind => HasSubscription(person, governed, policy.Access, kind)).Evaluate(policy.Advanced);
        }
        catch (NaiveFaultException)
        {
            return Truth.Unknown;
        }
    }

    /// <summary>Whether somebody was subscribed to the object in this way, and still is: at the moment of its expiry it is over.</summary>
    internal bool HasSubscription(Person person, GovernedObject governed, AccessKind access, SubscriptionKind kind) => subscriptions.Any(s =>
        s.PersonId == person.Id && s.ObjectPath.Equals(governed.Path) && s.Access == access && s.Kind == kind && (s.ExpiresAt is null || s.ExpiresAt > now));

    /// <summary>Whether a rule leaves a person alone. Who is not registered, or disabled, is exempt from nothing.</summary>
    internal bool IsExempt(Person? person, DataRule rule) =>
        person is { IsEnabled: true } && rule.Exceptions is { } exceptions && Entitled(person, exceptions) == Truth.True;

    private Truth Entitled(Person person, Entitlements entitlements)
    {
        var conditions = new List<Truth>();
        foreach (var group in entitlements.Groups)
            conditions.Add(people.KnownGroups.Contains(group) ? Truths.Of(person.Groups.Contains(group)) : Truth.Unknown);
        foreach (var attribute in entitlements.Attributes)
            conditions.Add(people.KnownAttributes.Contains(attribute.Name) ? Truths.Of(person.Attributes.Contains(attribute)) : Truth.Unknown);
        if (conditions.Count == 0) return Truth.False;
        return entitlements.Operator == SetOperator.Any ? Truths.Or(conditions) : Truths.And(conditions);
    }

    /// <summary>Whether a mask's fields select a column. A field that selects none covers none: only its condition leaves a mask unbound.</summary>
    internal bool Covers(DataRule.Masking rule, GovernedObject governed, string column) =>
        rule.Fields.Any(field => NaiveNames.Select(field, governed).Contains(column));

    /// <summary>Whether a rule isn't applied on an object because something that it names is missing there, and its policy says to skip it.</summary>
    internal static bool IsSkipped(Policy policy, DataRule rule, GovernedObject governed) =>
        policy.WhenUnbound == UnboundBehaviour.Skip && IsUnbound(rule, governed);

    /// <summary>Whether a tag or a column that a rule names is missing. One of several is enough, be the others there or not.</summary>
    internal static bool IsUnbound(DataRule rule, GovernedObject governed) => rule switch
    {
        DataRule.Masking { Condition: { } condition } => NaiveNames.Bindings(condition, governed) is null,
        DataRule.Masking => false,
        DataRule.RowsByPredicate(var predicate) => NaiveNames.Bindings(predicate, governed) is null,
        DataRule.RowsByEntitlements(_, var matches) => matches.Any(m => NaiveNames.Select(m.Column, governed).Count == 0),
        DataRule.RowsByTime(var column, _) => NaiveNames.Select(column, governed).Count == 0,
        DataRule.RowsByShare(_, var column) => NaiveNames.Select(column, governed).Count == 0,
        _ => throw new NaiveFaultException($"No rule: {rule}."),
    };

    /// <summary>Whether a mask masks in a row: its condition is true or unknown there, for one of the columns it is bound to at least. An error masks.</summary>
    internal bool Masks(Policy policy, DataRule.Masking rule, Person? person, GovernedObject governed, IReadOnlyList<object?> row)
    {
        if (rule.Condition is null) return true;
        if (NaiveNames.Bindings(rule.Condition, governed) is not { } bindings) return policy.WhenUnbound == UnboundBehaviour.Protect;
        return bindings.Any(binding => Evaluate(rule.Condition, person, governed, row, binding) is not Truth.False);
    }

    /// <summary>Whether a row rule is true for a row; null where it isn't applied.</summary>
    internal Truth? AllowsRow(Policy policy, DataRule rule, Person? person, GovernedObject governed, IReadOnlyList<object?> row)
    {
        if (IsUnbound(rule, governed)) return policy.WhenUnbound == UnboundBehaviour.Skip ? null : Truth.False;
        return rule switch
        {
            DataRule.RowsByPredicate(var predicate) =>
                Truths.And(NaiveNames.Bindings(predicate, governed)!.Select(binding => Evaluate(predicate, person, governed, row, binding))),
            DataRule.RowsByEntitlements entitlements => Matches(entitlements, person, governed, row),
            DataRule.RowsByTime(var column, var age) => ForEach(column, person, governed, row, value => new Predicate.IsNewerThan(value, age)),
            DataRule.RowsByShare(var percent, var column) => ForEach(column, person, governed, row, value => new Predicate.IsInShare(value, percent)),
            _ => throw new NaiveFaultException($"No row rule: {rule}."),
        };
    }

    private Truth Matches(DataRule.RowsByEntitlements rule, Person? person, GovernedObject governed, IReadOnlyList<object?> row)
    {
        // Of none nothing is said; read as an entitlement of no conditions is: it holds for nobody.
        if (rule.Matches.Count == 0) return Truth.False;
        var matches = new List<Truth>();
        foreach (var match in rule.Matches)
        {
            matches.Add(ForEach(match.Column, person, governed, row, value => match.Attribute is { } attribute
                ? new Predicate.AttributeContains(attribute, value)
                : new Predicate.GroupsContain(value)));
        }

        return rule.Operator == SetOperator.Any ? Truths.Or(matches) : Truths.And(matches);
    }

    /// <summary>"Several columns with the tag: the rule holds for each."</summary>
    private Truth ForEach(ColumnSelector selector, Person? person, GovernedObject governed, IReadOnlyList<object?> row, Func<Operand, Predicate> rule) =>
        Truths.And(NaiveNames.Select(selector, governed).Select(column => Evaluate(rule(new Operand.Column(column)), person, governed, row, Unbound)));

    /// <summary>An error counts as unknown for the predicate as a whole, whatever stands beside it: it never makes a row visible and never lifts a mask.</summary>
    private Truth Evaluate(
        Predicate predicate, Person? person, GovernedObject governed, IReadOnlyList<object?> row, IReadOnlyDictionary<string, string> binding)
    {
        try
        {
            return Predicate(person, governed, row, binding, kind => person is not null && HasSubscription(person, governed, AccessKind.Read, kind))
                .Evaluate(predicate);
        }
        catch (NaiveFaultException)
        {
            return Truth.Unknown;
        }
    }

    private NaivePredicate Predicate(
        Person? person, GovernedObject governed, IReadOnlyList<object?>? row, IReadOnlyDictionary<string, string> binding,
        Func<SubscriptionKind, bool> isSubscribed) => new(people, now, person, governed, row, binding, isSubscribed);
}
