using Npgsql;
using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Platforms.PostgreSql.Sql;
using Sluice.Testing.Cases;
using Sluice.Testing.Naive;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>A generated world on a real server: its tables and logins, what is planned for it and what is read in it.</summary>
internal sealed class GeneratedRound
{
    public const string Password = "p4ss";

    private readonly PostgresFixture _postgres;
    private readonly CaseOptions _options;
    private readonly uint _seed;
    private readonly bool _isPartitioned;
    private readonly Dictionary<ObjectPath, List<string?[]>> _texts = [];
    private string _change = "begin";

    private GeneratedRound(PostgresFixture postgres, EnforcedDatabase database, CaseOptions options, uint seed, World world, bool hasViews)
    {
        (_postgres, Database, _options, _seed, World, HasViews) = (postgres, database, options, seed, world, hasViews);
        _isPartitioned = seed % 3 == 0;
    }

    public EnforcedDatabase Database { get; }

    public World World { get; private set; }

    public bool HasViews { get; }

    /// <summary>A login that is nobody's, granted everything by the owner before there was a policy.</summary>
    public string Application => $"app_{Database.Name[^6..]}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<GeneratedRound> BeginAsync(PostgresFixture postgres, uint seed, bool hasViews = false)
    {
        var database = await EnforcedDatabase.MakeAsync(postgres, "SELECT 1");
        var options = new CaseOptions { ConnectionKey = Registered.Key, Databases = [database.Name], HasCustomMasks = false };

        // The server has no other clock than its own.
        var world = new CaseGenerator(options).Of(seed) with { Now = TimeProvider.System.GetUtcNow() };
        var round = new GeneratedRound(postgres, database, options, seed, world, hasViews);
        await round.MakeAsync();
        return round;
    }

    /// <summary>One random change.</summary>
    public void Change(uint changeSeed)
    {
        var mutation = new MutationGenerator(_options).Mutate(World, changeSeed);
        _change = mutation.ToString()!.Split('\n')[0];
        World = mutation.After;
    }

    /// <summary>Plans, applies and plans again.</summary>
    public async Task EnforceAsync()
    {
        var intent = Intent();
        var plan = await PlanAsync(intent);
        var failed = (await Database.ApplyAsync(intent, plan.Changes)).Where(o => o.Error is not null).Select(o => $"{o.Change.Key}: {o.Error}");
        failed.ShouldBeEmpty(About(""));
        (await PlanAsync(intent)).Changes.ShouldBeEmpty(About("a second plan"));
    }

    public async Task<Plan> PlanAsync(AccessIntent intent) => PlanBuilder.Build(
        Database.Compile(intent), await Database.ObserveAsync(intent), EnforcementMode.Sync, new ImpactScope(3, new HashSet<string>(), static _ => false));

    public AccessIntent Intent() => WorldIntent.Of(World, Database.Prefix, name => [Login(name)], Typed) with { MasksInView = HasViews };

    /// <summary>The rows of a table as a superuser reads them, as texts, in the order of the case.</summary>
    public IReadOnlyList<string?[]> Texts(ObjectPath table) => _texts[table];

    /// <summary>The salt of the hash masks; null while there is none.</summary>
    public async Task<string?> SaltAsync() =>
        await Database.AskAsSuperuserAsync("SELECT to_regclass('sluice.salt') IS NOT NULL") == "True" && await Database.AskAsSuperuserAsync("SELECT salt FROM sluice.salt") is { Length: > 0 } salt ? salt : null;

    /// <summary>What somebody meets at a cell of a table or, where it has one, of its view; as a text that <see cref="Canonical"/> made; null: nothing.</summary>
    public string? Expected(CellOutcome outcome, GovernedColumn column, string? text, object? value, string? salt)
    {
        var kind = ColumnKinds.Of(column.Type);
        return outcome switch
        {
            CellOutcome.Clear => Canonical(text, kind),
            CellOutcome.Masked(MaskFunction.Hash) when salt is null => Canonical(null, kind),
            CellOutcome.Masked(var function) => MaskValues.Apply(function, kind, value, salt ?? "") switch
            {
                null => "NULL",
                bool flag => flag ? "true" : "false",
                DateOnly date => date.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
                var masked => Canonical($"{masked}", masked is string ? ColumnKind.Text : kind),
            },
            _ => null,
        };
    }

    /// <summary>A value as it is compared: a number without superfluous zeros.</summary>
    public static string Canonical(string? text, ColumnKind kind) =>
        text is null ? "NULL" : kind == ColumnKind.Numeric ? decimal.Parse(text).ToString("0.############") : text;

    public async Task<NpgsqlConnection> ConnectAsync(string login)
    {
        var connection = new NpgsqlConnection($"{_postgres.Cluster.ConnectionString(Database.Name, login, Password)};Pooling=false");
        await connection.OpenAsync(Token);
        return connection;
    }

