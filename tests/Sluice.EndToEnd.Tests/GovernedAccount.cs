using System.Net;
using System.Text.Json.Nodes;
using Sluice.Sandbox.Snowflake;
using Sluice.Sandbox.Snowflake.Catalog;
using static Sluice.EndToEnd.Tests.Enforced;

namespace Sluice.EndToEnd.Tests;

/// <summary>A server that enforces policies on database <c>SHOP</c> of Snowflake's stand-in, and people who log in there and read.</summary>
internal sealed class GovernedAccount : IAsyncDisposable
{
    public const string Key = "snow";
    public const string Orders = "SHOP.S.ORDERS";

    private const string Password = "p4ss-word";

    /// <summary>Users of the account, each a registered person's but the last.</summary>
    public static readonly string[] People = ["ADA", "BEN", "CAT"];

    /// <summary>A user who is nobody registered, and whose role was granted the table before.</summary>
    public const string Stranger = "STRANGER";

    private readonly SnowflakeAccount _account;

    private GovernedAccount(SnowflakeAccount account, TestServer server) => (_account, Server) = (account, server);

    public SnowflakeAccount Account => _account;

    public TestServer Server { get; private set; }

    /// <summary>Starts both, sets the account up by the script, registers it, activates the database, and makes everybody's account.</summary>
    /// <param name="groups">Groups by name, with their members.</param>
    /// <param name="lineage">Whether lineage is read.</param>
    /// <param name="flags">The server's.</param>
    /// <param name="asProcess">Whether the server will be killed, or is to be the program itself.</param>
    /// <param name="statements">What else somebody has run in the account before.</param>
    public static async Task<GovernedAccount> StartAsync(IReadOnlyDictionary<string, string[]> groups, bool lineage = false, IReadOnlyList<string>? flags = null, bool asProcess = false, params IReadOnlyList<string> statements)
    {
        string[] setup =
        [
            "USE ROLE ACCOUNTADMIN", $"GRANT USAGE ON WAREHOUSE {SnowflakeAccount.Warehouse} TO ROLE PUBLIC",
            "CREATE DATABASE SHOP", "CREATE SCHEMA SHOP.S", $"CREATE TABLE {Orders} (ID NUMBER(38,0), REGION VARCHAR, EMAIL VARCHAR)",
            $"INSERT INTO {Orders} VALUES (1, 'EU', 'a@x.example'), (2, 'US', 'b@x.example'), (3, 'EU', 'c@x.example')",
            .. People.Append(Stranger).Select(p => $"CREATE USER {p} PASSWORD = '{Password}' DEFAULT_WAREHOUSE = '{SnowflakeAccount.Warehouse}'"),
            "CREATE ROLE APP", $"GRANT ROLE APP TO USER {Stranger}", "GRANT USAGE ON DATABASE SHOP TO ROLE APP", "GRANT USAGE ON SCHEMA SHOP.S TO ROLE APP", $"GRANT SELECT ON TABLE {Orders} TO ROLE APP",
            $"GRANT USAGE ON DATABASE SHOP TO ROLE {SnowflakeAccount.Role}", $"GRANT USAGE ON SCHEMA SHOP.S TO ROLE {SnowflakeAccount.Role}", $"GRANT REFERENCES ON TABLE {Orders} TO ROLE {SnowflakeAccount.Role}",
            .. statements,
        ];
        // The role of the crawl is made by the users that have it.
        var account = await SnowflakeAccount.StartAsync(new SnowflakeSandboxOptions { Catalog = SnowflakeSandboxCatalog.Empty, Setup = setup }, grants: false);
        var governed = new GovernedAccount(account, await TestServer.StartAsync(asProcess, flags));
        using var api = governed.Server.Api();
        var (credentials, _) = account.Ways("userPassword");
        var payloads = account.Payloads with { Lineage = lineage };
        using var installer = await account.InstallerAsync();
        (await installer.RunScriptAsync(await SnowflakeLifecycleTests.ScriptAsync(api, "/integrations/scripts/create", payloads.Script(credentials)))).ShouldBeNull();
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/connection", payloads.Register(Key, credentials, payloads.ScriptConfig(credentials))));
        await SucceedAsync(api.PutAsync($"/data/connection/{Key}", """{"settings": {"guard": {"maxLost": 100000, "maxGained": 100000}}}"""));
        foreach (var name in People)
        {
            await SucceedAsync(api.PostAsync("/api/v1/users", $$"""{"username": "{{name.ToLowerInvariant()}}"}"""));
            await SucceedAsync(api.PostAsync($"/api/v1/users/{name.ToLowerInvariant()}/identities", $$"""{"connectionKey": "{{Key}}", "name": "{{name}}"}"""));
        }

        foreach (var (group, members) in groups)
        {
            await SucceedAsync(api.PostAsync("/api/v1/groups", $$"""{"name": "{{group}}"}"""));
            await MembersAsync(api, group, members);
        }

        var settings = await api.PutAsync($"/data/settings/{Key}/SHOP", """{"isActive": true}""");
        settings.Status.ShouldBe(HttpStatusCode.OK, settings.Text);
        await api.CompleteAsync(settings.Json["bulkId"]!.GetValue<string>());
        return governed;
    }

