using System.Net;
using System.Text.Json.Nodes;
using Sluice.Sandbox.Aws;
using Sluice.Sandbox.Aws.Faults;
using static Sluice.EndToEnd.Tests.Enforced;

namespace Sluice.EndToEnd.Tests;

/// <summary>What goes wrong on Lake Formation in the middle of an apply, and what somebody else changes there.</summary>
public sealed class LakeFaultTests
{
    private static readonly string[] Crowd = [.. Enumerable.Range(0, 50).Select(static i => $"p{i:00}")];

    private static readonly AwsSandboxFaultKind[] ForAWhile =
    [
        AwsSandboxFaultKind.Throttle, AwsSandboxFaultKind.HiddenThrottle, AwsSandboxFaultKind.ConcurrentModification, AwsSandboxFaultKind.EntryThrottle,
        AwsSandboxFaultKind.EntryConcurrentModification,
    ];

    [Theory]
    [InlineData(ServiceGrants.LFTag)]
    [InlineData(ServiceGrants.Super)]
    public async Task What_fails_for_a_while_in_an_apply_is_made_in_the_same_apply(ServiceGrants grants)
    {
        string[] crowd = grants == ServiceGrants.Super ? Crowd : [];
        await using var lake = await BeginAsync(grants, crowd);
        using var api = lake.Server.Api();
        foreach (var kind in ForAWhile)
        {
            // Two requests of three, for as long as it takes.
            lake.Aws.SetFaults([.. GovernedLake.Writes.SelectMany(o => (AwsSandboxFault[])[new() { Operation = o, Kind = kind, Every = 2 }, new() { Operation = o, Kind = kind, Every = 3 }])]);

            await GovernedLake.PutAsync(api, GovernedLake.Masking("Privacy", isStaged: false));
            await GovernedLake.MembersAsync(api, "Analysts", ["ada", "ben", .. crowd]);
            await ReconciledAsync(api, GovernedLake.Key);
            lake.Seen("ada", "customers").ShouldNotBeNull($"{kind}").ShouldNotContain("email");
            lake.Seen("ben", "customers").ShouldNotBeNull($"{kind}").ShouldContain("email");
            lake.Seen("cat", "customers").ShouldBeNull($"{kind}");

            await GovernedLake.PutAsync(api, GovernedLake.Masking("Privacy", isStaged: true));
            await GovernedLake.MembersAsync(api, "Analysts", ["ada", "ben", "cat", .. crowd]);
            await ReconciledAsync(api, GovernedLake.Key);
            foreach (var person in (string[])["ada", "ben", "cat"]) lake.Seen(person, "customers").ShouldNotBeNull($"{kind}").ShouldContain("email");
        }

        (await EventsAsync(api, "plan.failed")).ShouldBe(0);
        (await EventsAsync(api, "plan.applied")).ShouldBeGreaterThan(2 * ForAWhile.Length);
    }

    [Fact]
    public async Task An_entry_that_is_refused_keeps_no_other_from_being_made_and_uncovers_nothing()
    {
        await using var lake = await BeginAsync(ServiceGrants.LFTag, []);
        using var api = lake.Server.Api();
        lake.Aws.SetFaults(new AwsSandboxFault { Operation = "BatchGrantPermissions", Kind = AwsSandboxFaultKind.EntryDenied });

        // Ada and Cat are to see no addresses: what they have goes once they were granted the rest, or once that was refused for good.
        await GovernedLake.PutAsync(api, GovernedLake.Masking("Privacy", isStaged: false));
        var failed = await FailedAsync(api);

        failed["stateReason"]!.GetValue<string>().ShouldContain("AccessDeniedException");
        string[] readers = ["ada", "cat"];
        string[] masked = ["customers", "customers_emea", "customers_amer"];
        foreach (var person in readers)
            foreach (var table in masked) (lake.Seen(person, table) ?? []).ShouldNotContain("email", $"{person} {table}");
        var hidden = readers.Sum(p => masked.Count(t => lake.Seen(p, t) is null));
        hidden.ShouldBeInRange(1, (readers.Length * masked.Length) - 1, "what was not refused was made");
        lake.Seen("ben", "customers").ShouldNotBeNull().ShouldContain("email");
        var explained = await api.GetAsync($"/api/v1/plans/{failed["id"]!.GetValue<string>()}");
        explained.Status.ShouldBe(HttpStatusCode.OK, explained.Text);

        lake.Aws.SetFaults();
        await GovernedLake.LookAsync(api);
        await ReconciledAsync(api, GovernedLake.Key);
        foreach (var person in readers)
            foreach (var table in masked) lake.Seen(person, table).ShouldNotBeNull().ShouldNotContain("email", $"{person} {table}");
    }

    [Fact]
    public async Task What_goes_on_failing_ends_the_apply_interrupts_nobody_and_is_made_later()
    {
        await using var lake = await BeginAsync(ServiceGrants.LFTag, []);
        using var api = lake.Server.Api();
        lake.Aws.SetFaults(new AwsSandboxFault { Operation = "BatchGrantPermissions", Kind = AwsSandboxFaultKind.Throttle });

        await GovernedLake.PutAsync(api, GovernedLake.Masking("Privacy", isStaged: false));
        (await FailedAsync(api))["stateReason"]!.GetValue<string>().ShouldContain("Rate exceeded");
        lake.Seen("ada", "customers").ShouldNotBeNull().ShouldContain("email", customMessage: "the old grant waits for the one that takes its place");

        lake.Aws.SetFaults();
        await GovernedLake.LookAsync(api);
        await ReconciledAsync(api, GovernedLake.Key);
        lake.Seen("ada", "customers").ShouldNotBeNull().ShouldNotContain("email");
        lake.Seen("ben", "customers").ShouldNotBeNull().ShouldContain("email");
    }

