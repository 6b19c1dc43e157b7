using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Sluice.Engine.Errors;

namespace Sluice.Server.Problems;

/// <summary>
/// Gives a body to what the web server refuses by itself, before there is a request that a middleware could see: bad HTTP, a URL or headers too
/// long. It tells of each by an event right before it answers with a bare status.
/// </summary>
internal sealed class WebServerRefusals : IObserver<KeyValuePair<string, object?>>
{
    private const string Refused = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    /// <summary>Whether an event is one of those: for all others the source stays as good as off.</summary>
    public static bool IsWanted(string name) => name == Refused;

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Value is not IFeatureCollection request || request.Get<RefusalWriter>() is not { } writer) return;
        // HTTP/2 refuses by its own frames.
        if (request.Get<IHttpRequestFeature>() is { Protocol: "HTTP/2" or "HTTP/3" }) return;
        if (request.Get<IHttpResponseFeature>() is { HasStarted: false } response) writer.Answer(AnswerTo(request, response));
    }

    public void OnCompleted()
    {
        // The source ends with the server.
    }

    public void OnError(Exception error)
    {
        // The source has no errors.
    }

    private static byte[] AnswerTo(IFeatureCollection request, IHttpResponseFeature response)
    {
        var (code, detail) = Explain(response.StatusCode);
        var body = ProblemAnswer.Body(code, detail, request.Get<IHttpRequestIdentifierFeature>()?.TraceIdentifier ?? "");
        var head = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {code.Status} {ReasonPhrases.GetReasonPhrase(code.Status)}\r\n")
            .Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\nContent-Type: {ProblemAnswer.ContentType}\r\n")
            .Append("Connection: close\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n");
        if (response.Headers.Date.Count > 0) head.Append(CultureInfo.InvariantCulture, $"Date: {response.Headers.Date}\r\n");
        if (response.Headers.Allow.Count > 0) head.Append(CultureInfo.InvariantCulture, $"Allow: {response.Headers.Allow}\r\n");
        byte[] bytes = Encoding.ASCII.GetBytes(head.Append("\r\n").ToString());
        return HttpMethods.IsHead(request.Get<IHttpRequestFeature>()?.Method ?? "") ? bytes : [.. bytes, .. body];
    }

    // The web server's own words can quote the request: they are not passed on.
    private static (ErrorCode Code, string Detail) Explain(int status) => status switch
    {
        StatusCodes.Status405MethodNotAllowed => (ErrorCode.MethodNotAllowed, "This form of request target does not go with the method."),
        StatusCodes.Status408RequestTimeout => (ErrorCode.RequestTooSlow, "The request did not come to its end in time."),
        StatusCodes.Status413PayloadTooLarge => (ErrorCode.BodyTooLarge, "The body is larger than this server allows (--max-body)."),
        StatusCodes.Status414UriTooLong => (ErrorCode.UrlTooLong, "The request line is longer than 8 KiB. POST /data/object/search takes what a URL can't hold."),
        StatusCodes.Status431RequestHeaderFieldsTooLarge => (ErrorCode.HeadersTooLarge, "The headers are more than 100 or longer than 32 KiB."),
        StatusCodes.Status505HttpVersionNotsupported => (ErrorCode.HttpVersionUnknown, "Speak HTTP/1.1 or HTTP/2."),
        _ => (ErrorCode.InvalidRequest, "The request is not valid HTTP: its URL, a header or its framing is malformed. A path can't hold %00; non-ASCII characters are percent-encoded."),
    };
}
