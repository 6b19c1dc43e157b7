using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Platforms.Databricks.Wire;

namespace Sluice.Platforms.Databricks.Enforcing;

/// <summary>Grants and revokes: all changes of one securable in one request, several securables at once.</summary>
internal sealed class GrantWriter(GrantsClient grants, ApplySight sight, DatabricksOptions options)
{
    /// <summary>Makes changes of grants, and tells how each ended.</summary>
    public Task WriteAsync(IEnumerable<Change> changes, Action<ChangeOutcome> tell, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        changes.GroupBy(static c => c.Key.Object!).SelectMany(g => Requests(g.Key, [.. g])),
        new ParallelOptions { MaxDegreeOfParallelism = options.MostRequests, CancellationToken = cancellationToken },
        async (request, token) => await WriteAsync(request.Path, request.Changes, tell, token));

    /// <summary>What is asked for about one principal.</summary>
    public static PermissionsChange ChangeOf(string principal, IEnumerable<Change> changes)
    {
        var byVerb = changes.ToLookup(static c => c.Verb == ChangeVerb.Remove, static c => Privileges.OfDetail(c.Key.Detail));
        return new PermissionsChange(principal, [.. byVerb[false]], [.. byVerb[true]]);
    }

    private IEnumerable<(ObjectPath Path, IReadOnlyList<Change> Changes)> Requests(ObjectPath path, IReadOnlyList<Change> changes) =>
        changes.GroupBy(static c => c.Key.Subject, StringComparer.Ordinal).Chunk(options.PrincipalsPerChange)
            .Select(some => (path, (IReadOnlyList<Change>)[.. some.SelectMany(static s => s)]));

    // One principal that Databricks doesn't know refuses all of a request: it is halved until that one stands alone.
    private async Task WriteAsync(ObjectPath path, IReadOnlyList<Change> changes, Action<ChangeOutcome> tell, CancellationToken cancellationToken)
    {
        var principals = changes.GroupBy(static c => c.Key.Subject, StringComparer.Ordinal).ToList();
        try
        {
            await grants.ChangeAsync(Places.SecurableOf(path), [.. principals.Select(p => ChangeOf(sight.Spell(p.Key), p))], cancellationToken);
            foreach (var change in changes) tell(new ChangeOutcome(change, null));
        }
        catch (PlatformException e) when (principals.Count > 1 && e.Failure is PlatformFailure.NotFound or PlatformFailure.Refused)
        {
            var half = principals.Count / 2;
            await WriteAsync(path, [.. principals.Take(half).SelectMany(static p => p)], tell, cancellationToken);
            await WriteAsync(path, [.. principals.Skip(half).SelectMany(static p => p)], tell, cancellationToken);
        }
        catch (PlatformException e)
        {
            // What is not there any more, or whom nobody knows any more, has lost it already; the next observation tells if not.
            foreach (var change in changes)
                tell(e.Failure == PlatformFailure.NotFound && change.Verb == ChangeVerb.Remove ? new ChangeOutcome(change, null) : new ChangeOutcome(change, e.Message, e.IsTransient));
        }
    }
}
