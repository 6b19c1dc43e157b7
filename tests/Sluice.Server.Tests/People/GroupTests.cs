namespace Sluice.Server.Tests.People;

public sealed class GroupTests
{
    [Theory, MemberData(nameof(PeopleServer.Each), MemberType = typeof(PeopleServer))]
    public async Task A_group_is_made_filled_renamed_and_deleted(string provider)
    {
        await using var server = await PeopleServer.StartAsync(provider);
        await server.AddUserAsync("ada");
        using var made = await server.SendAsync("POST", "/api/v1/groups", """{"name":"Analysts"}""");
        var id = (await PeopleServer.OkAsync(made))["id"]!.GetValue<string>();
        await server.JsonAsync("POST", "/api/v1/groups", """{"name":"Inner"}""");

        using var filled = await server.SendAsync("PUT", $"/api/v1/groups/{id}/members", """{"users":["ADA"],"groups":["Inner"]}""", server.AdminKey, made.Headers.ETag!.Tag);
        (await PeopleServer.OkAsync(filled))["hits"]!.AsArray().Select(m => $"{m!["kind"]} {m["name"]}").ShouldBe(["group Inner", "user ada"]);
        using var stale = await server.SendAsync("PUT", $"/api/v1/groups/{id}", """{"name":"Others"}""", server.AdminKey, made.Headers.ETag!.Tag);
        await stale.ProblemAsync(412, "SLU0304");
        (await server.JsonAsync("PUT", $"/api/v1/groups/{id}", """{"name":"Others"}"""))["fullName"]!.GetValue<string>().ShouldBe("Others");
        (await server.JsonAsync("DELETE", "/api/v1/groups/Others/members?user=ada"))["count"]!.GetValue<int>().ShouldBe(1);
        await server.JsonAsync("DELETE", "/api/v1/groups/Others");
        (await server.JsonAsync("GET", "/api/v1/groups"))["hits"]!.AsArray().Single()!["name"]!.GetValue<string>().ShouldBe("Inner");
    }

    [Theory, MemberData(nameof(PeopleServer.Each), MemberType = typeof(PeopleServer))]
    public async Task A_cycle_is_refused_with_its_groups_named(string provider)
    {
        await using var server = await PeopleServer.StartAsync(provider);
        foreach (var name in (string[])["a", "b"]) await server.JsonAsync("POST", "/api/v1/groups", $$"""{"name":"{{name}}"}""");
        await server.JsonAsync("POST", "/api/v1/groups/a/members", """{"group":"b"}""");

        using var answer = await server.SendAsync("POST", "/api/v1/groups/b/members", """{"group":"a"}""");

        (await answer.ProblemAsync(409, "SLU0312"))["detail"]!.GetValue<string>().ShouldContain("'b' > 'a' > 'b'");
        using var taken = await server.SendAsync("POST", "/api/v1/groups", """{"name":"a"}""");
        await taken.ProblemAsync(409, "SLU0311");
        using var unknown = await server.SendAsync("PUT", "/api/v1/groups/a/members", """{"users":["x"],"groups":["y"]}""");
        (await unknown.ProblemAsync(400, "SLU0001"))["errors"]!.AsObject().Select(e => e.Key).ShouldBe(["$.users[0]", "$.groups[0]"]);
    }
}
