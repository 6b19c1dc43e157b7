using System.Net;
using System.Text.Json.Nodes;
using Sluice.Testing;

namespace Sluice.Platforms.PostgreSql.Login;

/// <summary>What each TLS mode proves. The server's certificate is for localhost, postgres.test and 127.0.0.1.</summary>
public sealed class TlsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Planted = "pl4nted-p4ssword";

    private static readonly KnownHosts Names = new(("postgres.test", "127.0.0.1"), ("other.test", "127.0.0.1"));

    [Theory]
    [InlineData("postgres.test")]
    [InlineData("POSTGRES.test")]
    [InlineData("postgres.test.")]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    public async Task Verify_full_takes_the_right_authority_and_name(string hostname) => await IdentifyAsync(hostname, "verify-full");

    [Fact]
    public async Task Verify_full_refuses_another_name()
    {
        var refusal = await RefusalAsync("other.test", "verify-full", await TrustedAsync());

        refusal.Failure.ShouldBe(PlatformFailure.Unreachable);
        refusal.Message.ShouldContain("TLS");
    }

    [Fact]
    public async Task Verify_ca_takes_another_name() => await IdentifyAsync("other.test", "verify-ca");

    [Theory]
    [InlineData("verify-full")]
    [InlineData("verify-ca")]
    public async Task Another_authority_is_refused(string sslMode)
    {
        using var other = new TestAuthority();

        var refusal = await RefusalAsync("postgres.test", sslMode, other.CertificatePem);

        refusal.Failure.ShouldBe(PlatformFailure.Unreachable);
        refusal.Message.ShouldContain("TLS");
    }

    [Fact]
    public async Task An_authority_the_system_does_not_know_is_refused()
    {
        var refusal = await RefusalAsync("postgres.test", "verify-full", certificate: null);

        refusal.Failure.ShouldBe(PlatformFailure.Unreachable);
    }

    [Fact]
    public async Task Several_authorities_may_be_given()
    {
        using var other = new TestAuthority();
        var payload = Payload("postgres.test", "verify-full", other.CertificatePem + "\n" + await TrustedAsync());
        await using var session = Registered.Open(payload, Registered.Platform(resolver: Names));

        await session.IdentifyAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Require_encrypts_without_proof()
    {
        var payload = Registered.Payload(postgres.Cluster, hostname: "other.test", sslMode: "require");
        await using var session = Registered.Open(payload, Registered.Platform(resolver: Names));

        var checks = await session.CheckAsync(TestContext.Current.CancellationToken);

        checks.Single(c => c.Name == "TLS").Status.ShouldBe(CheckStatus.Warning);
    }

    [Fact]
    public async Task The_session_is_really_encrypted()
    {
        await postgres.Cluster.ExecuteAsync("CREATE ROLE encrypted LOGIN PASSWORD 'encrypted-pw'");
        var hba = Path.Combine(postgres.Cluster.DataDirectory, "pg_hba.conf");
        await File.WriteAllTextAsync(hba, "hostnossl all encrypted all reject\n" + await File.ReadAllTextAsync(hba));
        await postgres.Cluster.ExecuteAsync("SELECT pg_reload_conf()");

        await using (var session = Registered.Open(
            Registered.Payload(postgres.Cluster, "encrypted", "encrypted-pw", hostname: "other.test", sslMode: "require"), Registered.Platform(resolver: Names)))
            await session.IdentifyAsync(TestContext.Current.CancellationToken);
        var plain = await Registered.LoginRefusalAsync(Registered.Payload(postgres.Cluster, "encrypted", "encrypted-pw"));

        plain.Failure.ShouldBe(PlatformFailure.CredentialsRejected);
        plain.Code.ShouldBe("28000");
    }

    [Fact]
    public async Task A_server_without_TLS_is_refused()
    {
        using var authority = new TestAuthority();
        await using var server = StrangeServer.Answering([(byte)'N']);
        foreach (var sslMode in new[] { "verify-full", "verify-ca", "require" })
        {
            var payload = new JsonObject
            {
                ["technology"] = "PostgreSQL", ["authenticationType"] = "userPassword", ["hostname"] = "other.test", ["port"] = server.Port,
                ["username"] = "sluice", ["password"] = Planted, ["sslMode"] = sslMode,
            };
            if (sslMode != "require") payload["sslRootCertificate"] = authority.CertificatePem;

            var refusal = await Registered.LoginRefusalAsync(payload, Registered.Platform(Registered.Impatient, Names));

            refusal.Failure.ShouldBeOneOf(PlatformFailure.Refused, PlatformFailure.Unreachable);
        }

        server.Received.ShouldNotContain("sluice");
    }

    [Theory]
    [InlineData("require")]
    [InlineData("verify-ca")]
    public async Task A_server_whose_name_is_not_proven_is_never_sent_the_password_itself(string sslMode)
    {
        // Whoever has any certificate of the same authority could stand there.
        using var authority = new TestAuthority();
        var (certificate, key) = authority.Issue(["elsewhere.test"], [IPAddress.Parse("127.0.0.9")]);
        await using var server = StrangeServer.AskingForPassword(certificate, key);
        var payload = new JsonObject
        {
            ["technology"] = "PostgreSQL", ["authenticationType"] = "userPassword", ["hostname"] = "other.test", ["port"] = server.Port,
            ["username"] = "sluice", ["password"] = Planted, ["sslMode"] = sslMode,
        };
        if (sslMode == "verify-ca") payload["sslRootCertificate"] = authority.CertificatePem;

        await Registered.LoginRefusalAsync(payload, Registered.Platform(Registered.Impatient, Names));

        server.Received.ShouldContain("sluice");
        server.Received.ShouldNotContain(Planted);
    }

    [Fact]
    public async Task Without_TLS_the_password_itself_is_not_sent_even_on_this_machine()
    {
        // AuthenticationCleartextPassword, from whoever took the port first.
        await using var server = StrangeServer.Answering([(byte)'R', 0, 0, 0, 8, 0, 0, 0, 3]);
        var payload = new JsonObject
        {
            ["technology"] = "PostgreSQL", ["authenticationType"] = "userPassword", ["hostname"] = "127.0.0.1", ["port"] = server.Port,
            ["username"] = "sluice", ["password"] = Planted, ["sslMode"] = "disable",
        };

        await Registered.LoginRefusalAsync(payload, Registered.Platform(Registered.Impatient));

        server.Received.ShouldContain("sluice");
        server.Received.ShouldNotContain(Planted);
    }

    [Fact]
    public async Task A_proven_server_may_ask_for_the_password_itself()
    {
        // The other half of the test above: there the password is kept because the server is unproven, not because it can't be sent.
        using var authority = new TestAuthority();
        var (certificate, key) = authority.Issue(["other.test"], [IPAddress.Loopback]);
        await using var server = StrangeServer.AskingForPassword(certificate, key);
        var payload = new JsonObject
        {
            ["technology"] = "PostgreSQL", ["authenticationType"] = "userPassword", ["hostname"] = "other.test", ["port"] = server.Port,
            ["username"] = "sluice", ["password"] = Planted, ["sslRootCertificate"] = authority.CertificatePem,
        };

        await Registered.LoginRefusalAsync(payload, Registered.Platform(Registered.Impatient, Names));

        server.Received.ShouldContain(Planted);
    }

    private async Task IdentifyAsync(string hostname, string sslMode)
    {
        await using var session = Registered.Open(Payload(hostname, sslMode, await TrustedAsync()), Registered.Platform(resolver: Names));

        (await session.IdentifyAsync(TestContext.Current.CancellationToken)).Key.ShouldStartWith("postgresql:");
    }

    private Task<PlatformException> RefusalAsync(string hostname, string sslMode, string? certificate) =>
        Registered.LoginRefusalAsync(Payload(hostname, sslMode, certificate), Registered.Platform(Registered.Impatient, Names));

    private JsonObject Payload(string hostname, string sslMode, string? certificate)
    {
        var payload = Registered.Payload(postgres.Cluster, hostname: hostname, sslMode: sslMode);
        if (certificate is not null) payload["sslRootCertificate"] = certificate;
        return payload;
    }

    private Task<string> TrustedAsync() => File.ReadAllTextAsync(postgres.Cluster.CaCertificatePath);
}
