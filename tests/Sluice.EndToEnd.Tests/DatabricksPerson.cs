using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Sluice.Sandbox.Databricks;

namespace Sluice.EndToEnd.Tests;

/// <summary>Someone who runs SQL at the stand-in, in the session of a notebook or statement by statement on the warehouse.</summary>
internal sealed class DatabricksPerson : IDisposable
{
    private readonly DatabricksSandbox _sandbox;
    private readonly HttpClient _http;

    public DatabricksPerson(DatabricksSandbox sandbox, string name)
    {
        _sandbox = sandbox;
        _http = new HttpClient { BaseAddress = sandbox.Endpoint };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", sandbox.TokenOf(name));
    }

    /// <summary>Runs statements in one session. Null when all of them succeeded, else what the first that failed says.</summary>
    /// <param name="statements">The statements.</param>
    /// <param name="goesOn">Whether the others are run in spite of one that failed.</param>
    public async Task<string?> RunAsync(IEnumerable<string> statements, bool goesOn = false)
    {
        string? failed = null;
        var context = (await PostAsync("/api/1.2/contexts/create", new { clusterId = _sandbox.ClusterId, language = "sql" })).GetProperty("id").GetString();
        foreach (var command in statements)
        {
            var id = (await PostAsync("/api/1.2/commands/execute", new { clusterId = _sandbox.ClusterId, contextId = context, language = "sql", command })).GetProperty("id").GetString();
            JsonElement answer;
            do answer = await GetAsync($"/api/1.2/commands/status?clusterId={_sandbox.ClusterId}&contextId={context}&commandId={id}");
            while (answer.GetProperty("status").GetString() is "Queued" or "Running");
            var results = answer.GetProperty("results");
            if (results.GetProperty("resultType").GetString() != "error") continue;
            failed ??= $"{command}: {results.GetProperty("summary").GetString()}";
            if (!goesOn) break;
        }

        return failed;
    }

    /// <summary>Runs statements each in a session of its own, whatever becomes of them.</summary>
    public async Task RunApartAsync(IEnumerable<string> statements)
    {
        foreach (var statement in statements) await StatementAsync(statement);
    }

    public async Task<IReadOnlyList<string>> ColumnAsync(string query)
    {
        var answer = await StatementAsync(query);
        answer.GetProperty("status").GetProperty("state").GetString().ShouldBe("SUCCEEDED", $"{query}: {answer}");
        return answer.GetProperty("result").TryGetProperty("data_array", out var rows) ? [.. rows.EnumerateArray().Select(r => r[0].GetString()!)] : [];
    }

    public void Dispose() => _http.Dispose();

    private Task<JsonElement> StatementAsync(string statement) =>
        PostAsync("/api/2.0/sql/statements", new { statement, warehouse_id = _sandbox.WarehouseId, wait_timeout = "50s" });

    private async Task<JsonElement> PostAsync(string path, object body)
    {
        using var response = await _http.PostAsJsonAsync(path, body);
        return await ReadAsync(response);
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        using var response = await _http.GetAsync(path);
        return await ReadAsync(response);
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        response.IsSuccessStatusCode.ShouldBeTrue(text);
        return JsonElement.Parse(text);
    }
}
