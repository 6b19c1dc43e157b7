using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sluice.Core.Catalog;

namespace Sluice.Cli.Demo;

/// <summary>Something in the demo did not go as it should.</summary>
internal sealed class DemoFailedException(string message) : Exception(message);

/// <summary>The server as the demo uses it: over HTTP, like everybody.</summary>
internal sealed class DemoApi : IDisposable
{
    private readonly HttpClient _http;

    public DemoApi(string url, string key)
    {
        _http = new HttpClient { BaseAddress = new Uri(url) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public Task<JsonNode> RegisterAsync(JsonObject payload, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, "/data/connection", payload, cancellationToken);

    public Task<string> ScriptAsync(JsonObject request, CancellationToken cancellationToken) =>
        TextAsync(HttpMethod.Post, "/integrations/scripts/create", request, cancellationToken);

    public Task<JsonNode> ReadConnectionAsync(string key, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, $"/data/connection/{Uri.EscapeDataString(key)}", null, cancellationToken);

    public Task<JsonNode> JobsAsync(string bulkId, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, $"/jobs?bulkId={bulkId}", null, cancellationToken);

    public Task<JsonNode> SearchAsync(ObjectPath below, JsonObject query, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, $"/data/object/search/{below.ToUrl()}", query, cancellationToken);

    public Task<JsonNode> ChangeSettingsAsync(ObjectPath path, JsonObject settings, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Put, $"/data/settings/{path.ToUrl()}", settings, cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<JsonNode> SendAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancellationToken) =>
        JsonNode.Parse(await TextAsync(method, path, body, cancellationToken)) ?? throw new DemoFailedException($"{method} {path} answered nothing.");

    private async Task<string> TextAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await _http.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        if (!response.IsSuccessStatusCode) throw new DemoFailedException($"{method} {path} answered {(int)response.StatusCode}: {text}");
        return text;
    }
}
