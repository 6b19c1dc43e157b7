using System.Text.Json;
using Sluice.Bench.StandIns;

namespace Sluice.Bench.Aws;

/// <summary>How many pages each listing has, which is the fewest calls that AWS's paging allows; bytes of all, and of all before the tables.</summary>
internal sealed record DownloadedPages(
    long Databases, long Tables, long TableSearches, long DatabaseSearches, long Permissions, long Calls, long Bytes, long SearchedBytes, long TableCount);

/// <summary>
/// Downloads and tokenises every page that a crawl needs, in the order a crawl can know of them and with as many calls at once: databases,
/// permissions and LF-Tags; then what carries each LF-Tag; then the tables.
/// </summary>
internal sealed class CatalogDownload(AwsStandIn sandbox)
{
    /// <summary>The server's default for databases read at once.</summary>
    private const int Concurrency = 8;
    private const int CatalogPage = 100;
    private const int PermissionPage = 1000;
    private const int ValuesPerSearch = 50;

    public async Task<DownloadedPages> RunAsync(CancellationToken cancellationToken)
    {
        using var pages = new PageReader(new Uri(sandbox.Endpoint), Signature(), Signature());
        var databases = DatabasesAsync();
        var permissions = LakeAsync("ListPermissions", PermissionPage, null);
        var keys = LakeAsync("ListLFTags", PermissionPage, "TagKey");
        var values = (await LakeAsync("ListLFTags", PermissionPage, "TagValues")).Texts;
        var settings = pages.LakeAsync("GetDataLakeSettings", Body(null), null, cancellationToken);

        var tags = (await keys).Texts.Zip(values, (key, all) => (Key: key, Chunks: all.Split('\n').Chunk(ValuesPerSearch)));
        var expressions = tags.SelectMany(t => t.Chunks.Select(chunk => (t.Key, chunk))).ToList();
        var tableSearches = expressions.ConvertAll(e => LakeAsync("SearchTablesByLFTags", CatalogPage, null, e.Key, e.chunk));
        var databaseSearches = expressions.ConvertAll(e => LakeAsync("SearchDatabasesByLFTags", CatalogPage, null, e.Key, e.chunk));
        await Task.WhenAll([.. tableSearches, .. databaseSearches]);
        await settings;

        var searched = pages.Bytes;
        long tablePages = 0, tables = 0;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync((await databases).Texts, parallel, async (database, token) =>
        {
            var found = await AllAsync(
                (next, cancel) => pages.GlueAsync("GetTables", Body(CatalogPage, next, json => json.WriteString("DatabaseName", database)), null, cancel), token);
            Interlocked.Add(ref tablePages, found.Pages);
            Interlocked.Add(ref tables, found.Items);
        });

        return new DownloadedPages(
            (await databases).Pages, tablePages, await PagesOfAsync(tableSearches), await PagesOfAsync(databaseSearches), (await permissions).Pages,
            pages.Calls, pages.Bytes, searched, tables);

        Task<Listing> DatabasesAsync() =>
            AllAsync((next, cancel) => pages.GlueAsync("GetDatabases", Body(CatalogPage, next), "Name", cancel), cancellationToken);

        Task<Listing> LakeAsync(string operation, int size, string? wanted, string? key = null, string[]? chunk = null) => AllAsync(
            (next, cancel) => pages.LakeAsync(operation, Body(size, next, json => WriteExpression(json, key, chunk)), wanted, cancel), cancellationToken);
    }

    private Signature Signature() => new(sandbox.AccessKeyId, sandbox.SecretAccessKey, sandbox.Region, TimeProvider.System);

    private static async Task<long> PagesOfAsync(IEnumerable<Task<Listing>> listings)
    {
        var pages = 0L;
        foreach (var listing in listings) pages += (await listing).Pages;
        return pages;
    }

    private static async Task<Listing> AllAsync(Func<string?, CancellationToken, Task<PageContent>> call, CancellationToken cancellationToken)
    {
        var texts = new List<string>();
        var (pages, items) = (0L, 0L);
        string? token = null;
        do
        {
            var page = await call(token, cancellationToken);
            texts.AddRange(page.Texts);
            items += page.Items;
            pages++;
            token = page.NextToken;
        }
        while (token is not null);
        return new Listing(pages, items, texts);
    }

    private byte[] Body(int? size, string? token = null, Action<Utf8JsonWriter>? members = null)
    {
        using var stream = new MemoryStream(256);
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("CatalogId", sandbox.AccountId);
            members?.Invoke(json);
            if (size is { } most) json.WriteNumber("MaxResults", most);
            if (token is not null) json.WriteString("NextToken", token);
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static void WriteExpression(Utf8JsonWriter json, string? key, string[]? values)
    {
        if (key is null) return;
        json.WriteStartArray("Expression");
        json.WriteStartObject();
        json.WriteString("TagKey", key);
        json.WriteStartArray("TagValues");
        foreach (var value in values!) json.WriteStringValue(value);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private sealed record Listing(long Pages, long Items, IReadOnlyList<string> Texts);
}
