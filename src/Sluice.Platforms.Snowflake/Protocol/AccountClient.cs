using System.Net.Http.Headers;
using System.Text;
using Sluice.Platforms.Http;

namespace Sluice.Platforms.Snowflake.Protocol;

/// <summary>
/// Sends the requests of the session protocol to one account. A request keeps its id over all attempts, by which the account knows a repeated one;
/// each attempt has a <c>request_guid</c> of its own, as the vendor's drivers have it.
/// </summary>
internal sealed class AccountClient(PlatformHttpClient http, Uri address, TimeProvider time)
{
    private const string Snowflake = "application/snowflake";

    private static readonly string Version = typeof(AccountClient).Assembly.GetName().Version!.ToString(3);
    private static readonly ProductInfoHeaderValue UserAgent = new("Sluice", Version);

    /// <summary>What the login calls this client.</summary>
    public static string ApplicationId => "Sluice";

    /// <summary>And its version.</summary>
    public static string ApplicationVersion => Version;

    /// <summary>A new id of a request.</summary>
    public Guid NewId() => Guid.CreateVersion7(time.GetUtcNow());

    /// <summary>Posts a body; the caller disposes of the answer.</summary>
    /// <param name="operation">For metrics, such as <c>snowflake:query</c>.</param>
    /// <param name="path">Such as <c>/queries/v1/query-request</c>.</param>
    /// <param name="query">Parameters besides the ids.</param>
    /// <param name="requestId">The request's id.</param>
    /// <param name="body">Makes the body, once per attempt: a proof in it may age.</param>
    /// <param name="token">The session's or the master's token; null before there is one.</param>
    /// <param name="retry">When it is sent again.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<PlatformResponse> PostAsync(
        string operation,
        string path,
        IReadOnlyList<(string Name, string Value)> query,
        Guid requestId,
        Func<CancellationToken, ValueTask<byte[]>> body,
        string? token,
        RetryPolicy retry,
        CancellationToken cancellationToken)
    {
        var attempt = 0;
        var started = time.GetUtcNow().ToUnixTimeMilliseconds();
        return http.SendAsync(
            operation,
            async ending =>
            {
                List<(string, string)> parameters = [.. query, ("requestId", requestId.ToString()), ("request_guid", NewId().ToString())];
                if (attempt++ > 0) parameters.AddRange([("clientStartTime", $"{started}"), ("retryCount", $"{attempt - 1}"), ("retryReason", "0")]);
                var content = new ByteArrayContent(await body(ending));
                content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                return Request(HttpMethod.Post, new Uri(address, path + QueryString(parameters)), content, token);
            },
            retry,
            cancellationToken);
    }

    /// <summary>Asks for the result of a statement that takes longer; the caller disposes of the answer.</summary>
    /// <exception cref="PlatformException">The address is not the account's.</exception>
    public Task<PlatformResponse> GetResultAsync(string url, string token, RetryPolicy retry, CancellationToken cancellationToken)
    {
        var result = new Uri(address, url);

        // The token goes to the account and nowhere else, whatever an answer says.
        if (result.GetLeftPart(UriPartial.Authority) != address.GetLeftPart(UriPartial.Authority)) throw Envelope.NotSnowflake("a query");
        return http.SendAsync(
            "snowflake:result", _ => ValueTask.FromResult(Request(HttpMethod.Get, result, null, token)), retry, cancellationToken);
    }

    private static HttpRequestMessage Request(HttpMethod method, Uri uri, HttpContent? content, string? token)
    {
        var request = new HttpRequestMessage(method, uri) { Content = content };
        request.Headers.UserAgent.Add(UserAgent);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(Snowflake));
        if (token is not null) request.Headers.TryAddWithoutValidation("Authorization", $"Snowflake Token=\"{token}\"");
        return request;
    }

    private static string QueryString(List<(string Name, string Value)> parameters)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in parameters)
            text.Append(text.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        return text.ToString();
    }
}
