using System.Security.Cryptography;
using System.Text;
using Sluice.Sandbox.Aws.Wire;

namespace Sluice.Sandbox.Aws.Identity;

/// <summary>Checks a request's signature and answers who signed it.</summary>
internal sealed class SignatureVerifier(CredentialStore credentials, string region, TimeProvider clock)
{
    private const string Stamp = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>AWS accepts a request within five minutes of its time.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    public Caller Verify(SignedRequest request, out SignatureClaim claim)
    {
        var authorization = request.Header("Authorization")
            ?? throw AwsException.Unsigned("MissingAuthenticationTokenException", "Missing Authentication Token");
        claim = SignatureClaim.Parse(authorization)
            ?? throw AwsException.Unsigned("IncompleteSignatureException", "Authorization header requires 'Credential', 'Signature' and 'SignedHeaders' parameters of AWS4-HMAC-SHA256.");
        var stamp = request.Header("X-Amz-Date");
        if (!SignatureClaim.TryReadTime(stamp, out var time))
        {
            throw AwsException.Unsigned("IncompleteSignatureException", "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
        }

        var now = clock.GetUtcNow();
        var found = credentials.Resolve(claim.AccessKeyId, request.Header("X-Amz-Security-Token"), now, out var problem)
            ?? throw AwsException.Unsigned("UnrecognizedClientException", "The security token included in the request is invalid.");
        CheckScope(claim, stamp!);
        CheckTime(time, now);
        CheckHeaders(request, claim);
        var expected = CanonicalRequest.Sign(found.Secret, claim, stamp!, CanonicalRequest.Write(request, claim.SignedHeaders));
        if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), Encoding.UTF8.GetBytes(claim.Signature)))
        {
            throw Invalid("The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.");
        }

        // Only the holder of the secret learns that the session has run out.
        if (problem == KeyProblem.Expired)
        {
            throw AwsException.Unsigned("ExpiredTokenException", "The security token included in the request is expired");
        }

        return found.Caller;
    }

    private static AwsException Invalid(string message) => AwsException.Unsigned("InvalidSignatureException", message);

    private void CheckScope(SignatureClaim claim, string stamp)
    {
        if (claim.Region != region) throw Invalid($"Credential should be scoped to a valid region, not '{claim.Region}'. ");
        if (claim.Service is not ("glue" or "lakeformation" or "sts")) throw Invalid("Credential should be scoped to correct service: glue, lakeformation or sts. ");
        if (!stamp.StartsWith(claim.Date, StringComparison.Ordinal))
        {
            throw Invalid($"Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{claim.Date}' != '{stamp[..8]}', from '{stamp}'.");
        }
    }

    private static void CheckTime(DateTimeOffset time, DateTimeOffset now)
    {
        if (time < now - Skew)
        {
            throw Invalid($"Signature expired: {time.ToString(Stamp)} is now earlier than {(now - Skew).ToString(Stamp)} ({now.ToString(Stamp)} - 5 min.)");
        }

        if (time > now + Skew)
        {
            throw Invalid($"Signature not yet current: {time.ToString(Stamp)} is still later than {(now + Skew).ToString(Stamp)} ({now.ToString(Stamp)} + 5 min.)");
        }
    }

    private static void CheckHeaders(SignedRequest request, SignatureClaim claim)
    {
        var signed = claim.SignedHeaders;
        var inOrder = signed.SequenceEqual(signed.Order(StringComparer.Ordinal)) && signed.All(name => name == name.ToLowerInvariant());
        if (!inOrder || !signed.Contains("host")) throw Invalid("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
        var open = request.Headers.Keys
            .Select(name => name.ToLowerInvariant())
            .Where(name => name.StartsWith("x-amz-", StringComparison.Ordinal) && !signed.Contains(name))
            .ToArray();
        if (open.Length > 0) throw Invalid($"'{string.Join("', '", open)}' must be a 'SignedHeader' in the AWS Authorization.");
        var stated = request.Header("X-Amz-Content-Sha256");
        if (stated is not null && stated != Convert.ToHexStringLower(SHA256.HashData(request.Body.Span)))
        {
            throw Invalid("The provided 'x-amz-content-sha256' header does not match what was computed.");
        }
    }
}
