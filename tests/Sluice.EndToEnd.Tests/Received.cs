using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using static Sluice.EndToEnd.Tests.Enforced;

namespace Sluice.EndToEnd.Tests;

/// <summary>What tests of OpenTelemetry ask of the server and of the receiver.</summary>
internal static class Received
{
    /// <summary>The names of the two kinds of events.</summary>
    public const string Own = "sluice.audit", Query = "sluice.query";

    /// <summary>Sending has begun: something that happens now arrives.</summary>
    public static async Task BegunAsync(OtlpReceiver receiver, Api api)
    {
        var name = $"begun{Stopwatch.GetTimestamp()}";
        await SucceedAsync(api.PostAsync("/api/v1/tags", $$"""{"name": "{{name}}"}"""));
        await UntilAsync(() => Task.FromResult(receiver.Records.Any(r => r.Attributes.Values.Any(v => v.Contains(name, StringComparison.Ordinal)))));
    }

    /// <summary>Waits until all of some events of our own have arrived; each but once.</summary>
    public static async Task ArrivedAsync(OtlpReceiver receiver, IEnumerable<(string Stream, long Sequence)> events)
    {
        await AllAsync(receiver, events);
        receiver.Events(Own).Where(static e => e.Value != 1).ShouldBeEmpty();
    }

    /// <summary>The same, however often they came.</summary>
    public static async Task AllAsync(OtlpReceiver receiver, IEnumerable<(string Stream, long Sequence)> events)
    {
        var missing = events.ToList();
        using var ending = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (true)
        {
            var arrived = receiver.Events(Own);
            missing.RemoveAll(arrived.ContainsKey);
            if (missing.Count == 0) return;
            ending.IsCancellationRequested.ShouldBeFalse($"{missing.Count} have not arrived, the first: {missing[0]}");
            await look.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    /// <summary>What is exported of our own events, but for those that were there when the server had started: they are left to the export.</summary>
    public static async Task<Dictionary<(string Stream, long Sequence), JsonNode>> TrailAsync(Api api, IReadOnlySet<(string Stream, long Sequence)>? started = null) =>
        (await api.GetAsync("/api/v1/audit/export")).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static l => JsonNode.Parse(l)!)
            .ToDictionary(static e => (e["stream"]!.GetValue<string>(), e["sequence"]!.GetValue<long>()))
            .Where(e => started?.Contains(e.Key) is not true).ToDictionary();

    /// <summary>What is there when a server has started.</summary>
    public static async Task<HashSet<(string Stream, long Sequence)>> StartedAsync(Api api) => [.. (await TrailAsync(api)).Keys];

    /// <summary>What tells an event apart.</summary>
    public static (string Stream, long Sequence) KeyOf(OtlpRecord record) => (record.Attributes["sluice.stream"], long.Parse(record.Attributes["sluice.sequence"], CultureInfo.InvariantCulture));

    /// <summary>Makes as many events as people.</summary>
    public static Task<Answer> ImportAsync(Api api, int first, int count)
    {
        var people = new JsonArray([.. Enumerable.Range(first, count).Select(static i => new JsonObject { ["username"] = $"p{i:00000}" })]);
        return api.PostAsync("/api/v1/users/import", new JsonObject { ["users"] = people }.ToJsonString());
    }

    /// <summary>The trail is as it was written.</summary>
    public static async Task VerifiedAsync(Api api)
    {
        var verified = await api.PostAsync("/api/v1/audit/verify", "{}");
        verified.Status.ShouldBe(HttpStatusCode.OK, verified.Text);
        verified.Json["isIntact"]!.GetValue<bool>().ShouldBeTrue(verified.Text);
    }
}
