using System.Net;
using System.Text.Json.Nodes;
using Sluice.Sandbox.Snowflake;
using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Faults;

namespace Sluice.EndToEnd.Tests;

/// <summary>Accounts that are in a bad state, oddly named, throttled, or too large to list at once.</summary>
public sealed class SnowflakeCrawlTests
{
    private const int Tables = 1200;
    private const int Databases = 4;

    [Fact]
    public async Task A_second_connection_of_an_account_is_refused_however_its_host_is_spelled()
    {
        await using var account = await SnowflakeAccount.StartAsync();
        await using var server = await HostedServer.StartAsync();
        using var api = server.Api();
        var credentials = await SetUpAsync(api, account);
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/connection", account.Payloads.Register("snow", credentials)));

        foreach (var host in (string[])["http://127.0.0.1", "HTTP://LOCALHOST/", "http://[::ffff:127.0.0.1]"])
        {
            var refused = await api.PostAsync("/data/connection", (account.Payloads with { Host = host }).Register("again", credentials));
            refused.Status.ShouldBe(HttpStatusCode.Conflict, refused.Text);
            refused.Text.ShouldContain("'snow'");
        }
    }

    [Fact]
    public async Task A_role_that_sees_nothing_is_refused_and_told_what_it_saw()
    {
        await using var account = await SnowflakeAccount.StartAsync(grants: false);
        await using var server = await HostedServer.StartAsync();
        using var api = server.Api();
        var credentials = await SetUpAsync(api, account);

        var errors = await RefusedAsync(api, account.Payloads.Register("snow", credentials));

        errors["$.connection (USAGE on databases)"]!.ToJsonString().ShouldContain("sees no database");
    }

    [Fact]
    public async Task A_warehouse_that_is_missing_or_suspended_is_refused_with_the_remedy()
    {
        await using var account = await SnowflakeAccount.StartAsync();
        await using var server = await HostedServer.StartAsync();
        using var api = server.Api();
        var credentials = await SetUpAsync(api, account);

        var missing = await RefusedAsync(api, (account.Payloads with { Warehouse = "NOWHERE" }).Register("snow", credentials));
        missing["$.connection (warehouse)"]!.ToJsonString().ShouldContain("GRANT USAGE ON WAREHOUSE");

        account.Sandbox.Change($"ALTER WAREHOUSE {SnowflakeAccount.Warehouse} SET AUTO_RESUME = FALSE", $"ALTER WAREHOUSE {SnowflakeAccount.Warehouse} SUSPEND");
        var suspended = await RefusedAsync(api, account.Payloads.Register("snow", credentials));
        suspended["$.connection (warehouse)"]!.ToJsonString().ShouldContain("suspended");

        // One that resumes by itself is no trouble.
        account.Sandbox.Change($"ALTER WAREHOUSE {SnowflakeAccount.Warehouse} SET AUTO_RESUME = TRUE");
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/connection", account.Payloads.Register("snow", credentials)));
    }

    [Fact]
    public async Task Names_in_lower_case_and_with_blanks_work_everywhere()
    {
        await using var account = await SnowflakeAccount.StartAsync(new SnowflakeSandboxOptions
        {
            Setup =
            [
                "CREATE WAREHOUSE \"my wh\"", "CREATE ROLE \"the crawler\"", $"GRANT ROLE {SnowflakeAccount.Role} TO ROLE \"the crawler\"",
                $"GRANT ROLE \"the crawler\" TO USER {SnowflakeAccount.User}", "GRANT USAGE ON WAREHOUSE \"my wh\" TO ROLE \"the crawler\"",
                $"GRANT USAGE ON WAREHOUSE \"my wh\" TO ROLE {SnowflakeAccount.Installer}",
            ],
        });
        await using var server = await HostedServer.StartAsync();
        using var api = server.Api();
        var odd = account.Payloads with { Warehouse = "\"my wh\"", Role = "\"the crawler\"", Database = "\"sluice's \"\"own\"\" db\"", User = "sluice" };
        var credentials = await SetUpAsync(api, account, odd);

        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/connection", odd.Register("snow", credentials)));

        (await api.TreeAsync("snow")).ShouldContain("Analytics Lab/web events/experiments");
        var columns = (await api.GetAsync("/data/object/snow/SALES/CRM/customer%20notes")).Json["columns"]!.AsArray();
        columns.Select(c => c!["name"]!.GetValue<string>()).ShouldBe(["note id", "text", "Text"]);
    }

