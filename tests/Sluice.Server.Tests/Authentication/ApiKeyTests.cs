using System.Net;
using System.Security.Cryptography;
using System.Text;
using Sluice.Engine.Callers;
using Sluice.Server.Authentication;

namespace Sluice.Server.Tests.Authentication;

public sealed class ApiKeyTests
{
    [Theory]
    [InlineData("Bearer {0}")]
    [InlineData("bearer {0}")]
    [InlineData("BEARER   {0}")]
    [InlineData("{0}")]
    [InlineData("  {0}  ")]
    public async Task A_key_is_accepted_in_every_header_form(string form)
    {
        await using var server = await RunningServer.StartAsync();

        using var answer = await server.SendAsync("GET", "/data/connection/lake", null, string.Format(form, server.AdminKey));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        server.Room.Connections.Callers.Single().Permissions.ShouldBe(Permission.All, ignoreOrder: true);
    }

    [Theory]
    [InlineData("Basic {0}")]
    [InlineData("Bearer")]
    [InlineData("Bearer {0} x")]
    [InlineData("{0}x")]
    [InlineData("slu_")]
    [InlineData("slu_0123456789abcdef_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("Token token={0}")]
    public async Task Anything_else_is_a_401_with_a_challenge(string form)
    {
        await using var server = await RunningServer.StartAsync();

        using var answer = await server.SendAsync("GET", "/data/connection/lake", null, string.Format(form, server.AdminKey));

        await answer.ProblemAsync(401, "SLU0101");
        answer.Headers.WwwAuthenticate.ToString().ShouldContain("error=\"invalid_token\"");
        server.Room.Connections.Callers.ShouldBeEmpty();
    }

    [Fact]
    public async Task No_token_is_a_401_with_a_plain_challenge()
    {
        await using var server = await RunningServer.StartAsync();

        using var answer = await server.SendAsync("GET", "/data/connection/lake", null, authorization: null);

        await answer.ProblemAsync(401, "SLU0101");
        answer.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer realm=\"sluice\"");
    }

    [Fact]
    public async Task Two_authorization_headers_are_none()
    {
        await using var server = await RunningServer.StartAsync();

        using var answer = await server.SendAsync("GET", "/jobs", null, server.AdminKey,
            request => request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {server.AdminKey}"));

        await answer.ProblemAsync(401, "SLU0101");
    }

    [Fact]
    public async Task A_key_with_another_secret_is_refused()
    {
        await using var server = await RunningServer.StartAsync();
        var key = server.KeyWith(Permission.ApplicationAdmin);
        var id = key.Split('_')[1];

        using var answer = await server.SendAsync("GET", "/jobs", null, ApiKey.New(id).Text);

        await answer.ProblemAsync(401, "SLU0101");
    }

    [Fact]
    public async Task A_key_ends_at_its_expiry_and_when_it_is_revoked()
    {
        await using var server = await RunningServer.StartAsync();
        var expiring = server.KeyWith();
        var revoked = server.KeyWith();
        var id = expiring.Split('_')[1];
        server.Room.Keys.Stored[id] = server.Room.Keys.Stored[id] with { ExpiresAt = server.Room.Time.Now.AddHours(1) };

        (await server.SendAsync("GET", "/jobs", null, expiring)).StatusCode.ShouldBe(HttpStatusCode.OK);
        server.Room.Time.Now += TimeSpan.FromHours(1);
        await (await server.SendAsync("GET", "/jobs", null, expiring)).ProblemAsync(401, "SLU0101");

        (await server.SendAsync("GET", "/jobs", null, revoked)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await server.SendAsync("DELETE", $"/api/v1/api-keys/{revoked.Split('_')[1]}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await server.SendAsync("GET", "/jobs", null, revoked)).ProblemAsync(401, "SLU0101");
    }

    [Fact]
    public async Task The_last_use_is_recorded_at_most_once_a_minute()
    {
        var server = await RunningServer.StartAsync();
        var first = server.Room.Time.Now;
        for (var i = 0; i < 5; i++) (await server.SendAsync("GET", "/jobs")).StatusCode.ShouldBe(HttpStatusCode.OK);
        server.Room.Time.Now += TimeSpan.FromSeconds(61);
        for (var i = 0; i < 5; i++) (await server.SendAsync("GET", "/jobs")).StatusCode.ShouldBe(HttpStatusCode.OK);

        // Stopping finishes what is noted.
        await server.DisposeAsync();

        server.Room.Keys.Touches.Select(t => t.At).ShouldBe([first, first.AddSeconds(61)]);
    }

    [Fact]
    public async Task A_new_key_is_shown_once_stored_as_a_hash_and_works()
    {
        await using var server = await RunningServer.StartAsync();

        var made = await (await server.SendAsync("POST", "/api/v1/api-keys", """{"name":"Mine","permissions":["GOVERNANCE","GOVERNANCE"]}""")).JsonAsync();
        var key = made["key"]!.GetValue<string>();
        var listed = await (await server.SendAsync("GET", "/api/v1/api-keys")).TextAsync();

        key.ShouldMatch("^slu_[a-z0-9]{16}_[A-Za-z0-9_-]{43}$");
        made["apiKey"]!["holder"]!.GetValue<string>().ShouldBe("administrator");
        made["apiKey"]!["permissions"]!.AsArray().Count.ShouldBe(1);
        var secret = key[(key.IndexOf('_', 4) + 1)..];
        var stored = server.Room.Keys.Stored[key.Split('_')[1]];
        stored.Hash.ShouldBe(SHA256.HashData(Encoding.ASCII.GetBytes(secret)));
        listed.ShouldContain(stored.Id);
        listed.ShouldNotContain(secret);
        string.Join('\n', server.Room.Log.Lines).ShouldNotContain(secret);
        (await server.SendAsync("GET", "/jobs", null, key)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_key_never_allows_more_than_its_maker_may()
    {
        await using var server = await RunningServer.StartAsync();
        var maker = server.KeyWith(Permission.Governance, Permission.UserAdmin);

        using var answer = await server.SendAsync("POST", "/api/v1/api-keys", """{"name":"x","permissions":["GOVERNANCE","APPLICATION_ADMIN"]}""", maker);

        (await answer.ProblemAsync(400, "SLU0001"))["errors"]!["$.permissions"]![0]!.GetValue<string>().ShouldContain("APPLICATION_ADMIN");
        server.Room.Keys.Stored.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Only_a_user_administrator_makes_keys_for_services()
    {
        await using var server = await RunningServer.StartAsync();
        const string Body = """{"name":"x","permissions":[],"holder":"export"}""";

        using var refused = await server.SendAsync("POST", "/api/v1/api-keys", Body, server.KeyWith(Permission.ApplicationAdmin));
        using var made = await server.SendAsync("POST", "/api/v1/api-keys", Body, server.KeyWith(Permission.UserAdmin));

        (await refused.ProblemAsync(403, "SLU0102"))["detail"]!.GetValue<string>().ShouldContain("USER_ADMIN");
        (await made.JsonAsync())["apiKey"]!["holder"]!.GetValue<string>().ShouldBe("service:export");
    }

    [Theory]
    [InlineData("system:x")]
    [InlineData("oidc:alice")]
    [InlineData("alice@example.com")]
    [InlineData("")]
    public async Task No_service_is_named_like_a_person(string holder)
    {
        await using var server = await RunningServer.StartAsync();

        using var answer = await server.SendAsync("POST", "/api/v1/api-keys", $$"""{"name":"x","permissions":[],"holder":"{{holder}}"}""");

        (await answer.ProblemAsync(400, "SLU0001"))["errors"]!["$.holder"].ShouldNotBeNull();
    }

    [Fact]
    public async Task Every_problem_of_a_key_request_is_told()
    {
        await using var server = await RunningServer.StartAsync();

        using var answer = await server.SendAsync("POST", "/api/v1/api-keys", """{"permissions":["ADMIN"],"expiresAt":"2020-01-01T00:00:00Z","expires":1}""");

        (await answer.ProblemAsync(400, "SLU0001"))["errors"]!.AsObject().Select(e => e.Key)
            .ShouldBe(["$.name", "$.permissions", "$.expiresAt", "$.expires"], ignoreOrder: true);
    }

    [Fact]
    public async Task People_see_and_revoke_their_own_keys_and_user_administrators_those_of_services_too()
    {
        await using var server = await RunningServer.StartAsync();
        var alice = server.KeyOf("oidc:alice");
        var bob = server.KeyOf("oidc:bob");
        var bobsId = bob.Split('_')[1];

        var seen = await (await server.SendAsync("GET", "/api/v1/api-keys", null, alice)).JsonAsync();
        using var notHers = await server.SendAsync("DELETE", $"/api/v1/api-keys/{bobsId}", null, alice);
        var userAdmin = server.KeyOf("oidc:carol", Permission.UserAdmin);
        server.KeyOf("service:export", Permission.Audit);
        var service = server.KeyOf("service:report", Permission.ApplicationAdmin).Split('_')[1];
        var services = await (await server.SendAsync("GET", "/api/v1/api-keys?size=2", null, userAdmin)).JsonAsync();
        using var noPerson = await server.SendAsync("DELETE", $"/api/v1/api-keys/{bobsId}", null, userAdmin);
        using var noAdministrator = await server.SendAsync("DELETE", $"/api/v1/api-keys/{server.AdminKey.Split('_')[1]}", null, userAdmin);
        using var aService = await server.SendAsync("DELETE", $"/api/v1/api-keys/{service}", null, userAdmin);
        using var notBobs = await server.SendAsync("DELETE", $"/api/v1/api-keys/{bobsId}");
        using var own = await server.SendAsync("DELETE", $"/api/v1/api-keys/{bobsId}", null, bob);

        seen["count"]!.GetValue<int>().ShouldBe(1);
        seen["hits"]![0]!["holder"]!.GetValue<string>().ShouldBe("oidc:alice");
        await notHers.ProblemAsync(404, "SLU0201");
        services["count"]!.GetValue<int>().ShouldBe(3);
        services["hits"]!.AsArray().Count.ShouldBe(2);
        await noPerson.ProblemAsync(404, "SLU0201");
        await noAdministrator.ProblemAsync(404, "SLU0201");
        (await aService.JsonAsync())["revokedAt"].ShouldNotBeNull();
        await notBobs.ProblemAsync(404, "SLU0201");
        (await own.JsonAsync())["revokedAt"].ShouldNotBeNull();
    }

    [Fact]
    public async Task Failed_authentications_are_limited_and_valid_keys_are_not()
    {
        await using var server = await RunningServer.StartAsync("--auth-failure-limit", "3");

        for (var i = 0; i < 3; i++) await (await server.SendAsync("GET", "/jobs", null, "wrong")).ProblemAsync(401, "SLU0101");
        using var limited = await server.SendAsync("GET", "/jobs", null, "wrong");
        using var valid = await server.SendAsync("GET", "/jobs");
        using var missing = await server.SendAsync("GET", "/jobs", null, authorization: null);

        await limited.ProblemAsync(429, "SLU0601");
        limited.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
        valid.StatusCode.ShouldBe(HttpStatusCode.OK);
        await missing.ProblemAsync(401, "SLU0101");
    }

    [Fact]
    public void A_key_has_256_random_bits_and_hides_its_secret()
    {
        var keys = Enumerable.Range(0, 100).Select(_ => ApiKey.New()).ToList();

        keys.Select(k => k.Text).Distinct(StringComparer.Ordinal).Count().ShouldBe(100);
        foreach (var key in keys)
        {
            var secret = key.Text[(key.Text.IndexOf('_', 4) + 1)..];
            Convert.FromBase64String(secret.Replace('-', '+').Replace('_', '/') + "=").Length.ShouldBe(32);
            key.ToString().ShouldNotContain(secret);
            ApiKey.Read(key.Text)!.Hash.ShouldBe(key.Hash);
        }
    }
}
