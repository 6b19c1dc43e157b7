using Sluice.Core.Catalog;
using Sluice.Core.Policies;
using Sluice.Engine.Callers;
using Sluice.Storage.Policies;
using Sluice.Storage.Server;

namespace Sluice.Engine.Policies;

/// <summary>
/// Puts the policy <c>new-column-added</c> into a new database, staged: published, it hides what nobody has looked at yet. Once only, so that who deletes it has
/// deleted it.
/// </summary>
public sealed class PolicySeed(IServerFacts facts, IPolicyStore policies)
{
    private const string Key = "new-column-added";

    /// <summary>Puts it where it has never been. Call once, after the vault is open.</summary>
    public async Task PutAsync(CancellationToken cancellationToken)
    {
        const string done = "done";
        if (await facts.FindAsync($"policies.seeded.{Key}", cancellationToken) is not null) return;
        if (await policies.FindAsync(Key, cancellationToken) is null)
        {
            var policy = new DataPolicy
            {
                Key = Key,
                Name = "Hide new columns until somebody has looked at them",
                IsStaged = true,
                Circumstances = [new Circumstance.ColumnTagged(SystemTags.DiscoveredNew)],
                Rules = [new DataRule.Masking { Fields = [new ColumnSelector.Tagged(SystemTags.DiscoveredNew)], Function = new MaskFunction.Null() }],
            };
            await policies.WriteAsync([PolicyUseCases.PutOf(policy)], [], Caller.System.AsActor(), cancellationToken);
        }

        await facts.GetOrAddAsync($"policies.seeded.{Key}", static () => done, cancellationToken);
    }
}
