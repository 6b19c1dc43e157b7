using System.Collections.Frozen;
using System.Net;
using Sluice.Platforms.Http;

namespace Sluice.Platforms.Databricks.Wire;

/// <summary>What Databricks' error codes mean (the error mapping of its SDKs, and <c>ServiceErrorCode</c> of statements).</summary>
internal static class DatabricksErrors
{
    private static readonly FrozenDictionary<string, PlatformFailure> Known = new Dictionary<string, PlatformFailure>(StringComparer.Ordinal)
    {
        ["REQUEST_LIMIT_EXCEEDED"] = PlatformFailure.Throttled,
        ["RESOURCE_EXHAUSTED"] = PlatformFailure.Throttled,

        // A limit of the metastore (https://docs.databricks.com/aws/en/resources/limits): it is raised by request, and no try again helps.
        ["QUOTA_EXCEEDED"] = PlatformFailure.Refused,

        ["TEMPORARILY_UNAVAILABLE"] = PlatformFailure.Unavailable,
        ["SERVICE_UNDER_MAINTENANCE"] = PlatformFailure.Unavailable,
        ["WORKSPACE_TEMPORARILY_UNAVAILABLE"] = PlatformFailure.Unavailable,
        ["DEADLINE_EXCEEDED"] = PlatformFailure.Unavailable,
        ["INTERNAL_ERROR"] = PlatformFailure.Unavailable,
        ["ABORTED"] = PlatformFailure.Unavailable,
        ["IO_ERROR"] = PlatformFailure.Unavailable,

        ["UNAUTHENTICATED"] = PlatformFailure.CredentialsRejected,
        ["PERMISSION_DENIED"] = PlatformFailure.AccessDenied,
        ["INSUFFICIENT_PERMISSIONS"] = PlatformFailure.AccessDenied,
        ["NOT_FOUND"] = PlatformFailure.NotFound,

        // The path is unknown to the host, not the object.
        ["ENDPOINT_NOT_FOUND"] = PlatformFailure.Refused,
        ["FEATURE_DISABLED"] = PlatformFailure.Refused,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // How a token that is wrong, revoked or has ended is refused, whatever the status: 401, 403 and 400 have all been seen.
    private static readonly string[] TokenRefusals = ["invalid access token", "invalid token", "token is expired", "token has expired", "jwt has expired", "expiredjwtexception", "token is expiring"];

    // What Databricks' own SDKs try again, whatever the status: the workspace or its compute is on its way up.
    private static readonly string[] Passing = ["ClusterNotReadyException", "UnknownWorkerEnvironmentException", "does not have any associated worker environments", "There is no worker environment with id", "Unknown worker environment"];

    /// <summary>What a refusal is.</summary>
    /// <param name="code">Databricks' code; null where it gave none.</param>
    /// <param name="message">Its message.</param>
    /// <param name="status">The status of the answer.</param>
    /// <param name="isOfGateway">Whether the code is a number: no API was reached, so it is the token that is refused and no privilege that is lacking.</param>
    public static PlatformFailure Failure(string? code, string? message, HttpStatusCode status, bool isOfGateway = false)
    {
        if (isOfGateway && status is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized) return PlatformFailure.CredentialsRejected;
        if (message is not null && TokenRefusals.Any(words => message.Contains(words, StringComparison.OrdinalIgnoreCase))) return PlatformFailure.CredentialsRejected;
        if (message is not null && Passing.Any(words => message.Contains(words, StringComparison.Ordinal))) return PlatformFailure.Unavailable;
        if (status == HttpStatusCode.TooManyRequests) return PlatformFailure.Throttled;
        if (code is null) return StatusRefusal.Failure(status);
        if (Known.TryGetValue(code, out var failure)) return failure;
        return code.EndsWith("_DOES_NOT_EXIST", StringComparison.Ordinal) ? PlatformFailure.NotFound : StatusRefusal.Failure(status);
    }
}
