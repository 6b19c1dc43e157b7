using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Engine.Callers;
using Sluice.Engine.Errors;
using Sluice.Engine.Integrations;

namespace Sluice.Engine.Tests;

/// <summary>The native integration of a connection: registered, stored, updated, shown and scripted.</summary>
public sealed class IntegrationTests
{
    [Fact]
    public async Task It_is_stored_with_its_connection_and_goes_into_every_session()
    {
        await using var engine = await RegisteredAsync("one");
        await engine.WaitAsync(await engine.RegisterAsync("plain", "other"));

        var view = (await Integrations(engine).ListAsync(EngineHost.Admin, default)).ShouldHaveSingleItem();
        view.Stored.Key.ShouldBe("pg");
        view.Stored.IntegrationJson.ShouldBe(Stored("one"));
        (view.SecretFields, view.Checks.Count).ShouldSatisfyAllConditions(v => v.SecretFields.ShouldBe(["password"]), v => v.Count.ShouldBe(1));
        (await Integrations(engine).ReadAsync(view.Stored.RootObjectId, EngineHost.Admin, default)).Stored.ShouldBe(view.Stored);

        engine.Platform.IntegrationsUsed.Clear();
        await engine.CrawlAsync("pg");
        engine.Platform.IntegrationsUsed.ShouldBe([Stored("one")]);
    }

    [Theory]
    [InlineData("""{"nativeIntegration":{"type":"PostgreSQL","config":{"database":"two"}}}""", "two")]
    [InlineData($$$$"""{"connection":{"technology":"PostgreSQL","hostname":"a@db","password":"{{{{FakePlatform.Password}}}}"},"nativeIntegration":{"type":"PostgreSQL","config":{"database":"two"}}}""", "two")]
    [InlineData("""{"connection":{"technology":"PostgreSQL","hostname":"db"}}""", "one")]
    [InlineData("""{"options":{"forceRecursiveCrawl":false}}""", "one")]
    public async Task An_update_replaces_it_where_it_brings_one(string body, string after)
    {
        await using var engine = await RegisteredAsync("one");

        await engine.WaitAsync(await engine.Connections.UpdateAsync("pg", EngineHost.Json(body), null, EngineHost.Admin, default));

        (await Integrations(engine).ListAsync(EngineHost.Admin, default)).ShouldHaveSingleItem().Stored.IntegrationJson.ShouldBe(Stored(after));
        engine.Platform.IntegrationsUsed.Last().ShouldBe(Stored(after));
    }

