using System.Globalization;
using System.Text.Json.Nodes;
using static Sluice.EndToEnd.Tests.Enforced;
using static Sluice.EndToEnd.Tests.Received;

namespace Sluice.EndToEnd.Tests;

/// <summary>Events of both trails at a receiver of OpenTelemetry, on the wire.</summary>
public sealed class OpenTelemetryTests
{
    [Fact]
    public async Task Events_of_both_trails_arrive_once_with_what_the_documentation_names()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var account = await SnowflakeAccount.StartAsync();
        await using var server = await ServerProcess.StartAsync(TestServer.NewDirectory(), ["--otlp-endpoint", receiver.Url, "--query-audit-text"]);
        using var api = server.Api();
        var started = await StartedAsync(api);
        await SucceedAsync(api.PostAsync("/api/v1/tags", """{"name": "first"}"""));
        await SnowflakeAuditTests.RegisterAsync(api, account);
        using (var ada = await SnowflakeAuditTests.LogInAsync(account)) await ada.RunAsync("SELECT EMAIL FROM SALES.CRM.CUSTOMERS");
        await SnowflakeAuditTests.ReadAsync(api);
        await SnowflakeAuditTests.ReadAsync(api);

        var trail = await TrailAsync(api, started);
        trail.Values.Select(static e => e["action"]!.GetValue<string>()).ShouldContain("tag.defined");
        await ArrivedAsync(receiver, trail.Keys);
        trail = await TrailAsync(api, started);
        foreach (var record in receiver.Records.Where(static r => r.EventName == Own))
        {
            var (has, told) = (record.Attributes, trail[KeyOf(record)]);
            has["sluice.action"].ShouldBe(told["action"]!.GetValue<string>());
            has["sluice.actor.id"].ShouldBe(told["actor"]!["id"]!.GetValue<string>());
            DateTimeOffset.Parse(has["sluice.time"], CultureInfo.InvariantCulture).ShouldBe(told["time"]!.GetValue<DateTimeOffset>());
            has["sluice.mac"].Length.ShouldBe(64);
        }

        receiver.Records.Single(static r => r.Attributes.GetValueOrDefault("sluice.action") == "person.added").Attributes["sluice.person"].ShouldNotBeEmpty();
        // The two trails are sent apart: the events of one may be there before those of the other.
        await UntilAsync(() => Task.FromResult(receiver.Records.Any(IsAdas)));
        var query = receiver.Records.Where(IsAdas).ShouldHaveSingleItem().Attributes;
        (query["sluice.connection"], query["sluice.query.source"], query["sluice.query.kind"], query["sluice.query.succeeded"]).ShouldBe(("snow", "queryHistory", "SELECT", "true"));
        (query["sluice.people"], query["sluice.query.text"], query["sluice.query.hash"].Length).ShouldBe(("""["ada"]""", "SELECT EMAIL FROM SALES.CRM.CUSTOMERS", 64));
        JsonNode.Parse(query["sluice.objects"])!.AsArray().ShouldHaveSingleItem()!["path"]!.ToJsonString().ShouldBe("""["snow","SALES","CRM","CUSTOMERS"]""");
        foreach (var record in receiver.Records) string.Join(' ', record.Attributes.Values).ShouldNotContain("first-password");

        static bool IsAdas(OtlpRecord record) => record.EventName == Query && record.Attributes["sluice.identity"] == "ADA";
    }

    [Fact]
    public async Task Many_events_at_once_arrive_all_and_once_at_a_slow_receiver()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var server = await ServerProcess.StartAsync(TestServer.NewDirectory(), ["--otlp-endpoint", receiver.Url]);
        using var api = server.Api();
        var started = await StartedAsync(api);
        await BegunAsync(receiver, api);
        receiver.Reception = Reception.Dawdles;

        // More than OpenTelemetry keeps in memory for a receiver: 2,048.
        const int Many = 5000;
        await SucceedAsync(ImportAsync(api, 0, Many));
        var trail = await TrailAsync(api, started);
        trail.Count.ShouldBeGreaterThan(Many);
        await ArrivedAsync(receiver, trail.Keys);
    }
}
