using System.Net;
using System.Security.Cryptography;
using Sluice.Engine.Callers;
using Sluice.Server.Authentication;

namespace Sluice.Server.Tests.Authentication;

public sealed class OidcTests
{
    /// <summary>What makes a token worthless, each in one way.</summary>
    public static TheoryData<string> Faults =>
        ["issuer", "audience", "no audience", "expired", "not yet", "no expiry", "none", "hmac", "algorithm", "key", "signature", "claims", "no subject", "crit", "garbage", "empty parts"];

    [Theory]
    [InlineData("Bearer ")]
    [InlineData("bearer ")]
    [InlineData("")]
    public async Task A_valid_token_is_accepted_in_every_header_form(string scheme)
    {
        await using var issuer = await OidcIssuer.StartAsync();
        await using var server = await StartAsync(issuer);

        using var answer = await server.SendAsync("GET", "/data/connection/lake", null, scheme + issuer.Token(server.Room.Time.Now));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var caller = server.Room.Connections.Callers.Single();
        caller.Id.ShouldBe("oidc:alice");
        caller.Name.ShouldBe("Alice");
        caller.Email.ShouldBe("alice@example.com");
        caller.Permissions.ShouldBe([Permission.ApplicationAdmin, Permission.UserAdmin], ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_faulty_token_is_refused(string fault)
    {
        await using var issuer = await OidcIssuer.StartAsync();
        await using var server = await StartAsync(issuer);
        var now = server.Room.Time.Now;
        using var other = RSA.Create(2048);
        var good = issuer.Token(now);
        var token = fault switch
        {
            "issuer" => issuer.Token(now, c => c["iss"] = "https://elsewhere.example.com"),
            "audience" => issuer.Token(now, c => c["aud"] = "another"),
            "no audience" => issuer.Token(now, c => c.Remove("aud")),
            "expired" => issuer.Token(now, c => c["exp"] = now.AddMinutes(-2).ToUnixTimeSeconds()),
            "not yet" => issuer.Token(now, c => c["nbf"] = now.AddMinutes(2).ToUnixTimeSeconds()),
            "no expiry" => issuer.Token(now, c => c.Remove("exp")),
            "none" => issuer.Token(now, algorithm: "none"),
            "hmac" => issuer.Token(now, algorithm: "HS256"),
            "algorithm" => issuer.Token(now, algorithm: "RS512"),
            "key" => issuer.Token(now, key: other),
            "signature" => good[..^4] + (good.EndsWith("AAAA", StringComparison.Ordinal) ? "BBBB" : "AAAA"),
            "claims" => Swapped(good, issuer.Token(now, c => c["sub"] = "mallory")),
            "no subject" => issuer.Token(now, c => c.Remove("sub")),
            "crit" => issuer.Token(now, head: h =>
            {
                h["crit"] = new[] { "exp" };
                h["exp"] = 1;
            }),
            "empty parts" => "..",
            _ => "eyJhbGciOiJSUzI1NiJ9.not-json.xxx",
        };

        using var answer = await server.SendAsync("GET", "/data/connection/lake", null, $"Bearer {token}");

        await answer.ProblemAsync(401, "SLU0101");
        server.Room.Connections.Callers.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_token_without_a_mapped_claim_has_no_permission()
    {
        await using var issuer = await OidcIssuer.StartAsync();
        await using var server = await StartAsync(issuer);

        using var answer = await server.SendAsync("GET", "/data/connection/lake", null, issuer.Token(server.Room.Time.Now, c => c["groups"] = new[] { "DATA-ADMINS", "others" }));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        server.Room.Connections.Callers.Single().Permissions.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(null)]
    [InlineData(false)]
    public async Task An_email_that_the_issuer_does_not_vouch_for_owns_nothing(bool? verified)
    {
        await using var issuer = await OidcIssuer.StartAsync();
        await using var server = await StartAsync(issuer);

        using var answer = await server.SendAsync("GET", "/data/connection/lake", null, issuer.Token(server.Room.Time.Now, c => c["email_verified"] = verified));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        server.Room.Connections.Callers.Single().Email.ShouldBeNull();
    }

    [Theory]
    [InlineData("Al\\u0000ice\\n", "Alice")]
    [InlineData("Al\\ud800ice", null)]
    [InlineData("\\u0000", "alice")]
    public async Task A_name_that_can_not_be_stored_is_mended_or_refused(string claim, string? shown)
    {
        await using var issuer = await OidcIssuer.StartAsync();
        await using var server = await StartAsync(issuer);

        using var answer = await server.SendAsync("GET", "/data/connection/lake", null, issuer.Token(server.Room.Time.Now, rewrite: json => json.Replace("\"Alice\"", $"\"{claim}\"", StringComparison.Ordinal)));

        if (shown is null) await answer.ProblemAsync(401, "SLU0101");
        else server.Room.Connections.Callers.Single().Name.ShouldBe(shown);
    }

    [Theory]
    [InlineData("al\\u0000ice")]
    [InlineData("al\\ud800ice")]
    [InlineData("alice\\n")]
    public async Task A_subject_that_can_not_be_stored_is_refused(string subject)
    {
        await using var issuer = await OidcIssuer.StartAsync();
        await using var server = await StartAsync(issuer);

        using var answer = await server.SendAsync("GET", "/data/connection/lake", null, issuer.Token(server.Room.Time.Now, rewrite: json => json.Replace("\"alice\"", $"\"{subject}\"", StringComparison.Ordinal)));
        using var tooLong = await server.SendAsync("GET", "/data/connection/lake", null, issuer.Token(server.Room.Time.Now, c => c["sub"] = new string('a', 256)));

        await answer.ProblemAsync(401, "SLU0101");
        await tooLong.ProblemAsync(401, "SLU0101");
    }

    [Fact]
    public async Task An_email_that_can_not_be_stored_owns_nothing()
    {
        await using var issuer = await OidcIssuer.StartAsync();
        await using var server = await StartAsync(issuer);

        using var answer = await server.SendAsync("GET", "/data/connection/lake", null, issuer.Token(server.Room.Time.Now, c => c["email"] = "a\0@example.com"));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        server.Room.Connections.Callers.Single().Email.ShouldBeNull();
    }

    [Fact]
    public async Task Documents_of_the_issuer_beyond_a_megabyte_are_not_read()
    {
        await using var issuer = await OidcIssuer.StartAsync();
        issuer.Padding = 1024 * 1024;
        await using var server = await StartAsync(issuer);

        using var answer = await server.SendAsync("GET", "/data/connection/lake", null, issuer.Token(server.Room.Time.Now));
        using var byKey = await server.SendAsync("GET", "/data/connection/lake");

        await answer.ProblemAsync(503, "SLU0902");
        byKey.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_document_that_never_ends_is_given_up()
    {
        await using var issuer = await OidcIssuer.StartAsync();
        issuer.Drips = true;
        using var documents = new EgressDocumentRetriever(new SocketsHttpHandler { UseProxy = false }, TimeSpan.FromMilliseconds(300));

        var refused = await Should.ThrowAsync<IOException>(() => documents.GetDocumentAsync(issuer.Url + "/jwks", TestContext.Current.CancellationToken));

        refused.Message.ShouldContain("did not answer in full");
    }

    [Fact]
    public async Task A_new_key_of_the_issuer_is_fetched_once_it_is_used()
    {
        await using var issuer = await OidcIssuer.StartAsync();
        await using var server = await StartAsync(issuer);
        (await server.SendAsync("GET", "/data/connection/lake", null, issuer.Token(server.Room.Time.Now))).StatusCode.ShouldBe(HttpStatusCode.OK);
        issuer.Rotate();

        // The refresh may run beside the request that asked for it, so the condition is waited for.
        HttpStatusCode status;
        do
        {
            using var answer = await server.SendAsync("GET", "/data/connection/lake", null, issuer.Token(server.Room.Time.Now));
            status = answer.StatusCode;
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }
        while (status == HttpStatusCode.Unauthorized);

        status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task While_the_issuer_is_away_nobody_gets_in_by_its_tokens_and_api_keys_work()
    {
        await using var issuer = await OidcIssuer.StartAsync();
        issuer.IsDown = true;
        await using var server = await StartAsync(issuer);

        using var answer = await server.SendAsync("GET", "/data/connection/lake", null, issuer.Token(server.Room.Time.Now));
        using var byKey = await server.SendAsync("GET", "/data/connection/lake");

        await answer.ProblemAsync(503, "SLU0902");
        byKey.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_issuers_address_follows_the_egress_rules()
    {
        await using var issuer = await OidcIssuer.StartAsync();
        await using var server = await RunningServer.StartAsync("--oidc-issuer", issuer.Url, "--oidc-audience", "sluice");

        using var answer = await server.SendAsync("GET", "/jobs", null, issuer.Token(server.Room.Time.Now));

        await answer.ProblemAsync(503, "SLU0902");
        issuer.Reads.ShouldBe(0);
    }

    [Fact]
    public async Task Garbage_never_makes_the_server_ask_the_issuer()
    {
        await using var issuer = await OidcIssuer.StartAsync();
        await using var server = await StartAsync(issuer);

        foreach (var token in (string[])["x", "a.b.c", issuer.Token(server.Room.Time.Now, algorithm: "none"), issuer.Token(server.Room.Time.Now, c => c["iss"] = "x")])
            await (await server.SendAsync("GET", "/jobs", null, token)).ProblemAsync(401, "SLU0101");

        issuer.Reads.ShouldBe(0);
    }

    private static string Swapped(string head, string claims)
    {
        var parts = head.Split('.');
        return $"{parts[0]}.{claims.Split('.')[1]}.{parts[2]}";
    }

    private static Task<RunningServer> StartAsync(OidcIssuer issuer) => RunningServer.StartAsync(
        "--oidc-issuer", issuer.Url, "--oidc-audience", "sluice", "--oidc-map", "data-admins=APPLICATION_ADMIN+USER_ADMIN", "--allow-loopback", "--auth-failure-limit", "100000");
}