    /// <summary>What is read: rows of columns, null for NULL; or why it is refused.</summary>
    public static async Task<(IReadOnlyList<string?[]> Rows, string? Refusal)> TryReadAsync(NpgsqlConnection connection, string sql)
    {
        try
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await using var reader = await command.ExecuteReaderAsync(Token);
            var rows = new List<string?[]>();
            while (await reader.ReadAsync(Token)) rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : $"{reader.GetValue(i)}")]);
            return (rows, null);
        }
        catch (PostgresException e)
        {
            return ([], e.SqlState);
        }
    }

    /// <summary>The SQL that reads columns of a table or view as texts.</summary>
    public static string Select(IEnumerable<string> columns, ObjectPath from) => $"SELECT {string.Join(", ", columns.Select(c => $"{Quote.Identifier(c)}::text"))} FROM {Sql(from)}";

    public Task AsOwnerAsync(string sql) => Database.AsSuperuserAsync($"SET ROLE {Database.Owner}; {sql}");

    public string Login(string identity) => $"{identity}_{Database.Name[^6..]}";

    /// <summary>A view of somebody else's on a table, which nobody is granted.</summary>
    public static ObjectPath ViewOfOthers(ObjectPath table) => table.Parent!.Child($"{table.Name}_v");

    /// <summary>The one partition of a table; null where it has none.</summary>
    public ObjectPath? PartitionOf(ObjectPath table) => _isPartitioned ? table.Parent!.Child($"{table.Name}_p") : null;

    public static GovernedObject Typed(GovernedObject governed) => governed with { Columns = governed.Columns.Select(c => c with { Family = ColumnFamilies.Of(c.Type) }).ToValueList() };

    public static string Sql(ObjectPath path) => $"{Quote.Identifier(path.Names[2])}.{Quote.Identifier(path.Names[3])}";

    public string About(string what) => $"seed {_seed}, {_change}, {what}\n{World}";

    private async Task MakeAsync()
    {
        // A login for each statement would take longer than the statement.
        await Database.AsSuperuserAsync(string.Join("; ", World.Identities.Select(p => Quote.Identifier(Login(p.Name))).Append(Application).Select(r => $"CREATE ROLE {r} LOGIN PASSWORD '{Password}'")));
        var schemas = World.Tables.Select(t => t.Object.Path.Names[2]).Distinct(StringComparer.Ordinal).ToList();
        foreach (var schema in schemas) await AsOwnerAsync($"CREATE SCHEMA IF NOT EXISTS {Quote.Identifier(schema)}");
        foreach (var table in World.Tables)
        {
            var path = table.Object.Path;
            var columns = string.Join(", ", table.Object.Columns.Select(c => $"{Quote.Identifier(c.Name)} {c.Type}"));
            await AsOwnerAsync($"CREATE TABLE {Sql(path)} ({columns}){(_isPartitioned ? $" PARTITION BY LIST ({Quote.Identifier(table.Object.Columns[0].Name)})" : "")}");
            if (PartitionOf(path) is { } partition) await AsOwnerAsync($"CREATE TABLE {Sql(partition)} PARTITION OF {Sql(path)} DEFAULT");
            await AsOwnerAsync($"CREATE VIEW {Sql(ViewOfOthers(path))} AS SELECT * FROM {Sql(path)}; GRANT SELECT, INSERT, UPDATE, DELETE ON {Sql(path)} TO {Application}");
            await FillAsync(table);
        }

        // Schemas that came after the setup script are given to the account as its checks ask for.
        foreach (var schema in schemas)
            await Database.AsSuperuserAsync($"GRANT USAGE ON SCHEMA {Quote.Identifier(schema)} TO {Database.Account} WITH GRANT OPTION; GRANT USAGE ON SCHEMA {Quote.Identifier(schema)} TO {Application}");
    }

    private async Task FillAsync(CaseTable table)
    {
        await using var source = NpgsqlDataSource.Create(_postgres.Cluster.ConnectionString(Database.Name));
        foreach (var row in table.Rows)
        {
            var marks = string.Join(", ", row.Select((_, i) => $"${i + 1}::{table.Object.Columns[i].Type}"));
            await using var insert = source.CreateCommand($"INSERT INTO {Sql(table.Object.Path)} VALUES ({marks})");
            foreach (var value in row) insert.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
            await insert.ExecuteNonQueryAsync(Token);
        }

        await using var connection = await source.OpenConnectionAsync(Token);
        var (rows, refusal) = await TryReadAsync(connection, $"{Select(table.Object.Columns.Select(c => c.Name), table.Object.Path)} ORDER BY ctid");
        refusal.ShouldBeNull();
        _texts[table.Object.Path] = [.. rows];
    }
}
