using Sluice.Sandbox.Databricks;
using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Faults;

namespace Sluice.EndToEnd.Tests;

/// <summary>A crawl of a workspace that throttles, pages oddly, lets tokens end, and answers in links; and one that is killed.</summary>
public sealed class DatabricksFaultTests
{
    private const int Tables = 1200;
    private const int Catalogs = 3;

    public static TheoryData<string, DatabricksSandboxFault[]> Faults => new()
    {
        {
            "429 with Retry-After",
            [new() { Kind = DatabricksSandboxFaultKind.Throttle, Operation = "statements.execute", After = 14, Every = 3, Times = 3 }, new() { Kind = DatabricksSandboxFaultKind.Throttle, Operation = "tables.list", Every = 5, Times = 3 }]
        },
        { "empty pages with tokens", [new() { Kind = DatabricksSandboxFaultKind.EmptyPage, Operation = "*.list", Every = 2 }] },
        {
            "answers that don't come whole",
            [new() { Kind = DatabricksSandboxFaultKind.CutAnswer, Operation = "statements.execute", After = 14, Times = 2 }, new() { Kind = DatabricksSandboxFaultKind.ServerError, Operation = "tables.list", After = 3, Times = 2 }]
        },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_crawl_is_whole_in_spite_of(string what, DatabricksSandboxFault[] faults)
    {
        await using var sandbox = await GeneratedAsync(new());
        await using var server = await HostedServer.StartAsync(["--query-audit-retention", "0"]);
        using var api = server.Api();
        var payloads = new DatabricksPayloads(sandbox, DatabricksPayloads.OAuthM2M);
        await SetUpAsync(api, payloads);
        sandbox.SetFaults(faults);

        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/connection", payloads.Registration("unity")));

        if (faults[0].Kind != DatabricksSandboxFaultKind.EmptyPage) sandbox.Requests.Errors.ShouldNotBeEmpty(what);
        await WholeAsync(api, sandbox);

        // An empty page is no error: it shows by the requests that a crawl of the same needs more.
        if (faults[0].Kind != DatabricksSandboxFaultKind.EmptyPage) return;
        var plain = await ListingsAsync(api, sandbox);
        sandbox.SetFaults(faults);
        (await ListingsAsync(api, sandbox)).ShouldBeGreaterThan(plain, what);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task A_token_that_is_taken_no_longer_in_the_middle_of_a_crawl_is_replaced(int status)
    {
        await using var sandbox = await GeneratedAsync(new() { ExpiredTokenStatus = status });
        await using var server = await HostedServer.StartAsync();
        using var api = server.Api();
        var payloads = new DatabricksPayloads(sandbox, DatabricksPayloads.OAuthM2M);
        await SetUpAsync(api, payloads);
        sandbox.SetFaults(new DatabricksSandboxFault { Kind = DatabricksSandboxFaultKind.ExpireAccessToken, Operation = "statements.*", After = 14, Times = 1 });

        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/connection", payloads.Registration("unity")));

        sandbox.Requests.Errors.Keys.ShouldContain($"{status}");
        await WholeAsync(api, sandbox);
    }

    [Fact]
    public async Task Tokens_that_live_for_seconds_are_asked_for_again_before_they_end()
    {
        await using var sandbox = await GeneratedAsync(new() { AccessTokenLifetime = TimeSpan.FromSeconds(3) });
        await using var server = await HostedServer.StartAsync();
        using var api = server.Api();
        var payloads = new DatabricksPayloads(sandbox, DatabricksPayloads.OAuthM2M);
        await SetUpAsync(api, payloads);
        sandbox.SetFaults(new DatabricksSandboxFault { Kind = DatabricksSandboxFaultKind.Latency, Operation = "statements.*", LatencyMilliseconds = 1000 });

        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/connection", payloads.Registration("unity")));

        // One for the registration, and more than one for the crawl.
        sandbox.Requests.Of("oidc.token").ShouldBeGreaterThan(2);
        await WholeAsync(api, sandbox);
    }

    [Fact]
    public async Task Results_that_are_too_large_inline_are_read_behind_their_links()
    {
        await using var sandbox = await GeneratedAsync(new() { InlineByteLimit = 4000, ResultChunkBytes = 3000, ExternalLinkLifetime = TimeSpan.FromMinutes(5) });
        await using var server = await HostedServer.StartAsync();
        using var api = server.Api();
        var payloads = new DatabricksPayloads(sandbox, DatabricksPayloads.OAuthM2M);
        await SetUpAsync(api, payloads);

        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/connection", payloads.Registration("unity")));

        sandbox.Requests.Of("statements.link").ShouldBeGreaterThan(10);
        await WholeAsync(api, sandbox);
    }

    [Fact]
    public async Task A_warehouse_that_is_deleted_in_the_middle_of_a_crawl_loses_nothing_and_the_job_says_so()
    {
        await using var sandbox = await GeneratedAsync(new());
        await using var server = await HostedServer.StartAsync(["--query-audit-retention", "0"]);
        using var api = server.Api();
        var payloads = new DatabricksPayloads(sandbox, DatabricksPayloads.OAuthM2M);
        await SetUpAsync(api, payloads);
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/connection", payloads.Registration("unity")));
        var whole = await api.TreeAsync("unity");
        sandbox.SetFaults(new DatabricksSandboxFault { Kind = DatabricksSandboxFaultKind.Latency, Operation = "statements.*", LatencyMilliseconds = 500 });
        // The crawl's own statements are counted.
        await Enforced.IdleAsync(api, "unity");
        var until = sandbox.Requests.Of("statements.execute") + 3;
        var bulkId = await api.AcceptAsync(HttpMethod.Post, "/data/crawl/unity", null);
        using (var look = new PeriodicTimer(TimeSpan.FromMilliseconds(5)))
            while (sandbox.Requests.Of("statements.execute") < until) await look.WaitForNextTickAsync();

        sandbox.SetWarehouse(SandboxComputeState.Deleted);
        var stopped = await api.WaitAsync(bulkId);

        stopped["state"]!.GetValue<string>().ShouldBe("failed", stopped.ToJsonString());
        stopped["error"]!.GetValue<string>().ShouldContain("httpPath");
        (await api.TreeAsync("unity")).ShouldBe(whole, ignoreOrder: true);

        sandbox.SetFaults();
        sandbox.SetWarehouse(SandboxComputeState.Running);
        var again = await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/crawl/unity", null));
        foreach (var change in (string[])["added", "updated", "missing", "reappeared"]) again["output"]![change]!.GetValue<int>().ShouldBe(0, again.ToJsonString());
    }

    [Fact]
    public async Task Without_a_warehouse_what_is_known_stays_governed_and_what_is_new_waits()
    {
        await using var sandbox = await GeneratedAsync(new());
        await using var server = await HostedServer.StartAsync();
        using var api = server.Api();
        var payloads = new DatabricksPayloads(sandbox, DatabricksPayloads.OAuthM2M);
        await SetUpAsync(api, payloads);
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/connection", payloads.Registration("unity")));
        var known = (await api.TreeAsync("unity")).First(static p => p.Count(static c => c == '/') == 2);
        var schema = known[..known.LastIndexOf('/')];
        sandbox.SetWarehouse(SandboxComputeState.Deleted);
        sandbox.Change($"CREATE TABLE {string.Join('.', schema.Split('/').Select(static n => $"`{n}`"))}.brought_later (id INT)");

        var crawl = await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/crawl/unity", null));

        crawl["output"]!["warnings"]!.ToJsonString().ShouldContain("without tags");
        crawl["output"]!["updated"]!.GetValue<int>().ShouldBe(0, crawl.ToJsonString());
        (await GovernanceAsync(known)).ShouldBe("governed");
        (await GovernanceAsync($"{schema}/brought_later")).ShouldBe("unknown");

        sandbox.SetWarehouse(SandboxComputeState.Running);
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/crawl/unity", null));
        (await GovernanceAsync($"{schema}/brought_later")).ShouldBe("governed");

        async Task<string> GovernanceAsync(string path) => (await api.GetAsync($"/data/object/unity/{path}")).Json["enforcement"]!["governance"]!.GetValue<string>();
    }

    [Fact]
    public async Task A_crawl_after_the_first_reads_what_was_changed()
    {
        await using var sandbox = await GeneratedAsync(new());
        await using var server = await HostedServer.StartAsync();
        using var api = server.Api();
        var payloads = new DatabricksPayloads(sandbox, DatabricksPayloads.Token);
        await SetUpAsync(api, payloads);
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/connection", payloads.Registration("unity")));
        var table = (await api.TreeAsync("unity")).First(p => p.StartsWith("lake_", StringComparison.Ordinal) && p.Count(c => c == '/') == 2);
        sandbox.Change($"ALTER TABLE `{table.Replace("/", "`.`", StringComparison.Ordinal)}` ADD COLUMN added_later INT COMMENT 'new'");

        var again = await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/crawl/unity", null));

        again["output"]!["updated"]!.GetValue<int>().ShouldBe(1, again.ToJsonString());
        (await api.GetAsync($"/data/object/unity/{table}")).Json["columns"]!.AsArray().ShouldContain(c => c!["name"]!.GetValue<string>() == "added_later");
        await WholeAsync(api, sandbox);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_killed_crawl_loses_and_doubles_nothing(bool onCluster)
    {
        await using var sandbox = await GeneratedAsync(new());
        var directory = TestServer.NewDirectory();
        var payloads = new DatabricksPayloads(sandbox, DatabricksPayloads.Token) { OnCluster = onCluster };
        var server = await ServerProcess.StartAsync(directory);
        try
        {
            string bulkId;
            using (var api = server.Api())
            {
                await SetUpAsync(api, payloads);
                sandbox.SetFaults(new DatabricksSandboxFault { Kind = DatabricksSandboxFaultKind.Latency, LatencyMilliseconds = 30 });
                bulkId = await api.AcceptAsync(HttpMethod.Post, "/data/connection", payloads.Registration("unity"));
            }

            // A job that is not completed after the restart was not before either: that kill met it.
            var met = 0;
            foreach (var requests in (int[])[3, 9, 20])
            {
                await RequestsAsync(sandbox, requests);
                await server.KillAsync();
                await server.DisposeAsync();
                server = await ServerProcess.StartAsync(directory);
                using var restarted = server.Api();
                if ((await restarted.GetAsync($"/jobs?bulkId={bulkId}")).Json.AsArray().Single()!["state"]!.GetValue<string>() != "completed") met++;
            }

            met.ShouldBeGreaterThan(0);
            sandbox.SetFaults();
            using (var api = server.Api())
            {
                await api.CompleteAsync(bulkId);
                await WholeAsync(api, sandbox);
            }
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task An_authority_in_the_systems_store_is_trusted_over_TLS()
    {
        await using var sandbox = await DatabricksSandbox.StartAsync(new() { Tls = true, ServiceGrants = ServiceGrants.ManageWithSystemTables });
        var directory = TestServer.NewDirectory();
        var certificate = Path.Combine(directory, "authority.pem");
        await File.WriteAllTextAsync(certificate, sandbox.CertificatePem);
        var payloads = new DatabricksPayloads(sandbox, DatabricksPayloads.OAuthM2M);

        // Unknown, it is refused; then nothing else was wrong than the catalog that no script has made.
        await using (var server = await HostedServer.StartAsync())
        {
            using var api = server.Api();
            (await api.PostAsync("/data/connection", payloads.Registration("unity"))).Text.ShouldContain("certificate");
        }

        await using (var server = await ServerProcess.StartAsync(directory, environment: new Dictionary<string, string> { ["SSL_CERT_FILE"] = certificate }))
        {
            using var api = server.Api();
            var answer = await api.PostAsync("/data/connection", payloads.Registration("unity"));
            answer.Json["errors"]!.AsObject().Single().Key.ShouldBe("$.connection (catalog)", answer.Text);
        }
    }

    /// <summary>A generated metastore that the service principal governs.</summary>
    private static Task<DatabricksSandbox> GeneratedAsync(DatabricksSandboxOptions options) => DatabricksSandbox.StartAsync(options with
    {
        Catalog = DatabricksSandboxCatalog.Generated(Tables, 5, Catalogs),
        ServiceGrants = ServiceGrants.ManageWithSystemTables,
        Principals = [new() { Name = DatabricksScript.Creator }],
    });

    private static async Task SetUpAsync(Api api, DatabricksPayloads payloads)
    {
        var script = await api.PostAsync("/integrations/scripts/create", payloads.Script());

        // The first part is enough: the principal holds the rest already.
        payloads.Sandbox.Change($"GRANT CREATE CATALOG ON METASTORE TO `{DatabricksScript.Creator}`");
        await new DatabricksScript(script.Text).RunFirstAsync(payloads.Sandbox);
    }

    private static async Task WholeAsync(Api api, DatabricksSandbox sandbox)
    {
        var paths = await api.TreeAsync("unity");
        paths.Distinct(StringComparer.Ordinal).Count().ShouldBe(paths.Count);
        paths.Count(p => p.StartsWith("lake_", StringComparison.Ordinal) && p.Count(c => c == '/') == 2).ShouldBe(Tables);

        // The next crawl finds nothing to do: what was stored is whole.
        sandbox.SetFaults();
        var again = await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/crawl/unity", null));
        foreach (var change in (string[])["added", "updated", "renamed", "reappeared", "missing"]) again["output"]![change]!.GetValue<int>().ShouldBe(0, again.ToJsonString());
    }

    private static async Task<long> ListingsAsync(Api api, DatabricksSandbox sandbox)
    {
        // The crawl's own are counted, and not those of a plan.
        await Enforced.IdleAsync(api, "unity");
        var before = Listings();
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/crawl/unity", null));
        return Listings() - before;

        long Listings() => sandbox.Requests.Operations.Where(o => o.Key.EndsWith(".list", StringComparison.Ordinal)).Sum(o => o.Value);
    }

    // A point in the crawl is a number of requests the platform has seen; a crawl that ended before it is killed idle.
    private static async Task RequestsAsync(DatabricksSandbox sandbox, int more)
    {
        var until = sandbox.Requests.Total + more;
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        for (var looks = 0; sandbox.Requests.Total < until && looks < 2000; looks++) await look.WaitForNextTickAsync();
    }
}
