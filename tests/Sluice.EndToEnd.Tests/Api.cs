using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Sluice.EndToEnd.Tests;

/// <summary>An answer of the server.</summary>
internal sealed record Answer(HttpStatusCode Status, string Text, string? MediaType)
{
    public JsonNode Json => JsonNode.Parse(Text)!;
}

/// <summary>The server as its users call it; every answer is kept, so that a test can search all of them.</summary>
internal sealed class Api(string url, string key) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = new Uri(url), Timeout = TimeSpan.FromSeconds(60) };

    public ConcurrentQueue<string> Answers { get; } = [];

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public Task<Answer> PostAsync(string path, string? body) => SendAsync(HttpMethod.Post, path, body);

    public Task<Answer> PutAsync(string path, string body) => SendAsync(HttpMethod.Put, path, body);

    public Task<Answer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, null);

    /// <summary>Sends a documented payload and expects the documented answer.</summary>
    public async Task<string> AcceptAsync(HttpMethod method, string path, string? body)
    {
        var answer = await SendAsync(method, path, body);
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        return answer.Json["bulkId"]!.GetValue<string>();
    }

    /// <summary>Waits until every job of a bulk has ended, and returns the only one.</summary>
    public async Task<JsonNode> WaitAsync(string bulkId)
    {
        var id = (await GetAsync($"/jobs?bulkId={bulkId}")).Json.AsArray().Single()!["id"]!.GetValue<string>();
        // To wait in the request is to be told to the second.
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            var answer = await PostAsync("/jobs/statuses", $$"""{"jobIds": ["{{id}}"]}""");
            answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
            var job = answer.Json[id]!;
            if (job["state"]!.GetValue<string>() is "completed" or "failed" or "cancelled" or "expired") return job;
            await look.WaitForNextTickAsync();
        }
    }

    /// <summary>Waits until the only job of a bulk has failed once and will be tried again.</summary>
    public async Task<JsonNode> RetryAsync(string bulkId)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await look.WaitForNextTickAsync())
        {
            var job = (await GetAsync($"/jobs?bulkId={bulkId}")).Json.AsArray().Single()!;
            if (job["state"]!.GetValue<string>() == "retry") return job;
            job["state"]!.GetValue<string>().ShouldNotBeOneOf("completed", "failed", "cancelled", "expired");
        }

        throw new InvalidOperationException("The timer ended.");
    }

    /// <summary>Whether the only job of a bulk runs at this moment.</summary>
    public async Task<bool> IsRunningAsync(string bulkId) =>
        (await GetAsync($"/jobs?bulkId={bulkId}")).Json.AsArray().Single()!["state"]!.GetValue<string>() == "active";

    public async Task<JsonNode> CompleteAsync(string bulkId)
    {
        var job = await WaitAsync(bulkId);
        job["state"]!.GetValue<string>().ShouldBe("completed", job.ToJsonString());
        return job;
    }

    /// <summary>Paths of everything present below a connection, by all pages of a search.</summary>
    public async Task<IReadOnlyList<string>> TreeAsync(string key)
    {
        var paths = new List<string>();
        for (var offset = 0; ; offset += 1000)
        {
            var page = await PostAsync($"/data/object/search/{key}", $$"""{"descendants": true, "offset": {{offset}}, "size": 1000}""");
            page.Status.ShouldBe(HttpStatusCode.OK, page.Text);
            var hits = page.Json["hits"]!.AsArray();
            paths.AddRange(hits.Where(h => h!["missingSince"] is null).Select(h => string.Join('/', h!["objectPath"]!.AsArray().Skip(1).Select(n => n!.GetValue<string>()))));
            if (hits.Count < 1000) return paths;
        }
    }

    public void Dispose() => _http.Dispose();

    public async Task<Answer> SendAsync(HttpMethod method, string path, string? body, string? contentType = "application/json")
    {
        using var request = new HttpRequestMessage(method, new Uri(url + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        request.Headers.TryAddWithoutValidation("Authorization", key);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            if (contentType is not null) request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        using var response = await _http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Answers.Enqueue($"{response} {text}");
        return new Answer(response.StatusCode, text, response.Content.Headers.ContentType?.MediaType);
    }
}
