using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Sluice.Sandbox.Databricks.Tests;

/// <summary>A bare client of the REST APIs with one token, of the sandbox's own workspace or another.</summary>
internal sealed class RestClient(DatabricksSandbox sandbox, string? token, string? workspace = null) : IDisposable
{
    public const string Catalog = "/api/2.1/unity-catalog";

    private readonly HttpClient http = new() { BaseAddress = sandbox.Endpoint };

    public Task<Answer> Get(string path) => Send(HttpMethod.Get, path);

    public Task<Answer> Post(string path, object body) => Send(HttpMethod.Post, path, body);

    public Task<Answer> Patch(string path, object body) => Send(HttpMethod.Patch, path, body);

    public Task<Answer> Delete(string path) => Send(HttpMethod.Delete, path);

    public async Task<Answer> Send(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (workspace is not null) request.Headers.Add("X-Databricks-Org-Id", workspace);
        if (body is not null) request.Content = new StringContent(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return new((int)response.StatusCode, response.Headers, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public Task<Answer> Execute(string statement, object? more = null)
    {
        var body = more is null ? [] : JsonSerializer.SerializeToNode(more)!.AsObject();
        body["statement"] = statement;
        body["warehouse_id"] = sandbox.WarehouseId;
        body["wait_timeout"] ??= "50s";
        return Post("/api/2.0/sql/statements", body);
    }

    /// <summary>The rows of a statement that must succeed; a null stays null.</summary>
    public async Task<string?[][]> Rows(string statement, object? more = null)
    {
        var json = (await Execute(statement, more)).ShouldSucceed().Json;
        json.GetProperty("status").GetProperty("state").GetString().ShouldBe("SUCCEEDED", json.ToString());
        return !json.GetProperty("result").TryGetProperty("data_array", out var rows) ? []
            : [.. rows.EnumerateArray().Select(row => row.EnumerateArray().Select(value => value.GetString()).ToArray())];
    }

    /// <summary>The status of a statement that must fail.</summary>
    public async Task<(string Message, string? SqlState, string Code)> Fails(string statement, object? more = null)
    {
        var status = (await Execute(statement, more)).ShouldSucceed().Json.GetProperty("status");
        status.GetProperty("state").GetString().ShouldBe("FAILED", status.ToString());
        var error = status.GetProperty("error");
        return (error.GetProperty("message").GetString()!, status.TryGetProperty("sql_state", out var state) ? state.GetString() : null, error.GetProperty("error_code").GetString()!);
    }

    /// <summary>All pages of a list.</summary>
    public async Task<(List<JsonElement> Items, int Pages)> All(string path, string member)
    {
        List<JsonElement> items = [];
        string? page = null;
        var pages = 0;
        do
        {
            var json = (await Get(page is null ? path : $"{path}&page_token={Uri.EscapeDataString(page)}")).ShouldSucceed().Json;
            items.AddRange(json.GetProperty(member).EnumerateArray());
            page = json.TryGetProperty("next_page_token", out var next) ? next.GetString() : null;
            pages++;
        }
        while (page is not null);
        return (items, pages);
    }

    public async Task<string[]> Names(string path, string member) =>
        [.. (await All(path, member)).Items.Select(item => item.GetProperty("name").GetString()!)];

    public void Dispose() => http.Dispose();
}
