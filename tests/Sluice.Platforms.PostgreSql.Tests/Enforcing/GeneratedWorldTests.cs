using Npgsql;
using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Core.People;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Platforms.PostgreSql.Sql;
using Sluice.Testing.Cases;
using Sluice.Testing.Naive;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>
/// Generated people, policies and tables on a real server: whoever logs in reads exactly what the naive evaluator says, and after every change again.
/// PostgreSQL has no masks of its own, so a column that would be masked for somebody is refused to them.
/// </summary>
public sealed class GeneratedWorldTests(PostgresFixture postgres, ITestOutputHelper output) : IClassFixture<PostgresFixture>
{
    private const string Password = "p4ss";
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("SLUICE_LONG") == "1";
    private static readonly int Rounds = IsLong ? 200 : 6;
    private static readonly int Changes = IsLong ? 3 : 1;
    private static readonly Capabilities Capabilities = new(HasNativeMasks: false);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everybody_reads_what_the_naive_evaluator_says()
    {
        var seen = new Tally();
        for (uint seed = 1; seed <= Rounds; seed++)
        {
            var round = await Round.BeginAsync(postgres, seed, seen);
            await round.EnforceAndCompareAsync();
            for (uint change = 1; change <= Changes; change++)
            {
                round.Change((seed * 1000) + change);
                await round.EnforceAndCompareAsync();
            }

            if (IsLong) output.WriteLine($"seed {seed}: {seen}");
        }

        // A run in which nobody reads, or nothing is hidden, proves nothing.
        seen.Read.ShouldBeGreaterThan(0);
        seen.Refused.ShouldBeGreaterThan(0);
        seen.ColumnsRefused.ShouldBeGreaterThan(0);
        seen.RowsHidden.ShouldBeGreaterThan(0);
    }

    private sealed record Tally
    {
        public int Read { get; set; }
        public int Refused { get; set; }
        public int ColumnsRefused { get; set; }
        public int RowsHidden { get; set; }
    }

    private sealed class Round(PostgresFixture postgres, EnforcedDatabase database, CaseOptions options, uint seed, World world, Tally seen)
    {
        private readonly Dictionary<ObjectPath, List<string?[]>> _texts = [];
        private World _world = world;
        private string _change = "begin";

        public static async Task<Round> BeginAsync(PostgresFixture postgres, uint seed, Tally seen)
        {
            var database = await EnforcedDatabase.MakeAsync(postgres, "SELECT 1");
            var options = new CaseOptions { ConnectionKey = Registered.Key, Databases = [database.Name], HasCustomMasks = false };
            var round = new Round(postgres, database, options, seed, WorldOf(options, seed), seen);
            await round.MakeAsync();
            return round;
        }

        // The server has no other clock than its own.
        private static World WorldOf(CaseOptions options, uint seed) => new CaseGenerator(options).Of(seed) with { Now = TimeProvider.System.GetUtcNow() };

        /// <summary>One random change.</summary>
        public void Change(uint changeSeed)
        {
            var mutation = new MutationGenerator(options).Mutate(_world, changeSeed);
            _change = mutation.ToString()!.Split('\n')[0];
            _world = mutation.After;
        }

        public async Task EnforceAndCompareAsync()
        {
            var intent = Intent();
            var plan = await PlanAsync(intent);
            var failed = (await database.ApplyAsync(intent, plan.Changes)).Where(o => o.Error is not null).Select(o => $"{o.Change.Key}: {o.Error}");
            failed.ShouldBeEmpty(About(""));
            (await PlanAsync(intent)).Changes.ShouldBeEmpty(About("a second plan"));

            var naive = _world.Naive();
            foreach (var identity in _world.Holders())
                foreach (var table in _world.Tables.Where(t => t.IsActive)) await CompareAsync(naive, identity, table);
        }

