using Npgsql;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Platforms.PostgreSql.Sql;
using Sluice.Testing;
using Sluice.Testing.Cases;
using Sluice.Testing.Naive;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>Ways around the grants that are planted in generated worlds: whoever really reads more by one is told, and nobody else.</summary>
public sealed class GeneratedResidualTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly Capabilities Capabilities = new(HasNativeMasks: false);

    [Fact]
    public async Task Whoever_reads_more_than_policies_allow_is_told_and_nobody_else()
    {
        var more = 0;
        foreach (var seed in Seeds.Of(1001, few: 5, many: 100))
        {
            var round = await GeneratedRound.BeginAsync(postgres, seed, hasViews: seed % 2 == 0);
            if (round.World.Tables.FirstOrDefault(t => t.IsActive) is not { } table) continue;
            var identities = round.World.Holders();
            var identity = identities[(int)(seed % (uint)identities.Count)];
            await PlantAsync(round, seed, Quote.Identifier(round.Login(identity.Name)), table.Object.Path);
            await round.EnforceAsync();

            more += await CompareAsync(round, identity);
        }

        more.ShouldBeGreaterThan(0);
    }

    private static async Task PlantAsync(GeneratedRound round, uint seed, string login, ObjectPath table)
    {
        var schema = Quote.Identifier(table.Names[2]);
        var (onTable, onView) = (GeneratedRound.Sql(table), GeneratedRound.Sql(GeneratedRound.ViewOfOthers(table)));
        var shared = $"shared_{round.Database.Name[^6..]}";
        await round.Database.AsSuperuserAsync((seed % 5) switch
        {
            0 => $"GRANT {round.Database.Owner} TO {login}",
            1 => $"SET ROLE {round.Database.Owner}; GRANT USAGE ON SCHEMA {schema} TO PUBLIC; GRANT SELECT ON {onTable} TO PUBLIC",
            2 => $"SET ROLE {round.Database.Owner}; GRANT USAGE ON SCHEMA {schema} TO {login}; GRANT SELECT ON {onView} TO {login}",
            3 => $"GRANT pg_read_all_data TO {login}",
            _ => $"CREATE ROLE {shared}; GRANT {shared} TO {login}; SET ROLE {round.Database.Owner}; GRANT USAGE ON SCHEMA {schema} TO {shared}; GRANT SELECT ON {onTable} TO {shared}",
        });
    }

    private static async Task<int> CompareAsync(GeneratedRound round, IdentityHolders planted)
    {
        var residuals = (await round.Database.ObserveAsync(round.Intent())).Residuals;
        var naive = round.World.Naive();
        var more = 0;
        residuals.Select(r => r.Identity).Where(i => i.Length > 0).Distinct().ShouldBeSubsetOf([round.Login(planted.Name)], round.About("residuals"));
        foreach (var identity in round.World.Holders())
        {
            await using var connection = await round.ConnectAsync(round.Login(identity.Name));
            foreach (var table in round.World.Tables.Where(t => t.IsActive))
            {
                var told = residuals.Where(r => r.Object.Equals(table.Object.Path) && (r.Identity == round.Login(identity.Name) || r.Identity.Length == 0)).ToList();
                var about = round.About($"{identity.Name} on {table.Object.Path}, told: {string.Join("; ", residuals)}");
                if (await ReadsMoreAsync(round, naive, connection, identity, table))
                {
                    told.ShouldNotBeEmpty(about);
                    more++;
                }

                if (told.Any(r => r.Identity.Length > 0)) MayReadAll(naive, identity, table).ShouldBeFalse(about);
            }
        }

        return more;
    }

    private static bool MayReadAll(NaiveEvaluator naive, IdentityHolders identity, CaseTable table)
    {
        var governed = GeneratedRound.Typed(table.Object);
        return identity.Holders.Count > 0 && identity.Holders.All(h =>
            naive.IsSubscribed(h, governed, Core.Policies.AccessKind.Read) && !naive.HasRowRules(h, governed) && !governed.Columns.Any(c => naive.HasMasks(h, governed, c.Name)));
    }

    // By whatever name: of the table, of a view of somebody else's, of a partition.
    private static async Task<bool> ReadsMoreAsync(GeneratedRound round, NaiveEvaluator naive, NpgsqlConnection connection, IdentityHolders identity, CaseTable table)
    {
        var governed = GeneratedRound.Typed(table.Object);
        foreach (var from in new[] { governed.Path, GeneratedRound.ViewOfOthers(governed.Path), round.PartitionOf(governed.Path) }.OfType<ObjectPath>())
        {
            for (var i = 0; i < governed.Columns.Count; i++)
            {
                var column = governed.Columns[i].Name;
                var (rows, refusal) = await GeneratedRound.TryReadAsync(connection, GeneratedRound.Select([column], from));
                if (refusal is not null) continue;
                var left = round.Texts(governed.Path)
                    .Where((_, row) => naive.OutcomeOf([.. identity.Holders], governed, column, table.Rows[row], Capabilities) is CellOutcome.Clear).Select(t => t[i]).ToList();
                if (!rows.All(r => left.Remove(r[0]))) return true;
            }
        }

        return false;
    }
}
