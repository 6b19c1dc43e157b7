using System.Text.Json.Nodes;
using System.Text.Json;
using Sluice.Core.Payloads;
using Sluice.Core.Problems;
using Sluice.Platforms.PostgreSql.Sql;

namespace Sluice.Platforms.PostgreSql.Setup;

/// <summary>The script, run by psql on a real server, and the account it makes, logged in with.</summary>
public sealed class SetupScriptTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Password = "typed-p4ssword";

    private static readonly string[] KeepPassword = ["-v", "keep_password=1"];

    [Fact]
    public async Task The_account_it_makes_passes_its_checks()
    {
        var cluster = postgres.Cluster;
        await cluster.ExecuteAsync("CREATE ROLE sales_owner");
        await cluster.ExecuteAsync("CREATE DATABASE sales OWNER sales_owner");
        await cluster.ExecuteAsync("CREATE SCHEMA s; CREATE TABLE s.orders (id int); ALTER TABLE s.orders OWNER TO sales_owner", "sales");

        var (exitCode, output) = await RunAsync(Script("sluice_svc", ["sales", "postgres"], ["sales_owner"]));

        exitCode.ShouldBe(0, output);
        output.ShouldNotContain(Password);
        var checks = await ChecksAsync("sluice_svc");
        foreach (var name in new[]
                 {
                     "login", "server version", "TLS", "least privilege", "CREATEROLE", "writable server", "direct connection", "system identifier",
                     "CREATE on database sales", "owner role sales_owner",
                 })
        {
            var check = checks.Single(c => c.Name == name);
            check.Status.ShouldBe(CheckStatus.Passed, check.ToString());
            check.Message.ShouldBeNull();
        }

        checks.ShouldNotContain(c => c.Name == "schema sluice in database sales");
    }

    [Fact]
    public async Task Twice_is_once()
    {
        var cluster = postgres.Cluster;
        await cluster.ExecuteAsync("CREATE ROLE twice_owner");
        await cluster.ExecuteAsync("CREATE DATABASE twice");
        var script = Script("twice_svc", ["twice"], ["twice_owner"]);
        (await RunAsync(script)).ExitCode.ShouldBe(0);
        var before = await StateAsync();

        // Without an answer to type: the password is kept.
        var (exitCode, output) = await cluster.PsqlAsync(script, options: KeepPassword, ct: TestContext.Current.CancellationToken);

        exitCode.ShouldBe(0, output);
        (await StateAsync()).ShouldBe(before);
        await ChecksAsync("twice_svc");

        async Task<string> StateAsync() => (await cluster.PsqlAsync("""
            \connect twice
            SELECT rolname, rolcanlogin, rolcreaterole, rolsuper, rolbypassrls FROM pg_roles WHERE rolname LIKE 'twice%' ORDER BY 1;
            SELECT m.roleid::regrole, m.member::regrole FROM pg_auth_members m WHERE m.member = 'twice_svc'::regrole;
            SELECT datacl FROM pg_database WHERE datname = 'twice';
            SELECT nspname, nspowner::regrole, nspacl FROM pg_namespace WHERE nspname = 'sluice';
            SELECT rolpassword FROM pg_authid WHERE rolname = 'twice_svc';
            """)).Output;
    }

    [Fact]
    public async Task Names_of_any_spelling_stay_names()
    {
        var cluster = postgres.Cluster;
        var mark = Path.Combine(Path.GetTempPath(), $"sluice-{Guid.NewGuid():N}"[..20]);
        string[] names =
        [
            "quo\"te", "quo'te", "back\\slash", "a=b", "dbname=template1", "postgres://x", "$$", ":sluice_account", "--", "/*", "*/", "emoji😀", "UPPER", " ",
            $"a\n\\! touch {mark}\n--", "x'; DROP ROLE postgres; --", "x\"; DROP ROLE postgres; --", "\\gexec", new string('漢', 21), "public ", "a\tb", "\u202ertl",
        ];
        for (var i = 0; i < names.Length; i++)
        {
            var (user, database, owner) = (names[i], names[(i + 1) % names.Length], names[(i + 2) % names.Length]);
            await cluster.ExecuteAsync($"CREATE DATABASE {Quote.Identifier(database)}");
            await cluster.ExecuteAsync($"CREATE ROLE {Quote.Identifier(owner)}");
            await cluster.ExecuteAsync($"CREATE TABLE t (id int); ALTER TABLE t OWNER TO {Quote.Identifier(owner)}", database);

            var (exitCode, output) = await RunAsync(Script(user, [database], [owner]));

            exitCode.ShouldBe(0, $"{user}\n{output}");
            var checks = await ChecksAsync(user);
            checks.Single(c => c.Name == $"owner role {owner}").Status.ShouldBe(CheckStatus.Passed);
            checks.Single(c => c.Name == $"CREATE on database {database}").Status.ShouldBe(CheckStatus.Passed);
            await cluster.ExecuteAsync($"DROP DATABASE {Quote.Identifier(database)}");
            await cluster.ExecuteAsync($"DROP ROLE {Quote.Identifier(user)}, {Quote.Identifier(owner)}");
        }

        File.Exists(mark).ShouldBeFalse();
    }

    [Fact]
    public async Task A_superuser_owner_is_named_and_not_joined()
    {
        await postgres.Cluster.ExecuteAsync("CREATE DATABASE risky");

        var (exitCode, output) = await RunAsync(Script("risky_svc", ["risky"], ["postgres"]));

        exitCode.ShouldBe(0, output);
        output.ShouldContain("not granted, because it is a superuser");
        (await postgres.Cluster.PsqlAsync("SELECT count(*) AS n FROM pg_auth_members WHERE member = 'risky_svc'::regrole \\gset\n\\echo members=:n\n"))
            .Output.ShouldContain("members=0");
    }

    [Fact]
    public async Task An_owner_or_database_that_does_not_exist_stops_the_script()
    {
        (await RunAsync(Script("lost_svc", ["postgres"], ["no such role"]))).ExitCode.ShouldNotBe(0);
        (await RunAsync(Script("lost_svc", ["no such database"], []))).ExitCode.ShouldNotBe(0);
    }

    [Fact]
    public void No_name_stands_in_a_comment_or_in_a_psql_command()
    {
        var script = Script("theaccount", ["thedatabase"], ["theowner"]);

        foreach (var line in script.Split('\n').Where(l => l.StartsWith("--", StringComparison.Ordinal) || l.StartsWith('\\')))
        {
            line.ShouldNotContain("theaccount");
            line.ShouldNotContain("thedatabase");
            line.ShouldNotContain("theowner");
        }
    }

    [Fact]
    public void Every_problem_of_a_request_is_told_at_once()
    {
        var (script, problems) = Read("""
            {"type": "Postgres", "autoBootstrap": true, "extra": 1,
             "config": {"username": "a\u0000", "databases": ["", "ok", 7], "owners": "all", "password": "no"}}
            """);

        script.ShouldBeNull();
        problems.Select(p => p.Path).ShouldBe(
            [
                "$.type", "$.autoBootstrap", "$.extra", "$.config.username", "$.config.databases[0]", "$.config.databases[2]", "$.config.owners",
                "$.config.password",
            ],
            ignoreOrder: true);
    }

    [Theory]
    [InlineData("""{"type": "PostgreSQL"}""", "$.config")]
    [InlineData("""{"type": "PostgreSQL", "config": {"username": "a"}}""", "$.config.databases")]
    [InlineData("""{"type": "PostgreSQL", "config": {"username": "a", "databases": []}}""", "$.config.databases")]
    [InlineData("""{"type": "PostgreSQL", "config": {"databases": ["d"]}}""", "$.config.username")]
    [InlineData("""{"type": "PostgreSQL", "config": {"username": "a", "databases": ["d"], "owners": ["a"]}}""", "$.config.owners")]
    public void What_a_script_needs_is_asked_for(string request, string path)
    {
        var (script, problems) = Read(request);

        script.ShouldBeNull();
        problems.ShouldHaveSingleItem().Path.ShouldBe(path);
    }

    private static (string? Script, IReadOnlyCollection<Problem> Problems) Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        var problems = new ProblemList();
        var script = Registered.Platform().WriteSetupScript(new PayloadObject(document.RootElement, "$", problems));
        return (script, problems);
    }

    private static string Script(string username, string[] databases, string[] owners)
    {
        var request = new JsonObject
        {
            ["type"] = "PostgreSQL",
            ["autoBootstrap"] = false,
            ["config"] = new JsonObject
            {
                ["username"] = username,
                ["databases"] = new JsonArray([.. databases.Select(d => (JsonNode)d)]),
                ["owners"] = new JsonArray([.. owners.Select(o => (JsonNode)o)]),
            },
        };
        var (script, problems) = Read(request.ToJsonString());
        problems.ShouldBeEmpty();
        return script!;
    }

    private Task<(int ExitCode, string Output)> RunAsync(string script) =>
        postgres.Cluster.PsqlAsync(script, answers: $"{Password}\n{Password}\n", ct: TestContext.Current.CancellationToken);

    private async Task<IReadOnlyList<Check>> ChecksAsync(string user)
    {
        var payload = Registered.Payload(postgres.Cluster, user, Password, sslMode: "verify-full");
        payload["sslRootCertificate"] = await File.ReadAllTextAsync(postgres.Cluster.CaCertificatePath);
        await using var session = Registered.Open(payload);
        return await session.CheckAsync(TestContext.Current.CancellationToken);
    }
}
