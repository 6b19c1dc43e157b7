using Sluice.Core.Access;
using Sluice.Core.Planning;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>
/// Policies that show nothing, set where policies are about to be replaced while what is known of people changes, or a row rule and a mask of one object: what is new of the
/// one with what is old of the other might show what neither state does, and no transaction holds both.
/// </summary>
/// <param name="Replaced">The changes that replace the old policies.</param>
/// <param name="Policies">The policies.</param>
/// <param name="Changes">The changes that set them, in the place of the changes that replace the old ones.</param>
internal sealed record Closing(IReadOnlyList<Change> Replaced, IReadOnlyList<SetPolicy> Policies, IReadOnlyList<Change> Changes)
{
    /// <summary>For the changes of a phase; null where nothing has to be closed.</summary>
    public static Closing? Of(ClosingPolicy closing, AccessIntent intent, IReadOnlyList<Change> phase)
    {
        var replaced = phase.Where(static c => c is { Verb: ChangeVerb.Replace, Key.Kind: FactKind.Mask or FactKind.RowRule }).ToList();
        if (!phase.Any(PeopleWriter.IsAboutPeople))
        {
            var masked = replaced.Where(static c => c.Key.Kind == FactKind.Mask).Select(static c => c.Key.Object).ToHashSet();
            replaced.RemoveAll(c => c.Key.Kind == FactKind.Mask || !masked.Contains(c.Key.Object));
        }

        return replaced.Count == 0 ? null : For(closing, intent, replaced);
    }

    private static Closing For(ClosingPolicy closing, AccessIntent intent, List<Change> replaced)
    {
        var objects = intent.Objects.ToDictionary(static o => o.Object.Path, static o => o.Object);
        var policies = new Dictionary<string, SetPolicy>(StringComparer.Ordinal);
        var changes = new List<Change>();
        foreach (var change in replaced)
        {
            if (!objects.TryGetValue(change.Key.Object!, out var of)) continue;
            var isMask = change.Key.Kind == FactKind.Mask;
            if ((isMask ? of.Columns.FirstOrDefault(c => c.Name == change.Key.Subject) : FirstOf(of, change)) is not { } column) continue;
            var policy = isMask ? closing.Mask(column) : closing.Rows(column);
            policies.TryAdd(policy.Name, policy);
            changes.Add(change with { Definition = policy.Definition });
        }

        return new Closing(replaced, [.. policies.Values], changes);
    }

    // One that the new policy is given: it stands in no mask.
    private static GovernedColumn? FirstOf(GovernedObject of, Change change)
    {
        var (_, columns) = SetPolicy.Read(change.Definition);
        return of.Columns.FirstOrDefault(c => columns.Contains(Sql.Quote.Identifier(c.Name), StringComparison.Ordinal));
    }
}