    [Fact]
    public async Task A_crawl_after_the_first_finds_what_was_changed_and_nothing_else()
    {
        await using var account = await SnowflakeAccount.StartAsync();
        await using var server = await HostedServer.StartAsync();
        using var api = server.Api();
        var credentials = await SetUpAsync(api, account);
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/connection", account.Payloads.Register("snow", credentials)));

        account.Sandbox.Change(
            "ALTER TABLE SALES.CRM.LEADS ADD COLUMN OWNER VARCHAR(30) COMMENT 'who calls'", "COMMENT ON TABLE SALES.CRM.CONTACTS IS 'people'",
            "ALTER TABLE HR.PEOPLE.REVIEWS SET TAG GOVERNANCE.TAGS.SENSITIVITY = 'pii'", "DROP TABLE HR.PEOPLE.ABSENCES");
        var job = await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/crawl/snow", null));

        job["output"]!["updated"]!.GetValue<int>().ShouldBe(3, job.ToJsonString());
        job["output"]!["missing"]!.GetValue<int>().ShouldBe(1, job.ToJsonString());
        (await api.GetAsync("/data/object/snow/SALES/CRM/LEADS")).Json["columns"]!.AsArray()[^1]!["comment"]!.GetValue<string>().ShouldBe("who calls");
        (await api.GetAsync("/data/object/snow/SALES/CRM/CONTACTS")).Json["comment"]!.GetValue<string>().ShouldBe("people");
        (await api.GetAsync("/data/object/snow/HR/PEOPLE/REVIEWS")).Json["tags"]!.ToJsonString().ShouldContain("GOVERNANCE.TAGS.SENSITIVITY");
        (await api.GetAsync("/data/object/snow/SALES/CRM/CUSTOMERS")).Json["columns"]!.AsArray().Count.ShouldBe(9);
    }

    [Fact]
    public async Task Sessions_and_tokens_that_expire_and_an_account_that_throttles_and_fails_lose_nothing()
    {
        await using var account = await SnowflakeAccount.StartAsync(Generated());
        await using var server = await HostedServer.StartAsync();
        using var api = server.Api();
        var credentials = await SetUpAsync(api, account, way: "oAuthSecret");
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/connection", account.Payloads.Register("snow", credentials)));
        (await api.TreeAsync("snow")).Count.ShouldBe(Expected);

        // Three in a row are taken for an accident, more for somebody who ends sessions: two of these, and that of all logins, may meet one statement.
        account.Sandbox.SetFaults(
            new SnowflakeSandboxFault { Operation = "query", Kind = SnowflakeSandboxFaultKind.ExpireSession, Every = 5, Times = 2 },
            new SnowflakeSandboxFault { Operation = "query", Kind = SnowflakeSandboxFaultKind.Throttle, Every = 4, Times = 12 },
            new SnowflakeSandboxFault { Operation = "query", Kind = SnowflakeSandboxFaultKind.Unavailable, Every = 7, Times = 6 },
            new SnowflakeSandboxFault { Operation = "query", Kind = SnowflakeSandboxFaultKind.CutAnswer, Every = 9, Times = 4 },
            new SnowflakeSandboxFault { Operation = "query", Kind = SnowflakeSandboxFaultKind.DropAfterCommit, Every = 11, Times = 4 },
            new SnowflakeSandboxFault { Operation = "query:SELECT", Kind = SnowflakeSandboxFaultKind.InternalError, After = 3, Times = 1 },
            new SnowflakeSandboxFault { Operation = "query:SELECT", Kind = SnowflakeSandboxFaultKind.SlowStatement, LatencyMilliseconds = 300, Every = 2 });
        var bulkId = await api.AcceptAsync(HttpMethod.Post, "/data/crawl/snow", null);
        var until = account.Sandbox.Requests.Total + 5;
        using (var look = new PeriodicTimer(TimeSpan.FromMilliseconds(5)))
            while (account.Sandbox.Requests.Total < until) await look.WaitForNextTickAsync();
        account.Sandbox.ExpireLogins();
        var job = await api.CompleteAsync(bulkId);

        job["output"]!["found"]!.GetValue<int>().ShouldBe(Expected, job.ToJsonString());
        foreach (var change in (string[])["added", "updated", "missing"]) job["output"]![change]!.GetValue<int>().ShouldBe(0, job.ToJsonString());
    }

