using System.Net;
using System.Text.Json.Nodes;
using Sluice.Engine.Callers;
using Sluice.Server.Authentication;

namespace Sluice.Server.Tests.Authentication;

/// <summary>A key gives nobody more, or for longer, than they had.</summary>
public sealed class ApiKeyLimitsTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("01:00:01")]
    [InlineData("10000.00:00:00")]
    public async Task No_key_outlives_the_one_it_was_made_with(string? asked)
    {
        await using var server = await RunningServer.StartAsync();
        var maker = ExpiringIn(server, TimeSpan.FromHours(1));

        using var answer = await server.SendAsync("POST", "/api/v1/api-keys", Request(server, asked), maker);

        (await answer.ProblemAsync(400, "SLU0001"))["errors"]!["$.expiresAt"]!.AsArray().Single()!.GetValue<string>().ShouldContain("no key outlives");
        server.Room.Keys.Stored.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_key_may_last_as_long_as_the_one_it_was_made_with()
    {
        await using var server = await RunningServer.StartAsync();

        using var bounded = await server.SendAsync("POST", "/api/v1/api-keys", Request(server, "01:00:00"), ExpiringIn(server, TimeSpan.FromHours(1)));
        using var unbounded = await server.SendAsync("POST", "/api/v1/api-keys", Request(server, null));

        (await bounded.JsonAsync())["apiKey"]!["expiresAt"]!.GetValue<DateTimeOffset>().ShouldBe(server.Room.Time.Now.AddHours(1));
        (await unbounded.JsonAsync())["apiKey"]!["expiresAt"].ShouldBeNull();
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("90.00:00:01", false)]
    [InlineData("90.00:00:00", true)]
    public async Task A_key_made_with_a_token_of_the_issuer_lasts_at_most_90_days(string? asked, bool isMade)
    {
        await using var issuer = await OidcIssuer.StartAsync();
        await using var server = await RunningServer.StartAsync("--oidc-issuer", issuer.Url, "--oidc-audience", "sluice", "--allow-loopback");

        using var answer = await server.SendAsync("POST", "/api/v1/api-keys", Request(server, asked), issuer.Token(server.Room.Time.Now));

        if (isMade) (await answer.JsonAsync())["apiKey"]!["createdBy"]!.GetValue<string>().ShouldBe("oidc:alice");
        else (await answer.ProblemAsync(400, "SLU0001"))["errors"]!["$.expiresAt"]!.AsArray().Single()!.GetValue<string>().ShouldContain("90 days");
    }

    [Fact]
    public async Task A_key_revokes_itself_and_keys_of_its_holder_that_allow_no_more()
    {
        await using var server = await RunningServer.StartAsync();
        var small = server.KeyOf("oidc:alice", Permission.Governance);
        var equal = server.KeyOf("oidc:alice", Permission.Governance);
        var large = server.KeyOf("oidc:alice", Permission.Governance, Permission.ApplicationAdmin);

        using var tooLarge = await server.SendAsync("DELETE", $"/api/v1/api-keys/{IdOf(large)}", null, small);
        using var asLarge = await server.SendAsync("DELETE", $"/api/v1/api-keys/{IdOf(equal)}", null, small);
        using var itself = await server.SendAsync("DELETE", $"/api/v1/api-keys/{IdOf(small)}", null, small);

        await tooLarge.ProblemAsync(403, "SLU0102");
        asLarge.StatusCode.ShouldBe(HttpStatusCode.OK);
        itself.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await server.SendAsync("GET", "/jobs", null, large)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await server.SendAsync("GET", "/jobs", null, small)).ProblemAsync(401, "SLU0101");
    }

    [Fact]
    public async Task Who_comes_with_a_token_of_the_issuer_revokes_any_key_of_theirs()
    {
        await using var issuer = await OidcIssuer.StartAsync();
        await using var server = await RunningServer.StartAsync("--oidc-issuer", issuer.Url, "--oidc-audience", "sluice", "--allow-loopback");
        var key = server.KeyOf("oidc:alice", Permission.ApplicationAdmin);

        using var answer = await server.SendAsync("DELETE", $"/api/v1/api-keys/{IdOf(key)}", null, issuer.Token(server.Room.Time.Now));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_revoked_key_takes_those_that_were_made_with_it_along()
    {
        await using var server = await RunningServer.StartAsync();
        var child = await MakeAsync(server, server.AdminKey);
        var service = await MakeAsync(server, child, "export");
        var grandchild = await MakeAsync(server, child);
        var other = await MakeAsync(server, server.AdminKey);

        using var answer = await server.SendAsync("DELETE", $"/api/v1/api-keys/{IdOf(child)}");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (var gone in (string[])[child, service, grandchild]) await (await server.SendAsync("GET", "/jobs", null, gone)).ProblemAsync(401, "SLU0101");
        (await server.SendAsync("GET", "/jobs", null, other)).StatusCode.ShouldBe(HttpStatusCode.OK);
        server.Room.Keys.Stored[IdOf(grandchild)].CreatedBy.ShouldBe($"key:{IdOf(child)}");
    }

    [Fact]
    public async Task A_key_that_is_replaced_by_one_made_with_it_leaves_that_one_on_request()
    {
        await using var server = await RunningServer.StartAsync();
        var replacement = await MakeAsync(server, server.AdminKey);

        using var answer = await server.SendAsync("DELETE", $"/api/v1/api-keys/{IdOf(server.AdminKey)}?keepMade=true", null, replacement);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await server.SendAsync("GET", "/jobs", null, replacement)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await server.SendAsync("GET", "/jobs")).ProblemAsync(401, "SLU0101");
    }

    [Fact]
    public async Task A_key_that_is_revoked_while_it_makes_another_does_not_live_on_in_it()
    {
        await using var server = await RunningServer.StartAsync();
        var maker = server.KeyWith();
        // The revocation has looked for made keys before this one is added.
        server.Room.Keys.Adding = () => server.Room.Keys.RevokeAsync(IdOf(maker), Caller.System.AsActor(), server.Room.Time.Now, TestContext.Current.CancellationToken);

        using var answer = await server.SendAsync("POST", "/api/v1/api-keys", Request(server, null), maker);

        await answer.ProblemAsync(401, "SLU0101");
        server.Room.Keys.Stored.Values.Single(k => k.CreatedBy == $"key:{IdOf(maker)}").RevokedAt.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("\\u0000")]
    [InlineData("a\\u0000b")]
    [InlineData("a\\nb")]
    [InlineData("\\ud800")]
    [InlineData("\\udc00\\ud800")]
    public async Task A_name_is_text_that_can_be_stored_and_shown(string name)
    {
        await using var server = await RunningServer.StartAsync();

        using var answer = await server.SendAsync("POST", "/api/v1/api-keys", $$"""{"name":"{{name}}","permissions":[]}""");

        (await answer.ProblemAsync(400, "SLU0001"))["errors"]!["$.name"].ShouldNotBeNull();
    }

    [Fact]
    public async Task A_key_without_permissions_is_not_called_one_that_only_reads()
    {
        await using var server = await RunningServer.StartAsync();

        using var answer = await server.SendAsync("POST", "/api/v1/api-keys", """{"name":"x"}""");

        var told = (await answer.ProblemAsync(400, "SLU0001"))["errors"]!["$.permissions"]![0]!.GetValue<string>();
        told.ShouldContain("crawl");
        told.ShouldNotContain("only reads");
    }

    [Fact]
    public async Task From_an_address_with_too_many_failures_few_tokens_are_looked_at_at_once()
    {
        await using var server = await RunningServer.StartAsync("--auth-failure-limit", "1");
        await (await server.SendAsync("GET", "/jobs", null, ApiKey.New().Text)).ProblemAsync(401, "SLU0101");
        var looking = new SemaphoreSlim(0);
        var go = new TaskCompletionSource();
        server.Room.Keys.Slow = () =>
        {
            looking.Release();
            return go.Task;
        };
        var guesses = new List<Task<HttpResponseMessage>>();
        for (var i = 0; i < 2; i++)
        {
            guesses.Add(server.SendAsync("GET", "/jobs", null, ApiKey.New().Text));
            await looking.WaitAsync(TestContext.Current.CancellationToken);
        }

        using var third = await server.SendAsync("GET", "/jobs", null, ApiKey.New().Text);
        go.SetResult();
        await Task.WhenAll(guesses);
        using var valid = await server.SendAsync("GET", "/jobs");

        await third.ProblemAsync(429, "SLU0601");
        third.Headers.RetryAfter!.Delta!.Value.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(1));
        // Those two, and the valid one: the third was not looked at.
        looking.CurrentCount.ShouldBe(1);
        valid.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static string ExpiringIn(RunningServer server, TimeSpan time)
    {
        var key = server.KeyWith();
        server.Room.Keys.Stored[IdOf(key)] = server.Room.Keys.Stored[IdOf(key)] with { ExpiresAt = server.Room.Time.Now + time };
        return key;
    }

    private static string Request(RunningServer server, string? lifetime)
    {
        var request = new JsonObject { ["name"] = "x", ["permissions"] = new JsonArray() };
        if (lifetime is not null) request["expiresAt"] = server.Room.Time.Now + TimeSpan.Parse(lifetime, System.Globalization.CultureInfo.InvariantCulture);
        return request.ToJsonString();
    }

    private static async Task<string> MakeAsync(RunningServer server, string maker, string? service = null)
    {
        var request = new JsonObject { ["name"] = "x", ["permissions"] = new JsonArray([.. Permission.All.Select(p => (JsonNode)p)]) };
        if (service is not null) request["holder"] = service;
        using var answer = await server.SendAsync("POST", "/api/v1/api-keys", request.ToJsonString(), maker);
        return (await answer.JsonAsync())["key"]!.GetValue<string>();
    }

    private static string IdOf(string key) => key.Split('_')[1];
}
