using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.Cli.Api;

/// <summary>The server did not do what was asked, told for people.</summary>
internal sealed class ApiException(string message, IReadOnlyList<(string At, string Problem)>? problems = null) : Exception(message)
{
    /// <summary>What is wrong with the request, each with its JSON path.</summary>
    public IReadOnlyList<(string At, string Problem)> Problems => problems ?? [];
}

/// <summary>The server's HTTP API, as everybody uses it.</summary>
internal sealed class ApiClient : IDisposable
{
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(200);
    private readonly HttpClient _http;

    private ApiClient(HttpClient http) => _http = http;

    /// <summary>Opens a client; the key lies in a file, so that it stands in no list of processes.</summary>
    public static ApiClient Open(string server, string? keyFile)
    {
        if (!Uri.TryCreate(server, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")) throw new ApiException($"--server must be a URL, not '{server}'.");
        if (keyFile is null) throw new ApiException("an API key is needed: give --key-file FILE, or set SLUICE_KEY_FILE.");
        string key;
        try
        {
            key = File.ReadAllText(keyFile).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ApiException($"the key file can't be read: {e.Message}");
        }

        var http = new HttpClient { BaseAddress = url, Timeout = TimeSpan.FromMinutes(10) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return new ApiClient(http);
    }

    public Task<JsonNode> GetAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, path, null, cancellationToken);

    public Task<JsonNode> DeleteAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Delete, path, null, cancellationToken);

    public Task<JsonNode> PostAsync(string path, JsonNode? body, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, path, body is null ? null : JsonContent.Create(body), cancellationToken);

    public Task<JsonNode> PostTextAsync(string path, string text, string mediaType, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, path, new StringContent(text, Encoding.UTF8, mediaType), cancellationToken);

    public Task<JsonNode> PutAsync(string path, JsonNode body, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Put, path, JsonContent.Create(body), cancellationToken);

    /// <summary>Sends JSON to a call that answers a text, such as a script.</summary>
    public Task<string> PostForTextAsync(string path, JsonNode body, CancellationToken cancellationToken) =>
        TextAsync(HttpMethod.Post, path, JsonContent.Create(body), cancellationToken);

    /// <summary>Waits for the jobs of a bulk to end.</summary>
    /// <returns>The last one.</returns>
    public async Task<JsonNode> FollowAsync(string bulkId, CancellationToken cancellationToken)
    {
        while (true)
        {
            var jobs = (await GetAsync($"/jobs?bulkId={bulkId}", cancellationToken)).AsArray();
            if (jobs.Count > 0 && jobs.All(static j => j!["state"]!.GetValue<string>() is "completed" or "failed" or "cancelled" or "expired")) return jobs[^1]!;
            await Task.Delay(PollEvery, cancellationToken);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonNode> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        var text = await TextAsync(method, path, content, cancellationToken);
        try
        {
            return JsonNode.Parse(text) ?? throw new ApiException($"{method} {path} answered nothing.");
        }
        catch (JsonException)
        {
            throw new ApiException($"{_http.BaseAddress} answered what is not JSON: is it a Sluice server?");
        }
    }

    private async Task<string> TextAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            return response.IsSuccessStatusCode ? text : throw Refusal((int)response.StatusCode, text);
        }
        catch (HttpRequestException e)
        {
            throw new ApiException($"{_http.BaseAddress} can't be reached: {e.Message}");
        }
    }

    private static ApiException Refusal(int status, string text)
    {
        JsonNode? problem;
        try
        {
            problem = JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return new ApiException($"the server answered {status}.");
        }

        if (problem?["detail"]?.GetValue<string>() is not { } detail) return new ApiException($"the server answered {status}.");
        var problems = (problem["errors"] as JsonObject ?? []).SelectMany(e => e.Value!.AsArray().Select(m => (e.Key, m!.GetValue<string>()))).ToList();
        var lines = new StringBuilder(detail);
        if (problems.Count > 1)
            foreach (var (at, message) in problems) lines.Append(CultureInfo.InvariantCulture, $"\n  {at}: {message}");
        return new ApiException(lines.ToString(), problems);
    }
}