    public static Task MembersAsync(Api api, string group, IEnumerable<string> members) => SucceedAsync(
        api.PutAsync($"/api/v1/groups/{group}/members", new JsonObject { ["users"] = new JsonArray([.. members.Select(static m => JsonValue.Create(m))]), ["groups"] = new JsonArray() }.ToJsonString()));

    public static Task PutAsync(Api api, string policies) => SucceedAsync(api.SendAsync(HttpMethod.Post, "/api/v2/policy", policies, "application/yaml"));

    public static Task ModeAsync(Api api, string mode) => SucceedAsync(api.PutAsync($"/data/connection/{Key}", $$$"""{"settings": {"mode": "{{{mode}}}"}}"""));

    /// <summary>Has the server look at the platform again, before the time for that has come: after a crawl it does.</summary>
    public static async Task LookAsync(Api api) => await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, $"/data/crawl/{Key}/SHOP/S/ORDERS", null));

    public static async Task<JsonNode> PlanAsync(Api api)
    {
        var plan = await api.PostAsync("/api/v1/plans", $$"""{"connectionKey": "{{Key}}"}""");
        plan.Status.ShouldBe(HttpStatusCode.OK, plan.Text);
        return plan.Json;
    }

    /// <summary>What somebody who logs in reads, after some other statements: values joined by commas, rows by semicolons; or the error's code.</summary>
    public async Task<string> ReadAsync(string user, string select = $"SELECT ID, REGION, EMAIL FROM {Orders} ORDER BY ID", params IReadOnlyList<string> before)
    {
        using var sql = await LogInAsync(user);
        foreach (var statement in before) await sql.RunAsync(statement);
        var (error, rows) = await sql.TryAsync(select);
        return error?.Split(':')[0] ?? string.Join(';', rows.Select(static r => string.Join(',', r.Values.Select(static v => v ?? "NULL"))));
    }

    /// <summary>Has somebody who logs in run statements in one session.</summary>
    public async Task RunAsync(string user, params IReadOnlyList<string> statements)
    {
        using var sql = await LogInAsync(user);
        foreach (var statement in statements) await sql.RunAsync(statement);
    }

    /// <summary>Switches lineage on or off, by the registration as it was sent.</summary>
    public async Task LineageAsync(Api api, bool isOn)
    {
        var (payloads, (credentials, _)) = (_account.Payloads with { Lineage = isOn }, _account.Ways("userPassword"));
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Put, $"/data/connection/{Key}", payloads.Register(Key, credentials, payloads.ScriptConfig(credentials))));
    }

    /// <summary>Somebody's session.</summary>
    public Task<SnowflakeSql> LogInAsync(string user) => SnowflakeSql.LogInAsync(_account.Sandbox, user, Password);

    /// <summary>kill -9, and a new start.</summary>
    public async Task KillAsync()
    {
        await ((ServerProcess)Server).KillAsync();
        await Server.DisposeAsync();
        Server = await ServerProcess.StartAsync(Server.Directory);
    }

    public void Change(params string[] statements) => _account.Sandbox.Change(statements);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await _account.DisposeAsync();
    }
}
