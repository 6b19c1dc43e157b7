using System.Security.Cryptography;
using Sluice.Platforms.OAuth;

namespace Sluice.Platforms.Tests.OAuth;

public sealed class ThumbprintTests
{
    private static readonly byte[] Sha1Digest = Keys.Certificate.GetCertHash(HashAlgorithmName.SHA1);
    private static readonly byte[] Sha256Digest = Keys.Certificate.GetCertHash(HashAlgorithmName.SHA256);

    [Fact]
    public void Its_length_tells_the_header()
    {
        Read(Convert.ToHexString(Sha1Digest)).Header.ShouldBe("x5t");
        Read(Convert.ToHexString(Sha256Digest)).Header.ShouldBe("x5t#S256");
    }

    // The example of RFC 7515 is a SHA-1 of 20 bytes in base64url; this one has both letters that the alphabets spell differently.
    [Theory]
    [InlineData("FBEF FE00112233445566778899AABBCCDDEEFF00")]
    [InlineData("fb:ef:fe:00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff:00")]
    [InlineData("--_-ABEiM0RVZneImaq7zN3u_wA")]
    [InlineData("++/+ABEiM0RVZneImaq7zN3u/wA=")]
    public void Every_spelling_is_the_same_digest(string spelled)
    {
        var thumbprint = Read(spelled);
        thumbprint.Hex.ShouldBe("FBEFFE00112233445566778899AABBCCDDEEFF00");
        thumbprint.Encoded.ShouldBe("--_-ABEiM0RVZneImaq7zN3u_wA");
    }

    [Theory]
    [InlineData("")]
    [InlineData("thumbprint")]
    [InlineData("FBEFFE00112233445566778899AABBCCDDEEFF")]
    [InlineData("FBEFFE00112233445566778899AABBCCDDEEFF0")]
    [InlineData("<your-certificate-thumbprint>")]
    public void What_is_no_digest_is_none(string spelled) => Thumbprint.Parse(spelled).ShouldBeNull();

    [Fact]
    public void It_is_compared_with_a_certificate()
    {
        using var other = RSA.Create(2048);
        using var another = Keys.CertificateOf(other);
        foreach (var digest in (byte[][])[Sha1Digest, Sha256Digest])
        {
            Read(Convert.ToHexString(digest)).IsOf(Keys.Certificate).ShouldBeTrue();
            Read(Convert.ToHexString(digest)).IsOf(another).ShouldBeFalse();
        }
    }

    private static Thumbprint Read(string spelled) => Thumbprint.Parse(spelled).ShouldNotBeNull();
}
