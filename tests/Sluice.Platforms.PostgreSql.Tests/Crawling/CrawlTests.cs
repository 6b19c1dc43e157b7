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
    public async Task One_database_after_the_other_the_one_that_may_not_be_entered_is_denied_with_the_remedy_and_the_rest_is_read()
    {
        var open = await postgres.NewDatabaseAsync("CREATE TABLE t (id int)");
        var shut = await postgres.NewDatabaseAsync("CREATE TABLE t (id int)");
        var barred = await postgres.NewDatabaseAsync("CREATE TABLE t (id int)");
        await postgres.Cluster.ExecuteAsync($"REVOKE CONNECT ON DATABASE {shut} FROM PUBLIC; CREATE ROLE visitor LOGIN PASSWORD 'visitor-pw'");
        var hba = Path.Combine(postgres.Cluster.DataDirectory, "pg_hba.conf");
        await File.WriteAllTextAsync(hba, $"host {barred} all all reject\n" + await File.ReadAllTextAsync(hba));
        await postgres.Cluster.ExecuteAsync("SELECT pg_reload_conf()");
        await using var session = Registered.Open(Registered.Payload(postgres.Cluster, "visitor", "visitor-pw"));

        // As a job does it: the databases alone, and then each as a scope of its own, in the same session.
        var databases = await PagesAsync(session, new CrawlScope { Container = Root, ChildrenOnly = true });
        var refusals = new Dictionary<string, PlatformException>();
        var read = new List<CrawlPage>();
        foreach (var database in databases.SelectMany(p => p.Objects).Where(o => ((string[])[open, shut, barred]).Contains(o.Path.Name)))
        {
            try
            {
                read.AddRange(await PagesAsync(session, new CrawlScope { Container = database.Path }));
            }
            catch (PlatformException e)
            {
                refusals.Add(database.Path.Name, e);
            }
        }

        refusals.Keys.ShouldBe([shut, barred], ignoreOrder: true);
        refusals.Values.ShouldAllBe(e => e.Failure == PlatformFailure.AccessDenied);
        refusals[shut].Message.ShouldContain($"Remedy: GRANT CONNECT ON DATABASE \"{shut}\" TO \"visitor\"");
        refusals[barred].Message.ShouldContain("pg_hba.conf");
        read.SelectMany(p => p.Completed).ShouldBe([Root.Child(open), Root.Child(open).Child("public")]);
        foreach (var path in new[] { Root.Child(shut).Child("public"), Root.Child(shut).Child("public").Child("t") })
        {
            var refusal = await Should.ThrowAsync<PlatformException>(() => PagesAsync(session, new CrawlScope { Container = path }));
            refusal.Failure.ShouldBe(PlatformFailure.AccessDenied);
            refusal.Message.ShouldContain("Remedy: GRANT CONNECT");
        }
    }

    [Fact]
    public async Task A_renamed_schema_is_listed_and_its_database_completed_before_any_of_its_tables()
    {
        var database = await postgres.NewDatabaseAsync(
            "CREATE SCHEMA a; CREATE SCHEMA b; CREATE TABLE a.one (id int); CREATE TABLE a.two (id int); CREATE TABLE b.three (id int)");
        var path = Root.Child(database);
        var before = await Crawls.RunAsync(postgres.Cluster, new CrawlScope { Container = path }, pageSize: 1);
        await postgres.Cluster.ExecuteAsync("ALTER SCHEMA a RENAME TO swapped; ALTER SCHEMA b RENAME TO a; ALTER SCHEMA swapped RENAME TO b", database);

        var after = await Crawls.RunAsync(postgres.Cluster, new CrawlScope { Container = path }, pageSize: 1);

        IdOf(after, "b").ShouldBe(IdOf(before, "a"));
        IdOf(after, "a").ShouldBe(IdOf(before, "b"));
        after.SelectMany(p => p.Objects).Where(o => o.Path.Depth == 3).Select(o => o.Path)
            .ShouldBe([path.Child("b").Child("one"), path.Child("b").Child("two"), path.Child("a").Child("three")], ignoreOrder: true);
        ShouldListBeforeContent(path, after);

        static string? IdOf(List<CrawlPage> pages, string schema) =>
            pages.SelectMany(p => p.Objects).Single(o => o.Path.Depth == 2 && o.Path.Name == schema).NativeId;
    }

    [Fact]
    public async Task A_schema_renamed_while_a_crawl_was_interrupted_is_listed_again_before_its_tables()
    {
        var database = await postgres.NewDatabaseAsync("CREATE SCHEMA a; CREATE TABLE a.one (id int); CREATE TABLE a.two (id int)");
        var path = Root.Child(database);
        var stored = (await Crawls.RunAsync(postgres.Cluster, new CrawlScope { Container = path }, pageSize: 1))[1];
        await postgres.Cluster.ExecuteAsync("ALTER SCHEMA a RENAME TO z", database);

        var rest = await Crawls.RunAsync(postgres.Cluster, new CrawlScope { Container = path, Cursor = stored.Cursor }, pageSize: 1);

        ShouldListBeforeContent(path, rest);
        rest.SelectMany(p => p.Objects).Where(o => o.Path.Depth == 3).Select(o => o.Path)
            .ShouldBe([path.Child("z").Child("one"), path.Child("z").Child("two")], ignoreOrder: true);
    }

    [Fact]
    public async Task A_database_renamed_while_a_crawl_of_the_server_was_interrupted_is_listed_again_before_its_schemas()
    {
        var database = await postgres.NewDatabaseAsync("CREATE TABLE one (id int); CREATE TABLE two (id int)");
        var scope = new CrawlScope { Container = Root, Enter = p => p.Names[1] == database || p.Names[1] == "renamed" };
        var all = await Crawls.RunAsync(postgres.Cluster, scope, pageSize: 1);
        await postgres.Cluster.ExecuteAsync($"ALTER DATABASE {database} RENAME TO renamed");

        for (var stored = 0; stored < all.Count - 1; stored++)
        {
            var rest = await Crawls.RunAsync(postgres.Cluster, scope with { Cursor = all[stored].Cursor }, pageSize: 1);

            ShouldListBeforeContent(Root, rest);
            rest.SelectMany(p => p.Objects).Count(o => o.Path.Depth == 3 && o.Path.Names[1] == "renamed").ShouldBe(2);
        }
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

    // A container comes before its children, and its siblings and its parent's completion no later.
    private static void ShouldListBeforeContent(ObjectPath root, IEnumerable<CrawlPage> pages)
    {
        var listed = new HashSet<ObjectPath> { root };
        var completed = new HashSet<ObjectPath>();
        foreach (var page in pages)
        {
            foreach (var found in page.Objects)
            {
                listed.ShouldContain(found.Path.Parent!);
                if (found.Path.Parent! is { } parent && !parent.Equals(root)) completed.ShouldContain(parent.Parent!);
                listed.Add(found.Path);
            }

            completed.UnionWith(page.Completed);
        }

        completed.ShouldContain(root);
    }

    private static async Task<List<CrawlPage>> PagesAsync(IPlatformSession session, CrawlScope scope)
    {
        var pages = new List<CrawlPage>();
        await foreach (var page in session.CrawlAsync(scope, TestContext.Current.CancellationToken)) pages.Add(page);
        return pages;
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
