using Sluice.Testing;

namespace Sluice.Platforms.PostgreSql.Crawling;

internal static class Crawls
{
    public static async Task<List<CrawlPage>> RunAsync(PostgresCluster cluster, CrawlScope scope, int pageSize = 500, string? user = null, string? password = null)
    {
        var platform = Registered.Platform(new PostgreSqlOptions { PageSize = pageSize });
        await using var session = Registered.Open(Registered.Payload(cluster, user, password), platform);
        var pages = new List<CrawlPage>();
        await foreach (var page in session.CrawlAsync(scope, TestContext.Current.CancellationToken)) pages.Add(page);
        return pages;
    }
}
