using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Platforms.LakeFormation.Wire;

namespace Sluice.Platforms.LakeFormation.Enforcing;

/// <summary>Sees what is granted: everything the caller may see in one listing, never table by table.</summary>
internal sealed class AccessObserver(
    LakeFormationClient lake, string accountId, string connectionKey, Func<CancellationToken, Task<string>> caller, EpochKeeper epoch, AwsLimits limits)
{
    /// <summary>Reads what is so now.</summary>
    /// <exception cref="PlatformException">AWS can't be asked, or the LF-Tags of the prefix are another instance's.</exception>
    public async Task<ObservedState> ObserveAsync(AccessIntent intent, CancellationToken cancellationToken)
    {
        var observation = new Observation(intent, connectionKey, accountId, await caller(cancellationToken));
        var tags = new TagObserver(lake, connectionKey, limits);
        var permissions = Paging.ReadAllAsync(
            (token, cancel) => lake.ListPermissionsAsync(token, cancel),
            entries =>
            {
                foreach (var entry in entries) observation.Add(entry);
            },
            limits,
            cancellationToken);
        var (ours, epochs) = await tags.ListAsync(new TagKeys(intent.Prefix), EpochKeeper.KeyOf(intent.Prefix), cancellationToken);
        epoch.Demand(intent.Prefix, epochs);
        var assignments = await tags.AssignmentsAsync(ours, cancellationToken);
        await permissions;
        foreach (var tag in ours) observation.Add(tag);
        foreach (var fact in assignments) observation.Add(fact);
        await tags.AddWaysAsync(observation, cancellationToken);
        await AddAdministratorsAsync(observation, cancellationToken);
        return observation.State();
    }

    private async Task AddAdministratorsAsync(Observation observation, CancellationToken cancellationToken)
    {
        var everywhere = new ObjectPath(connectionKey);
        try
        {
            foreach (var administrator in await lake.GetAdministratorsAsync(cancellationToken))
                if (observation.IsRegistered(administrator)) observation.AddResidual(new Residual(everywhere, administrator, "data lake administrator: may grant itself anything"));
        }
        catch (PlatformException e) when (e.IsOperationMissing() || e.Code == AwsErrorCodes.EntityNotFound)
        {
            observation.AddResidual(new Residual(
                everywhere, "", "data lake administrators are not shown to this principal, nor grants beyond its own permissions: observed access is a lower bound"));
        }
    }
}
