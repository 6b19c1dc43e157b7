using Npgsql;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Platforms.PostgreSql.Sql;
using Sluice.Testing;
using Sluice.Testing.Cases;
using Sluice.Testing.Naive;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>
/// Generated people, policies and tables on a real server: whoever logs in reads exactly what the naive evaluator says, and after every change again.
/// PostgreSQL has no masks of its own, so a column that would be masked for somebody is refused to them; in most worlds views show it masked besides.
/// </summary>
public sealed class GeneratedWorldTests(PostgresFixture postgres, ITestOutputHelper output) : IClassFixture<PostgresFixture>
{
    private static readonly int Changes = Seeds.IsLong ? 3 : 1;
    private static readonly Capabilities Capabilities = new(HasNativeMasks: false);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everybody_reads_what_the_naive_evaluator_says()
    {
        var seen = new Tally();
        foreach (var seed in Seeds.Of(1, few: 6, many: 200))
        {
            var round = await GeneratedRound.BeginAsync(postgres, seed, hasViews: seed % 4 != 0);
            await WritesAsync(round);
            await EnforceAndCompareAsync(round, seen);
            for (uint change = 1; change <= Changes; change++)
            {
                round.Change((seed * 1000) + change);
                await EnforceAndCompareAsync(round, seen);
            }

            await DriftAsync(round, seed);
            await EnforceAndCompareAsync(round, seen);
            await ComparePeopleWhoActAsync(round, seed, seen);
            output.WriteLine($"seed {seed}: {seen}");
        }

        // A run in which nobody reads, or nothing is hidden, proves nothing.
        seen.Read.ShouldBeGreaterThan(0);
        seen.Refused.ShouldBeGreaterThan(0);
        seen.ColumnsRefused.ShouldBeGreaterThan(0);
        seen.RowsHidden.ShouldBeGreaterThan(0);
        seen.Masked.ShouldBeGreaterThan(0, $"{seen}");
        seen.Acted.ShouldBeGreaterThan(0);
    }

    private sealed record Tally
    {
        public int Read { get; set; }
        public int Refused { get; set; }
        public int ColumnsRefused { get; set; }
        public int RowsHidden { get; set; }
        public int Masked { get; set; }
        public int Acted { get; set; }
    }

    private static async Task EnforceAndCompareAsync(GeneratedRound round, Tally seen)
    {
        await round.EnforceAsync();
        var salt = await round.SaltAsync();
        var naive = round.World.Naive();
        foreach (var identity in round.World.Holders())
        {
            await using var connection = await round.ConnectAsync(round.Login(identity.Name));
            foreach (var table in round.World.Tables.Where(t => t.IsActive))
            {
                await CompareAsync(round, naive, connection, identity, table, seen);
                if (round.HasViews) await CompareViewAsync(round, naive, connection, identity, table, salt, seen);
                foreach (var other in new[] { GeneratedRound.ViewOfOthers(table.Object.Path), round.PartitionOf(table.Object.Path) }.OfType<ObjectPath>())
                    (await GeneratedRound.TryReadAsync(connection, $"SELECT 1 FROM {GeneratedRound.Sql(other)}")).Refusal.ShouldBe("42501", round.About($"{identity.Name} on {other}"));
            }
        }

        await WritesAsync(round);
        await CompareApplicationAsync(round, naive);
    }

    private static async Task CompareAsync(GeneratedRound round, NaiveEvaluator naive, NpgsqlConnection connection, IdentityHolders identity, CaseTable table, Tally seen)
    {
        var governed = GeneratedRound.Typed(table.Object);
        var columns = governed.Columns.Select(c => c.Name).ToList();
        var outcomes = table.Rows.Select(row => columns.Select(c => naive.OutcomeOf([.. identity.Holders], governed, c, row, Capabilities)).ToArray()).ToList();
        var about = round.About($"{identity.Name} on {governed.Path}");
        if (outcomes.Count == 0) return;
        if (outcomes[0].All(o => o is CellOutcome.NotSubscribed))
        {
            (await GeneratedRound.TryReadAsync(connection, $"SELECT 1 FROM {GeneratedRound.Sql(governed.Path)}")).Refusal.ShouldBe("42501", about);
            seen.Refused++;
            return;
        }

        // A mask that is in no row may still refuse the column, where only its condition says so; or not, where the condition can't be true there.
        foreach (var column in columns.Where(c => table.Rows.Any(row => identity.Holders.Any(h => naive.MaskOf(h, governed, c, row) is not null))))
        {
            (await GeneratedRound.TryReadAsync(connection, GeneratedRound.Select([column], governed.Path))).Refusal.ShouldBe("42501", $"{about}, column {column}");
            seen.ColumnsRefused++;
        }

        var open = columns.Select((c, i) => (Name: c, Index: i)).Where(c => outcomes[0][c.Index] is not CellOutcome.ColumnRefused).ToList();
        if (open.Count == 0) return;
        var expected = round.Texts(governed.Path).Where((_, row) => outcomes[row][open[0].Index] is not CellOutcome.RowAbsent)
            .Select(row => string.Join('|', open.Select(c => row[c.Index] ?? "NULL"))).Order(StringComparer.Ordinal);
        var (rows, refusal) = await GeneratedRound.TryReadAsync(connection, GeneratedRound.Select(open.Select(c => c.Name), governed.Path));
        refusal.ShouldBeNull(about);
        rows.Select(r => string.Join('|', r.Select(v => v ?? "NULL"))).Order(StringComparer.Ordinal).ShouldBe(expected, about);
        seen.Read++;
        seen.RowsHidden += table.Rows.Count - rows.Count;
    }

