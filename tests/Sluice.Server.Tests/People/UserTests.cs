using Sluice.Engine.Callers;

namespace Sluice.Server.Tests.People;

public sealed class UserTests
{
    [Theory, MemberData(nameof(PeopleServer.Each), MemberType = typeof(PeopleServer))]
    public async Task A_user_is_registered_read_changed_and_deleted(string provider)
    {
        await using var server = await PeopleServer.StartAsync(provider);

        using var added = await server.SendAsync("POST", "/api/v1/users", """{"username":"Ada@example.com","email":"ada@example.com"}""");
        var user = await PeopleServer.OkAsync(added);
        var id = user["id"]!.GetValue<string>();
        foreach (var name in (string[])[id, "ada@EXAMPLE.com"])
            (await server.JsonAsync("GET", $"/api/v1/users/{name}"))["displayName"]!.GetValue<string>().ShouldBe("Ada@example.com");

        var tag = added.Headers.ETag!.Tag;
        using var changed = await server.SendAsync("PUT", $"/api/v1/users/{id}", """{"username":"ada","enabled":false,"kind":"service"}""", server.AdminKey, tag);
        var after = await PeopleServer.OkAsync(changed);
        (after["username"]!.GetValue<string>(), after["enabled"]!.GetValue<bool>(), after["kind"]!.GetValue<string>(), after["email"]).ShouldBe(("ada", false, "service", null));
        using var stale = await server.SendAsync("PUT", $"/api/v1/users/{id}", """{"username":"eve"}""", server.AdminKey, tag);
        await stale.ProblemAsync(412, "SLU0304");

        await server.JsonAsync("DELETE", $"/api/v1/users/{id}");
        using var gone = await server.SendAsync("GET", "/api/v1/users/ada");
        await gone.ProblemAsync(404, "SLU0201");
    }

    [Theory, MemberData(nameof(PeopleServer.Each), MemberType = typeof(PeopleServer))]
    public async Task Every_problem_is_listed_at_once(string provider)
    {
        await using var server = await PeopleServer.StartAsync(provider);

        using var answer = await server.SendAsync(
            "POST", "/api/v1/users", """{"username":" ada","email":"nobody","kind":"robot","source":"a:b","enabled":1,"nmae":"x"}""");

        (await answer.ProblemAsync(400, "SLU0001"))["errors"]!.AsObject().Select(e => e.Key)
            .ShouldBe(["$.username", "$.email", "$.kind", "$.source", "$.enabled", "$.nmae"], ignoreOrder: true);
    }

    [Theory, MemberData(nameof(PeopleServer.Each), MemberType = typeof(PeopleServer))]
    public async Task A_taken_username_names_its_holder(string provider)
    {
        await using var server = await PeopleServer.StartAsync(provider);
        await server.AddUserAsync("Ada");

        using var answer = await server.SendAsync("POST", "/api/v1/users", """{"username":"ADA"}""");

        (await answer.ProblemAsync(409, "SLU0310"))["detail"]!.GetValue<string>().ShouldContain("'Ada'");
    }

    [Theory, MemberData(nameof(PeopleServer.Each), MemberType = typeof(PeopleServer))]
    public async Task Users_are_listed_by_page_group_and_attribute(string provider)
    {
        await using var server = await PeopleServer.StartAsync(provider);
        foreach (var name in (string[])["ada", "bob", "eve"]) await server.AddUserAsync(name);
        foreach (var group in (string[])["inner", "outer"]) await server.JsonAsync("POST", "/api/v1/groups", $$"""{"name":"{{group}}"}""");
        await server.JsonAsync("POST", "/api/v1/groups/inner/members", """{"user":"bob"}""");
        await server.JsonAsync("POST", "/api/v1/groups/outer/members", """{"group":"inner"}""");
        await server.JsonAsync("POST", "/api/v1/users/eve/attributes", """{"name":"Region","value":"EU=1"}""");

        (await NamesAsync("?offset=1&size=1")).ShouldBe(["bob"]);
        (await NamesAsync("?username=D")).ShouldBe(["ada"]);
        (await NamesAsync("?group=outer")).ShouldBe(["bob"]);
        (await NamesAsync("?group=none")).ShouldBeEmpty();
        (await NamesAsync("?attribute=Region")).ShouldBe(["eve"]);
        (await NamesAsync("?attribute=Region%3DEU%3D1")).ShouldBe(["eve"]);
        (await NamesAsync("?attribute=Region%3DUS")).ShouldBeEmpty();
        (await server.JsonAsync("GET", "/api/v1/users?size=1"))["count"]!.GetValue<int>().ShouldBe(3);

        async Task<IEnumerable<string>> NamesAsync(string query) =>
            (await server.JsonAsync("GET", "/api/v1/users" + query))["hits"]!.AsArray().Select(u => u!["username"]!.GetValue<string>());
    }

