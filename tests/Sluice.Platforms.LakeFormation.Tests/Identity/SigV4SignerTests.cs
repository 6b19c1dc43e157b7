using System.Text;
using Sluice.Platforms.LakeFormation.Identity;

namespace Sluice.Platforms.LakeFormation.Tests.Identity;

/// <summary>AWS's published Signature Version 4 test suite, those of its requests that have no query.</summary>
public sealed class SigV4SignerTests
{
    private const string Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private const string SessionToken =
        "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/"
        + "qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";

    private static readonly DateTimeOffset When = new(2015, 8, 30, 12, 36, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("GET", "", "", "host;x-amz-date", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("POST", "", "", "host;x-amz-date", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")]
    [InlineData("POST", "My-Header1: value1", "", "host;my-header1;x-amz-date", "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c")]
    [InlineData("POST", "My-Header1: VALUE1", "", "host;my-header1;x-amz-date", "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d")]
    [InlineData("GET", "My-Header1: value1|My-Header2: \"a   b   c\"", "", "host;my-header1;my-header2;x-amz-date", "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736")]
    [InlineData("POST", "Content-Type: application/x-www-form-urlencoded", "Param1=value1", "content-type;host;x-amz-date", "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a")]
    public void The_published_vectors_are_met(string method, string headers, string body, string signed, string signature)
    {
        var request = Signed(method, headers, body, null);

        request.Headers.NonValidated["Authorization"].ToString().ShouldBe(
            $"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders={signed}, Signature={signature}");
    }

    [Fact]
    public void A_session_token_is_sent_and_signed()
    {
        var request = Signed("POST", "", "", SessionToken);

        request.Headers.NonValidated["X-Amz-Security-Token"].ToString().ShouldBe(SessionToken);
        request.Headers.NonValidated["Authorization"].ToString().ShouldBe(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
            + "SignedHeaders=host;x-amz-date;x-amz-security-token, Signature=85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead");
    }

    [Fact]
    public void The_same_signer_signs_with_another_secret_or_on_another_day()
    {
        var signer = new SigV4Signer("us-east-1", "service");
        var first = Signature(signer, Secret, When);

        Signature(signer, "another-secret-another-secret-another-00", When).ShouldNotBe(first);
        Signature(signer, Secret, When.AddDays(1)).ShouldNotBe(first);
        Signature(signer, Secret, When).ShouldBe(first);
    }

    [Fact]
    public void A_request_with_a_query_is_not_signed_wrongly_but_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://example.amazonaws.com/?a=b");

        Should.Throw<ArgumentException>(() => new SigV4Signer("us-east-1", "service").Sign(request, [], new AwsCredentials("AKIDEXAMPLE", Secret), When));
    }

    [Fact]
    public void Credentials_never_print_their_secrets() =>
        new AwsCredentials("AKIDEXAMPLE", Secret, SessionToken).ToString().ShouldBe("AwsCredentials { AKIDEXAMPLE }");

    private static HttpRequestMessage Signed(string method, string headers, string body, string? token)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var request = new HttpRequestMessage(new HttpMethod(method), "https://example.amazonaws.com/");
        if (bytes.Length > 0) request.Content = new ByteArrayContent(bytes);
        foreach (var header in headers.Split('|', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = (header[..header.IndexOf(':')], header[(header.IndexOf(':') + 2)..]);
            if (name == "Content-Type") request.Content!.Headers.TryAddWithoutValidation(name, value);
            else request.Headers.TryAddWithoutValidation(name, value);
        }

        new SigV4Signer("us-east-1", "service").Sign(request, bytes, new AwsCredentials("AKIDEXAMPLE", Secret, token), When);
        return request;
    }

    private static string Signature(SigV4Signer signer, string secret, DateTimeOffset when)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://example.amazonaws.com/");
        signer.Sign(request, [], new AwsCredentials("AKIDEXAMPLE", secret), when);
        return request.Headers.NonValidated["Authorization"].ToString().Split("Signature=")[1];
    }
}
