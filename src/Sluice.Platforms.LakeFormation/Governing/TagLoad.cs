using System.Collections.Concurrent;
using Sluice.Platforms.LakeFormation.Wire;

namespace Sluice.Platforms.LakeFormation.Governing;

/// <summary>
/// Reads the LF-Tags of the whole catalog by searching for each key, 50 values a call: a request for each hundred tagged tables and key,
/// where asking each table for its tags would cost one for each table.
/// </summary>
internal sealed class TagLoad(LakeFormationClient lake, AwsLimits limits)
{
    /// <summary>The keys and values this principal may describe.</summary>
    /// <exception cref="PlatformException">They can't be listed.</exception>
    public async Task<IReadOnlyList<LFTag>> ListAsync(CancellationToken cancellationToken)
    {
        var tags = new Dictionary<string, LFTag>(StringComparer.Ordinal);
        await Paging.ReadAllAsync(
            (token, cancel) => lake.ListLFTagsAsync(token, cancel),
            page =>
            {
                foreach (var tag in page) tags[tag.Key] = tag;
            },
            limits,
            cancellationToken);
        return [.. tags.Values];
    }

    /// <summary>Reads the tags of one object only, when it is asked for: an index that knows just which keys can't be described.</summary>
    public async Task<TagIndex> WithoutSearchAsync(
        Task<IReadOnlyList<LFTag>> listing, Task<PermissionIndex> permissions, CancellationToken cancellationToken)
    {
        var index = new TagIndex { AsksEach = true };
        try
        {
            await WantedAsync(await listing, (await permissions).OwnTagKeys, index, cancellationToken);
            return index;
        }
        catch (PlatformException e) when (e.IsOperationMissing())
        {
            return new TagIndex { AsksEach = true, Unreadable = ListingDenied(e) };
        }
    }

    /// <summary>Reads everything.</summary>
    /// <param name="listing">The keys that are listed.</param>
    /// <param name="permissions">They name keys that are certainly in use.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<TagIndex> ReadAsync(
        Task<IReadOnlyList<LFTag>> listing, Task<PermissionIndex> permissions, CancellationToken cancellationToken)
    {
        var index = new TagIndex();
        List<LFTag> wanted;
        try
        {
            wanted = await WantedAsync(await listing, (await permissions).OwnTagKeys, index, cancellationToken);
        }
        catch (PlatformException e) when (e.IsOperationMissing())
        {
            return new TagIndex { Unreadable = ListingDenied(e) };
        }

        var unsearchable = new ConcurrentBag<string>();
        try
        {
            await Task.WhenAll(wanted.SelectMany(Chunks).SelectMany(chunk => new[]
            {
                SearchAsync(lake.SearchTablesAsync, chunk, index, unsearchable, cancellationToken),
                SearchAsync(lake.SearchDatabasesAsync, chunk, index, unsearchable, cancellationToken),
            }));
        }
        catch (PlatformException e) when (e.IsOperationMissing())
        {
            var asking = new TagIndex { AsksEach = true, SearchMissing = e.Message };
            asking.Hide(index.Hidden);
            return asking;
        }

        index.Hide(unsearchable);
        index.Hide(index.KeysMet().Where(k => !wanted.Exists(w => w.Key == k)));
        return index;
    }

    private async Task<List<LFTag>> WantedAsync(
        IReadOnlyList<LFTag> listed, IReadOnlyCollection<string> inUse, TagIndex index, CancellationToken cancellationToken)
    {
        var known = listed.Select(t => t.Key).ToHashSet(StringComparer.Ordinal);
        var wanted = listed.ToList();
        foreach (var key in inUse.Where(k => !known.Contains(k)))
        {
            if (await DescribeAsync(key, cancellationToken) is { } tag) wanted.Add(tag);
            else index.Hide([key]);
        }

        return wanted;
    }

    private static string ListingDenied(PlatformException e) => $"LF-Tags can't be listed ({e.Message}); allow the action lakeformation:ListLFTags";

    /// <summary>A key that no list showed; null when it can't be described.</summary>
    private async Task<LFTag?> DescribeAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            // moto answers an unknown key with no values where AWS says EntityNotFound.
            return await lake.GetLFTagAsync(key, cancellationToken) is { Values.Length: > 0 } tag ? tag : null;
        }
        catch (PlatformException e) when (e.Failure is PlatformFailure.AccessDenied or PlatformFailure.NotFound)
        {
            return null;
        }
    }

    private IEnumerable<LFTag> Chunks(LFTag tag) => tag.Values.Chunk(limits.TagValuesPerSearch).Select(values => new LFTag(tag.Key, values));

    private async Task SearchAsync(
        Func<LFTag, string?, CancellationToken, int?, Task<Page<ResourceTags>>> search,
        LFTag tag,
        TagIndex index,
        ConcurrentBag<string> unsearchable,
        CancellationToken cancellationToken)
    {
        try
        {
            await Paging.ReadAllAsync((token, cancel) => search(tag, token, cancel, null), index.Add, limits, cancellationToken);
        }
        catch (PlatformException e) when (e.Code == AwsErrorCodes.EntityNotFound)
        {
            // Listed a moment ago and gone, or only some of its values may be seen.
            unsearchable.Add(tag.Key);
        }
    }
}
