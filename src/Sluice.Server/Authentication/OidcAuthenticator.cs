using System.Collections.Frozen;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using Sluice.Engine.Callers;
using Sluice.Engine.People;
using Sluice.Server.Http;

namespace Sluice.Server.Authentication;

/// <summary>
/// Checks JWTs of the configured issuer. Issuer, audience and algorithms are fixed by the operator, never taken from a token; a token
/// without a matching claim has no permission.
/// </summary>
internal sealed partial class OidcAuthenticator(
    OidcSettings settings, IConfigurationManager<OpenIdConnectConfiguration> issuer, ICallerPeople people, TimeProvider time, ILogger<OidcAuthenticator> logger)
{
    /// <summary>Before the subject in a caller's id, so that no subject can be taken for a service or the server itself.</summary>
    public const string IdPrefix = Caller.IssuerPrefix;

    private const int LongestToken = 16 * 1024;

    // OpenID Connect Core 1.0, section 2: a subject has at most 255 characters.
    private const int LongestSubject = 255;
    private const int LongestName = 200;

    // RFC 5321, section 4.5.3.1: a path of 256 octets, its brackets included.
    private const int LongestEmail = 254;
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);
    private static readonly FrozenSet<string> SpaceSeparated = new[] { "scope", "scp" }.ToFrozenSet(StringComparer.Ordinal);

    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = LongestToken, MapInboundClaims = false };

    public async ValueTask<Authenticated> AuthenticateAsync(string token, CancellationToken cancellationToken)
    {
        // What can't be valid whatever the keys are is refused without asking the issuer for them.
        if (!LooksLikeOurs(token)) return Authenticated.Invalid;
        try
        {
            var result = await ValidateAsync(token, cancellationToken);
            if (result.Exception is SecurityTokenSignatureKeyNotFoundException)
            {
                // The issuer may have changed its keys; the manager limits how often this asks again.
                issuer.RequestRefresh();
                result = await ValidateAsync(token, cancellationToken);
            }

            return result is { IsValid: true, SecurityToken: JsonWebToken valid } && CallerOf(valid) is { } caller
                ? await LinkedAsync(caller, cancellationToken)
                : Authenticated.Invalid;
        }
        catch (InvalidOperationException e)
        {
            Log.KeysUnreadable(logger, settings.Issuer, e);
            return Authenticated.Undecided;
        }
    }

    private async Task<TokenValidationResult> ValidateAsync(string token, CancellationToken cancellationToken) =>
        await _handler.ValidateTokenAsync(token, ParametersWith(await issuer.GetConfigurationAsync(cancellationToken)));

    private bool LooksLikeOurs(string token)
    {
        if (token.Length > LongestToken || !_handler.CanReadToken(token)) return false;
        try
        {
            var unchecked_ = new JsonWebToken(token);
            // RFC 7515, section 4.1.11: crit names extensions that must be understood, and we understand none.
            return unchecked_.Issuer == settings.Issuer && settings.Algorithms.Contains(unchecked_.Alg) && !unchecked_.IsEncrypted
                && !unchecked_.TryGetHeaderValue<object>("crit", out _);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or JsonException)
        {
            // InvalidOperationException: a text in it escapes half a surrogate pair.
            return false;
        }
    }

    private TokenValidationParameters ParametersWith(OpenIdConnectConfiguration configuration) => new()
    {
        ValidateIssuer = true,
        ValidIssuer = settings.Issuer,
        ValidateAudience = true,
        ValidAudience = settings.Audience,
        ValidAlgorithms = settings.Algorithms,
        RequireSignedTokens = true,
        ValidateIssuerSigningKey = true,
        IssuerSigningKeys = configuration.SigningKeys,
        TryAllIssuerSigningKeys = false,
        RequireExpirationTime = true,
        ValidateLifetime = true,
        LifetimeValidator = (notBefore, expires, _, _) =>
        {
            var now = time.GetUtcNow().UtcDateTime;
            return expires is { } end && now < end + ClockSkew && (notBefore is not { } start || now >= start - ClockSkew);
        },
    };

    // What they may as the person they are comes on top of what the issuer says.
    private async Task<Authenticated> LinkedAsync(Caller caller, CancellationToken cancellationToken)
    {
        var link = await people.FindAsync(caller.Id, caller.Email, cancellationToken);
        if (link.IsShutOut) return Authenticated.Invalid;
        if (link.Person is not { } person) return new Authenticated(caller);
        return new Authenticated(caller with
        {
            Permissions = caller.Permissions.Concat(person.Permissions).ToFrozenSet(StringComparer.Ordinal),
            PersonId = person.Id,
            Groups = link.Groups,
        });
    }

    private Caller? CallerOf(JsonWebToken token)
    {
        // A subject is not mended: two of them could become one.
        if (string.IsNullOrEmpty(token.Subject) || token.Subject.Length > LongestSubject || !PlainText.Is(token.Subject)) return null;
        var permissions = ValuesOf(token, settings.Claim)
            .SelectMany(v => settings.Permissions.TryGetValue(v, out var given) ? given : [])
            .ToFrozenSet(StringComparer.Ordinal);
        var name = ValuesOf(token, "name").Concat(ValuesOf(token, "preferred_username"))
            .Select(n => PlainText.Of(n, LongestName)).FirstOrDefault(n => n.Length > 0) ?? token.Subject;
        var email = ValuesOf(token, "email").FirstOrDefault(e => e.Length <= LongestEmail && PlainText.Is(e));
        var counts = settings.TrustsEmail || ValuesOf(token, "email_verified").Any(v => v.Equals("true", StringComparison.OrdinalIgnoreCase));
        return new Caller(IdPrefix + token.Subject, name, counts ? email : null, permissions) { SpeaksForHolder = true };
    }

    private static IEnumerable<string> ValuesOf(JsonWebToken token, string claim)
    {
        var values = token.Claims.Where(c => c.Type == claim).Select(c => c.Value);
        return SpaceSeparated.Contains(claim) ? values.SelectMany(v => v.Split(' ', StringSplitOptions.RemoveEmptyEntries)) : values;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The keys of the OIDC issuer {Issuer} can't be read; its tokens are refused until they can.")]
        public static partial void KeysUnreadable(ILogger logger, string issuer, Exception exception);
    }
}
