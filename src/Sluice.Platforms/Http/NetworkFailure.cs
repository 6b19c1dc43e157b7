using System.Net.Sockets;
using System.Security.Authentication;

namespace Sluice.Platforms.Http;

/// <summary>
/// Puts what went wrong on the wire into our words. The framework's own message may quote what a stranger sent (a status line, a header),
/// so it is never repeated, and only causes that can't quote are kept.
/// </summary>
internal static class NetworkFailure
{
    /// <summary>Whether an exception comes from the wire: connection, TLS, protocol, or a body that can't be decompressed.</summary>
    public static bool IsOne(Exception e) => e is HttpRequestException or IOException or InvalidDataException or AuthenticationException;

    public static PlatformException Describe(Exception e, string host)
    {
        var (failure, what) = e switch
        {
            HttpRequestException http => Describe(http.HttpRequestError, e),
            HttpIOException io => Describe(io.HttpRequestError, e),
            AuthenticationException => Describe(HttpRequestError.SecureConnectionError, e),
            InvalidDataException => Describe(HttpRequestError.InvalidResponse, e),
            _ => Describe(HttpRequestError.ResponseEnded, e),
        };
        return new PlatformException(failure, $"{host} {what}.", HarmlessCause(e));
    }

    private static (PlatformFailure Failure, string What) Describe(HttpRequestError error, Exception e) => error switch
    {
        HttpRequestError.NameResolutionError => (PlatformFailure.Unreachable, "does not resolve"),
        HttpRequestError.ConnectionError => (PlatformFailure.Unreachable, "can't be reached"),
        HttpRequestError.SecureConnectionError =>
            (PlatformFailure.Unreachable, "did not prove itself by TLS: its certificate or protocol is not accepted"),
        HttpRequestError.ResponseEnded => (PlatformFailure.Unreachable, "dropped the connection"),
        HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError =>
            (PlatformFailure.Refused, "answered with something that is not HTTP as we know it"),
        HttpRequestError.ConfigurationLimitExceeded => (PlatformFailure.Refused, "answered with more than this server reads"),
        HttpRequestError.VersionNegotiationError => (PlatformFailure.Refused, "speaks another version of HTTP"),

        // A broken connection is often reported without a reason of its own.
        _ when e.InnerException is IOException or SocketException => (PlatformFailure.Unreachable, "dropped the connection"),
        _ => (PlatformFailure.Unreachable, "did not answer"),
    };

    private static Exception? HarmlessCause(Exception e)
    {
        for (var cause = e; cause is not null; cause = cause.InnerException)
        {
            if (cause is SocketException or AuthenticationException)
                return cause;
        }

        return null;
    }
}
