using System.Net;
using Npgsql;
using Sluice.Sandbox.Aws;
using Sluice.Testing;
using static Sluice.EndToEnd.Tests.Enforced;

namespace Sluice.EndToEnd.Tests;

/// <summary>An older backup of the server's database, put back against a platform that has seen newer policies.</summary>
public sealed class RestoreTests : IAsyncDisposable
{
    private const string Policy = """
        policyKey: app-for-analysts
        type: subscription
        circumstances: [{type: objectPath, path: [pg, shop]}]
        actions: {type: entitlements, entitlements: {operator: all, groups: [Analysts]}}
        """;

    private PostgresCluster? _cluster;
    private ServerProcess? _server;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_older_database_that_was_put_back_writes_nothing_until_somebody_confirms()
    {
        var directory = await BeginAsync();
        var backup = Path.Combine(TestServer.NewDirectory(), "sluice.db");
        using (var api = _server!.Api())
        {
            await SucceedAsync(api.PutAsync("/api/v1/groups/Analysts/members", """{"users": ["ada", "mallory"], "groups": []}"""));
            await ReconciledAsync(api);
            (await MayReadAsync("mallory")).ShouldBeTrue();
            var (code, output, error) = await SluiceCommand.RunAsync("backup", backup, "--data", directory, "--vault-key-in-data");
            code.ShouldBe(0, error);
            output.ShouldContain("The vault's key is not");
            (await SluiceCommand.RunAsync("backup", backup, "--data", directory, "--vault-key-in-data")).Code.ShouldBe(1, "it is there already");
            if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(backup).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);

            await SucceedAsync(api.PutAsync("/api/v1/groups/Analysts/members", """{"users": ["ada"], "groups": []}"""));
            await ReconciledAsync(api);
            (await MayReadAsync("mallory")).ShouldBeFalse();
            await HistoryIsKeptAsync(api);
        }

        (await _server.TerminateAsync()).ShouldBe(0);
        PutBack(backup, directory);
        _server = await ServerProcess.StartAsync(directory);
        using var restored = _server.Api();

        // Any change has it look at the platform, and it would give Mallory the table back.
        await SucceedAsync(restored.PostAsync("/api/v1/groups", """{"name": "Later"}"""));
        await UntilAsync(async () => (await ConnectionAsync(restored)).Contains("confirm-restore pg", StringComparison.Ordinal));
        (await ConnectionAsync(restored)).ShouldContain("\"unhealthy\"", Case.Insensitive);
        var plan = (await restored.PostAsync("/api/v1/plans", """{"connectionKey": "pg"}""")).Json;
        plan["changes"]!.AsArray().Count.ShouldBeGreaterThan(0);
        (await restored.PostAsync($"/api/v1/plans/{plan["id"]!.GetValue<string>()}/apply", null)).Status.ShouldBe(HttpStatusCode.Conflict);
        (await MayReadAsync("mallory")).ShouldBeFalse();

        // Nor does anything else write: a cleanup would take back what the lost state granted.
        var cleanup = await restored.DeleteAsync("/data/object/pg?cleanup=true");
        cleanup.Status.ShouldBe(HttpStatusCode.OK, cleanup.Text);
        (await restored.WaitAsync(cleanup.Json["bulkId"]!.GetValue<string>()))["state"]!.GetValue<string>().ShouldBe("failed");
        (await MayReadAsync("ada")).ShouldBeTrue();