        private async Task CompareAsync(NaiveEvaluator naive, IdentityHolders identity, CaseTable table)
        {
            var governed = Typed(table.Object);
            var columns = governed.Columns.Select(c => c.Name).ToList();
            var outcomes = table.Rows.Select(row => columns.Select(c => naive.OutcomeOf([.. identity.Holders], governed, c, row, Capabilities)).ToArray()).ToList();
            var about = About($"{identity.Name} on {governed.Path}");
            if (outcomes.Count == 0) return;
            if (outcomes[0].All(o => o is CellOutcome.NotSubscribed))
            {
                (await TryReadAsync(identity.Name, $"SELECT 1 FROM {Sql(governed.Path)}")).Refusal.ShouldBe("42501", about);
                seen.Refused++;
                return;
            }

            // A mask that is in no row may still refuse the column, where only its condition says so; or not, where the condition can't be true there.
            foreach (var column in columns.Where(c => table.Rows.Any(row => identity.Holders.Any(h => naive.MaskOf(h, governed, c, row) is not null))))
            {
                (await TryReadAsync(identity.Name, $"SELECT {Quote.Identifier(column)} FROM {Sql(governed.Path)}")).Refusal.ShouldBe("42501", $"{about}, column {column}");
                seen.ColumnsRefused++;
            }

            var open = columns.Select((c, i) => (Name: c, Index: i)).Where(c => outcomes[0][c.Index] is not CellOutcome.ColumnRefused).ToList();
            if (open.Count == 0) return;
            var expected = _texts[governed.Path].Where((_, row) => outcomes[row][open[0].Index] is not CellOutcome.RowAbsent)
                .Select(row => string.Join('|', open.Select(c => row[c.Index] ?? "NULL"))).Order(StringComparer.Ordinal);
            var (rows, refusal) = await TryReadAsync(identity.Name, $"SELECT {string.Join(", ", open.Select(c => $"{Quote.Identifier(c.Name)}::text"))} FROM {Sql(governed.Path)}");
            refusal.ShouldBeNull(about);
            rows.Order(StringComparer.Ordinal).ShouldBe(expected, about);
            seen.Read++;
            seen.RowsHidden += table.Rows.Count - rows.Count;
        }

        private async Task MakeAsync()
        {
            foreach (var person in _world.Identities) await database.AsSuperuserAsync($"CREATE ROLE {Quote.Identifier(Login(person.Name))} LOGIN PASSWORD '{Password}'");
            foreach (var schema in _world.Tables.Select(t => t.Object.Path.Names[2]).Distinct(StringComparer.Ordinal))
                await AsOwnerAsync($"CREATE SCHEMA IF NOT EXISTS {Quote.Identifier(schema)}");
            foreach (var table in _world.Tables)
            {
                await AsOwnerAsync($"CREATE TABLE {Sql(table.Object.Path)} ({string.Join(", ", table.Object.Columns.Select(c => $"{Quote.Identifier(c.Name)} {c.Type}"))})");
                await FillAsync(table);
            }

            // Schemas that came after the setup script are given to the account as its checks ask for.
            foreach (var schema in _world.Tables.Select(t => t.Object.Path.Names[2]).Distinct(StringComparer.Ordinal))
                await database.AsSuperuserAsync($"GRANT USAGE ON SCHEMA {Quote.Identifier(schema)} TO {database.Account} WITH GRANT OPTION");
        }

