using System.Text.Json.Nodes;
using Sluice.Engine.Callers;

namespace Sluice.Server.Tests.People;

/// <summary>Keys whose holder is a registered user.</summary>
public sealed class PersonKeyTests
{
    [Theory, MemberData(nameof(PeopleServer.Each), MemberType = typeof(PeopleServer))]
    public async Task A_key_is_good_for_what_its_holder_may_now(string provider)
    {
        await using var server = await PeopleServer.StartAsync(provider);
        var id = await server.AddUserAsync("ada", Permission.UserAdmin);
        var key = await server.KeyOfAsync(id, Permission.UserAdmin, Permission.ApplicationAdmin);

        (await StatusAsync("/api/v1/users")).ShouldBe(200);
        (await StatusAsync("/api/v1/users/ada/permissions")).ShouldBe(403, "the holder never might");
        await server.JsonAsync("PUT", $"/api/v1/users/{id}/permissions", """{"permissions":[]}""");
        (await StatusAsync("/api/v1/users")).ShouldBe(403);
        await server.JsonAsync("PUT", $"/api/v1/users/{id}", """{"username":"ada","enabled":false}""");
        (await StatusAsync("/api/v1/users")).ShouldBe(401);
        await server.JsonAsync("DELETE", $"/api/v1/users/{id}");
        (await StatusAsync("/api/v1/users")).ShouldBe(401);

        async Task<int> StatusAsync(string path)
        {
            using var answer = await server.SendAsync("GET", path, null, key);
            return (int)answer.StatusCode;
        }
    }

    [Theory, MemberData(nameof(PeopleServer.Each), MemberType = typeof(PeopleServer))]
    public async Task A_registered_service_gets_keys_within_what_it_may_and_a_person_makes_their_own(string provider)
    {
        await using var server = await PeopleServer.StartAsync(provider);
        var service = (await server.JsonAsync("POST", "/api/v1/users", """{"username":"export","kind":"service"}"""))["id"]!.GetValue<string>();
        await server.JsonAsync("PUT", $"/api/v1/users/{service}/permissions", """{"permissions":["AUDIT"]}""");
        var ada = await server.AddUserAsync("ada", Permission.Audit);

        using var tooMuch = await server.SendAsync("POST", "/api/v1/api-keys", Body("export", Permission.Audit, Permission.Governance));
        (await tooMuch.ProblemAsync(400, "SLU0001"))["errors"]!["$.permissions"]!.AsArray().Single()!.GetValue<string>().ShouldContain(Permission.Governance);
        using var others = await server.SendAsync("POST", "/api/v1/api-keys", Body("ada", Permission.Audit));
        await others.ProblemAsync(403, "SLU0102");

        var made = await server.JsonAsync("POST", "/api/v1/api-keys", Body("export", Permission.Audit));
        made["apiKey"]!["holder"]!.GetValue<string>().ShouldBe(service);
        var own = await server.KeyOfAsync(ada, Permission.Audit);
        using var mine = await server.SendAsync("POST", "/api/v1/api-keys", Body(ada, Permission.Audit), own);
        (await PeopleServer.OkAsync(mine))["apiKey"]!["holder"]!.GetValue<string>().ShouldBe(ada);

        static string Body(string holder, params string[] permissions) =>
            new JsonObject { ["name"] = "x", ["holder"] = holder, ["permissions"] = new JsonArray([.. permissions.Select(p => JsonValue.Create(p))]) }.ToJsonString();
    }

    [Theory, MemberData(nameof(PeopleServer.Each), MemberType = typeof(PeopleServer))]
    public async Task Who_comes_with_a_token_is_the_user_of_that_subject(string provider)
    {
        await using var issuer = await Authentication.OidcIssuer.StartAsync();
        await using var server = await PeopleServer.StartAsync(provider, "--oidc-issuer", issuer.Url, "--oidc-audience", "sluice", "--allow-loopback");
        var token = issuer.Token(TimeProvider.System.GetUtcNow());
        using var before = await server.SendAsync("GET", "/api/v1/users", null, token);
        ((int)before.StatusCode).ShouldBe(403);

        var user = await server.JsonAsync("POST", "/api/v1/users", """{"username":"me","externalId":"alice"}""");
        await server.JsonAsync("PUT", "/api/v1/users/me/permissions", """{"permissions":["USER_ADMIN"]}""");
        using var after = await server.SendAsync("GET", "/api/v1/users", null, token);
        await PeopleServer.OkAsync(after);
        using var own = await server.SendAsync("POST", "/api/v1/users/me/attributes", """{"name":"a","value":"b"}""", token);
        await own.ProblemAsync(403, "SLU0110");
        await server.AddUserAsync("other");
        using var taken = await server.SendAsync("PUT", "/api/v1/users/other", """{"username":"other","externalId":"alice"}""", token);
        await taken.ProblemAsync(403, "SLU0110");

        await server.JsonAsync("PUT", $"/api/v1/users/{user["id"]}", """{"username":"me","externalId":"alice","enabled":false}""");
        using var disabled = await server.SendAsync("GET", "/api/v1/users", null, token);
        ((int)disabled.StatusCode).ShouldBe(401);
    }

    [Theory, MemberData(nameof(PeopleServer.Each), MemberType = typeof(PeopleServer))]
    public async Task A_group_owns_data_for_those_who_are_in_it(string provider)
    {
        await using var server = await PeopleServer.StartAsync(provider);
        await server.AddConnectionAsync("lake");
        var ada = await server.AddUserAsync("ada");
        var key = await server.KeyOfAsync(ada);
        await server.JsonAsync("POST", "/api/v1/groups", """{"name":"Owners"}""");
        await server.JsonAsync("PUT", "/data/settings/lake", """{"dataOwners":["group:Owners"]}""");

        (await StatusAsync()).ShouldBe(403);
        await server.JsonAsync("POST", "/api/v1/groups/Owners/members", """{"user":"ada"}""");
        (await StatusAsync()).ShouldBe(200);

        async Task<int> StatusAsync()
        {
            using var answer = await server.SendAsync("GET", "/data/object/lake", null, key);
            return (int)answer.StatusCode;
        }
    }
}
