using Sluice.Core.Catalog;

namespace Sluice.Core.Planning;

/// <summary>What of a plan comes of some objects being asked for, or being asked for no more.</summary>
public static class PlanPart
{
    /// <summary>The part of a plan: every change on the objects; who is in the audiences that are granted there, and what those have above them; and whatever else the plan would not do without.</summary>
    /// <param name="whole">The plan with them.</param>
    /// <param name="without">What would be done as things are, from the same observation.</param>
    /// <param name="objects">The objects.</param>
    /// <param name="desired">What <paramref name="whole"/> was made of.</param>
    /// <param name="observed">What both were made from.</param>
    /// <param name="counting">Who counts for the impact.</param>
    /// <returns>Its impact counts pairs with the objects, and with those that are changed besides, alone.</returns>
    public static Plan Of(Plan whole, Plan without, ConcernedObjects objects, DesiredState desired, ObservedState observed, ImpactScope counting)
    {
        var anyway = without.Changes.Select(static c => (c.Verb, c.Key, c.Definition)).ToHashSet();
        var grantees = desired.Facts.Where(f => f.Key is { Kind: FactKind.Grant, Object: { } on } && objects.Contains(on)).Select(static f => f.Key.Subject).ToHashSet(StringComparer.Ordinal);
        var changes = whole.Changes.Where(Belongs).ToList();
        return new Plan
        {
            Changes = changes,
            LeftAlone = [.. whole.LeftAlone.Where(f => f.Key.Object is { } on && objects.Contains(on))],
            Residuals = [.. whole.Residuals.Where(r => objects.Reaches(r.Object))],
            Shortfalls = [.. whole.Shortfalls.Where(s => objects.Reaches(s.Object))],
            UnregisteredReaders = [.. whole.UnregisteredReaders.Where(r => objects.Reaches(r.Object))],
            Impact = ImpactOf(changes),
        };

        bool Belongs(Change change) =>
            (change.Key.Object is { } on && objects.Contains(on))
            || !anyway.Contains((change.Verb, change.Key, change.Definition))
            || ((change.Key.Object is null || objects.Reaches(change.Key.Object)) && grantees.Contains(change.Key.Subject));

        PlanImpact ImpactOf(List<Change> made)
        {
            var touched = made.Select(static c => c.Key.Object).OfType<ObjectPath>().ToHashSet();
            var numbers = new FactNumbers();
            var facts = observed.Facts.Where(f => f.Key.Object is not { } on || objects.Contains(on) || touched.Contains(on)).ToList();
            return PlanImpact.Of(made, new FactTable(facts, numbers), numbers, counting);
        }
    }
}
