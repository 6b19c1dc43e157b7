namespace Sluice.Platforms.LakeFormation.Wire;

/// <summary>The one way through a listing that is read whole.</summary>
internal static class Paging
{
    /// <summary>How often a listing whose token went stale is started again.</summary>
    public const int MaxRestarts = 3;

    /// <summary>
    /// Reads page by page. A token that AWS no longer takes starts the listing again, so <paramref name="take"/> may meet an item twice.
    /// </summary>
    /// <returns>Whether the last page was read; false when <paramref name="maxPages"/> ended it.</returns>
    public static async Task<bool> ReadAllAsync<T>(
        Func<string?, CancellationToken, Task<Page<T>>> read,
        Action<IReadOnlyList<T>> take,
        CancellationToken cancellationToken,
        int maxPages = int.MaxValue)
    {
        string? token = null;
        var restarts = 0;
        for (var pages = 1; ; pages++)
        {
            Page<T> page;
            try
            {
                page = await read(token, cancellationToken);
            }
            catch (PlatformException e) when (token is not null && e.IsTokenRejected() && restarts < MaxRestarts)
            {
                restarts++;
                token = null;
                continue;
            }

            take(page.Items);
            if (page.NextToken is null) return true;
            if (pages >= maxPages) return false;
            token = page.NextToken;
        }
    }
}