    [Theory, MemberData(nameof(PeopleServer.Each), MemberType = typeof(PeopleServer))]
    public async Task Attributes_are_replaced_added_and_taken_away(string provider)
    {
        await using var server = await PeopleServer.StartAsync(provider);
        await server.AddUserAsync("ada");
        const string path = "/api/v1/users/ada/attributes";

        await server.JsonAsync("PUT", path, """{"attributes":[{"name":"Region","value":"EU"},{"name":"Region","value":"US","expiresAt":"2030-01-31T00:00:00Z"}]}""");
        await server.JsonAsync("POST", path, """{"name":"Team","value":"Blue"}""");
        await server.JsonAsync("POST", path, """{"name":"Region","value":"EU","expiresAt":"2031-01-31T01:00:00+01:00"}""");
        (await ValuesAsync()).ShouldBe(["Region=EU 01/31/2031", "Region=US 01/31/2030", "Team=Blue "]);

        await server.JsonAsync("DELETE", $"{path}?name=Region&value=EU");
        await server.JsonAsync("DELETE", $"{path}?name=Team");
        (await ValuesAsync()).ShouldBe(["Region=US 01/31/2030"]);
        using var gone = await server.SendAsync("DELETE", $"{path}?name=Team");
        await gone.ProblemAsync(404, "SLU0201");
        using var wrong = await server.SendAsync("PUT", path, """{"attributes":[{"name":"a:b","value":""},{"name":"x","value":"y","expiresAt":"tomorrow"},{"name":"x","value":"y"}]}""");
        (await wrong.ProblemAsync(400, "SLU0001"))["errors"]!.AsObject().Select(e => e.Key)
            .ShouldBe(["$.attributes[0].name", "$.attributes[0].value", "$.attributes[1].expiresAt", "$.attributes[2]"], ignoreOrder: true);

        async Task<IEnumerable<string>> ValuesAsync() => (await server.JsonAsync("GET", path))["hits"]!.AsArray().Select(a =>
            $"{a!["name"]}={a["value"]} {a["expiresAt"]?.GetValue<DateTimeOffset>().ToString("MM/dd/yyyy", System.Globalization.CultureInfo.InvariantCulture)}");
    }

    [Theory, MemberData(nameof(PeopleServer.Each), MemberType = typeof(PeopleServer))]
    public async Task A_second_holder_of_an_identity_hears_of_the_first(string provider)
    {
        await using var server = await PeopleServer.StartAsync(provider);
        await server.AddConnectionAsync("lake");
        foreach (var name in (string[])["ada", "bob"]) await server.AddUserAsync(name);
        const string mine = """{"connectionKey":"LAKE","name":"ROLE"}""";
        const string shared = """{"connectionKey":"lake","name":"ROLE","shared":true}""";

        await server.JsonAsync("POST", "/api/v1/users/ada/identities", mine);
        using var taken = await server.SendAsync("POST", "/api/v1/users/bob/identities", shared);
        (await taken.ProblemAsync(409, "SLU0313"))["detail"]!.GetValue<string>().ShouldContain("'ada'");

        await server.JsonAsync("POST", "/api/v1/users/ada/identities", shared);
        var held = await server.JsonAsync("PUT", "/api/v1/users/bob/identities", $$"""{"identities":[{{shared}}]}""");
        held["hits"]![0]!.ToJsonString().ShouldBe("""{"connectionKey":"lake","name":"ROLE","shared":true}""");
        using var unknown = await server.SendAsync("PUT", "/api/v1/users/bob/identities", """{"identities":[{"connectionKey":"pond","name":"x"}]}""");
        (await unknown.ProblemAsync(400, "SLU0001"))["errors"]!["$.identities[0].connectionKey"].ShouldNotBeNull();
        (await server.JsonAsync("DELETE", "/api/v1/users/bob/identities?connectionKey=Lake&name=ROLE"))["count"]!.GetValue<int>().ShouldBe(0);
    }

