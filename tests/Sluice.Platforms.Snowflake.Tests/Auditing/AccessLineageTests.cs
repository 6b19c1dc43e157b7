using Sluice.Core.DataLineage;
using Sluice.Core.QueryAudit;
using Sluice.Platforms.Snowflake.Auditing;
using Sluice.Platforms.Snowflake.Enforcing;

namespace Sluice.Platforms.Snowflake.Tests.Auditing;

/// <summary>What statements wrote, as https://docs.snowflake.com/en/user-guide/access-history prints it.</summary>
public sealed class AccessLineageTests
{
    private const string At = "1770000000.000000000";

    [Fact]
    public void Columns_come_from_the_columns_that_a_statement_names_and_from_those_below_them()
    {
        const string modified =
            """
            [{"objectDomain": "Table", "objectName": "A.B.OUT", "columns": [
              {"columnName": "X", "directSources": [{"objectDomain": "View", "objectName": "A.B.V", "columnName": "VX"}],
               "baseSources": [{"objectDomain": "Table", "objectName": "A.B.T", "columnName": "TX"}, {"objectDomain": "Stage", "objectName": "A.B.S", "columnName": "c"}]},
              {"columnName": "N", "directSources": [], "baseSources": []}]}]
            """;
        Edges(null, modified).ShouldBe(["snow/A/B/V#VX > snow/A/B/OUT#X", "snow/A/B/T#TX > snow/A/B/OUT#X"]);
    }

    [Fact]
    public void Where_no_column_tells_its_sources_they_are_what_the_statement_read()
    {
        const string direct = """[{"objectDomain": "Table", "objectName": "A.B.T"}, {"objectDomain": "Table", "objectName": "A.B.OUT"}]""";
        Edges(direct, """[{"objectDomain": "Table", "objectName": "A.B.OUT"}]""").ShouldBe(["snow/A/B/T > snow/A/B/OUT"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("nothing")]
    [InlineData("[7]")]
    public void What_can_not_be_read_is_left_out(string? modified) => Edges("[{}]", modified).ShouldBeEmpty();

    // https://docs.snowflake.com/en/sql-reference/account-usage/access_history tells of a statement hours after its end, and of its beginning alone.
    [Fact]
    public async Task A_statement_stands_where_it_ended_however_long_it_ran()
    {
        var clock = new LeapingClock();
        await using var account = await EnforcedAccount.StartAsync(
            [
                "CREATE DATABASE SHOP", "CREATE SCHEMA SHOP.S", "CREATE TABLE SHOP.S.ORDERS (ID NUMBER(38,0))", "CREATE TABLE SHOP.S.COPY (ID NUMBER(38,0))", .. EnforcedAccount.User("ANN"),
                "GRANT USAGE ON DATABASE SHOP TO ROLE PUBLIC", "GRANT USAGE ON SCHEMA SHOP.S TO ROLE PUBLIC", "GRANT SELECT ON TABLE SHOP.S.ORDERS TO ROLE PUBLIC", "GRANT INSERT ON TABLE SHOP.S.COPY TO ROLE PUBLIC",
            ],
            options: new() { Clock = clock, SessionLifetime = TimeSpan.FromDays(3650), MasterLifetime = TimeSpan.FromDays(3650) });
        var begun = clock.GetUtcNow();
        clock.Leap = TimeSpan.FromHours(13);
        await account.ReadAsync("ANN", "INSERT INTO SHOP.S.COPY SELECT ID FROM SHOP.S.ORDERS");
        clock.Leap = TimeSpan.Zero;

        await using var session = account.Open();
        var events = await AllAsync(((IReadsQueryAudit)session).ReadQueriesAsync("snow", QueryHistory.Source, Around(begun, clock.GetUtcNow()), Ending));
        var copied = events.Single(static e => e.Kind == "INSERT");
        (copied.EndedAt - copied.StartedAt).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromHours(13));
        var seen = (await EdgesAsync(copied.EndedAt)).ShouldHaveSingleItem();
        ($"{seen.Edge.From} > {seen.Edge.To}", seen.SeenAt).ShouldBe(("snow/SHOP/S/ORDERS#ID > snow/SHOP/S/COPY#ID", copied.EndedAt));
        (await EdgesAsync(copied.StartedAt)).ShouldBeEmpty();

        Task<List<LineageSighting>> EdgesAsync(DateTimeOffset at) => AllAsync(((IReadsLineage)session).ReadLineageAsync("snow", AccessLineage.Source, Around(at, at), Ending));

        FeedWindow Around(DateTimeOffset from, DateTimeOffset to) => new(from.AddHours(-1), to.AddHours(1), to.AddHours(1));
    }

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    private static async Task<List<T>> AllAsync<T>(IAsyncEnumerable<IReadOnlyList<T>> pages)
    {
        var all = new List<T>();
        await foreach (var page in pages) all.AddRange(page);
        return all;
    }

    // Each look at it takes as long as is said.
    private sealed class LeapingClock : TimeProvider
    {
        private long _ahead;

        public TimeSpan Leap { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Add(ref _ahead, Leap.Ticks));
    }

    private static IEnumerable<string> Edges(string? direct, string? modified) =>
        AccessLineage.Sightings("snow", At, direct, modified).Select(static s => $"{s.Edge.From} > {s.Edge.To}");
}
