using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Sluice.Core.Catalog;
using Sluice.Testing;

namespace Sluice.Platforms.PostgreSql.Login;

/// <summary>A server that answers more than a catalog holds: refused in words, in time, and without holding what it sends.</summary>
public sealed class HostileServerTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const int BigInt = 20, Boolean = 16, Bytes = 17;

    private static readonly ObjectPath Root = new(Registered.Key);

    [Fact(Timeout = 60_000)]
    public async Task Rows_without_end_are_refused_and_the_connection_with_them()
    {
        byte[] row = StrangeServer.Message('D', [0, 1, .. StrangeServer.Number(8), 0, 0, 0, 0, 0, 0, 0, 7]);
        byte[] rows = [.. Enumerable.Repeat(row, 1000).SelectMany(r => r)];

        // The system identifier is one bigint.
        await RefusesAsync(
            Columns(BigInt), rows, new PostgreSqlOptions { MostRows = 100_000 }, "more than 100000 rows",
            session => session.IdentifyAsync(TestContext.Current.CancellationToken));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_text_of_a_gigabyte_is_refused_by_its_length()
    {
        const int gigabyte = 1 << 30;
        byte[] start =
        [
            .. Columns(BigInt, Bytes, Boolean, Bytes),
            (byte)'D', .. StrangeServer.Number(gigabyte + 100), 0, 4, .. StrangeServer.Number(8), 0, 0, 0, 0, 0, 0, 0, 7, .. StrangeServer.Number(gigabyte),
        ];
        var held = GC.GetTotalAllocatedBytes();

        await RefusesAsync(
            start, new byte[64 * 1024], new PostgreSqlOptions(), $"a text of {gigabyte} bytes",
            async session =>
            {
                await foreach (var _ in session.CrawlAsync(new CrawlScope { Container = Root, ChildrenOnly = true }, TestContext.Current.CancellationToken))
                {
                }
            });

        (GC.GetTotalAllocatedBytes() - held).ShouldBeLessThan(gigabyte / 2);
    }

    [Fact]
    public async Task What_fits_the_bounds_is_read_and_a_row_more_is_refused()
    {
        var database = await postgres.NewDatabaseAsync("DO $$ BEGIN FOR i IN 1..20 LOOP EXECUTE format('CREATE TABLE t%s (id int)', i); END LOOP; END $$");

        // A database's outline: its oid, its schema, its tables.
        (await CrawlAsync(database, new PostgreSqlOptions { MostRows = 22 * 2 })).Count.ShouldBe(20);
        var refusal = await Should.ThrowAsync<PlatformException>(() => CrawlAsync(database, new PostgreSqlOptions { MostRows = 21 }));

        refusal.Failure.ShouldBe(PlatformFailure.Refused);
        refusal.Message.ShouldContain("more than 21 rows");
    }

    [Fact]
    public async Task All_texts_of_a_read_together_have_a_bound_too()
    {
        var database = await postgres.NewDatabaseAsync("DO $$ BEGIN FOR i IN 1..20 LOOP EXECUTE format('CREATE TABLE t%s (id int)', i); END LOOP; END $$");

        var refusal = await Should.ThrowAsync<PlatformException>(() => CrawlAsync(database, new PostgreSqlOptions { MostBytes = 100 }));

        refusal.Message.ShouldContain("texts of more than 100 bytes");
    }

    [Fact]
    public async Task A_long_comment_is_cut_and_does_not_keep_the_table_from_being_read()
    {
        var database = await postgres.NewDatabaseAsync("""
            CREATE TABLE t (id int);
            DO $$ BEGIN EXECUTE format('COMMENT ON TABLE t IS %L; COMMENT ON COLUMN t.id IS %L; COMMENT ON SCHEMA public IS %L',
                repeat('é', 1000000), repeat('😀', 1000000), repeat('x', 1000000)); END $$
            """);

        var table = (await CrawlAsync(database, new PostgreSqlOptions())).ShouldHaveSingleItem();

        table.Comment.ShouldBe(new string('é', 16384));
        table.Columns.Single().Comment.ShouldBe(string.Concat(Enumerable.Repeat("😀", 16384)));
    }

    private static async Task RefusesAsync(byte[] answer, byte[] endless, PostgreSqlOptions options, string words, Func<IPlatformSession, Task> read)
    {
        using var authority = new TestAuthority();
        var (certificate, key) = authority.Issue(["hostile.test"], [IPAddress.Loopback]);
        await using var server = StrangeServer.Flooding(certificate, key, answer, endless);
        var payload = new JsonObject
        {
            ["technology"] = "PostgreSQL", ["authenticationType"] = "userPassword", ["hostname"] = "hostile.test", ["port"] = server.Port,
            ["username"] = "sluice", ["password"] = "p", ["sslRootCertificate"] = authority.CertificatePem,
        };
        var waited = Stopwatch.StartNew();
        await using (var session = Registered.Open(payload, Registered.Platform(options, new KnownHosts(("hostile.test", "127.0.0.1")))))
        {
            var refusal = await Should.ThrowAsync<PlatformException>(() => read(session));

            refusal.Failure.ShouldBe(PlatformFailure.Refused);
            refusal.Message.ShouldContain(words);
        }

        waited.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
        await server.WaitUntilLeftAsync(TestContext.Current.CancellationToken);
    }

    // A RowDescription of unnamed columns in binary format.
    private static byte[] Columns(params int[] types) => StrangeServer.Message(
        'T', [0, (byte)types.Length, .. types.SelectMany(t => (byte[])[0, 0, 0, 0, 0, 0, 0, .. StrangeServer.Number(t), 0, 8, 255, 255, 255, 255, 0, 1])]);

    private async Task<List<DiscoveredObject>> CrawlAsync(string database, PostgreSqlOptions options)
    {
        await using var session = Registered.Open(Registered.Payload(postgres.Cluster), Registered.Platform(options));
        var found = new List<DiscoveredObject>();
        await foreach (var page in session.CrawlAsync(new CrawlScope { Container = Root.Child(database) }, TestContext.Current.CancellationToken))
            found.AddRange(page.Objects.Where(o => o.Path.Depth == 3));
        return found;
    }
}
