using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Sluice.Platforms.Egress;
using Sluice.Testing;

namespace Sluice.Platforms.PostgreSql.Login;

/// <summary>Logging in, and every way in which it fails: told in words, in time, and without the password.</summary>
public sealed class LoginTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Planted = "pl4nted-p4ssword";

    [Fact]
    public async Task A_server_is_known_by_its_system_identifier_and_address()
    {
        await using var session = Registered.Open(Registered.Payload(postgres.Cluster));

        var identity = await session.IdentifyAsync(TestContext.Current.CancellationToken);

        identity.Key.ShouldMatch($"^postgresql:[0-9]{{15,20}}:127\\.0\\.0\\.1:{postgres.Cluster.Port}$");
        identity.DisplayName.ShouldContain($"127.0.0.1:{postgres.Cluster.Port}");
    }

    [Fact]
    public async Task An_account_without_privileges_may_read_the_system_identifier()
    {
        await postgres.Cluster.ExecuteAsync("CREATE ROLE nobody_special LOGIN PASSWORD 'nobody-pw'");
        await using var mighty = Registered.Open(Registered.Payload(postgres.Cluster));
        await using var humble = Registered.Open(Registered.Payload(postgres.Cluster, "nobody_special", "nobody-pw"));

        (await humble.IdentifyAsync(TestContext.Current.CancellationToken))
            .ShouldBe(await mighty.IdentifyAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_server_that_hides_its_system_identifier_is_known_by_its_address()
    {
        await using var cluster = await NewClusterAsync();
        await cluster.ExecuteAsync("REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC; CREATE ROLE blind LOGIN PASSWORD 'blind-pw'");
        await using var session = Registered.Open(Registered.Payload(cluster, "blind", "blind-pw"));

        var identity = await session.IdentifyAsync(TestContext.Current.CancellationToken);

        identity.Key.ShouldBe($"postgresql::127.0.0.1:{cluster.Port}");
        identity.DisplayName.ShouldContain("not readable");
    }

    [Fact]
    public async Task A_wrong_password_is_refused_in_the_servers_words()
    {
        var refusal = await Registered.LoginRefusalAsync(Registered.Payload(postgres.Cluster, password: Planted));

        refusal.Failure.ShouldBe(PlatformFailure.CredentialsRejected);
        refusal.Code.ShouldBe("28P01");
        refusal.Message.ShouldContain("password authentication failed for user \"postgres\"");
    }

    [Fact]
    public async Task An_unknown_user_is_refused_like_a_wrong_password()
    {
        var refusal = await Registered.LoginRefusalAsync(Registered.Payload(postgres.Cluster, user: "no one", password: Planted));

        refusal.Failure.ShouldBe(PlatformFailure.CredentialsRejected);
    }

    [Fact]
    public async Task An_unknown_database_is_not_found()
    {
        var payload = Registered.Payload(postgres.Cluster);
        payload["database"] = "gone";

        var refusal = await Registered.LoginRefusalAsync(payload);

        refusal.Failure.ShouldBe(PlatformFailure.NotFound);
        refusal.Code.ShouldBe("3D000");
    }

    [Fact]
    public async Task Too_many_connections_pass()
    {
        await postgres.Cluster.ExecuteAsync("CREATE ROLE crowded LOGIN CONNECTION LIMIT 0 PASSWORD 'crowded-pw'");

        var refusal = await Registered.LoginRefusalAsync(Registered.Payload(postgres.Cluster, "crowded", "crowded-pw"));

        refusal.Failure.ShouldBe(PlatformFailure.Throttled);
        refusal.IsTransient.ShouldBeTrue();
    }

    [Fact]
    public async Task A_pooler_is_seen_by_the_process_number_it_makes_up()
    {
        await using var pooler = new RenumberingProxy(postgres.Cluster.Port);
        var payload = Registered.Payload(postgres.Cluster);
        payload["port"] = pooler.Port;
        await using var session = Registered.Open(payload);

        var checks = await session.CheckAsync(TestContext.Current.CancellationToken);

        checks.Single(c => c.Name == "direct connection").Status.ShouldBe(CheckStatus.Warning);
    }

    [Fact]
    public async Task A_closed_port_is_unreachable()
    {
        var refusal = await Registered.LoginRefusalAsync(Towards(FreePort()));

        refusal.Failure.ShouldBe(PlatformFailure.Unreachable);
        refusal.Message.ShouldContain("refused");
    }

    [Fact]
    public async Task A_host_that_never_answers_is_told_within_ten_seconds()
    {
        await using var server = StrangeServer.Silent();
        var waited = Stopwatch.StartNew();

        // The defaults, as a registration uses them.
        var refusal = await Registered.LoginRefusalAsync(Towards(server.Port));

        refusal.Failure.ShouldBe(PlatformFailure.Unreachable);
        waited.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\nsecret page of a stranger")]
    [InlineData("SSH-2.0-secret page of a stranger\r\n")]
    [InlineData("")]
    [InlineData("E\u0000\u0000\u0000\u0004")]
    [InlineData("R\u00ff\u00ff\u00ff\u00ff")]
    [InlineData("Nsecret page of a stranger")]
    public async Task Something_else_on_the_port_is_no_server_and_is_not_quoted(string answer)
    {
        await using var server = StrangeServer.Answering([.. answer.Select(c => (byte)c)]);
        foreach (var sslMode in new[] { "disable", "verify-full" })
        {
            var payload = Towards(server.Port);
            payload["sslMode"] = sslMode;

            var refusal = await Registered.LoginRefusalAsync(payload, Registered.Platform(Registered.Impatient));

            refusal.Failure.ShouldBeOneOf(PlatformFailure.Unreachable, PlatformFailure.Refused);
            refusal.Message.ShouldNotContain("stranger");
        }

        server.Received.ShouldNotContain(Planted);
    }

    [Fact]
    public async Task Loopback_is_denied_unless_the_operator_allows_it()
    {
        var platform = Registered.Platform(policy: new EgressPolicy(), resolver: new KnownHosts(("db.example.com", "127.0.0.1")));
        var payload = Towards(postgres.Cluster.Port, "db.example.com");
        payload["sslMode"] = "verify-full";

        var refusal = await Registered.LoginRefusalAsync(payload, platform);

        refusal.Failure.ShouldBe(PlatformFailure.EgressDenied);
    }

    [Fact]
    public async Task A_name_that_leads_to_metadata_is_never_connected_to()
    {
        var platform = Registered.Platform(resolver: new KnownHosts(("db.example.com", "169.254.169.254")));
        var payload = Towards(5432, "db.example.com");
        payload["sslMode"] = "verify-full";

        (await Registered.LoginRefusalAsync(payload, platform)).Failure.ShouldBe(PlatformFailure.EgressDenied);
    }

    [Fact]
    public async Task A_session_asks_for_the_address_once()
    {
        var resolver = new KnownHosts(("db.example.com", "127.0.0.1"));
        var payload = Registered.Payload(postgres.Cluster, hostname: "db.example.com", sslMode: "require");
        await using var session = Registered.Open(payload, Registered.Platform(resolver: resolver));

        await session.IdentifyAsync(TestContext.Current.CancellationToken);
        await session.CheckAsync(TestContext.Current.CancellationToken);

        resolver.Asked.ShouldBe(1);
    }

    [Fact]
    public async Task The_next_address_of_a_host_is_tried_when_one_does_not_answer()
    {
        var resolver = new KnownHosts(("db.example.com", "127.0.0.9"), ("db.example.com", "::1"), ("db.example.com", "127.0.0.1"));
        var payload = Registered.Payload(postgres.Cluster, hostname: "db.example.com", sslMode: "require");
        await using var session = Registered.Open(payload, Registered.Platform(resolver: resolver));

        (await session.IdentifyAsync(TestContext.Current.CancellationToken)).Key.ShouldEndWith($":db.example.com:{postgres.Cluster.Port}");
    }

    [Fact]
    public async Task Addresses_that_stay_silent_leave_time_for_one_that_answers()
    {
        using var one = new TcpListener(IPAddress.Parse("127.0.0.2"), postgres.Cluster.Port);
        using var two = new TcpListener(IPAddress.Parse("127.0.0.3"), postgres.Cluster.Port);
        one.Start();
        two.Start();
        var resolver = new KnownHosts(("db.example.com", "127.0.0.2"), ("db.example.com", "127.0.0.3"), ("db.example.com", "127.0.0.1"));
        var payload = Registered.Payload(postgres.Cluster, hostname: "db.example.com", sslMode: "require");
        await using var session = Registered.Open(payload, Registered.Platform(resolver: resolver));

        (await session.IdentifyAsync(TestContext.Current.CancellationToken)).Key.ShouldEndWith($":db.example.com:{postgres.Cluster.Port}");
    }

    [Fact]
    public async Task A_server_that_asks_for_endless_work_gets_one_login_at_a_time()
    {
        // Some tens of seconds of it: long past both logins.
        await using var server = StrangeServer.AskingForWork(iterations: 100_000_000);
        var platform = Registered.Platform(Registered.Impatient);

        var first = await Registered.LoginRefusalAsync(Towards(server.Port), platform);
        var second = await Registered.LoginRefusalAsync(Towards(server.Port), platform);

        first.Failure.ShouldBe(PlatformFailure.Unreachable);
        second.Failure.ShouldBe(PlatformFailure.Unreachable);
        server.Conversations.ShouldBe(1);
    }

    [Fact]
    public async Task An_IPv6_address_is_an_address()
    {
        var refusal = await Registered.LoginRefusalAsync(Towards(FreePort(), "[::1]"), Registered.Platform(Registered.Impatient));

        refusal.Failure.ShouldBe(PlatformFailure.Unreachable);
        refusal.Message.ShouldContain("[::1]:");
    }

    [Fact]
    public async Task A_cancelled_login_is_cancelled()
    {
        await using var server = StrangeServer.Silent();
        await using var session = Registered.Open(Towards(server.Port));
        using var cancelled = new CancellationTokenSource();
        var login = session.IdentifyAsync(cancelled.Token);
        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => login);
    }

    private static JsonObject Towards(int port, string hostname = "127.0.0.1") => new()
    {
        ["technology"] = "PostgreSQL", ["authenticationType"] = "userPassword", ["hostname"] = hostname, ["port"] = port,
        ["username"] = "sluice", ["password"] = Planted, ["sslMode"] = "disable",
    };

    private static async Task<PostgresCluster> NewClusterAsync()
    {
        if (PostgresCluster.Unavailable is { } reason) Requires.Absent(reason);
        return await PostgresCluster.StartAsync(TestContext.Current.CancellationToken);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