    [Theory]
    [InlineData(ServiceGrants.LFTag)]
    [InlineData(ServiceGrants.Super)]
    public async Task A_table_that_IAM_decides_about_again_is_told_as_not_governed_and_nobody_is_granted_it_anew(ServiceGrants grants)
    {
        await using var lake = await BeginAsync(grants, grants == ServiceGrants.Super ? Crowd : []);
        using var api = lake.Server.Api();
        var iam = new JsonObject
        {
            ["Principal"] = new JsonObject { ["DataLakePrincipalIdentifier"] = "IAM_ALLOWED_PRINCIPALS" },
            ["Resource"] = new JsonObject { ["Table"] = new JsonObject { ["DatabaseName"] = GovernedLake.Database, ["Name"] = "orders" } },
            ["Permissions"] = new JsonArray("ALL"),
        };
        await lake.AdministrateAsync("GrantPermissions", iam.DeepClone());
        var before = await OnOrdersAsync(lake);

        await SucceedAsync(api.PostAsync("/api/v1/groups", """{"name": "Newcomers"}"""));
        await GovernedLake.PutAsync(api, GovernedLake.Reading("Analysts", GovernedLake.Tables.Except(["orders"])) + "\n---\n" + GovernedLake.Reading("Newcomers", ["orders", "returns"]));
        await GovernedLake.MembersAsync(api, "Newcomers", ["dan"]);
        await UntilAsync(async () => (await ConnectionAsync(api))["status"]!.GetValue<string>() == "unhealthy" && lake.Seen("dan", "returns") is not null);

        (await ConnectionAsync(api))["statusReason"]!.GetValue<string>().ShouldContain("can't govern");
        await UntilAsync(() => IsReconciledAsync(api, GovernedLake.Key));
        var plan = (await api.PostAsync("/api/v1/plans", $$"""{"connectionKey": "{{GovernedLake.Key}}"}""")).Json;
        var shortfall = plan["shortfalls"]!.AsArray().Single(static s => s!["objectPath"]!.AsArray()[^1]!.GetValue<string>() == "orders")!;
        shortfall["reason"]!.GetValue<string>().ShouldStartWith("can't govern: IAM_ALLOWED_PRINCIPALS has permissions on the table");
        (await OnOrdersAsync(lake)).Except(before).ShouldBeEmpty("nothing new is granted there");
        // A passed check says nothing of it.
        await api.CompleteAsync((await api.PostAsync($"/api/v1/connections/{GovernedLake.Key}/check", null)).Json["bulkId"]!.GetValue<string>());
        (await ConnectionAsync(api))["status"]!.GetValue<string>().ShouldBe("unhealthy");

        await lake.AdministrateAsync("RevokePermissions", iam.DeepClone());
        await GovernedLake.LookAsync(api);
        await UntilAsync(() => Task.FromResult(lake.Seen("dan", "orders") is not null));
        await UntilAsync(async () => (await ConnectionAsync(api))["status"]!.GetValue<string>() != "unhealthy");
        await ReconciledAsync(api, GovernedLake.Key);
    }

    private static async Task<List<string>> OnOrdersAsync(GovernedLake lake) =>
        [.. (await lake.GrantsAsync()).Where(static g => g.Contains("\"orders\"", StringComparison.Ordinal))];

    private static async Task<JsonNode> ConnectionAsync(Api api) => (await api.GetAsync($"/data/connection/{GovernedLake.Key}")).Json;

    private static async Task<GovernedLake> BeginAsync(ServiceGrants grants, string[] crowd)
    {
        var lake = await GovernedLake.StartAsync(
            grants, new Dictionary<string, string[]>(StringComparer.Ordinal) { ["Analysts"] = ["ada", "ben", "cat", .. crowd], ["Privacy"] = ["ben"] });
        using var api = lake.Server.Api();
        await GovernedLake.PutAsync(api, GovernedLake.Reading("Analysts", GovernedLake.Tables));
        await ReconciledAsync(api, GovernedLake.Key);
        foreach (var person in (string[])["ada", "ben", "cat"]) lake.Seen(person, "customers").ShouldNotBeNull().ShouldContain("email");
        return lake;
    }

    private static async Task<int> EventsAsync(Api api, string action) => (await api.GetAsync($"/api/v1/audit?action={action}&size=1")).Json["count"]!.GetValue<int>();

    private static async Task<JsonNode> FailedAsync(Api api)
    {
        JsonNode? failed = null;
        await UntilAsync(async () =>
        {
            var plans = (await api.GetAsync($"/api/v1/plans?connectionKey={GovernedLake.Key}")).Json["hits"]!.AsArray();
            failed = plans.FirstOrDefault(static p => p!["state"]!.GetValue<string>() == "failed");
            return failed is not null;
        });
        return failed!;
    }
}
