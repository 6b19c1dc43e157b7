using System.Net;

namespace Sluice.Platforms.Http;

/// <summary>What an answer refuses, by its status alone.</summary>
public static class StatusRefusal
{
    /// <summary>Null for 2xx. A redirect is a refusal: nobody follows it.</summary>
    public static PlatformException? Read(PlatformResponse response)
    {
        if (response.IsSuccess)
            return null;
        var failure = Failure(response.Status);
        var what = (int)response.Status is >= 300 and < 400 ? "a redirect, which is not followed: status" : "the status";
        return new PlatformException(failure, $"The platform answered with {what} {(int)response.Status}.")
        {
            Status = response.Status, RetryAfter = response.RetryAfter,
        };
    }

    /// <summary>What a status other than 2xx means.</summary>
    public static PlatformFailure Failure(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized => PlatformFailure.CredentialsRejected,
        HttpStatusCode.Forbidden => PlatformFailure.AccessDenied,
        HttpStatusCode.NotFound => PlatformFailure.NotFound,
        HttpStatusCode.TooManyRequests => PlatformFailure.Throttled,
        HttpStatusCode.RequestTimeout => PlatformFailure.Unavailable,
        >= HttpStatusCode.InternalServerError and not HttpStatusCode.NotImplemented => PlatformFailure.Unavailable,
        _ => PlatformFailure.Refused,
    };
}
