using System.IO.Compression;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Sandbox.Snowflake.Identity;

namespace Sluice.Sandbox.Snowflake.Tests;

/// <summary>Speaks the drivers' protocol, as far as tests need it.</summary>
internal sealed class WireClient(Uri endpoint) : IDisposable
{
    private readonly HttpClient http = new() { BaseAddress = endpoint };

    public string Token { get; set; } = "";

    public string MasterToken { get; private set; } = "";

    public async Task<Answer> LoginAsync(object data, string query = "")
    {
        var answer = await PostAsync($"/session/v1/login-request?requestId={Guid.NewGuid()}{query}", new { data });
        if (answer.Success)
        {
            Token = answer.Data.GetProperty("token").GetString()!;
            MasterToken = answer.Data.GetProperty("masterToken").GetString()!;
        }

        return answer;
    }

    public Task<Answer> PasswordAsync(string user, string password, string query = "") => LoginAsync(new { LOGIN_NAME = user, PASSWORD = password }, query);

    public Task<Answer> KeyPairAsync(string user, RSA key)
    {
        var issued = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var print = KeyPairTokens.Fingerprint(Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()));
        var token = Jwt.Sign(
            new() { ["alg"] = "RS256" }, new() { ["iss"] = $"ACME-LOCAL.{user}.{print}", ["sub"] = $"ACME-LOCAL.{user}", ["iat"] = issued, ["exp"] = issued + 60 }, key);
        return LoginAsync(new { LOGIN_NAME = user, AUTHENTICATOR = "SNOWFLAKE_JWT", TOKEN = token });
    }

    public Task<Answer> QueryAsync(string sql, object? more = null, string? requestId = null)
    {
        var body = more is null ? [] : (JsonObject)JsonSerializer.SerializeToNode(more)!;
        body["sqlText"] = sql;
        return PostAsync($"/queries/v1/query-request?requestId={requestId ?? Guid.NewGuid().ToString()}", body);
    }

    public async Task<Answer> RenewAsync()
    {
        var answer = await SendAsync(HttpMethod.Post, "/session/token-request", new { requestType = "RENEW", oldSessionToken = Token }, MasterToken);
        if (answer.Success) Token = answer.Data.GetProperty("sessionToken").GetString()!;
        return answer;
    }

    public Task<Answer> PostAsync(string path, object? body) => SendAsync(HttpMethod.Post, path, body, Token);

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null, Token);

    /// <summary>The rows of an answer's chunks, after those in the answer.</summary>
    public async Task<List<string?[]>> RowsAsync(Answer answer)
    {
        var rows = answer.Rows.ToList();
        if (!answer.Data.TryGetProperty("chunks", out var chunks)) return rows;
        foreach (var chunk in chunks.EnumerateArray())
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, chunk.GetProperty("url").GetString());
            foreach (var header in answer.Data.GetProperty("chunkHeaders").EnumerateObject()) request.Headers.Add(header.Name, header.Value.GetString());
            using var response = await http.SendAsync(request);
            response.EnsureSuccessStatusCode();
            response.Content.Headers.ContentEncoding.ShouldBe(["gzip"]);
            using var unzipped = new StreamReader(new GZipStream(await response.Content.ReadAsStreamAsync(), CompressionMode.Decompress));
            using var json = JsonDocument.Parse($"[{await unzipped.ReadToEndAsync()}]");
            json.RootElement.GetArrayLength().ShouldBe(chunk.GetProperty("rowCount").GetInt32());
            rows.AddRange(Answer.RowsOf(json.RootElement));
        }

        return rows;
    }

    public void Dispose() => http.Dispose();

    private async Task<Answer> SendAsync(HttpMethod method, string path, object? body, string token)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Accept.Add(new("application/json"));
        if (token.Length > 0) request.Headers.TryAddWithoutValidation("Authorization", $"Snowflake Token=\"{token}\"");
        if (body is not null) request.Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var response = await http.SendAsync(request);
        return new((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