        await restored.CompleteAsync(await restored.AcceptAsync(HttpMethod.Post, "/api/v1/connections/pg/confirm-restore", null));
        await ReconciledAsync(restored);
        (await MayReadAsync("mallory")).ShouldBeTrue("it is what the restored policies ask for");
        await UntilAsync(async () => !(await ConnectionAsync(restored)).Contains("confirm-restore", StringComparison.Ordinal));
        (await restored.PostAsync("/api/v1/connections/pg/confirm-restore", null)).Status.ShouldBe(HttpStatusCode.Conflict);
    }

    [Theory]
    [InlineData(ServiceGrants.LFTag)]
    [InlineData(ServiceGrants.Super)]
    public async Task An_older_database_writes_nothing_to_a_lake_until_somebody_confirms(ServiceGrants grants)
    {
        string[] crowd = grants == ServiceGrants.Super ? [.. Enumerable.Range(0, 50).Select(static i => $"p{i:00}")] : [];
        await using var lake = await GovernedLake.StartAsync(grants, new Dictionary<string, string[]> { ["Analysts"] = ["ada", "dan", .. crowd] }, asProcess: true);
        var backup = Path.Combine(TestServer.NewDirectory(), "sluice.db");
        using (var api = lake.Server.Api())
        {
            await GovernedLake.PutAsync(api, GovernedLake.Reading("Analysts", GovernedLake.Tables));
            await Enforced.ReconciledAsync(api, GovernedLake.Key);
            lake.Seen("dan", "orders").ShouldNotBeNull();
            var (code, _, error) = await SluiceCommand.RunAsync("backup", backup, "--data", lake.Server.Directory, "--vault-key-in-data");
            code.ShouldBe(0, error);

            await GovernedLake.MembersAsync(api, "Analysts", ["ada", .. crowd]);
            await Enforced.ReconciledAsync(api, GovernedLake.Key);
            lake.Seen("dan", "orders").ShouldBeNull();
        }

        (await lake.TerminateAsync()).ShouldBe(0);
        PutBack(backup, lake.Server.Directory);
        var (granted, written) = (await lake.GrantsAsync(), lake.Written);
        await lake.RestartAsync();
        using var restored = lake.Server.Api();

        await SucceedAsync(restored.PostAsync("/api/v1/groups", """{"name": "Later"}"""));
        await UntilAsync(async () => (await ConnectionAsync(restored, GovernedLake.Key)).Contains("confirm-restore lake", StringComparison.Ordinal));
        (await ConnectionAsync(restored, GovernedLake.Key)).ShouldContain("\"unhealthy\"", Case.Insensitive);
        var plan = (await restored.PostAsync("/api/v1/plans", """{"connectionKey": "lake"}""")).Json;
        plan["changes"]!.AsArray().Count.ShouldBeGreaterThan(0);
        (await restored.PostAsync($"/api/v1/plans/{plan["id"]!.GetValue<string>()}/apply", null)).Status.ShouldBe(HttpStatusCode.Conflict);
        var cleanup = await restored.DeleteAsync("/data/object/lake?cleanup=true");
        (await restored.WaitAsync(cleanup.Json["bulkId"]!.GetValue<string>()))["state"]!.GetValue<string>().ShouldBe("failed");
        (await lake.GrantsAsync()).ShouldBe(granted);
        lake.Written.ShouldBe(written, "not a single writing request");

        var (confirmed, output, problem) = await SluiceCommand.RunAsync(
            "connection", "confirm-restore", "lake", "--server", lake.Server.Url, "--key-file", Path.Combine(lake.Server.Directory, "admin.key"));
        confirmed.ShouldBe(0, output + problem);
        await Enforced.ReconciledAsync(restored, GovernedLake.Key);
        lake.Seen("dan", "orders").ShouldNotBeNull("it is what the restored policies ask for");
        await UntilAsync(async () => !(await ConnectionAsync(restored, GovernedLake.Key)).Contains("confirm-restore", StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        if (_cluster is not null) await _cluster.DisposeAsync();
    }

    private static async Task HistoryIsKeptAsync(Api api)
    {
        const string path = "/api/v1/access/history?objectPath=[%22PG%22,%22shop%22,%22public%22,%22customers%22]";
        // A change is on the platform a moment before its outcome is written.
        await UntilAsync(async () => (await api.GetAsync(path)).Json["count"]!.GetValue<int>() == 1);
        var now = (await api.GetAsync(path)).Json;
        now["hits"]!.AsArray().Select(h => h!["identity"]!.GetValue<string>()).ShouldBe(["ada"]);
        now["hits"]![0]!["people"]![0]!["username"]!.GetValue<string>().ShouldBe("ada");
        // Both belonged to the audience until Mallory's outcome was written.
        var both = DateTimeOffset.Parse(now["hits"]![0]!["grants"]![0]!["since"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture).AddTicks(1);
        var then = (await api.GetAsync($"{path}&at={Uri.EscapeDataString(both.ToString("O"))}")).Json;
        then["hits"]!.AsArray().Select(h => h!["identity"]!.GetValue<string>()).ShouldBe(["ada", "mallory"]);
        (await api.GetAsync($"{path}&at=2001-01-01")).Json["count"]!.GetValue<int>().ShouldBe(0);
    }

    private async Task<string> BeginAsync()
    {
        await Requires.PostgreSqlAsync();
        _cluster = await PostgresCluster.StartAsync(Token);
        await _cluster.ExecuteAsync("CREATE DATABASE shop", ct: Token);
        await _cluster.ExecuteAsync(
            "CREATE TABLE public.customers (id int PRIMARY KEY); CREATE ROLE ada LOGIN PASSWORD 'ada'; CREATE ROLE mallory LOGIN PASSWORD 'mallory';", "shop", Token);
        var directory = TestServer.NewDirectory();
        _server = await ServerProcess.StartAsync(directory);
        using var api = _server.Api();
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/connection", Payloads.PostgreSql(_cluster, "pg", _cluster.SuperuserPassword)));
        await api.CompleteAsync((await api.PutAsync("/data/settings/pg/shop", """{"isActive": true}""")).Json["bulkId"]!.GetValue<string>());
        await SucceedAsync(api.PostAsync("/api/v1/groups", """{"name": "Analysts"}"""));
        foreach (var name in (string[])["ada", "mallory"])
        {
            await SucceedAsync(api.PostAsync("/api/v1/users", $$"""{"username": "{{name}}"}"""));
            await SucceedAsync(api.PostAsync($"/api/v1/users/{name}/identities", $$"""{"connectionKey": "pg", "name": "{{name}}"}"""));
        }

        await SucceedAsync(api.SendAsync(HttpMethod.Post, "/api/v2/policy", Policy, "application/yaml"));
        return directory;
    }

    private static void PutBack(string backup, string directory)
    {
        foreach (var file in Directory.GetFiles(directory, "sluice.db*")) File.Delete(file);
        File.Copy(backup, Path.Combine(directory, "sluice.db"));
    }

    private static async Task<string> ConnectionAsync(Api api, string key = "pg") => (await api.GetAsync($"/data/connection/{key}")).Text;

    private static Task ReconciledAsync(Api api) => UntilAsync(async () =>
    {
        var plan = await api.PostAsync("/api/v1/plans", """{"connectionKey": "pg"}""");
        return plan.Status == HttpStatusCode.OK && plan.Json["changes"]!.AsArray().Count == 0;
    });

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Token);
        ending.CancelAfter(TimeSpan.FromSeconds(30));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (!await isSo()) await look.WaitForNextTickAsync(ending.Token);
    }

    private async Task<bool> MayReadAsync(string person)
    {
        await using var source = NpgsqlDataSource.Create(_cluster!.ConnectionString("shop", person, person));
        await using var command = source.CreateCommand("SELECT count(*) FROM public.customers");
        try
        {
            await command.ExecuteScalarAsync(Token);
            return true;
        }
        catch (PostgresException e) when (e.SqlState == "42501")
        {
            return false;
        }
    }
}
