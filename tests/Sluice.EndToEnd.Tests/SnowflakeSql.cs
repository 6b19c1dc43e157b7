using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Sluice.Sandbox.Snowflake;

namespace Sluice.EndToEnd.Tests;

/// <summary>A person at the stand-in's wire: logs in by password and runs statements one by one, as a worksheet does.</summary>
internal sealed class SnowflakeSql : IDisposable
{
    private readonly HttpClient _http;

    private SnowflakeSql(HttpClient http) => _http = http;

    public static async Task<SnowflakeSql> LogInAsync(SnowflakeSandbox sandbox, string user, string password)
    {
        var http = new HttpClient { BaseAddress = sandbox.Endpoint };
        http.DefaultRequestHeaders.Accept.Add(new("application/json"));
        var login = await PostAsync(http, "/session/v1/login-request", new JsonObject { ["data"] = new JsonObject { ["LOGIN_NAME"] = user, ["PASSWORD"] = password } });
        login["success"]!.GetValue<bool>().ShouldBeTrue(login.ToJsonString());
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Snowflake Token=\"{login["data"]!["token"]!.GetValue<string>()}\"");
        return new SnowflakeSql(http);
    }

    /// <summary>Runs a statement; the rows that come with the answer by column, or an error as Snowflake says it.</summary>
    public async Task<(string? Error, IReadOnlyList<Dictionary<string, string?>> Rows)> TryAsync(string statement)
    {
        var answer = await PostAsync(_http, $"/queries/v1/query-request?requestId={Guid.NewGuid()}", new JsonObject { ["sqlText"] = statement });
        while (answer["data"]?["getResultUrl"]?.GetValue<string>() is { } running) answer = JsonNode.Parse(await _http.GetStringAsync(running))!;
        if (!answer["success"]!.GetValue<bool>()) return ($"{answer["code"]}: {answer["message"]}", []);
        var columns = answer["data"]!["rowtype"]!.AsArray().Select(c => c!["name"]!.GetValue<string>()).ToList();
        var rows = answer["data"]!["rowset"]!.AsArray();
        return (null, [.. rows.Select(r => columns.Zip(r!.AsArray()).ToDictionary(p => p.First, p => p.Second?.GetValue<string>(), StringComparer.Ordinal))]);
    }

    public async Task<IReadOnlyList<Dictionary<string, string?>>> RunAsync(string statement)
    {
        var (error, rows) = await TryAsync(statement);
        error.ShouldBeNull(statement);
        return rows;
    }

    /// <summary>Runs a script to its end, or to its first error, which is returned.</summary>
    public async Task<string?> RunScriptAsync(string script)
    {
        foreach (var statement in Statements(script))
            if ((await TryAsync(statement)).Error is { } error) return error;
        return null;
    }

    /// <summary>The statements of a script, without comments: cut where Snowflake cuts them.</summary>
    public static IReadOnlyList<string> Statements(string script)
    {
        var statements = new List<string>();
        var text = new StringBuilder();
        for (var i = 0; i < script.Length; i++)
        {
            if (script.AsSpan(i).StartsWith("--"))
            {
                i = script.IndexOf('\n', i);
                if (i < 0) break;
            }
            else if (script[i] is '\'' or '"')
            {
                var end = i + 1;
                while (script[end] != script[i] || (end + 1 < script.Length && script[end + 1] == script[i]))
                    end += script[end] == '\\' && script[i] == '\'' ? 2 : script[end] == script[i] ? 2 : 1;
                text.Append(script, i, end - i + 1);
                i = end;
            }
            else if (script.AsSpan(i).StartsWith("$$"))
            {
                var end = script.IndexOf("$$", i + 2, StringComparison.Ordinal) + 1;
                text.Append(script, i, end - i + 1);
                i = end;
            }
            else if (script[i] == ';')
            {
                statements.Add(text.ToString().Trim());
                text.Clear();
            }
            else
            {
                text.Append(script[i]);
            }
        }

        text.ToString().Trim().ShouldBe("", "a script ends with a semicolon");
        return statements;
    }

    public void Dispose() => _http.Dispose();

    private static async Task<JsonNode> PostAsync(HttpClient http, string path, JsonObject body)
    {
        using var response = await http.PostAsJsonAsync(path, body);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }
}
