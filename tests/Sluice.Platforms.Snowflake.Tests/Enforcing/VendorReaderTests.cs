using System.Text.Json;
using Sluice.Testing;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>Generated worlds read with the vendor's own driver: whoever logs in by it reads exactly what the naive evaluator says.</summary>
public sealed class VendorReaderTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Everybody_reads_by_the_vendors_driver_what_the_naive_evaluator_says()
    {
        var seen = new Tally();
        foreach (var seed in Seeds.Of(4, few: 3, many: 40))
        {
            await using var round = await GeneratedRound.BeginAsync(seed);
            await EnforceAndCompareAsync(round, seen);
            round.Change(seed);
            await EnforceAndCompareAsync(round, seen);
        }

        output.WriteLine($"{seen}");
        seen.Read.ShouldBeGreaterThan(0);
        seen.Refused.ShouldBeGreaterThan(0);
    }

    private sealed record Tally
    {
        public int Read { get; set; }
        public int Refused { get; set; }
        public int RowsHidden { get; set; }
    }

    private async Task EnforceAndCompareAsync(GeneratedRound round, Tally seen)
    {
        await round.EnforceAsync();
        var (sight, salt) = (new GeneratedSight(round.World, round.Intent(), round.PassedOver), await round.SaltAsync());
        List<string> users = [.. round.World.Identities.Select(static i => i.Name), .. GeneratedRound.Strangers];
        var met = await ReadAsync(round, users);
        for (var user = 0; user < users.Count; user++)
        {
            for (var place = 0; place < round.World.Tables.Count; place++)
            {
                var (table, who) = (round.World.Tables[place], users[user]);
                var isStranger = GeneratedRound.Strangers.Contains(who, StringComparer.Ordinal);
                // Where masks are left out because only the exempt are granted a table, others who have it see what they saw.
                if (isStranger && sight.IsNarrowed(table)) continue;
                var about = round.About($"{who} on {table.Object.Path}");
                var expected = (isStranger ? sight.OfUnregistered(who, table, salt) : sight.Of(who, table, salt)).Rows;
                if (expected is null)
                {
                    // Who has another privilege on it is told that it is there.
                    met[user][place].GetProperty("code").GetString().ShouldBeOneOf(["002003", "003001"], about);
                    seen.Refused++;
                    continue;
                }

                var rows = met[user][place].GetProperty("rows").EnumerateArray().Select(r => GeneratedRound.Texts(table, [.. r.EnumerateArray().Select(static v => v.GetString())])).ToList();
                rows.Select(static r => string.Join('|', r)).Order(StringComparer.Ordinal).ShouldBe(expected.OfType<IReadOnlyList<string>>().Select(static r => string.Join('|', r)).Order(StringComparer.Ordinal), about);
                seen.Read++;
                seen.RowsHidden += table.Rows.Count - rows.Count;
            }
        }
    }

    // By user and table.
    private async Task<List<List<JsonElement>>> ReadAsync(GeneratedRound round, IReadOnlyList<string> users)
    {
        var text = "";
        var exitCode = await VendorClient.DriveAsync(
            "Sluice.Sandbox.Snowflake.Tests",
            "snowflake-sdk",
            new { endpoint = round.Account.Sandbox.Endpoint.ToString(), account = round.Account.Sandbox.AccountIdentifier, password = EnforcedAccount.Password, users, selects = round.World.Tables.Select(static t => GeneratedRound.SelectOf(t)) },
            told => text += told,
            TestContext.Current.CancellationToken,
            "read.mjs");
        if (exitCode != 0) output.WriteLine(text);
        exitCode.ShouldBe(0);
        var line = text.Split('\n').Single(static l => l.StartsWith("READ ", StringComparison.Ordinal))["READ ".Length..];
        return [.. JsonElement.Parse(line).EnumerateArray().Select(static u => u.EnumerateArray().ToList())];
    }
}
