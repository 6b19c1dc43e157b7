using System.Net.Http.Headers;
using System.Text.Json;
using Sluice.Platforms.Http;
using Sluice.Platforms.LakeFormation.Connections;
using Sluice.Platforms.LakeFormation.Identity;

namespace Sluice.Platforms.LakeFormation.Wire;

/// <summary>Signs and sends the calls of one service. A call is signed anew for each attempt, over the bytes that are sent.</summary>
internal sealed class AwsClient(
    PlatformHttpClient http,
    AwsService service,
    Uri endpoint,
    SigV4Signer signer,
    ICredentialSource credentials,
    TimeProvider time,
    RetryPolicy retry)
{
    /// <summary>Reads an answer's tokens into a value.</summary>
    public delegate T Reading<out T>(ref Utf8JsonReader reader);

    /// <summary>Reads an answer's tokens into a value, with the bytes they are read from.</summary>
    public delegate T BytesReading<out T>(ReadOnlySpan<byte> body, ref Utf8JsonReader reader);

    /// <summary>The same client under another retry policy.</summary>
    public AwsClient With(RetryPolicy policy) => new(http, service, endpoint, signer, credentials, time, policy);

    /// <summary>Calls an operation that answers with JSON and reads the answer straight from the pooled bytes.</summary>
    public Task<T> CallAsync<T>(string operation, byte[] body, Reading<T> reading, CancellationToken cancellationToken) =>
        CallForBytesAsync(operation, body, (ReadOnlySpan<byte> _, ref Utf8JsonReader reader) => reading(ref reader), cancellationToken);

    /// <summary>The same for a reading that looks at the bytes too.</summary>
    public async Task<T> CallForBytesAsync<T>(string operation, byte[] body, BytesReading<T> reading, CancellationToken cancellationToken)
    {
        using var response = await CallAsync(operation, body, cancellationToken);
        try
        {
            var reader = new Utf8JsonReader(response.Body.Span);
            var read = reading(response.Body.Span, ref reader);

            // Nothing follows an answer; the reader itself refuses what does.
            return reader.Read() ? throw new JsonException() : read;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            // The text of these can quote the answer, and it may be a stranger's: neither is kept.
            throw new PlatformException(
                PlatformFailure.Refused,
                $"{service.Name()} did not answer {operation} in the form that AWS documents; is {endpoint.Host} the right endpoint?");
        }
    }

    /// <summary>Calls an operation; the caller disposes of the answer.</summary>
    public async Task<PlatformResponse> CallAsync(string operation, byte[] body, CancellationToken cancellationToken)
    {
        AwsCredentials? used = null;
        try
        {
            return await SendAsync();
        }
        catch (PlatformException e) when (e.Code is "ExpiredTokenException" or "ExpiredToken" && used is not null && credentials.Expire(used))
        {
            // A session can be ended early (its role's sessions revoked): a new one tells whether that was all.
            return await SendAsync();
        }

        Task<PlatformResponse> SendAsync() => http.SendAsync(
            $"{service.Name()}:{operation}",
            async token =>
            {
                used = await credentials.GetAsync(token);
                return Request(operation, body, used);
            },
            retry,
            cancellationToken);
    }

    private HttpRequestMessage Request(string operation, byte[] body, AwsCredentials signedWith)
    {
        var path = service == AwsService.LakeFormation ? $"/{operation}" : "/";
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(endpoint, path)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(service switch
        {
            AwsService.Glue => "application/x-amz-json-1.1",
            AwsService.LakeFormation => "application/json",
            _ => "application/x-www-form-urlencoded",
        });
        if (service == AwsService.Glue) request.Headers.TryAddWithoutValidation("X-Amz-Target", $"AWSGlue.{operation}");
        signer.Sign(request, body, signedWith, time.GetUtcNow());
        return request;
    }
}
