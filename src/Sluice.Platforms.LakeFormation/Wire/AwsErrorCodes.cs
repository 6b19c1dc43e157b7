using System.Collections.Frozen;
using System.Net;
using Sluice.Platforms.Http;

namespace Sluice.Platforms.LakeFormation.Wire;

/// <summary>What AWS's error codes mean (the services' API references and their common errors).</summary>
internal static class AwsErrorCodes
{
    public const string EntityNotFound = "EntityNotFoundException";
    public const string InvalidInput = "InvalidInputException";

    private static readonly FrozenDictionary<string, PlatformFailure> Known = new Dictionary<string, PlatformFailure>(StringComparer.Ordinal)
    {
        ["ThrottlingException"] = PlatformFailure.Throttled,
        ["Throttling"] = PlatformFailure.Throttled,
        ["ThrottledException"] = PlatformFailure.Throttled,
        ["RequestThrottledException"] = PlatformFailure.Throttled,
        ["TooManyRequestsException"] = PlatformFailure.Throttled,
        ["RequestLimitExceeded"] = PlatformFailure.Throttled,

        ["InternalServiceException"] = PlatformFailure.Unavailable,
        ["InternalFailure"] = PlatformFailure.Unavailable,
        ["InternalServerError"] = PlatformFailure.Unavailable,
        ["ServiceUnavailable"] = PlatformFailure.Unavailable,
        ["ServiceUnavailableException"] = PlatformFailure.Unavailable,
        ["OperationTimeoutException"] = PlatformFailure.Unavailable,
        ["ConcurrentModificationException"] = PlatformFailure.Unavailable,
        ["ResourceNotReadyException"] = PlatformFailure.Unavailable,
        ["FederationSourceRetryableException"] = PlatformFailure.Unavailable,

        ["UnrecognizedClientException"] = PlatformFailure.CredentialsRejected,
        ["InvalidClientTokenId"] = PlatformFailure.CredentialsRejected,
        ["InvalidAccessKeyId"] = PlatformFailure.CredentialsRejected,
        ["InvalidSignatureException"] = PlatformFailure.CredentialsRejected,
        ["SignatureDoesNotMatch"] = PlatformFailure.CredentialsRejected,
        ["IncompleteSignature"] = PlatformFailure.CredentialsRejected,
        ["IncompleteSignatureException"] = PlatformFailure.CredentialsRejected,
        ["MissingAuthenticationToken"] = PlatformFailure.CredentialsRejected,
        ["MissingAuthenticationTokenException"] = PlatformFailure.CredentialsRejected,
        ["ExpiredTokenException"] = PlatformFailure.CredentialsRejected,
        ["ExpiredToken"] = PlatformFailure.CredentialsRejected,
        ["RequestExpired"] = PlatformFailure.CredentialsRejected,
        ["AuthFailure"] = PlatformFailure.CredentialsRejected,
        ["OptInRequired"] = PlatformFailure.CredentialsRejected,
        ["RegionDisabledException"] = PlatformFailure.CredentialsRejected,

        ["AccessDeniedException"] = PlatformFailure.AccessDenied,
        ["AccessDenied"] = PlatformFailure.AccessDenied,
        ["UnauthorizedOperation"] = PlatformFailure.AccessDenied,
        ["GlueEncryptionException"] = PlatformFailure.AccessDenied,

        [EntityNotFound] = PlatformFailure.NotFound,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What a refusal is. Glue hides throttling in InvalidInputException with the message "Rate exceeded".</summary>
    public static PlatformFailure Failure(string code, string? message, HttpStatusCode status)
    {
        if (message?.Contains("Rate exceeded", StringComparison.OrdinalIgnoreCase) == true) return PlatformFailure.Throttled;
        if (Known.TryGetValue(code, out var failure)) return failure;

        // An operation an endpoint doesn't know is answered with 404; nothing that was asked for is missing by it.
        return status == HttpStatusCode.NotFound ? PlatformFailure.Refused : StatusRefusal.Failure(status);
    }

    /// <summary>
    /// Whether an operation can't be had here at all: denied, or unknown to the endpoint (an emulator, a partition behind the others).
    /// </summary>
    public static bool IsOperationMissing(this PlatformException e) =>
        e.Failure == PlatformFailure.AccessDenied
        || (e.Status == HttpStatusCode.NotFound && e.Code != EntityNotFound)
        // What endpoints that lack an operation answer; the last is an emulator's, not our runtime's exception.
        || e.Code is "UnknownOperationException" or "InvalidAction" or "NotImplementedException";

    /// <summary>Whether AWS no longer takes a paging token.</summary>
    public static bool IsTokenRejected(this PlatformException e) => e.Failure == PlatformFailure.Refused && e.Code == InvalidInput;
}
