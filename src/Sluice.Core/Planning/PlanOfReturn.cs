using Sluice.Core.Connections;

namespace Sluice.Core.Planning;

/// <summary>Plans that give a platform back: grants of others that were taken away are put back, and what is Sluice's goes.</summary>
public static class PlanOfReturn
{
    private static readonly DesiredState Nothing = new([], []);

    /// <summary>Puts grants back, and touches nothing else.</summary>
    public static Plan Of(IReadOnlyList<Change> putBack)
    {
        var pairs = putBack.Select(static c => (Identity: c.Key.Subject, Object: c.Key.Object!)).Distinct().ToList();
        return new Plan
        {
            Changes = [.. putBack.OrderBy(static c => c.Phase).ThenBy(static c => c.Key, FactKeyOrder.Instance)],
            LeftAlone = [],
            Residuals = [],
            Shortfalls = [],
            UnregisteredReaders = [],
            Impact = new PlanImpact(0, pairs.Count, 0, 0, pairs.Count, [.. pairs.Take(PlanImpact.MaxExamples).Select(static p => new ImpactExample(p.Identity, p.Object, IsLost: false))]),
        };
    }

    /// <summary>
    /// Takes away whatever is Sluice's, grants before protections, and puts back the grants that are asked for before that. What others made stays, in every
    /// mode of the connection: it was asked for by name.
    /// </summary>
    /// <param name="observed">What is there.</param>
    /// <param name="putBack">The grants to put back.</param>
    /// <param name="counting">Who counts for the impact.</param>
    public static Plan Of(ObservedState observed, IReadOnlyList<Change> putBack, ImpactScope counting)
    {
        var returning = putBack.ToDictionary(static c => c.Key);
        var desired = putBack.Count == 0 ? Nothing : new DesiredState([.. putBack.Select(static c => new DesiredFact(c.Key, c.Definition, c.Reason))], []);
        var plan = PlanBuilder.Build(desired, observed with { Conflicts = [] }, EnforcementMode.UpsertOnly, counting);
        return plan with
        {
            Changes = [.. plan.Changes.Select(c => c.Verb == ChangeVerb.Add && returning.TryGetValue(c.Key, out var back) ? back with { Phase = c.Phase } : c)],
            LeftAlone = [],
            Residuals = [],
        };
    }
}
