using System.Text.Json.Nodes;
using Sluice.Engine.Callers;
using Sluice.Server.Tests.People;

namespace Sluice.Server.Tests.Scim;

public sealed class ScimTests
{
    private const string Users = "/scim/v2/Users";
    private const string Groups = "/scim/v2/Groups";
    private const string Ada =
        """
        {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"Ada@example.com","externalId":"00u1","name":{"givenName":"Ada","familyName":"Lovelace"},
         "emails":[{"value":"ada@example.com","type":"work","primary":true}],"phoneNumbers":[{"value":"1"}],
         "urn:ietf:params:scim:schemas:extension:sluice:2.0:User":{"Region":["EU","US"],"Clearance":"PII"}}
        """;

    [Theory, MemberData(nameof(PeopleServer.Each), MemberType = typeof(PeopleServer))]
    public async Task A_user_is_made_found_replaced_patched_and_deleted(string provider)
    {
        await using var server = await PeopleServer.StartAsync(provider);
        var token = await TokenAsync(server);

        using var made = await SendAsync(server, "POST", Users, Ada, token);
        ((int)made.StatusCode).ShouldBe(201);
        made.Content.Headers.ContentType!.MediaType.ShouldBe("application/scim+json");
        var user = await made.JsonAsync();
        var id = user["id"]!.ToString();
        made.Headers.Location!.ToString().ShouldBe($"{Users}/{id}");
        (user["displayName"]!.ToString(), user["active"]!.GetValue<bool>()).ShouldBe(("Ada Lovelace", true));
        (await server.JsonAsync("GET", $"/api/v1/users/{id}/attributes"))["hits"]!.AsArray().Select(a => $"{a!["source"]}:{a["name"]}={a["value"]}")
            .ShouldBe(["okta:Clearance=PII", "okta:Region=EU", "okta:Region=US"]);

        foreach (var filter in (string[])["userName eq \"ada@EXAMPLE.com\"", "externalId eq \"00u1\"", "emails.value co \"ada\" and active eq true", "not (userName sw \"x\")"])
        {
            var page = await OkAsync(server, "GET", $"{Users}?filter={Uri.EscapeDataString(filter)}&attributes=userName", null, token);
            page["totalResults"]!.GetValue<int>().ShouldBe(1, filter);
            page["Resources"]![0]!.AsObject().Select(m => m.Key).ShouldBe(["schemas", "id", "userName"]);
        }

        (await OkAsync(server, "GET", $"{Users}?filter=userName%20eq%20%22nobody%22", null, token))["totalResults"]!.GetValue<int>().ShouldBe(0);
        await PatchAsync(server, $"{Users}/{id}", token, """{"op":"Replace","path":"active","value":"False"}""");
        (await server.JsonAsync("GET", $"/api/v1/users/{id}"))["enabled"]!.GetValue<bool>().ShouldBeFalse();
        var replaced = await OkAsync(server, "PUT", $"{Users}/{id}", """{"userName":"ada2","displayName":"Ada"}""", token);
        replaced["active"]!.GetValue<bool>().ShouldBeFalse("a PUT that does not speak of it changes nothing");
        (await server.JsonAsync("GET", $"/api/v1/users/{id}/attributes"))["count"]!.GetValue<int>().ShouldBe(0);
        await PatchAsync(server, $"{Users}/{id}", token, """{"op":"add","value":{"active":true,"urn:ietf:params:scim:schemas:extension:sluice:2.0:User:Cost Center":"12"}}""", wrong: true);
        await PatchAsync(server, $"{Users}/{id}", token, """{"op":"add","value":{"active":true,"urn:ietf:params:scim:schemas:extension:sluice:2.0:User":{"Cost Center":"12"}}}""");
        (await server.JsonAsync("GET", $"/api/v1/users/{id}/attributes"))["hits"]![0]!["name"]!.ToString().ShouldBe("Cost Center");

        using var deleted = await SendAsync(server, "DELETE", $"{Users}/{id}", null, token);
        ((int)deleted.StatusCode).ShouldBe(204);
        await ErrorAsync(await SendAsync(server, "GET", $"{Users}/{id}", null, token), 404, null);
    }

