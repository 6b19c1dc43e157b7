using System.Text.Json;
using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Faults;

namespace Sluice.Sandbox.Snowflake.Tests.Queries;

public sealed class ProtocolTests
{
    private static readonly SnowflakeSandboxOptions WithTable = new()
    {
        Catalog = SnowflakeSandboxCatalog.Empty,
        Setup =
        [
            "CREATE DATABASE D", "GRANT ALL ON DATABASE D TO ROLE ACCOUNTADMIN",
            "CREATE TABLE D.PUBLIC.T (ID NUMBER(38,0), NAME VARCHAR, AMOUNT NUMBER(12,2), AT TIMESTAMP_NTZ, DAY DATE, OK BOOLEAN, SCORE FLOAT)",
        ],
    };

    [Fact]
    public async Task Values_of_every_type_come_as_the_protocol_spells_them()
    {
        await using var bench = await Bench.StartAsync(WithTable);
        await bench.Run("USE D.PUBLIC", "INSERT INTO T VALUES (7, 'ä', 1.5, '2026-01-01 00:00:01.25', '1970-01-03', TRUE, 0.25), (NULL, NULL, NULL, NULL, NULL, NULL, NULL)");
        var answer = (await bench.Admin.QueryAsync("SELECT * FROM T ORDER BY id")).ShouldSucceed();
        answer.Columns.ShouldBe(["ID", "NAME", "AMOUNT", "AT", "DAY", "OK", "SCORE"]);
        answer.Data.GetProperty("rowtype").EnumerateArray().Select(column => column.GetProperty("type").GetString())
            .ShouldBe(["fixed", "text", "fixed", "timestamp_ntz", "date", "boolean", "real"]);
        answer.Data.GetProperty("rowtype")[2].GetProperty("scale").GetInt32().ShouldBe(2);
        answer.Rows[0].ShouldBe(["7", "ä", "1.50", "1767225601.250000000", "2", "1", "0.25"]);
        answer.Rows[1].ShouldAllBe(value => value == null);
        answer.Data.GetProperty("finalDatabaseName").GetString().ShouldBe("D");
        answer.Data.GetProperty("total").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task Large_answers_come_in_gzipped_chunks_that_need_their_key()
    {
        await using var bench = await Bench.StartAsync(WithTable with { InlineBytes = 2_000, ChunkBytes = 20_000 });
        var answer = (await bench.Admin.QueryAsync("SELECT ROW_NUMBER() OVER () AS N, 'some text' AS T FROM TABLE(GENERATOR(ROWCOUNT => 5000))")).ShouldSucceed();
        answer.Data.GetProperty("chunks").GetArrayLength().ShouldBeGreaterThan(2);
        var rows = await bench.Admin.RowsAsync(answer);
        rows.Count.ShouldBe(5000);
        rows.Select(row => int.Parse(row[0]!)).ShouldBe(Enumerable.Range(1, 5000));
        using var http = new HttpClient();
        ((int)(await http.GetAsync(answer.Data.GetProperty("chunks")[0].GetProperty("url").GetString())).StatusCode).ShouldBe(403);
        (await bench.Admin.QueryAsync($"SELECT COUNT(*) AS C, SUM(N) AS S FROM TABLE(RESULT_SCAN('{answer.QueryId}'))")).Rows[0].ShouldBe(["5000", "12502500"]);
    }

    [Fact]
    public async Task A_request_sent_again_gets_the_same_run_and_does_nothing_twice()
    {
        await using var bench = await Bench.StartAsync(WithTable);
        var first = (await bench.Admin.QueryAsync("INSERT INTO D.PUBLIC.T (ID) VALUES (1)", requestId: "r1")).ShouldSucceed();
        var again = (await bench.Admin.QueryAsync("INSERT INTO D.PUBLIC.T (ID) VALUES (1)", requestId: "r1")).ShouldSucceed();
        again.QueryId.ShouldBe(first.QueryId);
        (await bench.Admin.QueryAsync("SELECT COUNT(*) FROM D.PUBLIC.T")).Rows.ShouldBe([["1"]]);
    }

    [Fact]
    public async Task An_answer_lost_after_the_work_is_fetched_by_asking_again()
    {
        await using var bench = await Bench.StartAsync(WithTable);
        bench.Sandbox.SetFaults(new SnowflakeSandboxFault { Operation = "query:INSERT", Kind = SnowflakeSandboxFaultKind.DropAfterCommit, Times = 1 });
        await Should.ThrowAsync<HttpRequestException>(() => bench.Admin.QueryAsync("INSERT INTO D.PUBLIC.T (ID) VALUES (1)", requestId: "r1"));
        (await bench.Admin.QueryAsync("INSERT INTO D.PUBLIC.T (ID) VALUES (1)", requestId: "r1")).ShouldSucceed().Rows.ShouldBe([["1"]]);
        (await bench.Admin.QueryAsync("SELECT COUNT(*) FROM D.PUBLIC.T")).Rows.ShouldBe([["1"]]);
    }

    [Fact]
    public async Task A_long_statement_is_answered_in_progress_and_polled()
    {
        await using var bench = await Bench.StartAsync(WithTable with { AsyncAfter = TimeSpan.Zero });
        bench.Sandbox.SetFaults(new SnowflakeSandboxFault { Operation = "query:SHOW", Kind = SnowflakeSandboxFaultKind.SlowStatement, LatencyMilliseconds = 2_000 });
        var answer = (await bench.Admin.QueryAsync("SHOW DATABASES")).ShouldSucceed();
        answer.Code.ShouldBe("333333");
        (await bench.Admin.GetAsync($"/monitoring/queries/{answer.QueryId}")).Data.GetProperty("queries")[0].GetProperty("status").GetString().ShouldBe("RUNNING");
        var result = (await bench.Admin.GetAsync(answer.Data.GetProperty("getResultUrl").GetString()!)).ShouldSucceed();
        result.Code.ShouldBeNull();
        result.Column("name").ShouldContain("D");
    }

    [Fact]
    public async Task An_asynchronous_statement_is_answered_at_once()
    {
        await using var bench = await Bench.StartAsync(WithTable);
        var answer = (await bench.Admin.QueryAsync("SELECT 1 AS X", new { asyncExec = true })).ShouldSucceed();
        answer.Code.ShouldBe("333334");
        (await bench.Admin.GetAsync($"/queries/{answer.QueryId}/result")).ShouldSucceed().Rows.ShouldBe([["1"]]);
        (await bench.Admin.GetAsync($"/monitoring/queries/{answer.QueryId}")).Data.GetProperty("queries")[0].GetProperty("status").GetString().ShouldBe("SUCCESS");
        (await bench.Service.GetAsync($"/queries/{answer.QueryId}/result")).ShouldFail("000709");
    }

    [Fact]
    public async Task A_running_statement_can_be_aborted()
    {
        await using var bench = await Bench.StartAsync(WithTable with { AsyncAfter = TimeSpan.Zero });
        bench.Sandbox.SetFaults(new SnowflakeSandboxFault { Operation = "query:SELECT", Kind = SnowflakeSandboxFaultKind.SlowStatement, LatencyMilliseconds = 60_000 });
        var answer = (await bench.Admin.QueryAsync("SELECT 1", requestId: "r1")).ShouldSucceed();
        (await bench.Admin.PostAsync("/queries/v1/abort-request", new { requestId = "r1" })).ShouldSucceed();
        (await bench.Admin.GetAsync($"/queries/{answer.QueryId}/result")).ShouldFail("000604");
        (await bench.Admin.PostAsync($"/queries/{answer.QueryId}/abort-request", null)).ShouldFail("000605");
    }

    [Fact]
    public async Task Binds_of_every_type_stand_for_their_values()
    {
        await using var bench = await Bench.StartAsync(WithTable);
        var bindings = new Dictionary<string, object>
        {
            ["1"] = new { type = "TEXT", value = "it's \\ fine" },
            ["2"] = new { type = "FIXED", value = "42" },
            ["3"] = new { type = "REAL", value = "0.5" },
            ["4"] = new { type = "BOOLEAN", value = "true" },
            ["5"] = new { type = "DATE", value = "86400000" },
            ["6"] = new { type = "TIMESTAMP_NTZ", value = "1000000000" },
            ["7"] = new { type = "TEXT", value = (string?)null },
        };
        var answer = (await bench.Admin.QueryAsync("SELECT ? AS A, ? AS B, ? AS C, ? AS D, ? AS E, ? AS F, ? AS G", new { bindings })).ShouldSucceed();
        answer.Rows[0].ShouldBe(["it's \\ fine", "42", "0.5", "1", "1", "1.000000000", null]);
        (await bench.Admin.QueryAsync("SELECT :2 AS X, :1 AS Y", new { bindings })).Rows[0].ShouldBe(["42", "it's \\ fine"]);
        (await bench.Admin.QueryAsync("SELECT ?")).ShouldFail("002049");
    }

    [Fact]
    public async Task Array_binds_insert_a_row_each()
    {
        await using var bench = await Bench.StartAsync(WithTable);
        var bindings = new Dictionary<string, object> { ["1"] = new { type = "FIXED", value = new[] { "1", "2", "3" } }, ["2"] = new { type = "TEXT", value = new[] { "a", "b", null } } };
        (await bench.Admin.QueryAsync("INSERT INTO D.PUBLIC.T (ID, NAME) VALUES (?, ?)", new { bindings })).ShouldSucceed().Rows.ShouldBe([["3"]]);
        (await bench.Admin.QueryAsync("SELECT ID, NAME FROM D.PUBLIC.T ORDER BY ID")).Rows.ShouldBe([["1", "a"], ["2", "b"], ["3", null]]);
    }

    [Fact]
    public async Task Several_statements_at_once_need_the_parameter_and_have_an_answer_each()
    {
        await using var bench = await Bench.StartAsync(WithTable);
        (await bench.Admin.QueryAsync("SELECT 1; SELECT 2")).ShouldFail("000008");
        var answer = (await bench.Admin.QueryAsync("SELECT 1 AS A; SHOW DATABASES", new { parameters = new { MULTI_STATEMENT_COUNT = 2 } })).ShouldSucceed();
        var ids = answer.Data.GetProperty("resultIds").GetString()!.Split(',');
        ids.Length.ShouldBe(2);
        (await bench.Admin.GetAsync($"/queries/{ids[0]}/result")).Rows.ShouldBe([["1"]]);
        (await bench.Admin.GetAsync($"/queries/{ids[1]}/result")).Columns.ShouldContain("origin");
    }

    [Fact]
    public async Task Describing_runs_nothing()
    {
        await using var bench = await Bench.StartAsync(WithTable);
        var answer = (await bench.Admin.QueryAsync("SELECT ID, AMOUNT FROM D.PUBLIC.T", new { describeOnly = true })).ShouldSucceed();
        answer.Columns.ShouldBe(["ID", "AMOUNT"]);
        (await bench.Admin.QueryAsync("DROP TABLE D.PUBLIC.T", new { describeOnly = true })).ShouldSucceed();
        (await bench.Admin.QueryAsync("SELECT 1 FROM D.PUBLIC.T")).ShouldSucceed();
    }

    [Fact]
    public async Task A_query_that_reads_needs_a_warehouse_and_SHOW_does_not()
    {
        await using var bench = await Bench.StartAsync(WithTable with
        {
            Users = [new("BARE") { Password = "p", Roles = ["READER"], DefaultRole = "READER" }],
            Setup = [.. WithTable.Setup, "GRANT USAGE ON DATABASE D TO ROLE READER", "GRANT USAGE ON WAREHOUSE SLUICE_WH TO ROLE READER"],
        });
        var client = await bench.As("BARE");
        (await client.QueryAsync("SHOW WAREHOUSES")).ShouldSucceed();
        (await client.QueryAsync("SELECT CURRENT_USER()")).ShouldSucceed();
        var refused = (await client.QueryAsync("SELECT TABLE_NAME FROM D.INFORMATION_SCHEMA.TABLES")).ShouldFail("000606");
        refused.Message!.ShouldStartWith("No active warehouse selected");
        refused.Data.GetProperty("sqlState").GetString().ShouldBe("57P03");
        (await client.QueryAsync("USE WAREHOUSE SLUICE_WH")).ShouldSucceed();
        (await client.QueryAsync("SELECT TABLE_NAME FROM D.INFORMATION_SCHEMA.TABLES")).ShouldSucceed();
    }

    [Fact]
    public async Task A_suspended_warehouse_wakes_unless_it_was_told_not_to()
    {
        await using var bench = await Bench.StartAsync(WithTable);
        await bench.Run("ALTER WAREHOUSE SLUICE_WH SUSPEND");
        (await bench.Admin.QueryAsync("SHOW WAREHOUSES")).Column("state").ShouldBe(["SUSPENDED"]);
        (await bench.Admin.QueryAsync("SELECT COUNT(*) FROM D.PUBLIC.T")).ShouldSucceed();
        (await bench.Admin.QueryAsync("SHOW WAREHOUSES")).Column("state").ShouldBe(["STARTED"]);
        await bench.Run("ALTER WAREHOUSE SLUICE_WH SET AUTO_RESUME = FALSE", "ALTER WAREHOUSE SLUICE_WH SUSPEND");
        (await bench.Admin.QueryAsync("SELECT COUNT(*) FROM D.PUBLIC.T")).ShouldFail("000606");
        await bench.Run("ALTER WAREHOUSE SLUICE_WH RESUME", "SELECT COUNT(*) FROM D.PUBLIC.T", "DROP WAREHOUSE SLUICE_WH");
        (await bench.Admin.QueryAsync("SELECT COUNT(*) FROM D.PUBLIC.T")).ShouldFail("000606");
        (await bench.Admin.QueryAsync("USE WAREHOUSE SLUICE_WH")).ShouldFail("002043");
    }

    [Fact]
    public async Task A_session_that_asks_without_end_keeps_the_latest_runs_alone()
    {
        await using var bench = await Bench.StartAsync(WithTable);
        var first = (await bench.Admin.QueryAsync("SELECT 1 AS N", requestId: "first")).ShouldSucceed();
        for (var i = 0; i < 1_000; i++) (await bench.Admin.QueryAsync("SELECT 2 AS N")).ShouldSucceed();
        (await bench.Admin.GetAsync($"/queries/{first.QueryId}/result")).ShouldFail("000709");
        (await bench.Admin.QueryAsync("SELECT 3 AS N", requestId: "first")).ShouldSucceed().Rows.ShouldBe([["3"]]);
    }

    [Fact]
    public async Task Bodies_may_be_gzipped()
    {
        await using var bench = await Bench.StartAsync(WithTable);
        using var http = new HttpClient { BaseAddress = bench.Sandbox.Endpoint };
        using var packed = new MemoryStream();
        await using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(new { sqlText = "SELECT 5 AS N" }));
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, "/queries/v1/query-request?requestId=x") { Content = new ByteArrayContent(packed.ToArray()) };
        request.Content.Headers.ContentEncoding.Add("gzip");
        request.Headers.TryAddWithoutValidation("Authorization", $"Snowflake Token=\"{bench.Admin.Token}\"");
        new Answer(200, await (await http.SendAsync(request)).Content.ReadAsStringAsync()).Rows.ShouldBe([["5"]]);
    }
}
