using Sluice.Core.QueryAudit;
using Sluice.Platforms.Snowflake.Auditing;

namespace Sluice.Platforms.Snowflake.Tests.Auditing;

/// <summary>What the account's views say of a statement, as https://docs.snowflake.com/en/sql-reference/account-usage/access_history prints it.</summary>
public sealed class AccessedObjectsTests
{
    [Fact]
    public void Objects_and_columns_are_told_once_functions_and_stages_left_out()
    {
        const string direct =
            """
            [{"objectDomain": "FUNCTION", "objectName": "GOV.F.SUM", "objectId": "2", "dataType": "NUMBER(38,0)"},
             {"objectDomain": "View", "objectId": 1, "objectName": "GOV.V.V1", "columns": [{"columnId": 1, "columnName": "C"}]},
             {"objectDomain": "Stage", "objectName": "GOV.V.S"}]
            """;
        const string below =
            """
            [{"objectDomain": "Table", "objectId": 3, "objectName": "GOV.\"my.t\".\"a\"\"b\"", "columns": [{"columnId": 7, "columnName": "X"}, {"columnId": 8, "columnName": "y"}]},
             {"objectDomain": "View", "objectId": 1, "objectName": "GOV.V.V1", "columns": [{"columnId": 2, "columnName": "D"}, {"columnId": 1, "columnName": "C"}]}]
            """;
        const string modified = """[{"objectDomain": "Table", "objectName": "GOV.T.OUT", "columns": [{"columnName": "C", "directSources": [], "baseSources": []}]}]""";

        AccessedObjects.Read("snow", direct, below, modified).Select(Text).ShouldBe(
        [
            "snow/GOV/V/V1 (C, D) direct",
            "snow/GOV/my.t/a\"b (X, y) below",
            "snow/GOV/T/OUT (C) direct written",
        ]);
    }

    [Fact]
    public void Policies_on_objects_and_on_columns_are_named()
    {
        const string referenced =
            """
            [{"objectDomain": "VIEW", "objectName": "GOV.V.V1", "policies": [{"policyName": "GOV.P.ROWS", "policyId": 1, "policyKind": "ROW_ACCESS_POLICY"}],
              "columns": [{"columnId": 1, "columnName": "SSN", "policies": [{"policyName": "GOV.P.MASK", "policyId": 2, "policyKind": "MASKING_POLICY"}]}]}]
            """;
        AccessedObjects.Policies(referenced).ShouldBe(["GOV.P.ROWS", "GOV.P.MASK"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("no json")]
    [InlineData("{}")]
    [InlineData("[1, null, {\"objectDomain\": 1, \"objectName\": []}, {\"objectDomain\": \"Table\", \"objectName\": \"A.B\"}, {\"objectDomain\": \"Table\", \"objectName\": \"A.\\\"B\"}]")]
    public void What_can_not_be_read_is_left_out(string? json)
    {
        AccessedObjects.Read("snow", json, json, json).ShouldBeEmpty();
        AccessedObjects.Policies(json).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("1770000000.123456789", "2026-02-02T02:40:00.1234567+00:00")]
    [InlineData("1770000000.000000000 1440", "2026-02-02T02:40:00.0000000+00:00")]
    [InlineData("-1", "1969-12-31T23:59:59.0000000+00:00")]
    public void Times_are_read_as_the_protocol_writes_them(string cell, string expected) => AccountTime.Read(cell)!.Value.ToString("O").ShouldBe(expected);

    [Theory]
    [InlineData("yesterday")]
    [InlineData("99999999999999")]
    public void A_time_that_is_none_is_refused(string cell) => Should.Throw<PlatformException>(() => AccountTime.Read(cell));

    [Fact]
    public void What_Sluice_ran_is_told_by_tag_and_user_together_for_the_tag_is_anybodys()
    {
        var from = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.FromHours(2));
        var statement = AuditQueries.Queries(new FeedWindow(from, from.AddHours(1), from.AddDays(1)));
        statement.Text.ShouldContain("NOT (COALESCE(q.QUERY_TAG, '') = ? AND q.USER_NAME = CURRENT_USER())");
        statement.Bindings.ShouldBe(["2026-03-01T10:00:00.000Z", "2026-03-01T11:00:00.000Z", "sluice"]);
    }

    private static string Text(QueriedObject each) =>
        $"{each.Path} ({string.Join(", ", each.Columns)}) {(each.IsDirect ? "direct" : "below")}{(each.IsWritten ? " written" : "")}";
}