    [Theory, MemberData(nameof(PeopleServer.Each), MemberType = typeof(PeopleServer))]
    public async Task Errors_are_told_as_the_specification_says(string provider)
    {
        await using var server = await PeopleServer.StartAsync(provider);
        var token = await TokenAsync(server);
        await server.AddUserAsync("local");

        await ErrorAsync(await SendAsync(server, "POST", Users, """{"userName":"LOCAL"}""", token), 409, "uniqueness");
        await ErrorAsync(await SendAsync(server, "POST", Users, """{"displayName":"x"}""", token), 400, "invalidValue");
        await ErrorAsync(await SendAsync(server, "POST", Users, "[]", token), 400, "invalidSyntax");
        await ErrorAsync(await SendAsync(server, "POST", Users, "{", token), 400, "invalidSyntax");
        await ErrorAsync(await SendAsync(server, "GET", $"{Users}?filter=userName", null, token), 400, "invalidFilter");
        await ErrorAsync(await SendAsync(server, "GET", $"{Users}/local", null, token), 404, null);
    }

    [Theory, MemberData(nameof(PeopleServer.Each), MemberType = typeof(PeopleServer))]
    public async Task An_identity_provider_sees_and_changes_its_own_alone(string provider)
    {
        await using var server = await PeopleServer.StartAsync(provider);
        var (okta, entra) = (await TokenAsync(server), await TokenAsync(server, "entra"));
        var local = await server.AddUserAsync("local");
        var theirs = (await (await SendAsync(server, "POST", Users, """{"userName":"theirs"}""", entra)).JsonAsync())["id"]!.ToString();

        (await OkAsync(server, "GET", Users, null, okta))["totalResults"]!.GetValue<int>().ShouldBe(0);
        (await OkAsync(server, "GET", $"{Users}?filter=userName%20eq%20%22local%22", null, okta))["totalResults"]!.GetValue<int>().ShouldBe(0);
        foreach (var id in (string[])[local, theirs])
        {
            foreach (var (method, body) in ((string, string?)[])[("GET", null), ("PUT", """{"userName":"x"}"""), ("PATCH", """{"Operations":[{"op":"replace","path":"active","value":false}]}"""), ("DELETE", null)])
                await ErrorAsync(await SendAsync(server, method, $"{Users}/{id}", body, okta), 404, null);
            await ErrorAsync(await SendAsync(server, "POST", Groups, $$"""{"displayName":"G","members":[{"value":"{{id}}"}]}""", okta), 400, "invalidValue");
        }
    }

