using Sluice.Core.Planning;
using Sluice.Engine.Errors;
using Sluice.Engine.Platforms;
using Sluice.Platforms;
using Sluice.Storage.Connections;
using Sluice.Storage.Plans;

namespace Sluice.Engine.Enforcing;

/// <summary>Grants that were taken away, as the changes that put them back.</summary>
internal sealed class RemovedGrants(IPlanStore plans, PlatformRegistry platforms)
{
    /// <summary>The changes; a grant that was taken away twice is put back once, as it was last.</summary>
    /// <exception cref="RequestRefusedException">The platform can't put grants back, or what was kept of one can't be read.</exception>
    public IReadOnlyList<Change> Changes(StoredConnection connection, IReadOnlyList<RemovedGrant> grants)
    {
        if (platforms.Of(connection.Technology) is not IPutsGrantsBack platform)
            throw new RequestRefusedException(ErrorCode.NotAvailableYet, $"Grants are not put back on {connection.Technology} yet: run the statements of the list yourself.");
        try
        {
            return [.. grants.GroupBy(KeyOf).Select(g => g.MaxBy(static r => r.RemovedAt)!).Select(g => platform.PutBack(KeyOf(g), g.Restore, g.MadeBy))];
        }
        catch (FormatException e)
        {
            throw new RequestRefusedException(ErrorCode.WrongState, e.Message);
        }
    }

    /// <summary>Those of a connection that can be put back.</summary>
    public Task<IReadOnlyList<RemovedGrant>> OfAsync(StoredConnection connection, CancellationToken cancellationToken) => plans.RemovedAsync(connection.Id, cancellationToken);

    /// <summary>Records what a plan has put back.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="putBack">What was asked for.</param>
    /// <param name="failed">What could not be made.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>How many grants are back.</returns>
    public async Task<int> RecordAsync(StoredConnection connection, IReadOnlyList<Change> putBack, IReadOnlyList<ChangeOutcome> failed, CancellationToken cancellationToken)
    {
        var back = putBack.Select(static c => c.Key).Except(failed.Select(static f => f.Change.Key)).ToHashSet();
        if (back.Count == 0) return 0;
        Guid[] ids = [.. (await OfAsync(connection, cancellationToken)).Where(g => back.Contains(KeyOf(g))).Select(static g => g.Id)];
        foreach (var some in ids.Chunk(1000)) await plans.RestoredAsync(some, cancellationToken);
        return back.Count;
    }

    private static FactKey KeyOf(RemovedGrant grant) => new(FactKind.Grant, grant.Object, grant.Grantee, grant.Privilege);
}
