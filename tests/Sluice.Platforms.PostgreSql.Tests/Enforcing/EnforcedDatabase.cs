using System.Text.Json.Nodes;
using Npgsql;
using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Core.People;
using Sluice.Core.Payloads;
using Sluice.Core.Planning;
using Sluice.Core.Problems;
using Sluice.Platforms.PostgreSql.Sql;
using Sluice.Testing;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>A database with an owner of its tables, people who log in, and the account that the setup script makes; all named after the database.</summary>
internal sealed class EnforcedDatabase
{
    private const string Password = "p4ss";

    private readonly PostgresCluster _cluster;
    private readonly PostgreSqlPlatform _platform;
    private readonly List<IdentityHolders> _identities = [];

    private EnforcedDatabase(PostgresCluster cluster, string name, InstanceMark mark)
    {
        _cluster = cluster;
        Name = name;
        _platform = Registered.Platform(mark: mark);
    }

    public string Name { get; }

    public string Owner => $"{Name}_owner";

    public string Account => $"{Name}_svc";

    /// <summary>Roles belong to the server, so that each database has a prefix of its own.</summary>
    public string Prefix => $"T{Name[^6..]}";

    public NativeNames Names => new(Prefix);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Makes one; the SQL runs as the owner.</summary>
    public static async Task<EnforcedDatabase> MakeAsync(PostgresFixture postgres, string sql, InstanceMark? mark = null)
    {
        var name = await postgres.NewDatabaseAsync("SELECT 1");
        var database = new EnforcedDatabase(postgres.Cluster, name, mark ?? Registered.Mark);
        await database.AsSuperuserAsync($"CREATE ROLE {database.Owner}; GRANT CREATE ON DATABASE {name} TO {database.Owner}; GRANT ALL ON SCHEMA public TO {database.Owner}");
        await database.AsSuperuserAsync($"SET ROLE {database.Owner}; {sql}");
        var (exitCode, output) = await postgres.Cluster.PsqlAsync(database.SetupScript(), answers: $"{Password}\n{Password}\n", ct: Token);
        exitCode.ShouldBe(0, output);
        return database;
    }

    /// <summary>A person with a login of their own; the name made unlike those of other databases.</summary>
    public async Task<string> PersonAsync(string name, string[]? groups = null, (string Name, string Value)[]? attributes = null, string options = "")
    {
        var login = $"{name}_{Name[^6..]}";
        await AsSuperuserAsync($"CREATE ROLE {Quote.Identifier(login)} LOGIN PASSWORD '{Password}' {options}");
        _identities.Add(People.Alone(People.Person(login, groups, attributes)));
        return login;
    }

    /// <summary>Changes what is known of a person.</summary>
    public void Change(string login, string[]? groups = null, (string Name, string Value)[]? attributes = null)
    {
        _identities.RemoveAll(i => i.Name == login);
        _identities.Add(People.Alone(People.Person(login, groups, attributes)));
    }

    /// <summary>Takes a person away; the login stays.</summary>
    public void Forget(string login) => _identities.RemoveAll(i => i.Name == login);

    /// <summary>Gives a login to several people.</summary>
    public void Share(string login, params Person[] holders)
    {
        _identities.RemoveAll(i => i.Name == login);
        _identities.Add(new IdentityHolders(login, [.. holders]));
    }

    public ObjectPath Path(string table, string schema = "public") => new(Registered.Key, Name, schema, table);

    public IntendedObject Table(string table, AccessRule read, string[]? columns = null, string schema = "public", ObjectKind kind = ObjectKind.Table) => new()
    {
        Object = new GovernedObject
        {
            Path = Path(table, schema), Kind = kind, Hostname = "db.example.com", Tags = [],
            Columns = [.. (columns ?? ["id int"]).Select(c => c.Split(' ', 2)).Select(c => new GovernedColumn(c[0], c.Length > 1 ? c[1] : "text", []))],
        },
        Access = new ObjectAccess { Read = read, Write = AccessRule.Nobody, SubscriptionPolicies = ["readers"] },
    };

    public AccessIntent Intent(params IntendedObject[] objects) => new()
    {
        Prefix = Prefix, Objects = objects, Identities = [.. _identities], MembersOf = People.Decide(_identities),
    };

    public DesiredState Compile(AccessIntent intent) => _platform.Compile(intent);

    public IReadOnlyList<string> Describe(Change change) => _platform.Describe(change);

    public async Task<ObservedState> ObserveAsync(AccessIntent intent)
    {
        await using var session = Open();
        return await ((IObservesAccess)session).ObserveAsync(intent, Token);
    }

    public async Task<IReadOnlyList<Change>> PlanAsync(AccessIntent intent) => Difference.Between(Compile(intent), await ObserveAsync(intent));

