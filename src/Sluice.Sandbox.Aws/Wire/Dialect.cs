using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sluice.Sandbox.Aws.Sts;

namespace Sluice.Sandbox.Aws.Wire;

/// <summary>How a protocol spells its answers and errors.</summary>
internal abstract class Dialect
{
    private static readonly Dialect Glue = new Json11();
    private static readonly Dialect LakeFormation = new RestJson();
    private static readonly Dialect Sts = new QueryXml();

    public abstract string ContentType { get; }

    /// <summary>For a verified request.</summary>
    public static Dialect Of(string service) => service switch
    {
        "sts" => Sts,
        "glue" => Glue,
        _ => LakeFormation,
    };

    /// <summary>For a request nobody vouches for: what it looks like.</summary>
    public static Dialect Of(HttpRequest request) =>
        request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true ? Sts
        : request.Headers.ContainsKey("X-Amz-Target") ? Glue
        : LakeFormation;

    public async Task WriteErrorAsync(HttpContext context, AwsException problem, string requestId)
    {
        context.Response.StatusCode = StatusOf(problem);
        context.Response.ContentType = ContentType;
        context.Response.Headers["x-amzn-RequestId"] = requestId;
        var body = Encoding.UTF8.GetBytes(Body(context.Response, problem, requestId));
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    protected virtual int StatusOf(AwsException problem) => problem.Status;

    protected abstract string Body(HttpResponse response, AwsException problem, string requestId);

    /// <summary>Modeled errors say Message, those raised in front of the service say message.</summary>
    private static string MessageName(AwsException problem) =>
        problem.IsAuthentication || problem.Code is "ThrottlingException" or "SerializationException" or "ValidationException" ? "message" : "Message";

    private sealed class Json11 : Dialect
    {
        public override string ContentType => "application/x-amz-json-1.1";

        protected override int StatusOf(AwsException problem) => problem.Status is 403 ? 400 : problem.Status;

        protected override string Body(HttpResponse response, AwsException problem, string requestId) =>
            JsonSerializer.Serialize(new Dictionary<string, string> { ["__type"] = problem.Code, [MessageName(problem)] = problem.Message });
    }

    private sealed class RestJson : Dialect
    {
        public override string ContentType => "application/json";

        protected override string Body(HttpResponse response, AwsException problem, string requestId)
        {
            response.Headers["x-amzn-ErrorType"] = problem.Code;
            return JsonSerializer.Serialize(new Dictionary<string, string> { [MessageName(problem)] = problem.Message });
        }
    }

    private sealed class QueryXml : Dialect
    {
        public override string ContentType => "text/xml";

        protected override string Body(HttpResponse response, AwsException problem, string requestId) =>
            StsXml.Error(new(CodeOf(problem.Code), problem.Message, problem.Status), requestId);

        // The query protocol's names of what the JSON protocols call otherwise.
        private static string CodeOf(string code) => code switch
        {
            "InvalidSignatureException" => "SignatureDoesNotMatch",
            "UnrecognizedClientException" => "InvalidClientTokenId",
            "ExpiredTokenException" => "ExpiredToken",
            "MissingAuthenticationTokenException" => "MissingAuthenticationToken",
            "IncompleteSignatureException" => "IncompleteSignature",
            "ThrottlingException" => "Throttling",
            "InternalServiceException" => "InternalFailure",
            "ServiceUnavailableException" => "ServiceUnavailable",
            _ => code,
        };
    }
}
