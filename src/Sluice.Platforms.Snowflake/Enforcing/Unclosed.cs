using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Platforms.Snowflake.Sql;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>
/// Objects whose policies could not be closed. There the old ones stay, and what these ask about people stays as it was, so that they show what they showed; but
/// exemptions that end, end: that shows less.
/// </summary>
internal sealed class Unclosed
{
    private readonly IReadOnlyDictionary<ObjectPath, ChangeOutcome> _refusals;
    private readonly string? _asked;
    private readonly bool _keepsKnown;

    private Unclosed(IReadOnlyDictionary<ObjectPath, ChangeOutcome> refusals, string? asked, IReadOnlyList<Change> phase)
    {
        (_refusals, _asked) = (refusals, asked);
        // The functions' names that ask what is known of a person begin with that word.
        _keepsKnown = phase.Any(static c => IsKnown(c)) && (Asks(Support.Known) || Asks("IS_REGISTERED"));
    }

    /// <summary>What of a phase is not made, each change as it ends.</summary>
    /// <param name="phase">The changes.</param>
    /// <param name="refusals">Of each object that could not be closed one that says why.</param>
    /// <param name="references">Reads what stands there.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async Task<IReadOnlyList<ChangeOutcome>> KeptAsync(
        IReadOnlyList<Change> phase, IReadOnlyDictionary<ObjectPath, ChangeOutcome> refusals, PolicyReferences references, CancellationToken cancellationToken)
    {
        if (refusals.Count == 0) return [];
        var asked = phase.Any(static c => PeopleWriter.IsAboutPeople(c) && !IsEnd(c)) ? await AskedAsync(phase, refusals.Keys, references, cancellationToken) : "";
        var unclosed = new Unclosed(refusals, asked, phase);
        var any = refusals.Values.First();
        return [.. phase.Select(c => (Change: c, Refusal: unclosed.RefusalOf(c, any))).Where(static c => c.Refusal is not null).Select(static c => c.Refusal! with { Change = c.Change })];
    }

    /// <summary>Whether other policies would show more without a change about people that is not made: of exemptions that begin none would.</summary>
    public static bool IsKnown(Change change) => PeopleWriter.IsAboutPeople(change) && change.Key.Kind != FactKind.Exemption;

    private static bool IsEnd(Change change) => change is { Key.Kind: FactKind.Exemption, Verb: ChangeVerb.Remove };

    // Null where it can't be read.
    private static async Task<string?> AskedAsync(IReadOnlyList<Change> phase, IEnumerable<ObjectPath> paths, PolicyReferences references, CancellationToken cancellationToken)
    {
        var views = phase.Where(static c => c.Key.Detail == PolicyText.OnView).Select(static c => c.Key.Object).ToHashSet();
        var bodies = new List<string>();
        try
        {
            foreach (var path in paths) bodies.Add(await references.BodiesOnAsync(path, views.Contains(path), cancellationToken));
        }
        catch (PlatformException)
        {
            return null;
        }

        return string.Join('\n', bodies);
    }

    private ChangeOutcome? RefusalOf(Change change, ChangeOutcome any)
    {
        if (change is { Verb: ChangeVerb.Replace, Key.Kind: FactKind.Mask or FactKind.RowRule }) return _refusals.GetValueOrDefault(change.Key.Object!);
        if (!PeopleWriter.IsAboutPeople(change) || IsEnd(change)) return null;
        // Who begins to be exempt does so after what is known of them is written.
        var isKept = _keepsKnown || (change.Key.Kind == FactKind.Exemption && Asks(Quote.Literal(change.Key.Detail)));
        return isKept ? any with { Error = $"not made, for a policy that asks for it could not be changed: {any.Error}" } : null;
    }

    private bool Asks(string what) => _asked is null || _asked.Contains(what, StringComparison.Ordinal);
}
