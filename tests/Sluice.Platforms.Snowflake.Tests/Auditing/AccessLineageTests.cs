using Sluice.Platforms.Snowflake.Auditing;

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

    private static IEnumerable<string> Edges(string? direct, string? modified) =>
        AccessLineage.Sightings("snow", At, direct, modified).Select(static s => $"{s.Edge.From} > {s.Edge.To}");
}
