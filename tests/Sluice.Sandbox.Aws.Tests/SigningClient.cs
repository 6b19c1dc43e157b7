using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Sluice.Sandbox.Aws.Tests;

/// <summary>
/// A minimal signing client. Its signer is not the sandbox's: it knows only bodies posted to plain paths, and the vendor's own
/// client drives the sandbox too.
/// </summary>
internal sealed class SigningClient(Uri endpoint, AwsSandboxCredentials credentials, TimeProvider? clock = null, string? token = null) : IDisposable
{
    private readonly HttpClient http = new() { BaseAddress = endpoint };

    /// <summary>Lets a test spoil the request after it was signed.</summary>
    public Action<HttpRequestMessage>? Tamper { get; init; }

    public string Region { get; init; } = "us-east-1";

    public Task<Answer> Glue(string operation, object body) =>
        Send("glue", "/", JsonSerializer.Serialize(body), "application/x-amz-json-1.1", ("x-amz-target", $"AWSGlue.{operation}"));

    public Task<Answer> Lake(string operation, object body) => Send("lakeformation", $"/{operation}", JsonSerializer.Serialize(body), "application/json");

    public Task<Answer> Sts(string form) => Send("sts", "/", $"{form}&Version=2011-06-15", "application/x-www-form-urlencoded");

    public async Task<Answer> Send(string service, string path, string body, string contentType, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8) };
        request.Content.Headers.ContentType = new(contentType);
        var time = (clock ?? TimeProvider.System).GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'");
        SortedDictionary<string, string> signed = new(StringComparer.Ordinal) { ["host"] = endpoint.Authority, ["x-amz-date"] = time };
        if (token is not null) signed["x-amz-security-token"] = token;
        foreach (var (name, value) in headers) signed[name] = value;
        foreach (var (name, value) in signed.Where(header => header.Key != "host")) request.Headers.Add(name, value);
        request.Headers.TryAddWithoutValidation("Authorization", Authorize(service, path, body, time, signed));
        Tamper?.Invoke(request);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return new((int)response.StatusCode, response.Headers, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public void Dispose() => http.Dispose();

    private string Authorize(string service, string path, string body, string time, SortedDictionary<string, string> signed)
    {
        var names = string.Join(';', signed.Keys);
        var canonical = $"POST\n{path}\n\n{string.Concat(signed.Select(header => $"{header.Key}:{header.Value}\n"))}\n{names}\n{Sha(body)}";
        var scope = $"{time[..8]}/{Region}/{service}/aws4_request";
        var key = Encoding.UTF8.GetBytes($"AWS4{credentials.SecretAccessKey}");
        foreach (var part in scope.Split('/')) key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"AWS4-HMAC-SHA256\n{time}\n{scope}\n{Sha(canonical)}")));
        return $"AWS4-HMAC-SHA256 Credential={credentials.AccessKeyId}/{scope}, SignedHeaders={names}, Signature={signature}";
    }

    private static string Sha(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
