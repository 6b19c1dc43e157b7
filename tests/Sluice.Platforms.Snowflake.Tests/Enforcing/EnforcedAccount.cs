using System.Collections.Concurrent;
using System.Text.Json;
using Sluice.Core.Access;
using Sluice.Core.Adopting;
using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Core.Payloads;
using Sluice.Core.People;
using Sluice.Core.Planning;
using Sluice.Core.Problems;
using Sluice.EndToEnd.Tests;
using Sluice.Platforms.PostgreSql.Enforcing;
using Sluice.Platforms.Snowflake.Tests.Fakes;
using Sluice.Sandbox.Snowflake;
using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Testing.Wire;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>
/// A stand-in for an account, set up by the script, with people who log in. The stand-in was written from Snowflake's documentation by somebody who did not
/// know what is sent to it.
/// </summary>
internal sealed class EnforcedAccount : IAsyncDisposable
{
    public const string Key = "snow";
    public const string Prefix = "SLUICE";
    public const string Password = "p4ss-word";

    private readonly SnowflakeAccount _account;
    private readonly SnowflakePlatform _platform;
    private readonly ConnectionSpec _spec;
    private readonly List<IdentityHolders> _identities = [];
    private int _checked;

    private EnforcedAccount(SnowflakeAccount account, SnowflakePlatform platform, ConnectionSpec spec, WriteGate? gate) =>
        (_account, _platform, _spec, Gate) = (account, platform, spec, gate);

    public SnowflakeSandbox Sandbox => _account.Sandbox;

    /// <summary>Where what Sluice changes goes through, a statement at a time; null without.</summary>
    public WriteGate? Gate { get; }

    /// <summary>Every statement that Sluice sent through the gate.</summary>
    public required ConcurrentQueue<string> Sent { get; init; }

    /// <summary>What was made; see <see cref="AccessIntent.InForce"/>.</summary>
    public HashSet<Guid> InForce { get; } = [];

    public bool ProtectsUnregistered { get; set; } = true;

    /// <summary>Users and roles that policies pass over, by the settings as they are now.</summary>
    public IReadOnlyList<string> Excluded { get; set; } = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Starts one; the statements run as somebody nothing is refused.</summary>
    /// <param name="statements">What is there before.</param>
    /// <param name="edition">The account's.</param>
    /// <param name="excluded">Users and roles that policies pass over.</param>
    /// <param name="gate">The seed of the order in which concurrent statements go through a gate; null without.</param>
    /// <param name="options">How the stand-in is otherwise.</param>
    /// <param name="showRows">How many rows a SHOW has at the most.</param>
    public static async Task<EnforcedAccount> StartAsync(
        string[] statements, SnowflakeEdition edition = SnowflakeEdition.Enterprise, string[]? excluded = null, int? gate = null, SnowflakeSandboxOptions? options = null, int showRows = 10_000)
    {
        var account = await SnowflakeAccount.StartAsync(
            (options ?? new()) with { ShowCap = showRows, Catalog = SnowflakeSandboxCatalog.Empty, Setup = ["USE ROLE ACCOUNTADMIN", $"GRANT USAGE ON WAREHOUSE {SnowflakeAccount.Warehouse} TO ROLE PUBLIC", .. statements], Edition = edition }, grants: false);
        var sent = new ConcurrentQueue<string>();
        var wire = gate is { } seed ? await WriteGate.StartAsync(account.Sandbox.Endpoint, Watched, seed) : null;
        var platform = Payload.Platform(Payload.Loopback, options: new SnowflakeOptions { StatementsPerRequest = wire is null ? 20 : 1, ShowRows = showRows });
        var (credentials, _) = account.Ways("userPassword");
        var exclude = JsonSerializer.Serialize(excluded ?? []);
        var payloads = wire is null ? account.Payloads : account.Payloads with { Port = wire.Port };
        var payload = payloads.Register(Key, credentials, payloads.ScriptConfig(credentials)).Replace("\"exclude\": []", $"\"exclude\": {exclude}", StringComparison.Ordinal);
        var problems = new ProblemList();
        using var document = JsonBody.Parse(System.Text.Encoding.UTF8.GetBytes(payload), out _)!;
        var root = new PayloadObject(document.RootElement, "$", problems);
        var spec = platform.ReadConnection(root.RequiredObject("connection"), root.OptionalObject("nativeIntegration"), null);
        problems.Select(p => $"{p.Path}: {p.Message}").ShouldBeEmpty();

        using var script = JsonBody.Parse(System.Text.Encoding.UTF8.GetBytes(account.Payloads.Script(credentials).Replace("\"exclude\": []", $"\"exclude\": {exclude}", StringComparison.Ordinal)), out _)!;
        using var installer = await account.InstallerAsync();
        (await installer.RunScriptAsync(platform.WriteSetupScript(new PayloadObject(script.RootElement, "$", problems))!)).ShouldBeNull();
        return new EnforcedAccount(account, platform, spec!, wire) { Sent = sent, Excluded = excluded ?? [] };

        string? Watched(string method, string path, string body)
        {
            if (StatementText.Of(method, path, body) is { } text) sent.Enqueue(text);
            return StatementText.WriteOf(method, path, body);
        }
    }

    /// <summary>The statement that makes a user who can log in and use the warehouse.</summary>
    public static string[] User(string name) => [$"CREATE USER {name} PASSWORD = '{Password}' DEFAULT_WAREHOUSE = '{SnowflakeAccount.Warehouse}'"];

    /// <summary>Registers a person with a user of that name.</summary>
    public string Person(string user, string[]? groups = null, (string Name, string Value)[]? attributes = null)
    {
        Forget(user);
        _identities.Add(People.Alone(People.Person(user, groups, attributes)));
        return user;
    }

