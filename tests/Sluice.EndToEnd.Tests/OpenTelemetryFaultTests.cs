using System.Diagnostics;
using static Sluice.EndToEnd.Tests.Enforced;
using static Sluice.EndToEnd.Tests.Received;

namespace Sluice.EndToEnd.Tests;

/// <summary>A receiver of OpenTelemetry that is not as it should be: the server goes on as if it were.</summary>
public sealed class OpenTelemetryFaultTests(ITestOutputHelper output)
{
    private const int People = 2500;

    // Who waited for the receiver would wait for its time-out, ten seconds.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    private const string Analysts = """
        policyKey: analysts
        name: Analysts
        type: subscription
        circumstances: [{type: objectPath, path: [snow, SHOP]}]
        actions: {type: entitlements, entitlements: {operator: all, groups: [Analysts]}}
        """;

    [Fact]
    public async Task It_holds_no_request_and_no_apply_up_and_what_comes_after_arrives()
    {
        var receiver = await OtlpReceiver.StartAsync();
        var port = new Uri(receiver.Url).Port;
        await using var account = await GovernedAccount.StartAsync(new Dictionary<string, string[]> { ["Analysts"] = [] }, flags: ["--otlp-endpoint", receiver.Url], asProcess: true);
        using var api = account.Server.Api();
        try
        {
            await BegunAsync(receiver, api);
            await GovernedAccount.PutAsync(api, Analysts);
            await ReconciledAsync(api, GovernedAccount.Key);

            foreach (var reception in (Reception[])[Reception.Status503, Reception.Unavailable, Reception.Hangs])
            {
                (receiver.Reception, var calls) = (reception, receiver.Calls);
                await GoesOnAsync(account, api, $"{reception}");
                await UntilAsync(() => Task.FromResult(receiver.Calls > calls));
            }

            await receiver.DisposeAsync();
            await GoesOnAsync(account, api, "nobody there");
            await SucceedAsync(ImportAsync(api, 0, People));

            // The trail is whole, and the exports have what the receiver has not.
            await VerifiedAsync(api);
            (await TrailAsync(api)).Values.Count(static e => e["action"]!.GetValue<string>() == "person.imported").ShouldBe(People);

            receiver = await OtlpReceiver.StartAsync(port);
            await BegunAsync(receiver, api);
        }
        finally
        {
            await receiver.DisposeAsync();
        }
    }

    // Requests and an apply, there and back.
    private async Task GoesOnAsync(GovernedAccount account, Api api, string what)
    {
        var longest = TimeSpan.Zero;
        for (var i = 0; i < 20; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await SucceedAsync(api.PostAsync("/api/v1/tags", $$"""{"name": "tag{{Stopwatch.GetTimestamp()}}"}"""));
            if (Stopwatch.GetElapsedTime(began) is var took && took > longest) longest = took;
        }

        var applied = Stopwatch.GetTimestamp();
        foreach (var members in (string[][])[["ada"], []])
        {
            await GovernedAccount.MembersAsync(api, "Analysts", members);
            await ReconciledAsync(api, GovernedAccount.Key);
            (await account.ReadAsync("ADA") == "002003").ShouldBe(members.Length == 0);
        }

        var both = Stopwatch.GetElapsedTime(applied);
        output.WriteLine($"{what}: the longest of 20 requests {longest.TotalMilliseconds:0} ms, two applies {both.TotalMilliseconds:0} ms");
        longest.ShouldBeLessThan(Soon, what);
        both.ShouldBeLessThan(2 * Soon, what);
    }
}