    [Fact]
    public async Task A_warehouse_that_stops_in_the_middle_of_a_crawl_loses_nothing_and_the_job_says_so()
    {
        await using var account = await SnowflakeAccount.StartAsync(Generated());
        await using var server = await HostedServer.StartAsync();
        using var api = server.Api();
        var credentials = await SetUpAsync(api, account);
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/connection", account.Payloads.Register("snow", credentials)));
        account.Sandbox.SetFaults(new SnowflakeSandboxFault { Operation = "query:SELECT", Kind = SnowflakeSandboxFaultKind.SlowStatement, LatencyMilliseconds = 500 });
        var until = account.Sandbox.Requests.Of("query:SHOW SCHEMAS") + 1;
        var bulkId = await api.AcceptAsync(HttpMethod.Post, "/data/crawl/snow", null);
        using (var look = new PeriodicTimer(TimeSpan.FromMilliseconds(5)))
            while (account.Sandbox.Requests.Of("query:SHOW SCHEMAS") < until) await look.WaitForNextTickAsync();

        account.Sandbox.Change($"ALTER WAREHOUSE {SnowflakeAccount.Warehouse} SET AUTO_RESUME = FALSE", $"ALTER WAREHOUSE {SnowflakeAccount.Warehouse} SUSPEND");

        // It is tried again later, and says meanwhile why.
        var stopped = await api.RetryAsync(bulkId);
        stopped["error"]!.GetValue<string>().ShouldContain("AUTO_RESUME = TRUE");
        (await api.TreeAsync("snow")).Count.ShouldBe(Expected);

        account.Sandbox.SetFaults();
        account.Sandbox.Change($"ALTER WAREHOUSE {SnowflakeAccount.Warehouse} RESUME");
        (await api.DeleteAsync($"/jobs/{stopped["id"]}")).Status.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.Accepted, HttpStatusCode.NoContent);
        var again = await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/crawl/snow", null));
        foreach (var change in (string[])["added", "updated", "missing", "reappeared"]) again["output"]![change]!.GetValue<int>().ShouldBe(0, again.ToJsonString());
    }

    [Fact]
    public async Task A_crawl_after_the_first_asks_for_the_columns_of_what_was_altered_alone()
    {
        await using var account = await SnowflakeAccount.StartAsync(Generated());
        // What the crawl asks is counted: who queried what is read by SELECT too, whenever its time has come, and so is what a reconcile looks at.
        await using var server = await HostedServer.StartAsync(NoQueryAudit);
        using var api = server.Api();
        var credentials = await SetUpAsync(api, account);
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/connection", account.Payloads.Register("snow", credentials)));
        var table = (await api.TreeAsync("snow")).First(p => p.StartsWith("DB002/S0000/", StringComparison.Ordinal));

        var quiet = await SelectsAsync();
        account.Sandbox.Change($"ALTER TABLE {string.Join('.', table.Split('/').Select(name => $"\"{name}\""))} ADD COLUMN SSN VARCHAR(11)");
        (await SelectsAsync()).ShouldBe(quiet + 1);

        var columns = (await api.GetAsync("/data/object/snow/" + table)).Json["columns"]!.AsArray();
        columns.Select(c => c!["name"]!.GetValue<string>()).ShouldContain("SSN");

        async Task<long> SelectsAsync()
        {
            await Enforced.IdleAsync(api, "snow");
            var before = account.Sandbox.Requests.Of("query:SELECT");
            var job = await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/crawl/snow", null));
            job["output"]!["found"]!.GetValue<int>().ShouldBe(Expected, job.ToJsonString());
            await Enforced.IdleAsync(api, "snow");
            return account.Sandbox.Requests.Of("query:SELECT") - before;
        }
    }

    [Fact]
    public async Task A_catalog_too_large_to_list_at_once_is_read_in_parts_and_the_job_says_so()
    {
        await using var account = await SnowflakeAccount.StartAsync(Generated() with { InformationSchemaRowLimit = 500, ShowCap = 50, AsyncAfter = TimeSpan.Zero, InlineBytes = 2000, ChunkBytes = 10_000 });
        await using var server = await HostedServer.StartAsync();
        using var api = server.Api();
        var credentials = await SetUpAsync(api, account);

        var job = await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/connection", account.Payloads.Register("snow", credentials)));

        job.ToJsonString().ShouldContain("(090030)");
        var tree = await api.TreeAsync("snow");
        tree.Count.ShouldBe(Expected);
        tree.ShouldBeUnique();
        (await api.GetAsync("/data/object/snow/DB003/S0000/" + tree.First(p => p.StartsWith("DB003/S0000/", StringComparison.Ordinal)).Split('/')[2])).Json["columns"]!.AsArray().Count.ShouldBe(8);
    }

    private static readonly string[] NoQueryAudit = ["--query-audit-retention", "0"];

    // Databases with one schema each; and the one that holds the generated tags.
    private static int Expected => Databases + Databases + Tables + 2;

    private static SnowflakeSandboxOptions Generated() => new() { Catalog = SnowflakeSandboxCatalog.Generated(Tables, 8, Databases) };

    internal static async Task<SnowflakePayloads.Credentials> SetUpAsync(Api api, SnowflakeAccount account, SnowflakePayloads? payloads = null, string way = "userPassword")
    {
        using var installer = await account.InstallerAsync();
        var (credentials, _) = account.Ways(way);
        var script = await SnowflakeLifecycleTests.ScriptAsync(api, "/integrations/scripts/create", (payloads ?? account.Payloads).Script(credentials));
        (await SnowflakeLifecycleTests.RunAsync(installer, script.Replace("CHANGE_ME", SnowflakeAccount.User, StringComparison.Ordinal))).ShouldBeNull();
        return credentials;
    }

    private static async Task<JsonNode> RefusedAsync(Api api, string payload)
    {
        var refused = await api.PostAsync("/data/connection", payload);
        refused.Status.ShouldBe(HttpStatusCode.UnprocessableEntity, refused.Text);
        (await api.GetAsync("/data/connection/snow")).Status.ShouldBe(HttpStatusCode.NotFound);
        return refused.Json["errors"]!;
    }
}
