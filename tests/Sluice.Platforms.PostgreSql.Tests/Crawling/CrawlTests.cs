using Npgsql;
using Sluice.Core.Catalog;

namespace Sluice.Platforms.PostgreSql.Crawling;

/// <summary>
/// Databases that can't be read, connections that are cut, and what a crawl costs. Every test has a database, and where needed a role, of
/// its own.
/// </summary>
public sealed class CrawlTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly ObjectPath Root = new(Registered.Key);

    [Fact]
    public async Task Templates_and_closed_databases_are_left_out()
    {
        var closed = await postgres.NewDatabaseAsync("SELECT 1");
        await postgres.Cluster.ExecuteAsync($"ALTER DATABASE {closed} ALLOW_CONNECTIONS false");
        var template = await postgres.NewDatabaseAsync("SELECT 1");
        await postgres.Cluster.ExecuteAsync($"ALTER DATABASE {template} IS_TEMPLATE true");
        var half = await postgres.NewDatabaseAsync("SELECT 1");
        await postgres.Cluster.ExecuteAsync($"UPDATE pg_database SET datconnlimit = -2 WHERE datname = '{half}'");

        var pages = await Crawls.RunAsync(postgres.Cluster, new CrawlScope { Container = Root, ChildrenOnly = true });

        var names = pages.SelectMany(p => p.Objects).Select(o => o.Path.Name).ToList();
        names.ShouldContain("postgres");
        names.ShouldNotContain(closed);
        names.ShouldNotContain(template);
        names.ShouldNotContain(half);
        names.ShouldNotContain("template1");
    }

    [Fact]
    public async Task A_database_the_account_may_not_enter_is_listed_with_the_remedy_and_never_completed()
    {
        var open = await postgres.NewDatabaseAsync("CREATE TABLE t (id int)");
        var shut = await postgres.NewDatabaseAsync("CREATE TABLE t (id int)");
        await postgres.Cluster.ExecuteAsync($"REVOKE CONNECT ON DATABASE {shut} FROM PUBLIC; CREATE ROLE outsider LOGIN PASSWORD 'outsider-pw'");

        var pages = await Crawls.RunAsync(postgres.Cluster, Only(open, shut), user: "outsider", password: "outsider-pw");

        var found = pages.SelectMany(p => p.Objects).Single(o => o.Path.Name == shut);
        found.GovernanceReason.ShouldNotBeNull().ShouldContain($"GRANT CONNECT ON DATABASE \"{shut}\" TO \"outsider\"");
        pages.SelectMany(p => p.Warnings).ShouldContain(w => w.Contains(shut));
        var completed = pages.SelectMany(p => p.Completed).ToList();
        completed.ShouldContain(Root);
        completed.ShouldContain(Root.Child(open).Child("public"));
        completed.ShouldNotContain(Root.Child(shut));
        pages[^1].Cursor.ShouldBeNull();
    }

    [Fact]
    public async Task A_database_that_goes_while_the_server_is_read_is_a_warning()
    {
        var stays = await postgres.NewDatabaseAsync("CREATE TABLE t (id int)");
        var goes = await postgres.NewDatabaseAsync("CREATE TABLE t (id int)");
        await using var session = Registered.Open(Registered.Payload(postgres.Cluster));
        var pages = new List<CrawlPage>();
        await foreach (var page in session.CrawlAsync(Only(stays, goes), TestContext.Current.CancellationToken))
        {
            if (pages.Count == 0) await postgres.Cluster.ExecuteAsync($"DROP DATABASE {goes}");
            pages.Add(page);
        }

        pages.SelectMany(p => p.Warnings).ShouldHaveSingleItem().ShouldContain(goes);
        pages.SelectMany(p => p.Completed).ShouldContain(Root.Child(stays).Child("public"));
        pages.SelectMany(p => p.Completed).ShouldNotContain(Root.Child(goes));
        pages[^1].Cursor.ShouldBeNull();
    }

    [Fact]
    public async Task A_database_that_turns_the_account_away_is_a_warning_and_the_next_is_read()
    {
        var shut = await postgres.NewDatabaseAsync("CREATE TABLE t (id int)");
        var open = await postgres.NewDatabaseAsync("CREATE TABLE t (id int)");
        var hba = Path.Combine(postgres.Cluster.DataDirectory, "pg_hba.conf");
        await File.WriteAllTextAsync(hba, $"host {shut} all all reject\n" + await File.ReadAllTextAsync(hba));
        await postgres.Cluster.ExecuteAsync("SELECT pg_reload_conf()");

        var pages = await Crawls.RunAsync(postgres.Cluster, Only(shut, open));

        pages.SelectMany(p => p.Warnings).ShouldHaveSingleItem().ShouldContain(shut);
        pages.SelectMany(p => p.Completed).ShouldBe([Root, Root.Child(open), Root.Child(open).Child("public")]);
    }

    [Fact]
    public async Task Names_that_are_no_text_are_told_and_nothing_is_completed()
    {
        await postgres.Cluster.ExecuteAsync("CREATE DATABASE bytes ENCODING 'SQL_ASCII' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'");
        await postgres.Cluster.ExecuteAsync("DO $$ BEGIN EXECUTE 'CREATE TABLE \"' || chr(233) || '\" (id int)'; END $$", "bytes");

        var pages = await Crawls.RunAsync(postgres.Cluster, Only("bytes"));

        pages.SelectMany(p => p.Warnings).ShouldHaveSingleItem().ShouldContain("encoding \"UTF8\"");
        pages.SelectMany(p => p.Completed).ShouldNotContain(Root.Child("bytes").Child("public"));
        var refusal = await Should.ThrowAsync<PlatformException>(
            () => Crawls.RunAsync(postgres.Cluster, new CrawlScope { Container = Root.Child("bytes") }));
        refusal.Failure.ShouldBe(PlatformFailure.Refused);
        await postgres.Cluster.ExecuteAsync("DROP DATABASE bytes");
    }

    [Fact]
    public async Task A_password_changed_while_the_server_is_read_ends_the_crawl()
    {
        var database = await postgres.NewDatabaseAsync("CREATE TABLE t (id int)");
        await postgres.Cluster.ExecuteAsync("CREATE ROLE rotated LOGIN PASSWORD 'rotated-pw'");
        var payload = Registered.Payload(postgres.Cluster, "rotated", "rotated-pw");
        await using var session = Registered.Open(payload);

        var refusal = await Registered.RefusalAsync(
            async () =>
            {
                await foreach (var page in session.CrawlAsync(Only(database), TestContext.Current.CancellationToken))
                    if (page.Objects.Any(o => o.Path.Depth == 1)) await postgres.Cluster.ExecuteAsync("ALTER ROLE rotated PASSWORD 'other'");
            },
            payload);

        refusal.Failure.ShouldBe(PlatformFailure.CredentialsRejected);
    }

    [Fact]
    public async Task A_connection_cut_between_pages_is_made_again()
    {
        var database = await postgres.NewDatabaseAsync("DO $$ BEGIN FOR i IN 1..30 LOOP EXECUTE format('CREATE TABLE t%s (id int)', i); END LOOP; END $$");
        await using var session = Registered.Open(
            Registered.Payload(postgres.Cluster), Registered.Platform(new PostgreSqlOptions { PageSize = 10 }));
        var found = new List<string>();
        await foreach (var page in session.CrawlAsync(new CrawlScope { Container = Root.Child(database) }, TestContext.Current.CancellationToken))
        {
            found.AddRange(page.Objects.Where(o => o.Path.Depth == 3).Select(o => o.Path.Name));
            await postgres.Cluster.ExecuteAsync(
                $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}' AND pid <> pg_backend_pid()");
        }

        found.ShouldBe(Enumerable.Range(1, 30).Select(i => $"t{i}"), ignoreOrder: true);
    }

    [Fact]
    public async Task Statements_grow_with_pages_and_never_with_schemas_or_tables()
    {
        var database = await postgres.NewDatabaseAsync("""
            DO $$ BEGIN FOR s IN 1..40 LOOP EXECUTE format('CREATE SCHEMA s%s', s);
            FOR t IN 1..5 LOOP EXECUTE format('CREATE TABLE s%s.t%s (a int, b text)', s, t); END LOOP; END LOOP; END $$;
            CREATE ROLE counted LOGIN SUPERUSER PASSWORD 'counted-pw'; ALTER ROLE counted SET log_statement = 'all';
            """);

        await Crawls.RunAsync(postgres.Cluster, Only(database), pageSize: 50, user: "counted", password: "counted-pw");

        // One for the databases; three for what the database holds; two for each of 200 / 50 pages.
        var log = (await File.ReadAllLinesAsync(postgres.Cluster.LogPath)).Where(l => l.StartsWith("counted@", StringComparison.Ordinal)).ToList();
        log.Count(l => l.Contains("SELECT", StringComparison.Ordinal)).ShouldBe(1 + 3 + (2 * 4));
        log.Count(l => l.Contains("BEGIN", StringComparison.Ordinal)).ShouldBe(1 + 1 + 4);
    }

    [Fact]
    public async Task Nothing_is_held_open_between_pages()
    {
        var database = await postgres.NewDatabaseAsync("CREATE TABLE a (id int); CREATE TABLE b (id int)");
        await using var session = Registered.Open(
            Registered.Payload(postgres.Cluster), Registered.Platform(new PostgreSqlOptions { PageSize = 1 }));
        await foreach (var _ in session.CrawlAsync(new CrawlScope { Container = Root.Child(database) }, TestContext.Current.CancellationToken))
            (await CountAsync($"SELECT count(*) FROM pg_stat_activity WHERE datname = '{database}' AND xact_start IS NOT NULL")).ShouldBe(0);

        (await CountAsync($"SELECT count(*) FROM pg_stat_activity WHERE datname = '{database}'")).ShouldBeLessThanOrEqualTo(1);
    }

    private static CrawlScope Only(params string[] databases) =>
        new() { Container = Root, Enter = path => databases.Contains(path.Names[1]) };

    private async Task<long> CountAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(postgres.Cluster.ConnectionString());
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