        private async Task FillAsync(CaseTable table)
        {
            await using var source = NpgsqlDataSource.Create($"{postgres.Cluster.ConnectionString(database.Name)};Pooling=false");
            foreach (var row in table.Rows)
            {
                var marks = string.Join(", ", row.Select((_, i) => $"${i + 1}::{table.Object.Columns[i].Type}"));
                await using var insert = source.CreateCommand($"INSERT INTO {Sql(table.Object.Path)} VALUES ({marks})");
                foreach (var value in row) insert.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
                await insert.ExecuteNonQueryAsync(Token);
            }

            await using var read = source.CreateCommand(
                $"SELECT {string.Join(", ", table.Object.Columns.Select(c => $"{Quote.Identifier(c.Name)}::text"))} FROM {Sql(table.Object.Path)} ORDER BY ctid");
            await using var reader = await read.ExecuteReaderAsync(Token);
            var texts = new List<string?[]>();
            while (await reader.ReadAsync(Token)) texts.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetString(i))]);
            _texts[table.Object.Path] = texts;
        }

        private Task AsOwnerAsync(string sql) => database.AsSuperuserAsync($"SET ROLE {database.Owner}; {sql}");

        private async Task<(IReadOnlyList<string> Rows, string? Refusal)> TryReadAsync(string identity, string sql)
        {
            await using var connection = new NpgsqlConnection($"{postgres.Cluster.ConnectionString(database.Name, Login(identity), Password)};Pooling=false");
            await connection.OpenAsync(Token);
            try
            {
                await using var command = new NpgsqlCommand(sql, connection);
                await using var reader = await command.ExecuteReaderAsync(Token);
                var rows = new List<string>();
                while (await reader.ReadAsync(Token)) rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "NULL" : $"{reader.GetValue(i)}")));
                return (rows, null);
            }
            catch (PostgresException e)
            {
                return ([], e.SqlState);
            }
        }

        private async Task<Plan> PlanAsync(AccessIntent intent) => PlanBuilder.Build(
            database.Compile(intent), await database.ObserveAsync(intent), EnforcementMode.Sync, new ImpactScope(3, new HashSet<string>(), static _ => false));

        private AccessIntent Intent()
        {
            var holders = _world.Holders();
            var compiler = new Sluice.Core.Access.AccessCompiler(_world.Policies);
            var people = new AudienceIndex(_world.People);
            return new AccessIntent
            {
                Prefix = database.Prefix,
                ProtectsUnregistered = _world.Unregistered == UnregisteredBehaviour.Protect,
                Identities = [.. holders.Select(h => h with { Name = Login(h.Name) })],
                MembersOf = rule => [.. holders.Where(h => h.Holders.Count > 0 && h.Holders.All(p => people.Of(rule).Contains(p.Id))).Select(h => Login(h.Name)).Order(StringComparer.Ordinal)],
                Objects = [.. _world.Tables.Where(t => t.IsActive).Select(t => Intended(Typed(t.Object), compiler.Compile(Typed(t.Object)), people, holders))],
            };
        }

        private IntendedObject Intended(GovernedObject governed, ObjectAccess access, AudienceIndex people, IReadOnlyList<IdentityHolders> holders) => new()
        {
            Object = governed,
            Access = access,
            DirectReaders = access.ReadBySubscription is not { } whole ? [] : holders
                .Where(h => h.Holders.Count > 0 && h.Holders.All(p => people.Of(access.Read).Contains(p.Id) || people.Holds(whole, p.Id, Held(p, governed.Path))))
                .Where(h => !h.Holders.All(p => people.Of(access.Read).Contains(p.Id)))
                .Select(h => Login(h.Name)).Order(StringComparer.Ordinal).ToValueList(),
        };

        private Subscriptions Held(Person person, ObjectPath path)
        {
            var held = _world.Subscriptions.Where(s => s.PersonId == person.Id && s.ObjectPath.Equals(path) && s.Access == AccessKind.Read && (s.ExpiresAt is null || s.ExpiresAt > _world.Now)).ToList();
            return new Subscriptions(held.Exists(s => s.Kind == SubscriptionKind.Manual), held.Exists(s => s.Kind == SubscriptionKind.Approval));
        }

        private static GovernedObject Typed(GovernedObject governed) => governed with { Columns = governed.Columns.Select(c => c with { Family = ColumnFamilies.Of(c.Type) }).ToValueList() };

        private string Login(string identity) => $"{identity}_{database.Name[^6..]}";

        private static string Sql(ObjectPath path) => $"{Quote.Identifier(path.Names[2])}.{Quote.Identifier(path.Names[3])}";

        private string About(string what) => $"seed {seed}, {_change}, {what}\n{_world}";
    }
}
