using System.Text.Json.Nodes;
using Sluice.Engine.Callers;

namespace Sluice.Server.Tests.Authentication;

/// <summary>Whose rights as a data owner a key carries: never more than its maker's.</summary>
public sealed class HolderTests
{
    [Theory]
    [InlineData(Permission.UserAdmin, false)]
    [InlineData($"{Permission.UserAdmin} {Permission.ApplicationAdmin}", true)]
    public async Task A_services_key_speaks_for_the_service_only_when_an_administrator_of_the_application_made_it(string permissions, bool speaks)
    {
        await using var server = await RunningServer.StartAsync();

        var made = await MakeAsync(server, server.KeyWith(permissions.Split(' ')), "dsown");

        made.Answer["holder"]!.GetValue<string>().ShouldBe("service:dsown");
        made.Answer["speaksForHolder"]!.GetValue<bool>().ShouldBe(speaks);
        await server.SendAsync("GET", "/data/connection/lake", null, made.Key);
        server.Room.Connections.Callers.Last().SpeaksForHolder.ShouldBe(speaks);
    }

    [Fact]
    public async Task A_key_that_does_not_speak_for_its_holder_makes_none_that_does()
    {
        await using var server = await RunningServer.StartAsync();
        var first = await MakeAsync(server, server.KeyWith(Permission.UserAdmin), "dsown", Permission.UserAdmin);

        foreach (var holder in (string?[])[null, "dsown"])
            (await MakeAsync(server, first.Key, holder)).Answer["speaksForHolder"]!.GetValue<bool>().ShouldBeFalse();
    }

    [Fact]
    public async Task A_key_of_ones_own_speaks_for_its_maker()
    {
        await using var issuer = await OidcIssuer.StartAsync();
        await using var server = await RunningServer.StartAsync("--oidc-issuer", issuer.Url, "--oidc-audience", "sluice", "--allow-loopback");
        var until = server.Room.Time.Now.AddDays(1);

        var made = await MakeAsync(server, issuer.Token(server.Room.Time.Now), null, until: until);
        var next = await MakeAsync(server, made.Key, null, until: until);

        made.Answer["speaksForHolder"]!.GetValue<bool>().ShouldBeTrue();
        next.Answer["speaksForHolder"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Theory]
    [InlineData("2099-01-31")]
    [InlineData("2099-01-31T00:00:00")]
    [InlineData("2099-01-31 00:00:00Z")]
    [InlineData("31 Jan 2099 00:00:00 GMT")]
    [InlineData("2099-13-31T00:00:00Z")]
    public async Task An_end_is_a_time_with_its_zone(string text)
    {
        await using var server = await RunningServer.StartAsync();

        using var answer = await server.SendAsync("POST", "/api/v1/api-keys", $$"""{"name":"x","permissions":[],"expiresAt":"{{text}}"}""");

        (await answer.ProblemAsync(400, "SLU0001"))["errors"]!["$.expiresAt"]!.AsArray().Single()!.GetValue<string>().ShouldContain("zone");
    }

    private static async Task<(string Key, JsonNode Answer)> MakeAsync(
        RunningServer server, string maker, string? holder, string? permission = null, DateTimeOffset? until = null)
    {
        var request = new JsonObject { ["name"] = "x", ["permissions"] = permission is null ? new JsonArray() : new JsonArray(permission) };
        if (holder is not null) request["holder"] = holder;
        if (until is not null) request["expiresAt"] = until.Value;
        using var answer = await server.SendAsync("POST", "/api/v1/api-keys", request.ToJsonString(), maker);
        var made = await answer.JsonAsync();
        return (made["key"]!.GetValue<string>(), made["apiKey"]!);
    }
}
