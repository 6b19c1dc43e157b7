using System.Text.Json.Nodes;
using Sluice.Sandbox.Aws;
using static Sluice.EndToEnd.Tests.ActivationTrials;

namespace Sluice.EndToEnd.Tests;

/// <summary>On every cloud: what a dry run names of one table among others, and of all of them, is just what is then done.</summary>
public sealed class CloudActivationTrialTests
{
    [Theory]
    [InlineData("snowflake")]
    [InlineData("databricks")]
    public async Task What_a_dry_run_names_is_done_and_nothing_else(string technology)
    {
        await using var cloud = await GovernedClouds.StartAsync(technology);
        using var api = cloud.Server.Api();
        var schema = cloud.Schema.Replace(", ", "/", StringComparison.Ordinal);
        await CloudWorld.Covered.PutAsync(cloud, api, before: null, static () => { });

        // The only table of Finance, one of several of Analysts', and then what is left with it.
        foreach (var path in (string[])[$"{schema}/{cloud.Table(CloudWorld.Tables[0])}", $"{schema}/{cloud.Table(CloudWorld.Tables[1])}", schema])
            foreach (var isActive in (bool[])[false, true])
                await ChangeAsTriedAsync(api, cloud.Key, path, isActive);
    }

    [Theory]
    [InlineData(ServiceGrants.LFTag)]
    [InlineData(ServiceGrants.Super)]
    public async Task What_a_dry_run_names_is_done_and_nothing_else_on_a_lake(ServiceGrants grants)
    {
        await using var lake = await GovernedLake.StartAsync(grants, new Dictionary<string, string[]> { ["Analysts"] = ["ada", "ben"], ["Privacy"] = ["ben"] });
        using var api = lake.Server.Api();
        await GovernedLake.PutAsync(api, GovernedLake.Reading("Analysts", GovernedLake.Tables[..3]) + "\n---\n" + GovernedLake.Masking("Privacy", isStaged: false));
        var table = $"{GovernedLake.Key}/{GovernedLake.Database}/{GovernedLake.Tables[0]}";

        await ChangeAsTriedAsync(api, GovernedLake.Key, table, isActive: false);
        await lake.AdministrateAsync("GrantPermissions", new JsonObject
        {
            ["Principal"] = new JsonObject { ["DataLakePrincipalIdentifier"] = lake.ArnOf("dan") },
            ["Resource"] = new JsonObject { ["Table"] = new JsonObject { ["DatabaseName"] = GovernedLake.Database, ["Name"] = GovernedLake.Tables[0] } },
            ["Permissions"] = new JsonArray("SELECT"),
        });
        var trial = await ChangeAsTriedAsync(api, GovernedLake.Key, table, isActive: true);
        trial["plan"]!["changes"]![0]!["people"]!.AsArray().ShouldHaveSingleItem()!["username"]!.GetValue<string>().ShouldBe("dan", "what is taken away comes first, with whose it is");
        lake.Seen("dan", GovernedLake.Tables[0]).ShouldBeNull();
        foreach (var isActive in (bool[])[false, true]) await ChangeAsTriedAsync(api, GovernedLake.Key, $"{GovernedLake.Key}/{GovernedLake.Database}", isActive);
    }
}
