using System.Net;
using System.Text.Json;
using Sluice.Server.Tests.Fakes;
using Sluice.Storage.Connections;

namespace Sluice.Server.Tests.Integrations;

/// <summary>/integrations over HTTP.</summary>
public sealed class IntegrationTests
{
    [Fact]
    public async Task All_are_a_bare_list_with_the_documented_members_and_no_secret()
    {
        await using var server = await RunningServer.StartAsync();

        var list = await (await server.SendAsync("GET", "/integrations")).JsonAsync();

        var one = list.AsArray().ShouldHaveSingleItem()!;
        one["id"]!.GetValue<long>().ShouldBe(7);
        one["connectionKey"]!.GetValue<string>().ShouldBe("snow");
        one["status"]!.GetValue<string>().ShouldBe("recurringValidationError");
        one["type"]!.GetValue<string>().ShouldBe("Snowflake");
        one["autoBootstrap"]!.GetValue<bool>().ShouldBeFalse();
        one["validationResults"]!["validationTests"]!.AsArray().ShouldNotBeEmpty();
        one["config"]!["host"]!.GetValue<string>().ShouldBe("acme.snowflakecomputing.com");
        one["config"]!["password"]!.GetValue<string>().ShouldBe("[REDACTED]");
        one["config"]!["oAuthClientConfig"]!["clientId"]!.GetValue<string>().ShouldBe("c");
        one["config"]!["oAuthClientConfig"]!["clientSecret"]!.GetValue<string>().ShouldBe("[REDACTED]");
    }

    [Theory]
    [InlineData(ConnectionStatus.Creating, "creating")]
    [InlineData(ConnectionStatus.Active, "enabled")]
    [InlineData(ConnectionStatus.Inactive, "enabled")]
    [InlineData(ConnectionStatus.Unhealthy, "recurringValidationError")]
    [InlineData(ConnectionStatus.Deleting, "deleting")]
    public async Task Its_status_is_one_of_the_documented_words(ConnectionStatus stored, string documented)
    {
        await using var server = await RunningServer.StartAsync();
        var view = Samples.Integrated();
        server.Room.Integrations.View = view with { Stored = view.Stored with { Status = stored } };

        var json = await (await server.SendAsync("GET", "/integrations/7/status")).JsonAsync();

        json["status"]!.GetValue<string>().ShouldBe(documented);
        json["validationResults"]!["status"]!.GetValue<string>().ShouldNotBeEmpty();
        (await (await server.SendAsync("GET", "/integrations/7")).JsonAsync())["status"]!.GetValue<string>().ShouldBe(documented);
    }

    [Theory]
    [InlineData("/integrations/scripts/create", "create", null)]
    [InlineData("/integrations/scripts/cleanup", "cleanup", null)]
    [InlineData("/integrations/7/scripts/edit", "edit", 7L)]
    [InlineData("/integrations/7/scripts/delete", "delete", 7L)]
    public async Task Scripts_are_plain_text_that_no_browser_reads_as_anything_else(string path, string script, long? id)
    {
        await using var server = await RunningServer.StartAsync();

        using var answer = await server.SendAsync("POST", path, """{"type":"Snowflake"}""", server.AdminKey, request => request.Headers.Accept.ParseAdd("application/json"));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        (await answer.TextAsync()).ShouldStartWith($"-- a script: {script}");
        server.Room.Integrations.Asked.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            asked => asked.Id.ShouldBe(id), asked => asked.Body.GetProperty("type").GetString().ShouldBe("Snowflake"));
    }

    [Fact]
    public async Task A_delete_script_needs_no_body_and_the_others_do()
    {
        await using var server = await RunningServer.StartAsync();

        (await server.SendAsync("POST", "/integrations/7/scripts/delete")).StatusCode.ShouldBe(HttpStatusCode.OK);
        server.Room.Integrations.Asked.ShouldHaveSingleItem().Body.ValueKind.ShouldBe(JsonValueKind.Undefined);

        foreach (var path in (string[])["/integrations/7/scripts/edit", "/integrations/scripts/create", "/integrations/scripts/cleanup"])
            (await server.SendAsync("POST", path)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("/integrations/8")]
    [InlineData("/integrations/8/status")]
    [InlineData("/integrations/seven")]
    public async Task What_is_not_there_is_a_404(string path)
    {
        await using var server = await RunningServer.StartAsync();

        (await server.SendAsync("GET", path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_connection_names_its_integration()
    {
        await using var server = await RunningServer.StartAsync();
        server.Room.Connections.View = Samples.Integrated();

        var json = await (await server.SendAsync("GET", "/data/connection/snow")).JsonAsync();

        json["nativeIntegrationId"]!.GetValue<long>().ShouldBe(7);
    }
}
