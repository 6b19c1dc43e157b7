using Sluice.Platforms.Http;

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
    /// <exception cref="PlatformException">A page can't be had, or the listing would not end.</exception>
    public static async Task<bool> ReadAllAsync<T>(
        Func<string?, CancellationToken, Task<Page<T>>> read,
        Action<IReadOnlyList<T>> take,
        AwsLimits limits,
        CancellationToken cancellationToken,
        int maxPages = int.MaxValue)
    {
        string? token = null;
        var restarts = 0;
        var trail = new TokenTrail(limits.PagesOfListing);
        while (true)
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
            if (trail.Follow(token, page.NextToken) is not { } next) return true;
            if (trail.Pages >= maxPages) return false;
            token = next;
        }
    }
}
