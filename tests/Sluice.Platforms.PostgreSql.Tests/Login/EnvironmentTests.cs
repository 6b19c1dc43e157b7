using System.Net;
using System.Text.Json.Nodes;
using Sluice.Testing;

namespace Sluice.Platforms.PostgreSql.Login;

/// <summary>Its variables are the process's: while they are set nothing else runs.</summary>
[CollectionDefinition(nameof(ProcessEnvironment), DisableParallelization = true)]
public sealed class ProcessEnvironment;

/// <summary>
/// What a connection says alone decides how it is made. The driver would take much of the environment and home of the server's account, which
/// are meant for the server's own database.
/// </summary>
[Collection(nameof(ProcessEnvironment))]
public sealed class EnvironmentTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IDisposable
{
    private static readonly KnownHosts Names = new(("postgres.test", "127.0.0.1"));

    private readonly List<string> _set = [];

    [Fact]
    public async Task An_authority_of_the_environment_is_not_trusted()
    {
        Set("PGSSLROOTCERT", postgres.Cluster.CaCertificatePath);
        var payload = Registered.Payload(postgres.Cluster, hostname: "postgres.test", sslMode: "verify-full");

        var refusal = await Registered.LoginRefusalAsync(payload, Registered.Platform(Registered.Impatient, Names));

        refusal.Failure.ShouldBe(PlatformFailure.Unreachable);
        refusal.Message.ShouldContain("TLS failed");
    }

    [Fact]
    public async Task Nothing_of_the_environment_reaches_a_server()
    {
        foreach (var (name, value) in ((string, string)[])
            [("PGOPTIONS", "-c application_name=hijacked"), ("PGTZ", "hijacked"), ("PGCLIENTENCODING", "hijacked"), ("PGAPPNAME", "hijacked"), ("PGUSER", "hijacked"), ("PGPASSWORD", "hijacked")])
            Set(name, value);
        await using var server = StrangeServer.Answering([]);

        await Registered.LoginRefusalAsync(Towards(server.Port, "disable"), Registered.Platform(Registered.Impatient));

        server.Received.ShouldContain("client_encoding\0UTF8\0");
        server.Received.ShouldNotContain("hijacked");
    }

    [Fact]
    public async Task Tls_is_agreed_on_as_the_connection_says_and_not_as_the_environment_does()
    {
        Set("PGSSLNEGOTIATION", "direct");
        Set("PGTARGETSESSIONATTRS", "standby");
        await using var server = StrangeServer.Answering("N"u8.ToArray());

        await Registered.LoginRefusalAsync(Towards(server.Port, "require"), Registered.Platform(Registered.Impatient));
        await using var session = Registered.Open(
            Registered.Payload(postgres.Cluster, hostname: "postgres.test", sslMode: "require"), Registered.Platform(resolver: Names));
        await session.IdentifyAsync(TestContext.Current.CancellationToken);

        // SSLRequest (PostgreSQL documentation, "Message Formats"): length 8, code 80877103.
        server.Received[..8].ShouldBe("\0\0\0\b\x04\xd2\x16\x2f");
    }

    [Fact]
    public async Task A_certificate_of_the_environment_is_not_shown()
    {
        using var authority = new TestAuthority();
        var (certificate, key) = authority.Issue(["client.test"], [IPAddress.Loopback]);
        var directory = Directory.CreateTempSubdirectory();
        await File.WriteAllTextAsync(Path.Combine(directory.FullName, "client.crt"), certificate);
        await File.WriteAllTextAsync(Path.Combine(directory.FullName, "client.key"), key);
        Set("PGSSLCERT", Path.Combine(directory.FullName, "client.crt"));
        Set("PGSSLKEY", Path.Combine(directory.FullName, "client.key"));
        var (own, ownKey) = authority.Issue(["postgres.test"], [IPAddress.Loopback]);
        await using var server = StrangeServer.AskingForCertificate(own, ownKey);

        await Registered.LoginRefusalAsync(Towards(server.Port, "require"), Registered.Platform(Registered.Impatient));

        directory.Delete(recursive: true);
        server.Conversations.ShouldBeGreaterThan(0);
        server.Certificates.ShouldBeEmpty();
    }

    public void Dispose()
    {
        foreach (var name in _set) Environment.SetEnvironmentVariable(name, null);
    }

    private void Set(string name, string value)
    {
        // Started before: its own tools read the environment too.
        _ = postgres.Cluster;
        _set.Add(name);
        Environment.SetEnvironmentVariable(name, value);
    }

    private static JsonObject Towards(int port, string sslMode) => new()
    {
        ["technology"] = "PostgreSQL", ["authenticationType"] = "userPassword", ["hostname"] = "127.0.0.1", ["port"] = port,
        ["username"] = "sluice", ["password"] = "pl4nted-p4ssword", ["sslMode"] = sslMode,
    };
}
