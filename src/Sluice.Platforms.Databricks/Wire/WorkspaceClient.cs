using System.Net.Http.Headers;
using System.Text.Json;
using Sluice.Platforms.Databricks.Identity;
using Sluice.Platforms.Http;

namespace Sluice.Platforms.Databricks.Wire;

/// <summary>Sends the calls of one workspace, each with the token of its source, and once more with another when the workspace no longer takes it.</summary>
internal sealed class WorkspaceClient(PlatformHttpClient http, Uri address, ITokenSource tokens, KeptSecrets secrets, RetryPolicy retry)
{
    /// <summary>Reads an answer's tokens into a value.</summary>
    public delegate T Reading<out T>(ref Utf8JsonReader reader);

    /// <summary>The host, for people.</summary>
    public string Host => address.IdnHost;

    /// <summary>The same client under another retry policy.</summary>
    public WorkspaceClient With(RetryPolicy policy) => new(http, address, tokens, secrets, policy);

    /// <summary>A message that may be shown: null where a secret stands in it.</summary>
    public string? Quotable(string? message) => secrets.AreIn(message) ? null : message;

    /// <summary>Reads.</summary>
    /// <param name="operation">A fixed name, for metrics.</param>
    /// <param name="path">Path and query, encoded.</param>
    /// <param name="reading">Takes the answer.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<T> GetAsync<T>(string operation, string path, Reading<T> reading, CancellationToken cancellationToken) =>
        CallAsync(operation, HttpMethod.Get, path, null, reading, cancellationToken);

    /// <summary>Posts a JSON body.</summary>
    public Task<T> PostAsync<T>(string operation, string path, byte[] body, Reading<T> reading, CancellationToken cancellationToken) =>
        CallAsync(operation, HttpMethod.Post, path, body, reading, cancellationToken);

    /// <summary>Posts a JSON body to what answers nothing.</summary>
    public async Task PostAsync(string operation, string path, byte[] body, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(operation, HttpMethod.Post, path, body, cancellationToken);
    }

    /// <summary>Patches with a JSON body, and passes over what is answered.</summary>
    public async Task PatchAsync(string operation, string path, byte[] body, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(operation, HttpMethod.Patch, path, body, cancellationToken);
    }

    /// <summary>Deletes, and passes over what is answered.</summary>
    public async Task DeleteAsync(string operation, string path, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(operation, HttpMethod.Delete, path, null, cancellationToken);
    }

    private async Task<T> CallAsync<T>(
        string operation, HttpMethod method, string path, byte[]? body, Reading<T> reading, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(operation, method, path, body, cancellationToken);
        try
        {
            var reader = new Utf8JsonReader(response.Body.Span);
            var read = reading(ref reader);

            // Nothing follows an answer; the reader itself refuses what does.
            return reader.Read() ? throw new JsonException() : read;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or OverflowException)
        {
            // The text of these can quote the answer, and it may be a stranger's: neither is kept.
            throw new PlatformException(
                PlatformFailure.Refused, $"{Host} did not answer {operation} in the form that Databricks documents; is it the workspace's host?");
        }
    }

    private async Task<PlatformResponse> SendAsync(string operation, HttpMethod method, string path, byte[]? body, CancellationToken cancellationToken)
    {
        BearerToken? used = null;
        try
        {
            return await SendOnceAsync();
        }
        catch (PlatformException e) when (e.Failure == PlatformFailure.CredentialsRejected && e.Status is not null && used is not null && tokens.Expire(used))
        {
            // It can end before its time: the secret was rotated, the clock was off.
            return await SendAgainAsync();
        }

        // What another authority signed, or signed for somebody else, is refused again: its claims say why.
        async Task<PlatformResponse> SendAgainAsync()
        {
            try
            {
                return await SendOnceAsync();
            }
            catch (PlatformException e) when (e.Failure == PlatformFailure.CredentialsRejected && e.Status is not null && used?.Given?.Addressee is { } addressee)
            {
                throw new PlatformException(e.Failure, $"{e.Message.TrimEnd('.')}. The authority's token is for {addressee}.", e) { Code = e.Code, Status = e.Status };
            }
        }

        Task<PlatformResponse> SendOnceAsync() => http.SendAsync(
            operation,
            async token =>
            {
                used = await tokens.GetAsync(token);
                secrets.Sent(used.Text);
                return Request(method, path, body, used.Text);
            },
            retry,
            cancellationToken);
    }

    private HttpRequestMessage Request(HttpMethod method, string path, byte[]? body, string token)
    {
        var request = new HttpRequestMessage(method, new Uri(address, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.UserAgent.ParseAdd("Sluice");
        if (body is null) return request;
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return request;
    }
}