    [Fact]
    public async Task A_problem_in_it_is_named_by_its_path_and_nothing_is_stored()
    {
        await using var engine = await EngineHost.StartAsync(new FakePlatform());
        var body = Payload("""{"type":"PostgreSQL","config":{"databse":"one"}}""");

        var refusal = await Should.ThrowAsync<RequestRefusedException>(() => engine.Connections.RegisterAsync(body, EngineHost.Admin, default));

        refusal.Problems.ShouldNotBeNull().Select(p => p.Path).ShouldBe(["$.nativeIntegration.config.database", "$.nativeIntegration.config.databse"]);
        (await Integrations(engine).ListAsync(EngineHost.Admin, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Beside_a_wrong_technology_it_is_no_unknown_member()
    {
        await using var engine = await EngineHost.StartAsync(new FakePlatform());
        var body = EngineHost.Json("""{"connectionKey":"pg","connection":{"technology":"PostgreSQ"},"nativeIntegration":{"type":"PostgreSQ"}}""");

        var refusal = await Should.ThrowAsync<RequestRefusedException>(() => engine.Connections.RegisterAsync(body, EngineHost.Admin, default));

        refusal.Problems.ShouldNotBeNull().Select(p => p.Path).ShouldBe(["$.connection.technology"]);
    }

    [Fact]
    public async Task Scripts_are_written_from_the_body_from_what_is_stored_or_from_both()
    {
        await using var engine = await RegisteredAsync("one");
        var integrations = Integrations(engine);
        var id = (await integrations.ListAsync(EngineHost.Admin, default)).Single().Stored.RootObjectId;
        var two = EngineHost.Json("""{"type":"PostgreSQL","config":{"database":"two"}}""");

        (await integrations.WriteSetupScriptAsync(two, EngineHost.Admin, default)).ShouldBe("-- create two");
        (await integrations.WriteCleanupScriptAsync(two, EngineHost.Admin, default)).ShouldBe("-- cleanup two");
        (await integrations.WriteEditScriptAsync(id, two, EngineHost.Admin, default)).ShouldBe("-- edit one to two");
        (await integrations.WriteDeleteScriptAsync(id, default, EngineHost.Admin, default)).ShouldBe("-- delete one");
    }

    [Fact]
    public async Task A_script_names_the_principal_that_the_platform_tells_and_a_request_with_problems_asks_nobody()
    {
        var platform = new FakePlatform { Principal = "somebody" };
        await using var engine = await EngineHost.StartAsync(platform);
        var integrations = Integrations(engine);
        var two = EngineHost.Json("""{"type":"PostgreSQL","config":{"database":"two"}}""");

        (await integrations.WriteSetupScriptAsync(two, EngineHost.Admin, default)).ShouldBe("-- create two for somebody");
        (await integrations.WriteCleanupScriptAsync(two, EngineHost.Admin, default)).ShouldBe("-- cleanup two for somebody");
        platform.Asked.ShouldBe(2);
        await RefusalAsync(() => integrations.WriteSetupScriptAsync(EngineHost.Json("""{"type":"PostgreSQL","config":{}}"""), EngineHost.Admin, default));
        platform.Asked.ShouldBe(2);
    }

    [Fact]
    public async Task A_script_that_can_not_be_written_says_why()
    {
        await using var engine = await RegisteredAsync("one");
        var integrations = Integrations(engine);
        var id = (await integrations.ListAsync(EngineHost.Admin, default)).Single().Stored.RootObjectId;

        (await RefusalAsync(() => integrations.WriteCleanupScriptAsync(EngineHost.Json("{}"), EngineHost.Admin, default))).ShouldBe("$.type is required");
        (await RefusalAsync(() => integrations.WriteSetupScriptAsync(EngineHost.Json("""{"type":"Glue"}"""), EngineHost.Admin, default))).ShouldContain("not available yet");
        (await RefusalAsync(() => integrations.WriteSetupScriptAsync(EngineHost.Json("""{"type":"Oracle"}"""), EngineHost.Admin, default))).ShouldBe("$.type must be PostgreSQL");
        (await RefusalAsync(() => integrations.WriteSetupScriptAsync(EngineHost.Json("""{"type":"PostgreSQL","config":{}}"""), EngineHost.Admin, default))).ShouldBe("$.config.database is required");
        (await RefusalAsync(() => integrations.WriteEditScriptAsync(id, EngineHost.Json("""{"type":"Snowflake"}"""), EngineHost.Admin, default)))
            .ShouldBe($"$.type must be PostgreSQL, as integration {id} is");
        (await RefusalAsync(() => integrations.WriteDeleteScriptAsync(id, EngineHost.Json("""{"force":true}"""), EngineHost.Admin, default)))
            .ShouldBe("$.force is not a known member");
        (await RefusalAsync(() => integrations.WriteDeleteScriptAsync(id + 1, default, EngineHost.Admin, default))).ShouldContain($"no integration {id + 1}");
    }

    [Fact]
    public async Task Whoever_is_no_administrator_gets_none_of_it()
    {
        await using var engine = await RegisteredAsync("one");
        var integrations = Integrations(engine);
        var reader = EngineHost.Admin with { Permissions = new HashSet<string> { Permission.Governance } };
        var body = EngineHost.Json("""{"type":"PostgreSQL","config":{"database":"two"}}""");

        foreach (var call in (Func<Task>[])
                 [
                     () => integrations.WriteSetupScriptAsync(body, reader, default), () => integrations.WriteCleanupScriptAsync(body, reader, default),
                     () => integrations.ListAsync(reader, default), () => integrations.ReadAsync(1, reader, default), () => integrations.WriteEditScriptAsync(1, body, reader, default),
                     () => integrations.WriteDeleteScriptAsync(1, default, reader, default), () => engine.Connections.CheckAsync("pg", reader, default),
                 ])
        {
            (await Should.ThrowAsync<RequestRefusedException>(call)).Code.ShouldBe(ErrorCode.Forbidden);
        }
    }

    private static IIntegrationUseCases Integrations(EngineHost engine) => engine.Get<IIntegrationUseCases>();

    private static async Task<EngineHost> RegisteredAsync(string database)
    {
        var engine = await EngineHost.StartAsync(new FakePlatform());
        await engine.WaitAsync(await engine.Connections.RegisterAsync(
            Payload($$$"""{"type":"PostgreSQL","config":{"database":"{{{database}}}"}}"""), EngineHost.Admin, default));
        return engine;
    }

    private static JsonElement Payload(string integration)
    {
        var body = JsonNode.Parse(EngineHost.Payload("pg", "db").GetRawText())!.AsObject();
        body["nativeIntegration"] = JsonNode.Parse(integration);
        return EngineHost.Json(body.ToJsonString());
    }

    private static string Stored(string database) => $$$"""{"type":"PostgreSQL","config":{"database":"{{{database}}}"}}""";

    private static async Task<string> RefusalAsync(Func<Task> call) => Words(await Should.ThrowAsync<RequestRefusedException>(call));

    private static string Words(RequestRefusedException refusal) =>
        refusal.Problems is { } problems ? string.Join("; ", problems.Select(p => $"{p.Path} {p.Message}")) : refusal.Message;
}
