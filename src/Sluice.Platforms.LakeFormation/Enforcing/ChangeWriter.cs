using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Platforms.LakeFormation.Wire;

namespace Sluice.Platforms.LakeFormation.Enforcing;

/// <summary>Makes the changes of a phase: what others rest on first, within that as much at once as AWS bears.</summary>
internal sealed class ChangeWriter(GrantBatches batches, TagWriter tags)
{
    private const LakePermissions Anything = LakePermissions.EveryTablePermission | LakePermissions.All;

    private readonly Lock _lock = new();
    private (AccessIntent Of, HashSet<(ObjectPath, string)> Keys)? _keys;

    /// <summary>Makes them, and tells how each ended.</summary>
    public IAsyncEnumerable<ChangeOutcome> ApplyAsync(AccessIntent intent, IReadOnlyList<Change> phase, CancellationToken cancellationToken) =>
        ToldOutcomes.OfAsync((tell, token) => MakeAsync(intent, phase, tell, token), cancellationToken);

    private async Task MakeAsync(AccessIntent intent, IReadOnlyList<Change> phase, Action<ChangeOutcome> tell, CancellationToken cancellationToken)
    {
        var grants = phase.Where(IsEntry).ToLookup(c => c.Verb == ChangeVerb.Remove);
        var audiences = phase.Where(c => c.Key.Kind == FactKind.Audience).ToLookup(c => c.Verb == ChangeVerb.Remove);
        await tags.MakeAsync([.. audiences[false]], tell, cancellationToken);
        await GrantAsync([.. grants[false]], tell, cancellationToken);
        await tags.AssignAsync([.. phase.Where(c => c.Key.Kind != FactKind.Audience && !IsEntry(c))], (table, key) => KeysOf(intent).Contains((table, key)), tell, cancellationToken);
        await batches.SendAsync([.. grants[true].Select(c => (c, EntryOf(c)))], isRevoke: true, tell, cancellationToken);
        await tags.DeleteAsync([.. audiences[true]], tell, cancellationToken);
    }

    /// <summary>The entry that grants what a change adds, or revokes what it removes.</summary>
    public static LakePermission EntryOf(Change change)
    {
        if (change.Key.Kind != FactKind.Member) return GrantForm.Entry(change.Key, change.Definition);
        var audience = AudienceTag.Read(change.Key.Subject)!.Value;
        return change.Verb == ChangeVerb.Remove
            ? new LakePermission(change.Key.Detail, audience.Tables, AllOf(change), PassableOf(change))
            : new LakePermission(change.Key.Detail, audience.Tables, audience.Permissions, LakePermissions.None);
    }

    /// <summary>The entry that takes from a replaced grant what it has too much.</summary>
    public static LakePermission SurplusOf(Change change)
    {
        if (change.Key.Kind != FactKind.Member) return GrantForm.GrantOption(change.Key);
        var audience = AudienceTag.Read(change.Key.Subject)!.Value;
        return new LakePermission(change.Key.Detail, audience.Tables, Anything & ~audience.Permissions, Anything);
    }

    // A grant with another definition has the grant option: it is granted as it shall be, and then loses that.
    private async Task GrantAsync(IReadOnlyList<Change> changes, Action<ChangeOutcome> tell, CancellationToken cancellationToken)
    {
        var replaced = new List<(Change, LakePermission)>();
        await batches.SendAsync(
            [.. changes.Select(c => (c, EntryOf(c)))],
            isRevoke: false,
            outcome =>
            {
                if (outcome is not { Error: null, Change.Verb: ChangeVerb.Replace }) tell(outcome);
                else lock (replaced) replaced.Add((outcome.Change, SurplusOf(outcome.Change)));
            },
            cancellationToken);
        await batches.SendAsync(replaced, isRevoke: true, tell, cancellationToken);
    }

    // What a member's definition says beyond the permissions of its audience was somebody else's doing, and goes with it.
    private static LakePermissions AllOf(Change change) =>
        Anything.Each().Where(p => change.Definition.Split("; ")[0].Split(", ").Contains(p.Name(), StringComparer.Ordinal)).Aggregate(LakePermissions.None, (all, p) => all | p);

    private static LakePermissions PassableOf(Change change) =>
        change.Definition.Split("the grant option on ") is [_, var passable]
            ? Anything.Each().Where(p => passable.Split(", ").Contains(p.Name(), StringComparer.Ordinal)).Aggregate(LakePermissions.None, (all, p) => all | p)
            : LakePermissions.None;

    private HashSet<(ObjectPath, string)> KeysOf(AccessIntent intent)
    {
        lock (_lock)
        {
            if (_keys is not { } known || !ReferenceEquals(known.Of, intent))
            {
                var tagged = AccessCompiler.Compile(intent).Facts.Where(f => f.Key is { Kind: FactKind.Grant, Object: not null })
                    .Select(f => (Object: f.Key.Object!, Audience: AudienceTag.Read(f.Key.Subject))).Where(f => f.Audience is not null);
                _keys = known = (intent, [.. tagged.Select(f => (f.Object, f.Audience!.Value.Key))]);
            }

            return known.Keys;
        }
    }

    private static bool IsEntry(Change change) =>
        change.Key.Kind == FactKind.Member || (change.Key.Kind == FactKind.Grant && AudienceTag.Read(change.Key.Subject) is null);
}