    [Theory, MemberData(nameof(PeopleServer.Each), MemberType = typeof(PeopleServer))]
    public async Task An_empty_list_takes_nobody_out_of_a_group(string provider)
    {
        await using var server = await PeopleServer.StartAsync(provider);
        var token = await TokenAsync(server);
        var ids = new List<string>();
        foreach (var name in (string[])["a", "b", "c"]) ids.Add((await (await SendAsync(server, "POST", Users, $$"""{"userName":"{{name}}"}""", token)).JsonAsync())["id"]!.ToString());
        var made = await (await SendAsync(server, "POST", Groups, $$"""{"displayName":"Analysts","externalId":"00g","members":[{"value":"{{ids[0]}}"}]}""", token)).JsonAsync();
        var group = $"{Groups}/{made["id"]}";

        await PatchAsync(server, group, token, $$"""{"op":"add","path":"members","value":[{"value":"{{ids[1]}}"},{"value":"{{ids[2]}}"}]}""");
        (await MembersAsync()).ShouldBe(["a", "b", "c"]);
        await PatchAsync(server, group, token, $$"""{"op":"remove","path":"members[value eq \"{{ids[0]}}\"]"}""");
        await PatchAsync(server, group, token, $$"""{"op":"remove","path":"members","value":[{"value":"{{ids[1]}}"}]}""");
        (await MembersAsync()).ShouldBe(["c"]);
        (await OkAsync(server, "PUT", group, """{"displayName":"Data Analysts"}""", token))["displayName"]!.ToString().ShouldBe("Data Analysts");
        (await MembersAsync()).ShouldBe(["c"]);
        await ErrorAsync(await SendAsync(server, "PUT", group, """{"displayName":"Analysts","members":[]}""", token), 400, "invalidValue");
        await ErrorAsync(await SendAsync(server, "PATCH", group, """{"Operations":[{"op":"replace","path":"members","value":[]}]}""", token), 400, "invalidValue");
        (await MembersAsync()).ShouldBe(["c"]);
        (await OkAsync(server, "GET", $"{Groups}?filter=displayName%20eq%20%22data%20analysts%22&excludedAttributes=members", null, token))["Resources"]![0]!["members"].ShouldBeNull();
        (await OkAsync(server, "GET", $"{Users}/{ids[2]}", null, token))["groups"]![0]!["display"]!.ToString().ShouldBe("okta:Data Analysts");
        await PatchAsync(server, group, token, """{"op":"remove","path":"members"}""");
        (await MembersAsync()).ShouldBeEmpty();
        ((int)(await SendAsync(server, "DELETE", group, null, token)).StatusCode).ShouldBe(204);

        async Task<IEnumerable<string>> MembersAsync() =>
            (await OkAsync(server, "GET", group, null, token))["members"]!.AsArray().Select(m => m!["display"]!.ToString());
    }

    [Theory, MemberData(nameof(PeopleServer.Each), MemberType = typeof(PeopleServer))]
    public async Task Pages_begin_at_one(string provider)
    {
        await using var server = await PeopleServer.StartAsync(provider);
        var token = await TokenAsync(server);
        foreach (var name in (string[])["a", "b", "c"]) await SendAsync(server, "POST", Users, $$"""{"userName":"{{name}}"}""", token);

        foreach (var (query, names) in ((string, string[])[])[("startIndex=2&count=1", ["b"]), ("startIndex=-7&count=2", ["a", "b"]), ("count=0", []), ("startIndex=9", []), ("filter=active%20eq%20true&startIndex=3", ["c"])])
        {
            var page = await OkAsync(server, "GET", $"{Users}?{query}", null, token);
            page["totalResults"]!.GetValue<int>().ShouldBe(3);
            page["itemsPerPage"]!.GetValue<int>().ShouldBe(names.Length);
            page["Resources"]!.AsArray().Select(u => u!["userName"]!.ToString()).ShouldBe(names);
        }
    }

