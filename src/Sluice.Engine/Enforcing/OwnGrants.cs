using Sluice.Core.Planning;
using Sluice.Engine.Platforms;
using Sluice.Platforms;
using Sluice.Storage.Connections;
using Sluice.Storage.History;

namespace Sluice.Engine.Enforcing;

/// <summary>Which grants are ours on platforms whose grants carry no mark, by what was done there. What was tried counts: it may have been made.</summary>
internal sealed class OwnGrants(IOwnGrantStore grants, PlatformRegistry platforms)
{
    /// <summary>All of a connection's.</summary>
    public Task<IReadOnlyList<OwnGrant>> OfAsync(StoredConnection connection, CancellationToken cancellationToken) => grants.OfConnectionAsync(connection.Id, cancellationToken);

    /// <summary>Records what a phase is about to grant, before it does. What is put back for somebody else is theirs.</summary>
    public async Task IntendAsync(StoredConnection connection, IReadOnlyList<Change> phase, CancellationToken cancellationToken)
    {
        var added = phase.Where(c => c.Verb == ChangeVerb.Add && IsUnmarked(connection, c.Key)).ToLookup(static c => c.Restore is null, static c => c.Key);
        await grants.AddAsync(connection.Id, [.. added[true]], cancellationToken);
        await grants.RemoveAsync(connection.Id, [.. added[false]], cancellationToken);
    }

    /// <summary>Records what was taken away.</summary>
    public Task EndAsync(StoredConnection connection, IReadOnlyList<ChangeOutcome> outcomes, CancellationToken cancellationToken) => grants.RemoveAsync(
        connection.Id, [.. outcomes.Where(o => o is { Error: null, Change.Verb: ChangeVerb.Remove } && IsUnmarked(connection, o.Change.Key)).Select(static o => o.Change.Key)], cancellationToken);

    /// <summary>
    /// Takes off the list what the platform shows to be no more, and records of each other grant that is asked for whether that is by a subscription of one person's
    /// own alone. Of one that is not asked for, what was recorded last stays.
    /// </summary>
    public async Task AlignAsync(StoredConnection connection, ComputedPlan computed, CancellationToken cancellationToken)
    {
        await grants.RemoveAsync(connection.Id, computed.Observed.Gone, cancellationToken);
        var (known, direct) = (computed.Read.Intent.OwnGrants, computed.Read.Counting.DirectGrants);
        if (known.Count == 0) return;
        var turned = computed.Desired.Facts.Where(f => known.Contains(f.Key) && direct.Contains(f.Key) != f.IsDirect).ToLookup(static f => f.IsDirect, static f => f.Key);
        foreach (var some in turned) await grants.SetDirectAsync(connection.Id, [.. some], some.Key, cancellationToken);
    }

    /// <summary>Records the same of what was granted just now.</summary>
    public Task ExplainAsync(StoredConnection connection, DesiredState desired, IReadOnlyList<ChangeOutcome> outcomes, CancellationToken cancellationToken)
    {
        var added = outcomes.Where(o => o.Change.Verb == ChangeVerb.Add && IsUnmarked(connection, o.Change.Key)).Select(static o => o.Change.Key).ToHashSet();
        return added.Count == 0
            ? Task.CompletedTask
            : grants.SetDirectAsync(connection.Id, [.. desired.Facts.Where(f => f.IsDirect && added.Contains(f.Key)).Select(static f => f.Key)], isDirect: true, cancellationToken);
    }

    private bool IsUnmarked(StoredConnection connection, FactKey key) =>
        key.Kind == FactKind.Grant && platforms.Of(connection.Technology) is IPutsGrantsBack platform && !platform.IsMarked(key);
}
