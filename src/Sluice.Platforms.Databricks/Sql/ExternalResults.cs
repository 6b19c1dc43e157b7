using System.Text.Json;
using System.Text.RegularExpressions;
using Sluice.Platforms.Databricks.Wire;
using Sluice.Platforms.Http;

namespace Sluice.Platforms.Databricks.Sql;

/// <summary>
/// Reads results that lie in the workspace's cloud storage. The links go to the storage hosts of the metastore's own cloud and region alone, without
/// the workspace's token: they carry a credential of their own.
/// </summary>
/// <param name="metastore">Tells cloud and region.</param>
/// <param name="create">A client that reaches only these hosts.</param>
/// <param name="reading">Reads rows.</param>
internal sealed partial class ExternalResults(
    Func<CancellationToken, Task<MetastoreSummary>> metastore, Func<IReadOnlyList<string>, PlatformHttpClient> create, StatementReading reading) : IDisposable
{
    private readonly SemaphoreSlim _creating = new(1, 1);
    private PlatformHttpClient? _http;

    /// <summary>The storage hosts of a cloud (the endpoint lists of Amazon S3, Azure Storage and Google Cloud Storage).</summary>
    /// <param name="cloud">As the metastore names it: <c>aws</c>, <c>azure</c>, <c>gcp</c>; null or another: nowhere.</param>
    /// <param name="region">The cloud's name of the region.</param>
    public static IReadOnlyList<string> HostsOf(string? cloud, string? region) => cloud?.ToLowerInvariant() switch
    {
        "aws" when region is not null && RegionShape.IsMatch(region) =>
        [
            $"s3.{region}.amazonaws.com", $"s3-{region}.amazonaws.com", $"s3.dualstack.{region}.amazonaws.com", $"s3.{region}.amazonaws.com.cn", "s3.amazonaws.com",
        ],
        "azure" =>
        [
            "blob.core.windows.net", "dfs.core.windows.net", "blob.core.usgovcloudapi.net", "dfs.core.usgovcloudapi.net", "blob.core.chinacloudapi.cn",
            "dfs.core.chinacloudapi.cn",
        ],
        "gcp" => ["storage.googleapis.com"],
        _ => [],
    };

    /// <summary>Reads the rows behind links, one after the other.</summary>
    public async Task<IReadOnlyList<string?[]>> ReadAsync(IReadOnlyList<ExternalLink> links, CancellationToken cancellationToken)
    {
        var http = await ClientAsync(cancellationToken);
        var rows = new List<string?[]>();
        foreach (var link in links) rows.AddRange(await ReadAsync(http, link, cancellationToken));
        return rows;
    }

    public void Dispose()
    {
        _http?.Dispose();
        _creating.Dispose();
    }

    private async Task<List<string?[]>> ReadAsync(PlatformHttpClient http, ExternalLink link, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(link.Url, UriKind.Absolute, out var url)) throw NotARow();
        using var response = await http.SendAsync("storage:result", _ => ValueTask.FromResult(Request(url, link)), cancellationToken);
        try
        {
            var reader = new Utf8JsonReader(response.Body.Span);
            return reading.Stored(ref reader);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw NotARow();
        }
    }

    private static HttpRequestMessage Request(Uri url, ExternalLink link)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        foreach (var (name, value) in link.Headers)
            if (!request.Headers.TryAddWithoutValidation(name, value)) throw NotARow();
        return request;
    }

    private async Task<PlatformHttpClient> ClientAsync(CancellationToken cancellationToken)
    {
        await _creating.WaitAsync(cancellationToken);
        try
        {
            if (_http is not null) return _http;
            var summary = await metastore(cancellationToken);
            var hosts = HostsOf(summary.Cloud, summary.Region);
            if (hosts.Count == 0)
            {
                throw new PlatformException(
                    PlatformFailure.Refused,
                    "A result is too large to be returned inline, and the metastore names no cloud and region whose storage this server may read it from.");
            }

            return _http = create(hosts);
        }
        finally
        {
            _creating.Release();
        }
    }

    private static PlatformException NotARow() =>
        new(PlatformFailure.Refused, "A result in cloud storage is not in the form that Databricks documents.");

    [GeneratedRegex(@"\A[a-z]{2}(-[a-z]{2,20}){1,3}-[0-9]{1,2}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 100)]
    private static partial Regex RegionShape { get; }
}
