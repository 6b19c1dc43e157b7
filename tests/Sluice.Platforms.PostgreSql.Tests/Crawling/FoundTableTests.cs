using Sluice.Core.Catalog;
using Sluice.Platforms.PostgreSql.Login;

namespace Sluice.Platforms.PostgreSql.Crawling;

/// <summary>What a table is found to be, on a real server. Every test has a database of its own.</summary>
public sealed class FoundTableTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly ObjectPath Root = new(Registered.Key);

    [Fact]
    public async Task Every_kind_of_table_is_told_by_its_kind()
    {
        var database = await postgres.NewDatabaseAsync("""
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
        var database = await postgres.NewDatabaseAsync("""
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
        var database = await postgres.NewDatabaseAsync("""
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
        var database = await postgres.NewDatabaseAsync("""
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
        var database = await postgres.NewDatabaseAsync("CREATE TABLE t (a int, b int, c int); ALTER TABLE t DROP COLUMN b; ALTER TABLE t ADD COLUMN b text;");

        (await TablesAsync(database)).Single().Columns.ShouldBe(
            [new DiscoveredColumn("a", "integer", "1"), new DiscoveredColumn("c", "integer", "3"), new DiscoveredColumn("b", "text", "4")]);
    }

    [Fact]
    public async Task A_table_without_columns_is_a_table()
    {
        var database = await postgres.NewDatabaseAsync("CREATE TABLE empty ()");

        (await TablesAsync(database)).Single().Columns.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_rename_keeps_the_native_id_a_new_table_of_the_name_gets_another()
    {
        var database = await postgres.NewDatabaseAsync("CREATE TABLE before (id int); CREATE TABLE replaced (id int)");
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
        var database = await postgres.NewDatabaseAsync("CREATE SCHEMA before; COMMENT ON SCHEMA before IS 'what it holds'");
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
    public async Task Names_in_another_encoding_are_the_same_names()
    {
        await postgres.Cluster.ExecuteAsync("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'");
        await postgres.Cluster.ExecuteAsync("CREATE TABLE \"Straße\" (\"née\" int)", "latin");

        var table = (await TablesAsync("latin")).ShouldHaveSingleItem();

        table.Path.Name.ShouldBe("Straße");
        table.Columns.ShouldHaveSingleItem().Name.ShouldBe("née");
    }

    [Fact]
    public async Task A_table_of_an_owner_the_account_cannot_act_as_says_so()
    {
        var database = await postgres.NewDatabaseAsync("""
            CREATE ROLE "own""er"; CREATE ROLE crawler LOGIN PASSWORD 'crawler-pw'; CREATE ROLE granted; GRANT granted TO crawler;
            CREATE TABLE theirs (id int); ALTER TABLE theirs OWNER TO "own""er";
            CREATE TABLE ours (id int); ALTER TABLE ours OWNER TO granted;
            """);

        var pages = await Crawls.RunAsync(postgres.Cluster, new CrawlScope { Container = Root.Child(database) }, user: "crawler", password: "crawler-pw");

        var tables = pages.SelectMany(p => p.Objects).Where(o => o.Path.Depth == 3).ToDictionary(o => o.Path.Name);
        tables["theirs"].GovernanceReason.ShouldNotBeNull().ShouldContain("Owned by own\"er");
        tables["theirs"].GovernanceReason.ShouldNotBeNull().ShouldContain("GRANT \"own\"\"er\" TO \"crawler\"");
        (tables["theirs"].Governance, tables["theirs"].GrantMethod).ShouldBe((Governance.Governed, "none"));
        tables["ours"].GovernanceReason.ShouldBeNull();
        (tables["ours"].Governance, tables["ours"].GrantMethod).ShouldBe((Governance.Governed, null));
    }

    [Fact]
    public async Task A_superusers_table_has_no_remedy_that_would_make_the_account_one()
    {
        var database = await postgres.NewDatabaseAsync("CREATE ROLE humble LOGIN PASSWORD 'humble-pw'; CREATE TABLE theirs (id int)");

        var pages = await Crawls.RunAsync(postgres.Cluster, new CrawlScope { Container = Root.Child(database) }, user: "humble", password: "humble-pw");

        var table = pages.SelectMany(p => p.Objects).Single(o => o.Path.Depth == 3);
        table.GrantMethod.ShouldBe("none");
        table.GovernanceReason.ShouldNotBeNull().ShouldContain("ALTER TABLE");
        table.GovernanceReason.ShouldNotContain("GRANT \"postgres\"");
    }

    [Fact]
    public async Task A_superuser_grants_on_everyones_tables()
    {
        var database = await postgres.NewDatabaseAsync("CREATE ROLE somebody; CREATE TABLE theirs (id int); ALTER TABLE theirs OWNER TO somebody");

        var table = (await TablesAsync(database)).ShouldHaveSingleItem();

        (table.GrantMethod, table.GovernanceReason).ShouldBe((null, null));
    }

    [Theory]
    [InlineData(15, "GRANT \"o\" TO \"a\"")]
    [InlineData(16, "GRANT \"o\" TO \"a\" WITH SET TRUE")]
    public void The_remedy_speaks_the_servers_version(int version, string remedy)
    {
        var row = new TableRow(1, 2, "t", ObjectKind.Table, null, new TableOwner(new SharedText("o", IsExact: true), IsSuperuser: false, IsMember: false), []);

        new FoundTable("a", version).At(Root.Child("d").Child("s").Child("t"), row).GovernanceReason.ShouldNotBeNull().ShouldEndWith(remedy);
    }

    private static string? NativeId(IEnumerable<DiscoveredObject> tables, string name) => tables.Single(t => t.Path.Name == name).NativeId;

    private async Task<List<DiscoveredObject>> TablesAsync(string database)
    {
        var pages = await Crawls.RunAsync(postgres.Cluster, new CrawlScope { Container = Root.Child(database) });
        return [.. pages.SelectMany(p => p.Objects).Where(o => o.Path.Depth == 3)];
    }
}
