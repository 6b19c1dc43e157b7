using Sluice.Core.Catalog;
using Sluice.Platforms.PostgreSql.Login;

namespace Sluice.Platforms.PostgreSql.Crawling;

/// <summary>
/// Databases and roles are a server's, and each is named in the encoding of the database in which it was made: in another one the bytes need not
/// be text at all.
/// </summary>
public sealed class EncodingTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly ObjectPath Root = new(Registered.Key);

    [Fact]
    public async Task A_database_named_in_another_encoding_is_a_warning_and_keeps_no_other_from_being_read()
    {
        var plain = await postgres.NewDatabaseAsync("CREATE TABLE t (id int)");
        await InLatin1Async("CREATE DATABASE \"caf\u00e9\"");

        var pages = await Crawls.RunAsync(postgres.Cluster, new CrawlScope { Container = Root });
        await using var session = Registered.Open(Registered.Payload(postgres.Cluster));
        var checks = await session.CheckAsync(TestContext.Current.CancellationToken);

        var listed = pages.SelectMany(p => p.Objects).Where(o => o.Path.Depth == 1).Select(o => o.Path.Name).ToList();
        listed.ShouldContain(plain);
        listed.ShouldNotContain(n => n.StartsWith("caf", StringComparison.Ordinal));
        pages.SelectMany(p => p.Warnings).ShouldContain(w => w.StartsWith("Database caf\ufffd (oid ", StringComparison.Ordinal));
        pages.SelectMany(p => p.Completed).ShouldNotContain(Root, "what can't be named may be what was listed before");
        pages.SelectMany(p => p.Completed).ShouldContain(Root.Child(plain));
        checks.Single(c => c.Name == "name of database caf\ufffd").Status.ShouldBe(CheckStatus.Warning);
    }

    [Fact]
    public async Task A_comment_on_a_database_in_another_encoding_is_shown_as_far_as_it_is_text()
    {
        var database = await postgres.NewDatabaseAsync("SELECT 1");
        await InLatin1Async($"COMMENT ON DATABASE {database} IS 'tr\u00e8s grand'");

        var pages = await Crawls.RunAsync(postgres.Cluster, new CrawlScope { Container = Root, ChildrenOnly = true });

        pages.SelectMany(p => p.Objects).Single(o => o.Path.Name == database).Comment.ShouldBe("tr\ufffds grand");
    }

    [Fact]
    public async Task A_table_of_a_role_named_in_another_encoding_is_read_and_granted_on_by_nobody()
    {
        await InLatin1Async("CREATE ROLE \"ren\u00e9\"");

        // No statement in UTF-8 can name the role.
        var database = await postgres.NewDatabaseAsync("""
            CREATE TABLE t (id int); CREATE TABLE u (id int);
            UPDATE pg_class SET relowner = (SELECT oid FROM pg_roles WHERE textsend(rolname::text) = '\x72656ee9') WHERE relname = 'u'
            """);

        var pages = await Crawls.RunAsync(postgres.Cluster, new CrawlScope { Container = Root.Child(database) });
        await using var session = Registered.Open(Registered.Payload(postgres.Cluster));
        var checks = await session.CheckAsync(TestContext.Current.CancellationToken);

        var tables = pages.SelectMany(p => p.Objects).Where(o => o.Path.Depth == 3).ToDictionary(o => o.Path.Name);
        tables.Keys.ShouldBe(["t", "u"], ignoreOrder: true);
        tables["u"].ShouldSatisfyAllConditions(
            u => u.GrantMethod.ShouldBe("none"),
            u => u.GovernanceReason.ShouldNotBeNull().ShouldStartWith("Owned by ren\ufffd, and the service account can't act as that role"),
            u => u.GovernanceReason.ShouldNotBeNull().ShouldEndWith("rename the role (ALTER ROLE … RENAME TO …)"));
        checks.Single(c => c.Name == "owner role ren\ufffd").Status.ShouldBe(CheckStatus.Warning);
    }

    [Theory]
    [InlineData("", 2, "")]
    [InlineData("ab", 2, "ab")]
    [InlineData("abc", 2, "ab")]
    [InlineData("a\U0001F600c", 2, "a\U0001F600")]
    public void A_text_is_cut_by_characters(string text, int characters, string cut) =>
        SharedText.Of(System.Text.Encoding.UTF8.GetBytes(text)).ShouldSatisfyAllConditions(
            t => t.IsExact.ShouldBeTrue(), t => t.Cut(characters).ShouldBe(cut));

    /// <summary>Runs SQL in a database of the encoding LATIN1.</summary>
    private async Task InLatin1Async(string sql)
    {
        var latin = $"latin_{Guid.NewGuid():N}";
        await postgres.Cluster.ExecuteAsync($"CREATE DATABASE {latin} TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'");
        await postgres.Cluster.ExecuteAsync(sql, latin);
    }
}
