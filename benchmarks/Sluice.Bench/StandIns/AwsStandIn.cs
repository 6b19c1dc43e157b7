using System.Text.Json;
using System.Text.RegularExpressions;
using Sluice.Bench.Aws;
using Sluice.Bench.Processes;

namespace Sluice.Bench.StandIns;

/// <summary><c>sluice sandbox aws</c> with pages rendered ahead.</summary>
internal sealed partial class AwsStandIn : IStandIn
{
    private const int Columns = 10;
    private readonly StandInProcess _process;

    private AwsStandIn(StandInProcess process, int tables)
    {
        _process = process;
        var account = Account().Match(process.Output);
        var key = AccessKey().Match(process.Output);
        if (!account.Success || !key.Success) throw new InvalidOperationException($"The stand-in said something new:\n{process.Output}");
        Endpoint = account.Groups["endpoint"].Value;
        AccountId = account.Groups["account"].Value;
        Region = account.Groups["region"].Value;
        AccessKeyId = key.Groups["id"].Value;
        SecretAccessKey = key.Groups["secret"].Value;
        Tables = tables;
    }

    public string Platform => "aws";

    public int Id => _process.Id;

    public bool ReadsLessLater => false;

    public int Tables { get; }

    public string Endpoint { get; }

    public string AccountId { get; }

    public string Region { get; }

    public string AccessKeyId { get; }

    public string SecretAccessKey { get; }

    /// <summary>One database for each thousand tables, and no less than ten: a crawl reads several at once.</summary>
    public static async Task<AwsStandIn> StartAsync(Workplace place, int tables, CancellationToken cancellationToken)
    {
        var databases = Math.Max(10, tables / 1000);
        var process = await StandInProcess.StartAsync(
            place, cancellationToken, "aws", "--tables", $"{tables}", "--columns", $"{Columns}", "--databases", $"{databases}", "--pre-render");
        try
        {
            var standIn = new AwsStandIn(process, tables);

            // Once for nothing: a cold stand-in would make the first measurement of the baseline too long.
            await standIn.DownloadAsync(isFirst: true, cancellationToken);
            return standIn;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public Task SetUpAsync(ServerApi api, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The documented payload, and endpoints, which lead here.</summary>
    public string Payload(string connectionKey) => JsonSerializer.Serialize(new
    {
        connectionKey,
        connection = new
        {
            technology = "Glue",
            authenticationType = "accessKey",
            region = Region,
            accountId = AccountId,
            accessKeyId = AccessKeyId,
            secretAccessKey = SecretAccessKey,
            endpoints = new { glue = Endpoint, lakeformation = Endpoint, sts = Endpoint },
        },
        settings = new { isActive = false },
        options = new { forceRecursiveCrawl = true },
    });

    public async Task<Downloaded> DownloadAsync(bool isFirst, CancellationToken cancellationToken)
    {
        var pages = await new CatalogDownload(this).RunAsync(cancellationToken);
        if (pages.TableCount != Tables) throw new InvalidOperationException($"{pages.TableCount} tables were downloaded of {Tables}.");
        return new Downloaded(pages.Bytes, pages.Calls, new Dictionary<string, double>
        {
            ["searched_bytes"] = pages.SearchedBytes,

            // performance.md's own sum: it counts neither the search for databases nor the identity, which a crawl needs too.
            ["fewest"] = pages.Databases + pages.Tables + pages.TableSearches + pages.Permissions,
        });
    }

    public double FewestRequests(Downloaded downloaded) => downloaded.Parts["fewest"];

    public Task<IReadOnlyDictionary<string, long>> RequestsAsync(CancellationToken cancellationToken) => StandInProcess.RequestsAsync(new Uri(Endpoint), cancellationToken);

    public Task ForgetRequestsAsync(CancellationToken cancellationToken) => StandInProcess.ForgetRequestsAsync(new Uri(Endpoint), cancellationToken);

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    [GeneratedRegex(@"stand-in on (?<endpoint>http://127\.0\.0\.1:\d+)/? \(account (?<account>\d+), (?<region>[a-z0-9-]+)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Account();

    [GeneratedRegex(@"accessKey\s+(?<id>\S+)\s+(?<secret>\S+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AccessKey();
}