    /// <summary>Takes a person away; the user stays.</summary>
    public void Forget(string user) => _identities.RemoveAll(i => i.Name == user);

    /// <summary>Gives a user to several people.</summary>
    public void Share(string user, params Person[] holders)
    {
        Forget(user);
        _identities.Add(new IdentityHolders(user, [.. holders]));
    }

    public static ObjectPath Path(string table, string schema = "S", string database = "SHOP") => new(Key, database, schema, table);

    public IntendedObject Table(string table, AccessRule read, string[]? columns = null, ObjectKind kind = ObjectKind.Table) => new()
    {
        Object = new GovernedObject
        {
            Path = Path(table), Kind = kind, Hostname = "account", Tags = [],
            Columns = [.. (columns ?? ["ID NUMBER(38,0)"]).Select(c => c.Split(' ', 2)).Select(c => new GovernedColumn(c[0], c[1], [], ColumnFamilies.Of(c[1])))],
        },
        Access = new ObjectAccess { Read = read, Write = AccessRule.Nobody, SubscriptionPolicies = ["readers"] },
    };

    public AccessIntent Intent(params IntendedObject[] objects) => new()
    {
        Prefix = Prefix, OwnContainer = SnowflakeAccount.Database, Objects = objects, Identities = [.. _identities], MembersOf = People.Decide(_identities),
        ProtectsUnregistered = ProtectsUnregistered, ExemptRoles = Excluded, InForce = InForce,
    };

    public DesiredState Compile(AccessIntent intent) => _platform.Compile(intent);

    public IReadOnlyList<string> Describe(Change change) => _platform.Describe(change);

    public Change PutBack(FactKey grant, string restore) => _platform.PutBack(grant, restore, madeBy: null);

    public (IReadOnlyList<HeldAccess> Held, IReadOnlyList<LeftOver> LeftOvers) HeldBy(IReadOnlyList<ObservedFact> grants) => _platform.HeldBy(grants);

    public async Task<ObservedState> ObserveAsync(AccessIntent intent)
    {
        await using var session = Open();
        var state = await ((IObservesAccess)session).ObserveAsync(intent, Token);
        CheckSent();
        return state;
    }

    public async Task<Plan> PlanAsync(AccessIntent intent, EnforcementMode mode = EnforcementMode.Sync)
    {
        var observed = await ObserveAsync(intent);
        return PlanBuilder.Build(Compile(intent.Knowing(observed.Unprotectable)), observed, mode, new ImpactScope(3, new HashSet<string>(), s => _platform.IsDirectAudience(Prefix, s)));
    }

    /// <summary>Plans and applies, and makes sure that there is nothing left to plan.</summary>
    public async Task<Plan> EnforceAsync(AccessIntent intent)
    {
        var plan = await PlanAsync(intent);
        (await ApplyAsync(intent, plan.Changes)).Where(o => o.Error is not null).Select(o => $"{o.Change.Key}: {o.Error}").ShouldBeEmpty();
        var second = await PlanAsync(intent);
        second.Changes.Select(c => $"{c.Verb} {c.Key} {c.Definition}").ShouldBeEmpty();
        return plan;
    }

    public async Task<IReadOnlyList<ChangeOutcome>> ApplyAsync(AccessIntent intent, IReadOnlyList<Change> changes, Func<Task>? between = null)
    {
        await using var session = Open();
        var outcomes = new List<ChangeOutcome>();
        foreach (var phase in changes.GroupBy(c => c.Phase))
        {
            await foreach (var outcome in ((IAppliesChanges)session).ApplyAsync(intent, [.. phase], Token)) outcomes.Add(outcome);
            if (between is not null) await between();
        }

        outcomes.Select(o => o.Change).ShouldBe(changes, ignoreOrder: true);
        CheckSent();
        InForce.UnionWith(outcomes.Where(o => o is { Error: null, Change.Verb: ChangeVerb.Add }).Select(o => FactId.Of(o.Change.Key)));
        InForce.ExceptWith(outcomes.Where(o => o is { Error: null, Change.Verb: ChangeVerb.Remove }).Select(o => FactId.Of(o.Change.Key)));
        return outcomes;
    }

    /// <summary>What somebody reads: values joined by commas, rows by semicolons, in the order of the query; or the error's code.</summary>
    public async Task<string> ReadAsync(string user, string select)
    {
        using var sql = await SnowflakeSql.LogInAsync(Sandbox, user, Password);
        var (error, rows) = await sql.TryAsync(select);
        return error?.Split(':')[0] ?? string.Join(';', rows.Select(r => string.Join(',', r.Values.Select(v => v ?? "NULL"))));
    }

    // Each statement is looked at once.
    private void CheckSent()
    {
        var sent = Sent.Skip(_checked).ToList();
        GoldenStatements.ShouldHold(sent);
        _checked += sent.Count;
    }

    public void Change(params string[] statements) => Sandbox.Change(statements);

    public IPlatformSession Open() => _platform.Open(Payload.Access(_spec, Key));

    /// <summary>Runs the script that takes everything away, as who ran the one that set it up; the error that it ends with, or null.</summary>
    public async Task<string?> CleanUpAsync()
    {
        using var request = JsonBody.Parse(System.Text.Encoding.UTF8.GetBytes(_account.Payloads.Script(_account.Ways("userPassword").First)), out _)!;
        using var installer = await _account.InstallerAsync();
        return await installer.RunScriptAsync(_platform.WriteCleanupScript(new PayloadObject(request.RootElement, "$", new ProblemList()))!);
    }

    public async ValueTask DisposeAsync()
    {
        if (Gate is not null) await Gate.DisposeAsync();
        await _account.DisposeAsync();
    }
}
