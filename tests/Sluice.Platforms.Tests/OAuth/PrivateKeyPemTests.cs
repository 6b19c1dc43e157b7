using Sluice.Platforms.OAuth;

namespace Sluice.Platforms.Tests.OAuth;

public sealed class PrivateKeyPemTests
{
    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\\n")]
    [InlineData("\\\\n")]
    [InlineData("\\r\\n")]
    [InlineData("\\\n")]
    [InlineData(" ")]
    [InlineData("")]
    public void A_key_is_read_with_every_kind_of_line_end(string lineEnd)
    {
        Modulus(Keys.Plain.ReplaceLineEndings(lineEnd)).ShouldBe(Modulus(Keys.Plain));
        Modulus(Keys.Encrypted.ReplaceLineEndings(lineEnd), Keys.Password).ShouldBe(Modulus(Keys.Plain));
    }

    [Fact]
    public void Two_spellings_of_a_key_are_one_key() =>
        PrivateKeyPem.Normalize(Keys.Plain.ReplaceLineEndings("\\\\n") + "\\\\n").ShouldBe(PrivateKeyPem.Normalize(Keys.Plain));

    [Fact]
    public void A_key_may_stand_beside_its_certificate()
    {
        var both = $"{Keys.Certificate.ExportCertificatePem()}\n{Keys.Plain}".ReplaceLineEndings("\\n");

        Modulus(both).ShouldBe(Modulus(Keys.Plain));
        using var certificate = PrivateKeyPem.Certificate(both);
        certificate!.Thumbprint.ShouldBe(Keys.Certificate.Thumbprint);
        PrivateKeyPem.Certificate(Keys.Plain).ShouldBeNull();
    }

    [Fact]
    public void A_password_of_a_plain_key_is_ignored() => PrivateKeyPem.Problem(Keys.Plain, "unused").ShouldBeNull();

    public static TheoryData<string, string?, string> Wrong => new()
    {
        { "", null, "is not a PEM text" },
        { "MIIE", null, "is not a PEM text" },
        { "-----BEGIN PRIVATE KEY-----", null, "is not a PEM text" },
        { "-----BEGIN PRIVATE KEY-----PLANTED!-----END PRIVATE KEY-----", null, "is not the PKCS#8 form" },
        { Keys.Plain.Replace("MII", "AII", StringComparison.Ordinal), null, "is not the PKCS#8 form" },
        { Keys.Pkcs1, null, "is a RSA PRIVATE KEY, not PKCS#8; convert it with: openssl pkcs8" },
        { Keys.Public, null, "holds no private key" },
        { Keys.Certificate.ExportCertificatePem(), null, "is not a PEM text" },
        { Keys.Elliptic, null, "is not the PKCS#8 form of an RSA private key" },
        { Keys.Short, null, "has 1024 bits, and at least 2048 are needed" },
        { Keys.Encrypted, null, "is encrypted, and no password came with it" },
        { Keys.Encrypted, "", "is encrypted, and no password came with it" },
        { Keys.Encrypted, "PLANTED", "can't be decrypted with the password" },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void What_is_no_usable_key_is_told_without_repeating_it(string content, string? password, string words)
    {
        var problem = PrivateKeyPem.Problem(content, password).ShouldNotBeNull();
        problem.ShouldContain(words);
        problem.ShouldNotContain("PLANTED");
    }

    [Fact]
    public void An_encrypted_key_is_told_from_a_plain_one()
    {
        PrivateKeyPem.IsEncrypted(Keys.Encrypted.ReplaceLineEndings("\\n")).ShouldBeTrue();
        PrivateKeyPem.IsEncrypted(Keys.Plain).ShouldBeFalse();
        PrivateKeyPem.IsEncrypted("").ShouldBeFalse();
    }

    private static string Modulus(string content, string? password = null)
    {
        using var key = PrivateKeyPem.Read(content, password, out var problem);
        problem.ShouldBeNull();
        return Convert.ToHexString(key!.ExportParameters(includePrivateParameters: false).Modulus!);
    }
}
