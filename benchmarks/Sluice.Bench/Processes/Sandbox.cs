using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sluice.Bench.Processes;

/// <summary><c>sluice sandbox aws</c> with pages rendered ahead.</summary>
internal sealed partial class Sandbox : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(5);
    private readonly ChildProcess _process;

    private Sandbox(ChildProcess process, string output, int tables, int columns, int databases)
    {
        _process = process;
        var account = Account().Match(output);
        var key = AccessKey().Match(output);
        if (!account.Success || !key.Success) throw new InvalidOperationException($"The stand-in said something new:\n{output}");
        Endpoint = account.Groups["endpoint"].Value;
        AccountId = account.Groups["account"].Value;
        Region = account.Groups["region"].Value;
        AccessKeyId = key.Groups["id"].Value;
        SecretAccessKey = key.Groups["secret"].Value;
        (Tables, Columns, Databases) = (tables, columns, databases);
    }

    public int Id => _process.Id;

    public int Tables { get; }

    public int Columns { get; }

    public int Databases { get; }

    public string Endpoint { get; }

    public string AccountId { get; }

    public string Region { get; }

    public string AccessKeyId { get; }

    public string SecretAccessKey { get; }

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

    /// <param name="place">Where it runs.</param>
    /// <param name="tables">Of ten columns each.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="databases">One for each thousand tables, and no less than ten: a crawl reads several at once.</param>
    public static async Task<Sandbox> StartAsync(Workplace place, int tables, CancellationToken cancellationToken, int? databases = null)
    {
        const int columns = 10;
        var count = databases ?? Math.Max(10, tables / 1000);
        var process = ChildProcess.Start(
            Path.Combine(place.NewFolder("sandbox"), "log"), new Dictionary<string, string>(),
            "dotnet", place.Sluice, "sandbox", "aws", "--tables", $"{tables}", "--columns", $"{columns}", "--databases", $"{count}", "--pre-render");
        try
        {
            return new Sandbox(process, await process.PrintsAsync("Ctrl+C", StartTimeout, cancellationToken), tables, columns, count);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>What it was asked since the last <see cref="ForgetRequestsAsync"/>, by action.</summary>
    public async Task<IReadOnlyDictionary<string, long>> RequestsAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        using var answer = JsonDocument.Parse(await http.GetStringAsync($"{Endpoint}/_sandbox/requests", cancellationToken));
        return answer.RootElement.GetProperty("operations").EnumerateObject().ToDictionary(o => o.Name, o => o.Value.GetInt64());
    }

    public async Task ForgetRequestsAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        using var response = await http.DeleteAsync($"{Endpoint}/_sandbox/requests", cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    [GeneratedRegex(@"stand-in on (?<endpoint>http://127\.0\.0\.1:\d+)/? \(account (?<account>\d+), (?<region>[a-z0-9-]+)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Account();

    [GeneratedRegex(@"accessKey\s+(?<id>\S+)\s+(?<secret>\S+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AccessKey();
}
