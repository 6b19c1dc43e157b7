using System.Text;
using System.Text.Json;

namespace Sluice.Bench.Processes;

/// <summary>A finished crawl as the server tells it.</summary>
/// <param name="Wall">Seconds from when the job was made to when it ended.</param>
/// <param name="Added">Objects added.</param>
/// <param name="Updated">Objects updated, renamed or marked missing.</param>
/// <param name="CreatedAt">When the job was made.</param>
/// <param name="Found">Objects found.</param>
internal sealed record CrawlJob(double Wall, long Found, long Added, long Updated, DateTimeOffset CreatedAt);

/// <summary>The calls of the server's API that a crawl needs.</summary>
internal sealed class ServerApi : IDisposable
{
    private readonly HttpClient _http;

    public ServerApi(string url, string key)
    {
        _http = new HttpClient { BaseAddress = new Uri(url), Timeout = TimeSpan.FromMinutes(6) };
        _http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", key);
    }

    public async Task<CrawlJob> RegisterAsync(string payload, CancellationToken cancellationToken) =>
        await EndOfAsync(await SendAsync(HttpMethod.Post, "/data/connection", payload, cancellationToken), cancellationToken);

    public async Task<CrawlJob> CrawlAsync(string connectionKey, CancellationToken cancellationToken) =>
        await EndOfAsync(await SendAsync(HttpMethod.Post, $"/data/crawl/{connectionKey}", null, cancellationToken), cancellationToken);

    /// <summary>POST /integrations/scripts/create.</summary>
    public Task<string> ScriptAsync(string body, CancellationToken cancellationToken) => TextAsync(HttpMethod.Post, "/integrations/scripts/create", body, cancellationToken);

    public Task DeleteAsync(string connectionKey, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, $"/data/object/{connectionKey}", null, cancellationToken);

    public Task<JsonElement> SearchAsync(string path, string body, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, $"/data/object/search/{path}", body, cancellationToken);

    public Task<JsonElement> ReadAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, $"/data/object/{path}", null, cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<CrawlJob> EndOfAsync(JsonElement accepted, CancellationToken cancellationToken)
    {
        var bulkId = accepted.GetProperty("bulkId").GetString();
        var jobs = await SendAsync(HttpMethod.Get, $"/jobs?bulkId={bulkId}", null, cancellationToken);
        var id = jobs.EnumerateArray().Single().GetProperty("id").GetString()!;
        while (true)
        {
            var answer = await SendAsync(
                HttpMethod.Post, "/jobs/statuses", $$"""{"jobIds": ["{{id}}"], "wait": 300, "pollInterval": 1}""", cancellationToken);
            var job = answer.GetProperty(id);
            var state = job.GetProperty("state").GetString();
            if (state is "failed" or "cancelled" or "expired") throw new InvalidOperationException($"The crawl did not complete: {job}");
            if (state != "completed") continue;
            var output = job.GetProperty("output");
            var createdAt = job.GetProperty("createdAt").GetDateTimeOffset();
            return new CrawlJob(
                (job.GetProperty("finishedAt").GetDateTimeOffset() - createdAt).TotalSeconds,
                Count("found"),
                Count("added"),
                Count("updated") + Count("renamed") + Count("missing") + Count("reappeared"),
                createdAt);

            long Count(string name) => output.TryGetProperty(name, out var count) ? count.GetInt64() : 0;
        }
    }

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, string? body, CancellationToken cancellationToken)
    {
        using var document = JsonDocument.Parse(await TextAsync(method, path, body, cancellationToken));
        return document.RootElement.Clone();
    }

    private async Task<string> TextAsync(HttpMethod method, string path, string? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _http.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException($"{method} {path} answered {(int)response.StatusCode}: {text}");
        return text;
    }
}
