using Npgsql;
using Sluice.Core.Catalog;

namespace Sluice.Platforms.PostgreSql.Crawling;

/// <summary>Kinds, ids, privileges and interruptions, on a real server. Every test has a database, and where needed a role, of its own.</summary>
public sealed class CrawlTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly ObjectPath Root = new(Registered.Key);

    [Fact]
    public async Task Every_kind_of_table_is_told_by_its_kind()
    {
        var database = await NewDatabaseAsync("""
            CREATE TABLE ordinary (id int);
            CREATE UNLOGGED TABLE unlogged (id int);
            CREATE TABLE parted (id int, region text) PARTITION BY LIST (region);
            CREATE TABLE parted_eu PARTITION OF parted FOR VALUES IN ('eu');
            CREATE TABLE parted_rest PARTITION OF parted DEFAULT PARTITION BY RANGE (id);
            CREATE TABLE child (extra int) INHERITS (ordinary);
            CREATE VIEW shown AS SELECT * FROM ordinary;
            CREATE MATERIALIZED VIEW kept AS SELECT * FROM ordinary;
            CREATE FOREIGN DATA WRAPPER nowhere;
            CREATE SERVER elsewhere FOREIGN DATA WRAPPER nowhere;
            CREATE FOREIGN TABLE remote (id int) SERVER elsewhere;
            CREATE SEQUENCE counter;
            CREATE INDEX ON ordinary (id);
            CREATE TYPE pair AS (a int, b int);
            """);

        (await TablesAsync(database)).ToDictionary(t => t.Path.Name, t => t.Kind).ShouldBe(
            new Dictionary<string, ObjectKind>
            {
                ["ordinary"] = ObjectKind.Table,
                ["unlogged"] = ObjectKind.Table,
                ["parted"] = ObjectKind.Table,
                ["parted_eu"] = ObjectKind.Table,
                ["parted_rest"] = ObjectKind.Table,
                ["child"] = ObjectKind.Table,
                ["shown"] = ObjectKind.View,
                ["kept"] = ObjectKind.MaterializedView,
                ["remote"] = ObjectKind.ExternalTable,
            },
            ignoreOrder: true);
    }

    [Fact]
    public async Task Partition_keys_are_marked_expressions_are_none()
    {
        var database = await NewDatabaseAsync("""
            CREATE TABLE parted (a int, b text, c date) PARTITION BY RANGE (c, lower(b), a);
            CREATE TABLE part PARTITION OF parted DEFAULT;
            """);

        var tables = await TablesAsync(database);

        tables.Single(t => t.Path.Name == "parted").Columns.Where(c => c.IsPartitionKey).Select(c => c.Name).ShouldBe(["a", "c"]);
        tables.Single(t => t.Path.Name == "part").Columns.ShouldAllBe(c => !c.IsPartitionKey);
    }

    [Fact]
    public async Task Types_are_spelled_as_the_server_spells_them_whatever_the_search_path()
    {
        var database = await NewDatabaseAsync("""
            CREATE SCHEMA types; CREATE TYPE types.mood AS ENUM ('ok'); CREATE DOMAIN public.email AS text;
            CREATE TABLE typed (a numeric(10,2), b varchar(20), c text[], d timestamptz(3), e types.mood, f public.email, g char(3)[], h bit varying(8));
            """);
        await postgres.Cluster.ExecuteAsync($"ALTER DATABASE {database} SET search_path = types, public");

        (await TablesAsync(database)).Single().Columns.Select(c => c.Type).ShouldBe(
        [
            "numeric(10,2)", "character varying(20)", "text[]", "timestamp(3) with time zone", "types.mood", "public.email", "character(3)[]",
            "bit varying(8)",
        ]);
    }

    [Fact]
    public async Task Operators_of_the_database_owner_are_not_run()
    {
        // An owner can put a schema of their own before the system's; the crawl's account may do what they may not.
        var database = await NewDatabaseAsync("""
            CREATE SCHEMA trap;
            CREATE FUNCTION trap.equal(oid, oid) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'trapped'; END $$;
            CREATE OPERATOR trap.= (LEFTARG = oid, RIGHTARG = oid, FUNCTION = trap.equal);
            CREATE TABLE ordinary (id int);
            """);
        await postgres.Cluster.ExecuteAsync($"ALTER DATABASE {database} SET search_path = trap, pg_catalog");

        (await TablesAsync(database)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_dropped_column_is_gone_and_its_number_is_not_used_again()
    {
        var database = await NewDatabaseAsync("CREATE TABLE t (a int, b int, c int); ALTER TABLE t DROP COLUMN b; ALTER TABLE t ADD COLUMN b text;");

        (await TablesAsync(database)).Single().Columns.ShouldBe(
            [new DiscoveredColumn("a", "integer", "1"), new DiscoveredColumn("c", "integer", "3"), new DiscoveredColumn("b", "text", "4")]);
    }

    [Fact]
    public async Task A_table_without_columns_is_a_table()
    {
        var database = await NewDatabaseAsync("CREATE TABLE empty ()");

        (await TablesAsync(database)).Single().Columns.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_rename_keeps_the_native_id_a_new_table_of_the_name_gets_another()
    {
        var database = await NewDatabaseAsync("CREATE TABLE before (id int); CREATE TABLE replaced (id int)");
        var first = await TablesAsync(database);
        await postgres.Cluster.ExecuteAsync(
            "ALTER TABLE before RENAME TO after; ALTER TABLE after RENAME COLUMN id TO key; DROP TABLE replaced; CREATE TABLE replaced (id int)", database);
        var second = await TablesAsync(database);

        NativeId(second, "after").ShouldBe(NativeId(first, "before"));
        second.Single(t => t.Path.Name == "after").Columns.ShouldBe([new DiscoveredColumn("key", "integer", "1")]);
        NativeId(second, "replaced").ShouldNotBe(NativeId(first, "replaced"));
    }

    [Fact]
    public async Task Databases_and_schemas_have_comments_and_ids_that_outlive_a_rename()
    {
        var database = await NewDatabaseAsync("CREATE SCHEMA before; COMMENT ON SCHEMA before IS 'what it holds'");
        await postgres.Cluster.ExecuteAsync($"COMMENT ON DATABASE {database} IS 'what it is for'");
        var first = await Crawls.RunAsync(postgres.Cluster, new CrawlScope { Container = Root.Child(database) });
        await postgres.Cluster.ExecuteAsync("ALTER SCHEMA before RENAME TO after", database);
        var second = await Crawls.RunAsync(postgres.Cluster, new CrawlScope { Container = Root.Child(database) });
        var databases = await Crawls.RunAsync(postgres.Cluster, new CrawlScope { Container = Root, ChildrenOnly = true });

        var before = first.SelectMany(p => p.Objects).Single(o => o.Path.Name == "before");
        var after = second.SelectMany(p => p.Objects).Single(o => o.Path.Name == "after");
        after.NativeId.ShouldBe(before.NativeId);
        after.Comment.ShouldBe("what it holds");
        databases.SelectMany(p => p.Objects).Single(o => o.Path.Name == database).Comment.ShouldBe("what it is for");
    }

    [Fact]
    public async Task Templates_and_closed_databases_are_left_out()
    {
        var closed = await NewDatabaseAsync("SELECT 1");
        await postgres.Cluster.ExecuteAsync($"ALTER DATABASE {closed} ALLOW_CONNECTIONS false");
        var template = await NewDatabaseAsync("SELECT 1");
        await postgres.Cluster.ExecuteAsync($"ALTER DATABASE {template} IS_TEMPLATE true");
        var half = await NewDatabaseAsync("SELECT 1");
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
        var open = await NewDatabaseAsync("CREATE TABLE t (id int)");
        var shut = await NewDatabaseAsync("CREATE TABLE t (id int)");
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
        var stays = await NewDatabaseAsync("CREATE TABLE t (id int)");
        var goes = await NewDatabaseAsync("CREATE TABLE t (id int)");
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
        var shut = await NewDatabaseAsync("CREATE TABLE t (id int)");
        var open = await NewDatabaseAsync("CREATE TABLE t (id int)");
        var hba = Path.Combine(postgres.Cluster.DataDirectory, "pg_hba.conf");
        await File.WriteAllTextAsync(hba, $"host {shut} all all reject\n" + await File.ReadAllTextAsync(hba));
        await postgres.Cluster.ExecuteAsync("SELECT pg_reload_conf()");

        var pages = await Crawls.RunAsync(postgres.Cluster, Only(shut, open));

        pages.SelectMany(p => p.Warnings).ShouldHaveSingleItem().ShouldContain(shut);
        pages.SelectMany(p => p.Completed).ShouldBe([Root, Root.Child(open), Root.Child(open).Child("public")]);
    }

    [Fact]
    public async Task Names_in_another_encoding_are_the_same_names()
    {
        await postgres.Cluster.ExecuteAsync("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'");
        await postgres.Cluster.ExecuteAsync("CREATE TABLE \"Straße\" (\"née\" int)", "latin");

        var table = (await TablesAsync("latin")).ShouldHaveSingleItem();

        table.Path.Name.ShouldBe("Straße");
        table.Columns.ShouldHaveSingleItem().Name.ShouldBe("née");
    }

    [Fact]
    public async Task Names_that_are_no_text_are_told_and_nothing_is_completed()
    {
        await postgres.Cluster.ExecuteAsync("CREATE DATABASE bytes ENCODING 'SQL_ASCII' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'");
        await postgres.Cluster.ExecuteAsync("DO $$ BEGIN EXECUTE 'CREATE TABLE \"' || chr(233) || '\" (id int)'; END $$", "bytes");

        var pages = await Crawls.RunAsync(postgres.Cluster, Only("bytes"));

        pages.SelectMany(p => p.Warnings).ShouldHaveSingleItem().ShouldContain("encoding \"UTF8\"");
        pages.SelectMany(p => p.Completed).ShouldNotContain(Root.Child("bytes").Child("public"));
        var refusal = await Should.ThrowAsync<PlatformException>(() => TablesAsync("bytes"));
        refusal.Failure.ShouldBe(PlatformFailure.Refused);
        await postgres.Cluster.ExecuteAsync("DROP DATABASE bytes");
    }

    [Fact]
    public async Task A_password_changed_while_the_server_is_read_ends_the_crawl()
    {
        var database = await NewDatabaseAsync("CREATE TABLE t (id int)");
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
        var database = await NewDatabaseAsync("DO $$ BEGIN FOR i IN 1..30 LOOP EXECUTE format('CREATE TABLE t%s (id int)', i); END LOOP; END $$");
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
    public async Task A_table_of_an_owner_the_account_cannot_act_as_says_so()
    {
        var database = await NewDatabaseAsync("""
            CREATE ROLE "own""er"; CREATE ROLE crawler LOGIN PASSWORD 'crawler-pw'; CREATE ROLE granted; GRANT granted TO crawler;
            CREATE TABLE theirs (id int); ALTER TABLE theirs OWNER TO "own""er";
            CREATE TABLE ours (id int); ALTER TABLE ours OWNER TO granted;
            """);

        var pages = await Crawls.RunAsync(postgres.Cluster, new CrawlScope { Container = Root.Child(database) }, user: "crawler", password: "crawler-pw");

        var tables = pages.SelectMany(p => p.Objects).Where(o => o.Path.Depth == 3).ToDictionary(o => o.Path.Name);
        tables["theirs"].GovernanceReason.ShouldNotBeNull().ShouldContain("GRANT \"own\"\"er\" TO \"crawler\"");
        tables["ours"].GovernanceReason.ShouldBeNull();
    }

    [Fact]
    public async Task Statements_grow_with_pages_and_never_with_schemas_or_tables()
    {
        var database = await NewDatabaseAsync("""
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
        var database = await NewDatabaseAsync("CREATE TABLE a (id int); CREATE TABLE b (id int)");
        await using var session = Registered.Open(
            Registered.Payload(postgres.Cluster), Registered.Platform(new PostgreSqlOptions { PageSize = 1 }));
        await foreach (var _ in session.CrawlAsync(new CrawlScope { Container = Root.Child(database) }, TestContext.Current.CancellationToken))
            (await CountAsync($"SELECT count(*) FROM pg_stat_activity WHERE datname = '{database}' AND xact_start IS NOT NULL")).ShouldBe(0);

        (await CountAsync($"SELECT count(*) FROM pg_stat_activity WHERE datname = '{database}'")).ShouldBeLessThanOrEqualTo(1);
    }

    private static CrawlScope Only(params string[] databases) =>
        new() { Container = Root, Enter = path => databases.Contains(path.Names[1]) };

    private static string? NativeId(IEnumerable<DiscoveredObject> tables, string name) => tables.Single(t => t.Path.Name == name).NativeId;

    private async Task<string> NewDatabaseAsync(string sql)
    {
        var name = new NpgsqlConnectionStringBuilder(await postgres.Cluster.CreateDatabaseAsync(TestContext.Current.CancellationToken)).Database!;
        await postgres.Cluster.ExecuteAsync(sql, name);
        return name;
    }

    private async Task<List<DiscoveredObject>> TablesAsync(string database)
    {
        var pages = await Crawls.RunAsync(postgres.Cluster, new CrawlScope { Container = Root.Child(database) });
        return [.. pages.SelectMany(p => p.Objects).Where(o => o.Path.Depth == 3)];
    }

    private async Task<long> CountAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(postgres.Cluster.ConnectionString());
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
