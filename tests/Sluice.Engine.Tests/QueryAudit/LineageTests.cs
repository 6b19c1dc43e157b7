using System.Text.Json;
using Sluice.Core.Catalog;
using Sluice.Core.DataLineage;
using Sluice.Engine.Callers;
using Sluice.Engine.Errors;
using Sluice.Engine.QueryAudit;
using Sluice.Storage.DataLineage;
using Sluice.Storage.Tags;

namespace Sluice.Engine.Tests.QueryAudit;

/// <summary>Tags go where a platform says that data went.</summary>
public sealed class LineageTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_tag_is_shown_where_data_went_with_where_it_was_given_and_a_cycle_is_told()
    {
        var (from, to) = (new LineagePoint(new ObjectPath("pg", "shop", "customers"), "name"), new LineagePoint(new ObjectPath("pg", "shop", "copy"), "id"));
        var platform = new FakePlatform { Lineage = [new LineageSighting(new LineageEdge(from, to), At), new LineageSighting(new LineageEdge(to, from), At)] };
        foreach (var path in (string[])["shop", "shop/customers", "shop/copy"]) platform.Add(path);
        await using var engine = await EngineHost.StartAsync(platform);
        var payload = JsonSerializer.SerializeToNode(EngineHost.Payload("pg", "db", isActive: true))!;
        payload["nativeIntegration"] = JsonSerializer.SerializeToNode(new { type = "PostgreSQL", config = new { database = "d", audit = new { enabled = true } } });
        await engine.WaitAsync(await engine.Connections.RegisterAsync(JsonSerializer.SerializeToElement(payload), EngineHost.Admin, Ending));
        var customers = await engine.ReadAsync("pg", "shop", "customers");
        await engine.Get<ITagStore>().AssignAsync(customers.Object.Id, "name", ["pii"], new("u", "U"), Ending);

        var job = await engine.WaitAsync(await engine.Get<IQueryAuditUseCases>().ReadNowAsync("pg", EngineHost.Admin, Ending));
        job.OutputJson.ShouldNotBeNull().ShouldContain("""{"tag":"pii","of":"pg/shop/customers#name","by":"pg/shop/copy#id"}""");

        var carried = (await engine.ReadAsync("pg", "shop", "copy")).Lineage.ShouldHaveSingleItem();
        (carried.Column, carried.Tag, carried.Origin).ShouldBe(("id", "pii", from));
        (await engine.ReadAsync("pg", "shop", "customers")).Lineage.ShouldBeEmpty();
        var edges = await engine.Get<ILineageUseCase>().EdgesAsync(new ObjectPath("PG", "shop", "copy"), EngineHost.Admin, Ending);
        edges.Select(static e => e.Edge).ShouldBe([new LineageEdge(to, from), new LineageEdge(from, to)], ignoreOrder: true);
        var nobody = new Caller("n", "N", null, new HashSet<string>());
        (await Should.ThrowAsync<RequestRefusedException>(engine.Get<ILineageUseCase>().EdgesAsync(to.Object, nobody, Ending))).Code.ShouldBe(ErrorCode.Forbidden);

        // Taken away it is gone with what it carried, however its source is spelled, and stays so when the same is read again.
        (await engine.Get<ILineageUseCase>().RemoveAsync(to.Object, new EdgeSelection(new ObjectPath("PG", "shop", "customers"), null, null), EngineHost.Admin, Ending)).ShouldBe(1);
        (await engine.ReadAsync("pg", "shop", "copy")).Lineage.ShouldBeEmpty();
        await engine.WaitAsync(await engine.Get<IQueryAuditUseCases>().ReadNowAsync("pg", EngineHost.Admin, Ending));
        (await engine.ReadAsync("pg", "shop", "copy")).Lineage.ShouldBeEmpty();
        var gone = new EdgeSelection(new ObjectPath("pg", "shop", "gone"), null, null);
        (await engine.Get<ILineageUseCase>().RemoveAsync(to.Object, gone, EngineHost.Admin, Ending)).ShouldBe(0);
        (await Should.ThrowAsync<RequestRefusedException>(engine.Get<ILineageUseCase>().RemoveAsync(gone.From, gone, EngineHost.Admin, Ending))).Code.ShouldBe(ErrorCode.NotFound);
    }

    [Fact]
    public async Task Switched_off_nothing_is_carried_which_is_a_governor_s_to_do()
    {
        var (from, to) = (new LineagePoint(new ObjectPath("pg", "shop", "customers"), "name"), new LineagePoint(new ObjectPath("pg", "shop", "copy"), "id"));
        var platform = new FakePlatform { Lineage = [new LineageSighting(new LineageEdge(from, to), At)] };
        foreach (var path in (string[])["shop", "shop/customers", "shop/copy"]) platform.Add(path);
        await using var engine = await EngineHost.StartAsync(platform);
        await engine.WaitAsync(await engine.Connections.RegisterAsync(Payload(isOn: true), EngineHost.Admin, Ending));
        await engine.Get<ITagStore>().AssignAsync((await engine.ReadAsync("pg", "shop", "customers")).Object.Id, "name", ["pii"], new("u", "U"), Ending);
        await engine.WaitAsync(await engine.Get<IQueryAuditUseCases>().ReadNowAsync("pg", EngineHost.Admin, Ending));
        (await engine.ReadAsync("pg", "shop", "copy")).Lineage.ShouldHaveSingleItem();

        var administrator = new Caller("a", "A", null, new HashSet<string> { Permission.ApplicationAdmin });
        var refusal = await Should.ThrowAsync<RequestRefusedException>(engine.Connections.UpdateAsync("pg", Payload(isOn: false), null, administrator, Ending));
        (refusal.Code, refusal.Message.Contains("nativeIntegration.config.lineage.enabled", StringComparison.Ordinal)).ShouldBe((ErrorCode.Forbidden, true));

        await engine.WaitAsync(await engine.Connections.UpdateAsync("pg", Payload(isOn: false), null, EngineHost.Admin, Ending));
        await engine.WaitAsync(await engine.Get<IQueryAuditUseCases>().ReadNowAsync("pg", EngineHost.Admin, Ending));
        (await engine.ReadAsync("pg", "shop", "copy")).Lineage.ShouldBeEmpty();

        // On again is nothing that more would be seen by.
        await engine.WaitAsync(await engine.Connections.UpdateAsync("pg", Payload(isOn: true), null, administrator, Ending));
        await engine.WaitAsync(await engine.Get<IQueryAuditUseCases>().ReadNowAsync("pg", EngineHost.Admin, Ending));
        (await engine.ReadAsync("pg", "shop", "copy")).Lineage.ShouldHaveSingleItem();

        static JsonElement Payload(bool isOn)
        {
            var payload = JsonSerializer.SerializeToNode(EngineHost.Payload("pg", "db", isActive: true))!;
            payload["nativeIntegration"] = JsonSerializer.SerializeToNode(
                new { type = "PostgreSQL", config = new { database = "d", audit = new { enabled = true }, lineage = new { enabled = isOn } } });
            return JsonSerializer.SerializeToElement(payload);
        }
    }
}
