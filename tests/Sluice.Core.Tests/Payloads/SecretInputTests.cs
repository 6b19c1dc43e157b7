using Sluice.Core.Payloads;

namespace Sluice.Core.Tests.Payloads;

public sealed class SecretInputTests
{
    [Fact]
    public void A_secret_never_prints_itself()
    {
        const string planted = "PLANTED-4f1c";
        SecretInput[] all = [new SecretInput.Literal(planted), new SecretInput.Reference(planted), new SecretInput.Kept()];
        foreach (var secret in all)
        {
            secret.ToString().ShouldBe("[REDACTED]");
            $"{secret}".ShouldBe("[REDACTED]");
            string.Format(System.Globalization.CultureInfo.InvariantCulture, "{0}", secret).ShouldBe("[REDACTED]");
            $"{new { secret }}".ShouldNotContain(planted);
            $"{(secret, 1)}".ShouldNotContain(planted);
        }
    }

    [Fact]
    public void Secrets_are_compared_by_what_they_say()
    {
        new SecretInput.Literal("a").ShouldBe(new SecretInput.Literal("a"));
        new SecretInput.Literal("a").ShouldNotBe(new SecretInput.Literal("b"));
        ((SecretInput)new SecretInput.Literal("env:SLUICE_SECRET_A")).ShouldNotBe(new SecretInput.Reference("env:SLUICE_SECRET_A"));
    }
}
