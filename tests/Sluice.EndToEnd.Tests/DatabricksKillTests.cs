using static Sluice.EndToEnd.Tests.Enforced;

namespace Sluice.EndToEnd.Tests;

/// <summary>kill -9 in the middle of an apply on Databricks: the next server goes on from there, and nobody ever reads what neither state allows.</summary>
public sealed class DatabricksKillTests(ITestOutputHelper output)
{
    private const string Ada = "ada@acme.example", Ben = "ben@acme.example", Cat = "cat@acme.example";
    private const int Seed = 20261130;

    private static readonly int Rounds = Environment.GetEnvironmentVariable("SLUICE_LONG") == "1" ? 10 : 1;
    private static readonly string[] Tables = [.. Enumerable.Range(0, 8).Select(static i => $"orders/killed_{i}")];

    [Fact]
    public async Task A_server_killed_in_an_apply_goes_on_after_it()
    {
        var statements = Tables.SelectMany(static t => new[]
        {
            $"CREATE TABLE {GovernedUnity.Named(t)} (id BIGINT, email STRING)", $"INSERT INTO {GovernedUnity.Named(t)} VALUES (1, 'a@example.org')",
        });
        await using var unity = await GovernedUnity.StartAsync(new Dictionary<string, string[]> { ["Analysts"] = [Ada, Ben], ["Privacy"] = [Ben] }, "sales/orders", asProcess: true, [.. statements]);
        var random = new Random(Seed);
        using (var api = unity.Server.Api())
        {
            await GovernedUnity.PutAsync(api, GovernedUnity.Reading("Analysts", Tables) + "\n---\n" + Masking(isStaged: true));
            await ReconciledAsync(api, GovernedUnity.Key);
        }

        await ShouldSeeAsync(unity, analysts: [Ada, Ben], isMasked: false, exempt: Ben);
        for (var round = 0; round < Rounds; round++)
        {
            // Cat joins, Ada leaves, and addresses are masked; then all of it back.
            await TurnAsync(unity, random, [Ben, Cat], isMasked: true, before: Ada);
            await TurnAsync(unity, random, [Ada, Ben], isMasked: false, before: Cat);
        }

        output.WriteLine($"{Rounds * 2} kills, seed {Seed}");
    }

    private static async Task TurnAsync(GovernedUnity unity, Random random, string[] analysts, bool isMasked, string before)
    {
        using (var api = unity.Server.Api())
        {
            await GovernedUnity.ModeAsync(api, "observe");
            await GovernedUnity.MembersAsync(api, "Analysts", analysts);
            await GovernedUnity.PutAsync(api, Masking(isStaged: !isMasked));
            await GovernedUnity.ModeAsync(api, "sync");

            // A point in the apply: so many of the tables are open to who joins, or closed to who leaves. Some kills meet a server that is done.
            var at = random.Next(1, Tables.Length + 1);
            await UntilAsync(async () => await CountAsync(unity, analysts) >= at || await IsReconciledAsync(api, GovernedUnity.Key));
        }

        await unity.KillAsync();
        foreach (var table in Tables)
        {
            // Who reads for the first time under the mask has never seen a value that is not masked.
            var seen = await unity.ReadAsync(Cat, $"SELECT email FROM {GovernedUnity.Named(table)}");
            if (isMasked && seen is not null) seen.ShouldHaveSingleItem()[0].ShouldBeNull(table);
        }

        using var next = unity.Server.Api();
        await ReconciledAsync(next, GovernedUnity.Key);
        await ShouldSeeAsync(unity, analysts, isMasked, Ben);
        (await unity.MayReadAsync(before, Tables[0])).ShouldBeFalse(before);
        var trail = await next.PostAsync("/api/v1/audit/verify", "{}");
        trail.Status.ShouldBe(System.Net.HttpStatusCode.OK, trail.Text);
    }

    private static async Task<int> CountAsync(GovernedUnity unity, string[] readers)
    {
        var count = 0;
        foreach (var table in Tables)
            if (await unity.MayReadAsync(readers.First(static r => r != Ben), table)) count++;
        return count;
    }

    private static async Task ShouldSeeAsync(GovernedUnity unity, string[] analysts, bool isMasked, string exempt)
    {
        foreach (var table in Tables)
        {
            foreach (var person in (string[])[Ada, Ben, Cat])
            {
                var rows = await unity.ReadAsync(person, $"SELECT email FROM {GovernedUnity.Named(table)}");
                if (!analysts.Contains(person)) rows.ShouldBeNull($"{person} {table}");
                else rows.ShouldNotBeNull($"{person} {table}").ShouldHaveSingleItem()[0].ShouldBe(isMasked && person != exempt ? null : "a@example.org", $"{person} {table}");
            }
        }
    }

    private static string Masking(bool isStaged) => $$$"""
        policyKey: mask
        name: Addresses are for a few
        type: data
        staged: {{{(isStaged ? "true" : "false")}}}
        circumstances: [{type: objectPath, path: [{{{GovernedUnity.Key}}}, {{{GovernedUnity.Catalog}}}, orders]}]
        actions:
          - rules:
              - type: Masking
                config: {fields: [{type: columnRegex, regex: "^email$"}], maskingConfig: {type: "Null"}}
                exceptions: {operator: any, groups: [Privacy]}
        """;
}
