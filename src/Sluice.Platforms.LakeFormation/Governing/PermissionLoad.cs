using Sluice.Platforms.LakeFormation.Wire;

namespace Sluice.Platforms.LakeFormation.Governing;

/// <summary>Reads the permissions the caller may see into an index.</summary>
internal static class PermissionLoad
{
    /// <summary>Reads at most so many pages; a denial makes an index that says so.</summary>
    public static async Task<PermissionIndex> ReadAsync(
        LakeFormationClient lake, string accountId, string callerArn, AwsLimits limits, int maxPages, CancellationToken cancellationToken)
    {
        var reading = ListAsync(lake, accountId, callerArn, limits, maxPages, cancellationToken);
        var administrators = AdministratorsAsync(lake, cancellationToken);
        await Task.WhenAll(reading, administrators);
        var index = await reading;
        index.IsAdministrator = (await administrators).Contains(callerArn, StringComparer.Ordinal);
        return index;
    }

    private static async Task<PermissionIndex> ListAsync(
        LakeFormationClient lake, string accountId, string callerArn, AwsLimits limits, int maxPages, CancellationToken cancellationToken)
    {
        var index = new PermissionIndex(accountId, callerArn);
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
            return index;
        }
        catch (PlatformException e) when (e.IsOperationMissing())
        {
            return new PermissionIndex(accountId, callerArn) { Unreadable = e.Message };
        }
    }

    // An optional eighteenth action: what it would answer is proven by the permissions themselves where it is denied. A failure that passes
    // is no denial: taken for one, it would make an administrator a stranger, and what it governs inactive.
    private static async Task<IReadOnlyList<string>> AdministratorsAsync(LakeFormationClient lake, CancellationToken cancellationToken)
    {
        try
        {
            return await lake.GetAdministratorsAsync(cancellationToken);
        }
        catch (PlatformException e) when (e.IsOperationMissing() || e.Code == AwsErrorCodes.EntityNotFound)
        {
            return [];
        }
    }
}
