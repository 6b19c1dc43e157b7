using Sluice.Platforms.LakeFormation.Wire;

namespace Sluice.Platforms.LakeFormation.Governing;

/// <summary>Reads the permissions the caller may see into an index.</summary>
internal static class PermissionLoad
{
    /// <summary>Reads at most so many pages; a denial makes an index that says so.</summary>
    public static async Task<PermissionIndex> ReadAsync(
        LakeFormationClient lake, string accountId, string callerArn, AwsLimits limits, int maxPages, CancellationToken cancellationToken)
    {
        var index = new PermissionIndex(accountId, callerArn);
        var administrators = AdministratorsAsync(lake, cancellationToken);
        try
        {
            var whole = await Paging.ReadAllAsync(
                (token, cancel) => lake.ListPermissionsAsync(token, cancel),
                entries =>
                {
                    foreach (var entry in entries) index.Add(entry);
                },
                limits,
                cancellationToken,
                maxPages);
            index.IsPartial = !whole;
        }
        catch (PlatformException e) when (e.IsOperationMissing())
        {
            index = new PermissionIndex(accountId, callerArn) { Unreadable = e.Message };
        }
        finally
        {
            index.IsAdministrator = (await administrators).Contains(callerArn, StringComparer.Ordinal);
        }

        return index;
    }

    // An optional eighteenth action: what it would answer is proven by the permissions themselves where it is denied. What AWS could not answer just
    // now is asked again: an administrator that is not known for one would turn all that rests on it unknown.
    private static async Task<IReadOnlyList<string>> AdministratorsAsync(LakeFormationClient lake, CancellationToken cancellationToken)
    {
        try
        {
            return await lake.GetAdministratorsAsync(cancellationToken);
        }
        catch (PlatformException e) when (!e.IsTransient)
        {
            return [];
        }
    }
}