    [Theory, MemberData(nameof(PeopleServer.Each), MemberType = typeof(PeopleServer))]
    public async Task Nobody_changes_what_they_are_entitled_to_themselves(string provider)
    {
        await using var server = await PeopleServer.StartAsync(provider);
        var me = await server.AddUserAsync("me", Permission.UserAdmin, Permission.ApplicationAdmin);
        await server.AddUserAsync("other");
        await server.AddConnectionAsync("lake");
        foreach (var name in (string[])["mine", "theirs"]) await server.JsonAsync("POST", "/api/v1/groups", $$"""{"name":"{{name}}"}""");
        await server.JsonAsync("POST", "/api/v1/groups/mine/members", $$"""{"user":"{{me}}"}""");
        var key = await server.KeyOfAsync(me, Permission.UserAdmin, Permission.ApplicationAdmin);
        // A key that a service holds, made with one's own.
        using var made = await server.SendAsync("POST", "/api/v1/api-keys", """{"name":"x","permissions":["USER_ADMIN","APPLICATION_ADMIN"],"holder":"robot"}""", key);
        var robot = (await PeopleServer.OkAsync(made))["key"]!.GetValue<string>();
        (string Method, string Path, string? Body)[] doors =
        [
            ("PUT", "/api/v1/users/me", """{"username":"me","displayName":"Me"}"""),
            ("DELETE", "/api/v1/users/me", null),
            ("PUT", "/api/v1/users/me/attributes", """{"attributes":[]}"""),
            ("POST", "/api/v1/users/me/attributes", """{"name":"Clearance","value":"PII"}"""),
            ("PUT", "/api/v1/users/me/identities", """{"identities":[]}"""),
            ("POST", "/api/v1/users/me/identities", """{"connectionKey":"lake","name":"ROLE"}"""),
            ("PUT", "/api/v1/users/me/permissions", """{"permissions":["GOVERNANCE"]}"""),
            ("POST", "/api/v1/groups/theirs/members", """{"user":"me"}"""),
            ("POST", "/api/v1/groups/theirs/members", """{"group":"mine"}"""),
            ("PUT", "/api/v1/groups/theirs/members", """{"users":["me","other"],"groups":[]}"""),
            ("DELETE", "/api/v1/groups/mine/members?user=me", null),
            ("PUT", "/api/v1/groups/mine", """{"name":"theirs2"}"""),
            ("DELETE", "/api/v1/groups/mine", null),
        ];

        foreach (var (method, path, body) in doors)
        {
            foreach (var by in (string[])[key, robot])
            {
                using var answer = await server.SendAsync(method, path, body, by);
                (await answer.ProblemAsync(403, "SLU0110"))["detail"]!.GetValue<string>().ShouldContain("Nobody changes", Case.Sensitive, $"{method} {path}");
            }
        }

        using var allowed = await server.SendAsync("POST", "/api/v1/groups/theirs/members", """{"user":"other"}""", key);
        await PeopleServer.OkAsync(allowed);
    }

    [Theory, MemberData(nameof(PeopleServer.Each), MemberType = typeof(PeopleServer))]
    public async Task How_a_user_with_permissions_signs_in_is_no_matter_of_a_user_administrator_alone(string provider)
    {
        await using var server = await PeopleServer.StartAsync(provider);
        await server.AddUserAsync("root", Permission.ApplicationAdmin);
        var keeper = await server.KeyOfAsync("service:keeper", Permission.UserAdmin);

        using var refused = await server.SendAsync("PUT", "/api/v1/users/root", """{"username":"root","externalId":"my-own-subject"}""", keeper);
        (await refused.ProblemAsync(403, "SLU0102"))["detail"]!.GetValue<string>().ShouldContain(Permission.ApplicationAdmin);
        using var disabled = await server.SendAsync("PUT", "/api/v1/users/root", """{"username":"root","enabled":false}""", keeper);
        await PeopleServer.OkAsync(disabled);
    }
}