    [Fact]
    public async Task The_server_describes_itself()
    {
        await using var server = await PeopleServer.StartAsync(PeopleServer.Sqlite);
        var token = await TokenAsync(server);

        (await OkAsync(server, "GET", "/scim/v2/ServiceProviderConfig", null, token))["patch"]!["supported"]!.GetValue<bool>().ShouldBeTrue();
        foreach (var list in (string[])["ResourceTypes", "Schemas"])
        {
            foreach (var one in (await OkAsync(server, "GET", $"/scim/v2/{list}", null, token))["Resources"]!.AsArray())
                JsonNode.DeepEquals(await OkAsync(server, "GET", one!["meta"]!["location"]!.ToString(), null, token), one).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task A_token_of_an_identity_provider_opens_its_people_and_nothing_else_opens_them()
    {
        await using var server = await PeopleServer.StartAsync(PeopleServer.Sqlite);
        var token = await TokenAsync(server);
        string[] doors = ["/api/v1/users", "/jobs", "/api/v1/api-keys", "/data/connection/lake", "/metrics"];
        foreach (var door in doors)
        {
            using var answer = await server.SendAsync("GET", door, null, token);
            await answer.ProblemAsync(403, "SLU0102");
        }

        foreach (var permission in Permission.All)
        {
            using var answer = await server.SendAsync("GET", Users, null, await server.KeyOfAsync("service:x", permission));
            await answer.ProblemAsync(403, "SLU0102");
        }

        using var nobody = await server.SendAsync("GET", Users, null, "wrong");
        ((int)nobody.StatusCode).ShouldBe(401);
        foreach (var (permissions, allowed) in ((string[], bool)[])[([Permission.UserAdmin], false), ([Permission.ApplicationAdmin], false), ([Permission.UserAdmin, Permission.ApplicationAdmin], true)])
        {
            using var answer = await server.SendAsync("POST", "/api/v1/api-keys", """{"name":"x","permissions":[],"scimSource":"okta"}""", await server.KeyOfAsync("service:x", permissions));
            answer.IsSuccessStatusCode.ShouldBe(allowed);
        }

        using var wrong = await server.SendAsync("POST", "/api/v1/api-keys", """{"name":"x","permissions":["AUDIT"],"scimSource":"a:b","holder":"c"}""");
        (await wrong.ProblemAsync(400, "SLU0001"))["errors"]!.AsObject().Select(e => e.Key).ShouldBe(["$.scimSource", "$.permissions", "$.holder"], ignoreOrder: true);
    }

    [Theory, MemberData(nameof(PeopleServer.Each), MemberType = typeof(PeopleServer))]
    public async Task Whoever_made_the_token_gets_nothing_by_it(string provider)
    {
        await using var server = await PeopleServer.StartAsync(provider);
        var id = (await server.JsonAsync("POST", "/api/v1/users", """{"username":"me","source":"okta"}"""))["id"]!.ToString();
        await server.JsonAsync("PUT", $"/api/v1/users/{id}/permissions", """{"permissions":["USER_ADMIN","APPLICATION_ADMIN"]}""");
        var token = await TokenAsync(server, "okta", await server.KeyOfAsync(id, Permission.UserAdmin, Permission.ApplicationAdmin));

        await ErrorAsync(await SendAsync(server, "PUT", $"{Users}/{id}", """{"userName":"me","displayName":"me","urn:ietf:params:scim:schemas:extension:sluice:2.0:User":{"Clearance":"PII"}}""", token), 403, null);
        await ErrorAsync(await SendAsync(server, "POST", Groups, $$"""{"displayName":"G","members":[{"value":"{{id}}"}]}""", token), 403, null);
        await PatchAsync(server, $"{Users}/{id}", token, """{"op":"replace","path":"active","value":false}""");
        (await server.JsonAsync("GET", $"/api/v1/users/{id}"))["enabled"]!.GetValue<bool>().ShouldBeFalse();
    }

    private static async Task<string> TokenAsync(PeopleServer server, string source = "okta", string? maker = null)
    {
        using var answer = await server.SendAsync("POST", "/api/v1/api-keys", $$"""{"name":"idp","permissions":[],"scimSource":"{{source}}"}""", maker ?? server.AdminKey);
        return (await PeopleServer.OkAsync(answer))["key"]!.GetValue<string>();
    }

    private static Task<HttpResponseMessage> SendAsync(PeopleServer server, string method, string target, string? body, string token) =>
        server.SendAsync(method, target, body, token, type: "application/scim+json");

    private static async Task<JsonNode> OkAsync(PeopleServer server, string method, string target, string? body, string token) =>
        await PeopleServer.OkAsync(await SendAsync(server, method, target, body, token));

    private static async Task PatchAsync(PeopleServer server, string target, string token, string operation, bool wrong = false)
    {
        using var answer = await SendAsync(
            server, "PATCH", target, $$"""{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{{operation}}]}""", token);
        if (wrong) await ErrorAsync(answer, 400, "invalidPath");
        else await PeopleServer.OkAsync(answer);
    }

    private static async Task ErrorAsync(HttpResponseMessage answer, int status, string? scimType)
    {
        var text = await answer.TextAsync();
        ((int)answer.StatusCode).ShouldBe(status, text);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/scim+json");
        var error = JsonNode.Parse(text)!;
        error["status"]!.ToString().ShouldBe(status.ToString(System.Globalization.CultureInfo.InvariantCulture));
        error["scimType"]?.ToString().ShouldBe(scimType);
        error["detail"]!.ToString().ShouldNotBeEmpty();
    }
}