    private static async Task CompareViewAsync(
        GeneratedRound round, NaiveEvaluator naive, NpgsqlConnection connection, IdentityHolders identity, CaseTable table, string? salt, Tally seen)
    {
        var governed = GeneratedRound.Typed(table.Object);
        var view = round.Database.Names.View(governed.Path);
        var about = round.About($"{identity.Name} on view {view}");
        if (table.Rows.Count == 0) return;
        var outcomes = table.Rows.Select(row => governed.Columns.Select(c => naive.OutcomeOf([.. identity.Holders], governed, c.Name, row, Capabilities.All)).ToArray()).ToList();

        // Without masks there is no view.
        if (await round.Database.AskAsSuperuserAsync($"SELECT to_regclass({Quote.Literal(GeneratedRound.Sql(view))}) IS NULL") == "True")
        {
            outcomes.ShouldAllBe(row => row.All(o => !(o is CellOutcome.Masked)), about);
            return;
        }

        var (rows, refusal) = await GeneratedRound.TryReadAsync(connection, GeneratedRound.Select(governed.Columns.Select(c => c.Name), view));
        if (outcomes[0][0] is CellOutcome.NotSubscribed)
        {
            refusal.ShouldBe("42501", about);
            return;
        }

        refusal.ShouldBeNull(about);
        Canonical(rows, governed.Columns).ShouldBe(Expected(round, outcomes, table, governed.Columns, salt), about);
        seen.Masked += outcomes.Sum(row => row.Count(o => o is CellOutcome.Masked));
    }

    private static IEnumerable<string> Canonical(IReadOnlyList<string?[]> rows, IReadOnlyList<Core.Access.GovernedColumn> columns) => rows
        .Select(r => string.Join('|', r.Select((v, i) => GeneratedRound.Canonical(v, ColumnKinds.Of(columns[i].Type))))).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Expected(
        GeneratedRound round, List<CellOutcome[]> outcomes, CaseTable table, IReadOnlyList<Core.Access.GovernedColumn> columns, string? salt) => outcomes
        .Select((row, r) => (Cells: row, Row: r)).Where(r => r.Cells.All(o => o is not CellOutcome.RowAbsent))
        .Select(r => string.Join('|', r.Cells.Select((o, c) => round.Expected(o, columns[c], round.Texts(table.Object.Path)[r.Row][c], table.Rows[r.Row][c], salt))))
        .Order(StringComparer.Ordinal);

    /// <summary>Whoever somebody acts as, they read nothing more.</summary>
    private static async Task ComparePeopleWhoActAsync(GeneratedRound round, uint seed, Tally seen)
    {
        var naive = round.World.Naive();
        var holders = round.World.Holders();
        var identity = holders[(int)(seed % (uint)holders.Count)];
        await using var connection = await round.ConnectAsync(round.Login(identity.Name));
        var roles = (await GeneratedRound.TryReadAsync(connection, "SELECT rolname FROM pg_roles WHERE pg_has_role(session_user, oid, 'MEMBER') AND rolname <> session_user")).Rows;
        foreach (var role in roles.Select(r => r[0]!))
        {
            (await GeneratedRound.TryReadAsync(connection, $"SET ROLE {Quote.Identifier(role)}")).Refusal.ShouldBeNull();
            foreach (var table in round.World.Tables.Where(t => t.IsActive))
            {
                var governed = GeneratedRound.Typed(table.Object);
                for (var i = 0; i < governed.Columns.Count; i++)
                {
                    var (rows, refusal) = await GeneratedRound.TryReadAsync(connection, GeneratedRound.Select([governed.Columns[i].Name], governed.Path));
                    if (refusal is not null) continue;
                    seen.Acted++;
                    var expected = round.Texts(governed.Path)
                        .Where((_, row) => naive.OutcomeOf([.. identity.Holders], governed, governed.Columns[i].Name, table.Rows[row], Capabilities) is CellOutcome.Clear).Select(t => t[i]).ToList();
                    rows.Select(r => r[0]).Order(StringComparer.Ordinal).ShouldBe(expected.Order(StringComparer.Ordinal), round.About($"{identity.Name} as {role} on {governed.Path}"));
                }
            }
        }
    }

