using Sluice.Core.Planning;

namespace Sluice.Platforms.Databricks.Enforcing;

/// <summary>Makes the changes of a phase: what others rest on first, within that as much at once as Databricks bears.</summary>
internal sealed class ChangeWriter(GrantWriter grants)
{
    /// <summary>Makes them, and tells how each ended.</summary>
    public IAsyncEnumerable<ChangeOutcome> ApplyAsync(IReadOnlyList<Change> phase, CancellationToken cancellationToken) =>
        ToldOutcomes.OfAsync((tell, token) => grants.WriteAsync(phase, tell, token), cancellationToken);
}
