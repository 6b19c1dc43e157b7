using System.Text.Json.Nodes;
using Sluice.Engine.Callers;

namespace Sluice.Server.Tests.People;

public sealed class ImportTests
{
    private const string Path = "/api/v1/users/import";

    [Theory, MemberData(nameof(PeopleServer.Each), MemberType = typeof(PeopleServer))]
    public async Task What_an_import_does_not_speak_of_stays(string provider)
    {
        await using var server = await PeopleServer.StartAsync(provider);
        await server.JsonAsync("POST", "/api/v1/groups", """{"name":"Analysts"}""");
        const string both =
            """{"users":[{"username":"Ada","email":"ada@example.com","groups":["Analysts"],"attributes":[{"name":"Region","value":"EU"},{"name":"Region","value":"US"}]},{"username":"bob"}]}""";

        (await CountsAsync(both, "?dryRun=true")).ShouldBe((2, 0, 0));
        (await server.JsonAsync("GET", "/api/v1/users"))["count"]!.GetValue<int>().ShouldBe(0);
        (await CountsAsync(both)).ShouldBe((2, 0, 0));
        (await CountsAsync(both)).ShouldBe((0, 0, 2));
        (await CountsAsync("""{"users":[{"username":"ADA","displayName":"Ada L."},{"username":"eve"}]}""")).ShouldBe((1, 1, 0));
        (await CountsAsync("""{"users":[{"username":"ADA","attributes":[{"name":"Region","value":"US","expiresAt":"2030-01-01T00:00:00Z"},{"name":"Team","value":"Blue"}]}]}""")).ShouldBe((0, 1, 0));

        var ada = await server.JsonAsync("GET", "/api/v1/users/ada");
        (ada["username"]!.GetValue<string>(), ada["displayName"]!.GetValue<string>(), ada["email"]!.GetValue<string>()).ShouldBe(("ADA", "Ada L.", "ada@example.com"));
        (await server.JsonAsync("GET", "/api/v1/users?group=Analysts"))["count"]!.GetValue<int>().ShouldBe(1);
        (await server.JsonAsync("GET", "/api/v1/users/ada/attributes"))["hits"]!.AsArray().Select(a => $"{a!["name"]}={a["value"]}").ShouldBe(["Region=US", "Team=Blue"]);
        (await CountsAsync("""{"users":[{"username":"ada","displayName":"Ada L.","groups":[]}]}""")).ShouldBe((0, 1, 0));
        (await server.JsonAsync("GET", "/api/v1/users?group=Analysts"))["count"]!.GetValue<int>().ShouldBe(0);

        async Task<(int, int, int)> CountsAsync(string body, string query = "")
        {
            var counts = await server.JsonAsync("POST", Path + query, body);
            counts["dryRun"]!.GetValue<bool>().ShouldBe(query.Length > 0);
            return (counts["added"]!.GetValue<int>(), counts["changed"]!.GetValue<int>(), counts["unchanged"]!.GetValue<int>());
        }
    }

    [Theory, MemberData(nameof(PeopleServer.Each), MemberType = typeof(PeopleServer))]
    public async Task Every_bad_user_is_named_and_none_is_imported(string provider)
    {
        await using var server = await PeopleServer.StartAsync(provider);
        await server.AddUserAsync("root", Permission.ApplicationAdmin);
        var me = await server.AddUserAsync("me", Permission.UserAdmin);
        var key = await server.KeyOfAsync(me, Permission.UserAdmin);

        using var read = await server.SendAsync("POST", Path, """{"users":[{"username":"a"},{"username":"A"},{"username":"","email":"x"},{"nam":1}]}""");
        (await read.ProblemAsync(400, "SLU0001"))["errors"]!.AsObject().Select(e => e.Key)
            .ShouldBe(["$.users[1]", "$.users[2].username", "$.users[2].email", "$.users[3].username", "$.users[3].nam"], ignoreOrder: true);
        using var judged = await server.SendAsync(
            "POST", Path, """{"users":[{"username":"new"},{"username":"root","externalId":"mine"},{"username":"me","groups":[],"attributes":[{"name":"a","value":"b"}]},{"username":"x","groups":["none"]}]}""", key);
        (await judged.ProblemAsync(400, "SLU0001"))["errors"]!.AsObject().Select(e => e.Key).ShouldBe(["$.users[1]", "$.users[2]", "$.users[3]"]);
        (await server.JsonAsync("GET", "/api/v1/users"))["count"]!.GetValue<int>().ShouldBe(2);
    }

    [Fact]
    public async Task Ten_thousand_users_are_imported_at_once()
    {
        await using var server = await PeopleServer.StartAsync(PeopleServer.Sqlite, "--max-body", "16777216");
        var users = Enumerable.Range(0, 10_000).Select(i => (JsonNode)new JsonObject
        {
            ["username"] = $"user{i}@example.com", ["attributes"] = new JsonArray(new JsonObject { ["name"] = "Region", ["value"] = $"R{i % 7}" }),
        });

        var counts = await server.JsonAsync("POST", Path, new JsonObject { ["users"] = new JsonArray([.. users]) }.ToJsonString());

        counts["added"]!.GetValue<int>().ShouldBe(10_000);
    }
}
