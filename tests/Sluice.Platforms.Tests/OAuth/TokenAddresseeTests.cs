using System.Buffers.Text;
using System.Text;
using Sluice.Platforms.OAuth;

namespace Sluice.Platforms.Tests.OAuth;

public sealed class TokenAddresseeTests
{
    [Theory]
    [InlineData("""{"aud": "https://x.example", "iss": "https://a.example", "sub": "PLANTED"}""", "audience https://x.example, issuer https://a.example")]
    [InlineData("""{"aud": ["x", 7, "y"]}""", "audience x, y")]
    [InlineData("""{"iss": "https://a.example"}""", "no audience, issuer https://a.example")]
    [InlineData("""{"aud": []}""", "no audience")]
    public void A_token_tells_for_whom_it_was_signed(string claims, string addressee) => Token($"e30.{Encoded(claims)}.c2ln").Addressee.ShouldBe(addressee);

    [Theory]
    [InlineData("opaque")]
    [InlineData("a.b.c")]
    [InlineData("e30.W10.c2ln")]
    [InlineData("a.!.c")]
    public void An_opaque_token_tells_nothing(string token) => Token(token).Addressee.ShouldBeNull();

    private static AccessToken Token(string text) => new(text, DateTimeOffset.UnixEpoch, TimeSpan.FromHours(1));

    private static string Encoded(string claims) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims));
}
