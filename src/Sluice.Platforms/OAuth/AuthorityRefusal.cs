using System.Net;
using System.Text.Json;
using Sluice.Platforms.Http;

namespace Sluice.Platforms.OAuth;

/// <summary>
/// Tells what an authority refused. Only the documented members of an error (RFC 6749, section 5.2) are quoted, and not where they repeat the
/// credential; anything else is a stranger's, and told by its form and status.
/// </summary>
internal sealed class AuthorityRefusal(OAuthClient client, OAuthCredential credential)
{
    private const int LongestCode = 64;

    private string Host => client.Authority.Authority;

    /// <summary>What an answer refuses; null when it is to be read.</summary>
    public PlatformException? Read(PlatformResponse response)
    {
        if (response.IsSuccess) return null;
        if ((int)response.Status is >= 300 and < 400)
            return Of(PlatformFailure.Refused, $"{Host} answered with a redirect (status {(int)response.Status}), which is not followed; {Remedy}.", response);
        if (Quoted(response) is { } told) return told;
        var failure = StatusRefusal.Failure(response.Status);
        return failure switch
        {
            PlatformFailure.Throttled or PlatformFailure.Unavailable =>
                Of(failure, $"The authority {Host} can't answer just now (status {(int)response.Status}); try again later.", response),
            PlatformFailure.CredentialsRejected or PlatformFailure.AccessDenied => Of(
                PlatformFailure.CredentialsRejected,
                $"{Host} answered with the status {(int)response.Status} and no OAuth error. Check clientId and {Proof}; {Remedy}.",
                response),
            _ => Of(PlatformFailure.Refused, $"{Host} answered with the status {(int)response.Status} and no OAuth error; {Remedy}.", response),
        };
    }

    /// <summary>The error that an object holds; null when it holds none.</summary>
    public PlatformException? Read(JsonElement answer, PlatformResponse response)
    {
        if (AuthorityTexts.Text(answer, "error") is not { Length: > 0 and <= LongestCode } code || !code.All(IsOfCode)) return null;
        var words = ForeignWords.Bounded(AuthorityTexts.Text(answer, "error_description")).TrimEnd('.');
        var told = words.Length == 0 || credential.IsRepeatedBy(words, client.ClientId) ? code : $"{code}: {words}";
        return new PlatformException(Failure(code, response.Status), $"The authority {Host} refused the client: {told}.{Advice(code, response.Status)}")
        {
            Code = code, Status = response.Status, RetryAfter = response.RetryAfter,
        };
    }

    /// <summary>Refuses what is no OAuth answer.</summary>
    public PlatformException NotAnAnswer(string what, PlatformResponse response) => Of(PlatformFailure.Refused, $"{Host} {what}; {Remedy}.", response);

    /// <summary>Refuses an address below which there is no discovery document.</summary>
    public PlatformException NotDiscovered() => new(
        PlatformFailure.Refused, $"Below {Host} lies no discovery document that names a token endpoint; {Remedy}.");

    private const string Remedy =
        "authorityUrl must be the authority's token endpoint, its discovery document (/.well-known/…), or the address below which that lies";

    private string Proof => credential is OAuthKey
        ? "its certificate: publicCertificateThumbprint must be the digest of the certificate whose private key oauthPrivateKey is, the authority must "
            + "know it, take assertions for its token endpoint, and this server's clock must be right"
        : "clientSecret, which may have expired";

    private static bool IsOfCode(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.';

    private static PlatformFailure Failure(string code, HttpStatusCode status)
    {
        if (code is "temporarily_unavailable" or "server_error") return PlatformFailure.Unavailable;
        if (code is "invalid_client" or "unauthorized_client" or "access_denied" or "invalid_grant") return PlatformFailure.CredentialsRejected;
        var failure = StatusRefusal.Failure(status);
        return failure is PlatformFailure.Throttled or PlatformFailure.Unavailable or PlatformFailure.CredentialsRejected ? failure : PlatformFailure.Refused;
    }

    private string Advice(string code, HttpStatusCode status) => code switch
    {
        "invalid_client" => $" Check clientId and {Proof}.",
        "invalid_scope" => client.Scope is null ? " Name a scope that the authority offers to the client." : " Check scope: the authority must offer it to the client.",
        "invalid_target" or "invalid_resource" => " Check resource: the authority must know it and offer it to the client.",
        "unauthorized_client" => " Allow the client the grant type client_credentials at the authority.",
        "unsupported_grant_type" => " The authority must offer the grant type client_credentials.",
        _ when status is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed => $" This is no token endpoint: {Remedy}.",
        _ => "",
    };

    private PlatformException? Quoted(PlatformResponse response)
    {
        try
        {
            using var document = JsonDocument.Parse(response.Body);
            return document.RootElement.ValueKind == JsonValueKind.Object ? Read(document.RootElement, response) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static PlatformException Of(PlatformFailure failure, string message, PlatformResponse response) =>
        new(failure, message) { Status = response.Status, RetryAfter = response.RetryAfter };
}