    /// <summary>What an application wrote before, it writes after, whatever is filtered.</summary>
    private static async Task WritesAsync(GeneratedRound round)
    {
        await using var connection = await round.ConnectAsync(round.Application);
        foreach (var table in round.World.Tables)
        {
            var rows = round.Texts(table.Object.Path).Count;
            await using var transaction = await connection.BeginTransactionAsync(Token);
            await using var insert = new NpgsqlCommand($"INSERT INTO {GeneratedRound.Sql(table.Object.Path)} DEFAULT VALUES", connection, transaction);
            (await insert.ExecuteNonQueryAsync(Token)).ShouldBe(1, round.About($"{table.Object.Path}"));
            await using var update = new NpgsqlCommand($"UPDATE {GeneratedRound.Sql(table.Object.Path)} SET {Quote.Identifier(table.Object.Columns[^1].Name)} = NULL", connection, transaction);
            (await update.ExecuteNonQueryAsync(Token)).ShouldBe(rows + 1, round.About($"{table.Object.Path}"));
            await using var delete = new NpgsqlCommand($"DELETE FROM {GeneratedRound.Sql(table.Object.Path)}", connection, transaction);
            (await delete.ExecuteNonQueryAsync(Token)).ShouldBe(rows + 1, round.About($"{table.Object.Path}"));
            await transaction.RollbackAsync(Token);
        }
    }

    /// <summary>An application's grants stay; row rules meet it, or don't, as the connection's setting says. Grants of columns are people's alone.</summary>
    private static async Task CompareApplicationAsync(GeneratedRound round, NaiveEvaluator naive)
    {
        await using var connection = await round.ConnectAsync(round.Application);
        foreach (var table in round.World.Tables)
        {
            var governed = GeneratedRound.Typed(table.Object);
            var (rows, refusal) = await GeneratedRound.TryReadAsync(connection, GeneratedRound.Select(governed.Columns.Select(c => c.Name), governed.Path));
            refusal.ShouldBeNull(round.About($"{governed.Path}"));
            var expected = round.Texts(governed.Path).Where((_, row) => !table.IsActive || naive.IsRowVisible(null, governed, table.Rows[row])).ToList();
            rows.Select(Joined).Order(StringComparer.Ordinal).ShouldBe(expected.Select(Joined).Order(StringComparer.Ordinal), round.About($"the application on {governed.Path}"));
        }

        static string Joined(string?[] row) => string.Join('|', row.Select(v => v ?? "NULL"));
    }

    /// <summary>What somebody changes by hand; the next plan mends it.</summary>
    private static async Task DriftAsync(GeneratedRound round, uint seed)
    {
        var table = round.World.Tables.FirstOrDefault(t => t.IsActive);
        if (table is null) return;
        var login = Quote.Identifier(round.Login(round.World.Identities[(int)(seed % (uint)round.World.Identities.Count)].Name));
        await round.AsOwnerAsync($"GRANT SELECT ON {GeneratedRound.Sql(table.Object.Path)} TO {login}");
        await round.AsOwnerAsync("""
            DO $do$ DECLARE p record; BEGIN
              SELECT polname, polrelid::regclass::text AS t INTO p FROM pg_policy WHERE NOT polpermissive ORDER BY polname LIMIT 1;
              IF FOUND THEN EXECUTE format('DROP POLICY %I ON %s', p.polname, p.t); END IF;
            END $do$
            """);
        await round.AsOwnerAsync($"""
            DO $do$ DECLARE g record; BEGIN
              SELECT c.oid::regclass::text AS t, a.grantee::regrole::text AS r INTO g FROM pg_class c, aclexplode(c.relacl) a
              WHERE a.grantee <> 0 AND starts_with(a.grantee::regrole::text, '{round.Database.Names.AudiencePrefix}') AND c.relkind IN ('r', 'p') AND a.privilege_type = 'SELECT'
              ORDER BY 1, 2 LIMIT 1;
              IF FOUND THEN EXECUTE format('REVOKE SELECT ON %s FROM %s', g.t, g.r); END IF;
            END $do$
            """);
    }
}