    /// <summary>Plans and applies, and makes sure that there is nothing left to plan.</summary>
    public async Task<IReadOnlyList<Change>> EnforceAsync(AccessIntent intent)
    {
        var changes = await PlanAsync(intent);
        (await ApplyAsync(intent, changes)).Where(o => o.Error is not null).Select(o => $"{o.Change.Key}: {o.Error}").ShouldBeEmpty();
        (await PlanAsync(intent)).ShouldBeEmpty();
        return changes;
    }

    /// <summary>The same with the phases of a plan, one after the other.</summary>
    public async Task<IReadOnlyList<Change>> EnforceByPlanAsync(AccessIntent intent)
    {
        var plan = PlanBuilder.Build(Compile(intent), await ObserveAsync(intent), EnforcementMode.Sync, new ImpactScope(3, new HashSet<string>(), static _ => false));
        foreach (var phase in plan.Changes.GroupBy(static c => c.Phase))
            (await ApplyAsync(intent, [.. phase])).Where(o => o.Error is not null).Select(o => $"{o.Change.Key}: {o.Error}").ShouldBeEmpty();
        (await PlanAsync(intent)).ShouldBeEmpty();
        return plan.Changes;
    }

    public async Task<IReadOnlyList<ChangeOutcome>> ApplyAsync(AccessIntent intent, IReadOnlyList<Change> changes)
    {
        await using var session = Open();
        var outcomes = new List<ChangeOutcome>();
        foreach (var phase in changes.GroupBy(c => c.Phase))
        {
            var applied = ((IAppliesChanges)session).ApplyAsync(intent, [.. phase], Token);
            await foreach (var outcome in applied) outcomes.Add(outcome);
        }

        outcomes.Select(o => o.Change).ShouldBe(changes, ignoreOrder: true);
        return outcomes;
    }

    public Task AsSuperuserAsync(string sql) => _cluster.ExecuteAsync(sql, Name, Token);

    /// <summary>Runs a statement with values as the superuser.</summary>
    public async Task InsertAsync(string sql, params string[] values)
    {
        await using var connection = new NpgsqlConnection($"{_cluster.ConnectionString(Name)};Pooling=false");
        await connection.OpenAsync(Token);
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        await command.ExecuteNonQueryAsync(Token);
    }

    /// <summary>What a superuser reads, the first value.</summary>
    public async Task<string> AskAsSuperuserAsync(string sql)
    {
        await using var connection = new NpgsqlConnection($"{_cluster.ConnectionString(Name)};Pooling=false");
        await connection.OpenAsync(Token);
        await using var command = new NpgsqlCommand(sql, connection);
        return $"{await command.ExecuteScalarAsync(Token)}";
    }

    /// <summary>The tables and views that a crawl lists here.</summary>
    public async Task<IReadOnlyList<ObjectPath>> ListedAsync()
    {
        await using var session = Open();
        var listed = new List<ObjectPath>();
        await foreach (var page in session.CrawlAsync(new CrawlScope { Container = new ObjectPath(Registered.Key) }, Token))
            listed.AddRange(page.Objects.Select(o => o.Path).Where(p => p.Depth == 3 && p.Names[1] == Name));
        return listed;
    }

    /// <summary>What somebody reads: values joined by commas, rows by semicolons, in the order of the query.</summary>
    public async Task<string> ReadAsync(string login, params string[] statements)
    {
        await using var connection = new NpgsqlConnection($"{_cluster.ConnectionString(Name, login, Password)};Pooling=false");
        await connection.OpenAsync(Token);
        foreach (var before in statements[..^1])
        {
            await using var command = new NpgsqlCommand(before, connection);
            await command.ExecuteNonQueryAsync(Token);
        }

        await using var last = new NpgsqlCommand(statements[^1], connection);
        await using var reader = await last.ExecuteReaderAsync(Token);
        var rows = new List<string>();
        while (await reader.ReadAsync(Token))
            rows.Add(string.Join(',', Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "NULL" : $"{reader.GetValue(i)}")));
        return string.Join(';', rows);
    }

    /// <summary>Makes sure that somebody is refused for want of a privilege.</summary>
    public async Task RefusesAsync(string login, params string[] statements) =>
        (await Should.ThrowAsync<PostgresException>(() => ReadAsync(login, statements))).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);

    private IPlatformSession Open() => Registered.Open(Registered.Payload(_cluster, Account, Password), _platform);

    private string SetupScript()
    {
        var request = new JsonObject
        {
            ["type"] = "PostgreSQL",
            ["autoBootstrap"] = false,
            ["config"] = new JsonObject { ["username"] = Account, ["databases"] = new JsonArray(Name), ["owners"] = new JsonArray(Owner) },
        };
        var problems = new ProblemList();
        using var document = System.Text.Json.JsonDocument.Parse(request.ToJsonString());
        return _platform.WriteSetupScript(new PayloadObject(document.RootElement, "$", problems)).ShouldNotBeNull();
    }
}
