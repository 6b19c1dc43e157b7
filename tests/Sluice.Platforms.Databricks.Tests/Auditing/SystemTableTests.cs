using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Sluice.Core.QueryAudit;
using Sluice.Platforms.Databricks.Auditing;
using Sluice.Platforms.Databricks.Sql;

namespace Sluice.Platforms.Databricks.Tests.Auditing;

/// <summary>What the system tables say, as their pages print it.</summary>
public sealed class SystemTableTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly FeedWindow Window = new(Noon, Noon.AddHours(1), Noon.AddHours(2));

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_statement_is_told_with_the_tables_and_columns_of_its_lineage()
    {
        var sql = new FakeSql(
            ("system.query.history", [["s1", "ada@example.com", "SELECT", "FINISHED", "2026-03-01T12:00:00.000Z", "2026-03-01T12:00:01.500Z", "SELECT 1", "42", null], ["s2", "ben@example.com", "INSERT", "FAILED", "2026-03-01T12:00:00.000Z", "2026-03-01T12:00:02.000Z", null, "42", null]]),
            ("system.access.column_lineage", [["s1", "shop", "crm", "customers", "email", null, null, null, null], ["s1", "shop", "crm", "customers", "id", null, null, null, null], ["s1", "shop", "crm", "customers", "id", "shop", "out", "copy", "key"]]),
            ("system.access.table_lineage", [["s1", "shop", "crm", "orders", null, null, null, null, null]]));
        var events = await AllAsync(new QueryHistory(sql, new SystemTables(null)).ReadAsync("dbx", Window, Ending));

        var one = events.Single(e => e.EventId == "s1");
        (one.Identity, one.Kind, one.Succeeded, one.Workspace, one.IsComplete).ShouldBe(("ada@example.com", "SELECT", true, "42", true));
        (one.StartedAt, one.EndedAt, one.StatementHash).ShouldBe((Noon, Noon.AddSeconds(1.5), StatementHash.Of("SELECT 1")));
        one.Objects.Select(static o => $"{o.Path} ({string.Join(", ", o.Columns)}){(o.IsWritten ? " written" : "")}").ShouldBe(
            ["dbx/shop/crm/customers (email, id)", "dbx/shop/out/copy (key) written", "dbx/shop/crm/orders ()"]);
        var two = events.Single(e => e.EventId == "s2");
        (two.Succeeded, two.StatementHash, two.IsComplete, two.Objects.Count).ShouldBe((false, null, false, 0));
    }

    [Fact]
    public async Task A_window_with_more_rows_than_are_shown_is_read_in_halves()
    {
        var sql = new FakeSql(("system.query.history", [.. Enumerable.Range(0, 9).Select(static i => new[] { $"s{i}", "ada", "SELECT", "FINISHED", null, $"2026-03-01T12:{i * 6:00}:00.000Z", null, null, null })])) { MostRows = 4 };
        var events = await AllAsync(new QueryHistory(sql, new SystemTables(null)).ReadAsync("dbx", Window, Ending));
        events.Select(static e => e.EventId).ShouldBe(Enumerable.Range(0, 9).Select(static i => $"s{i}"), ignoreOrder: true);
        sql.Statements.Count(static s => s.Contains("FROM system.query.history", StringComparison.Ordinal)).ShouldBeGreaterThan(3);
    }

    [Fact]
    public async Task A_millisecond_with_more_rows_than_are_shown_is_read_row_behind_row()
    {
        const string at = "2026-03-01T12:06:00.000Z";
        var sql = new FakeSql(
            ("system.query.history", [.. Enumerable.Range(0, 9).Select(static i => new[] { $"s{i}", "ada", "SELECT", "FINISHED", null, at, null, null, null })]),
            ("system.access.audit", [.. Enumerable.Range(0, 9).Select(static i => new[] { $"e{i}", "ada", "generateTemporaryTableCredential", at, "a.b.c", "READ", "42", "200" })]),
            ("system.access.column_lineage", [.. Enumerable.Range(0, 9).Select(static i => new[] { at, "a", "b", "c", $"x{i}", "a", "b", "d", $"y{i % 2}" })]),
            ("system.access.table_lineage", [.. Enumerable.Range(0, 9).Select(static i => new[] { at, "a", "b", $"c{i}", null, "a", "b", "d", null })])) { MostRows = 4 };
        var tables = new SystemTables(null);
        (await AllAsync(new QueryHistory(sql, tables).ReadAsync("dbx", Window, Ending))).Select(static e => e.EventId).ShouldBe(Enumerable.Range(0, 9).Select(static i => $"s{i}"));
        (await AllAsync(new AccessLog(sql, tables).ReadAsync("dbx", Window, Ending))).Select(static e => e.EventId).ShouldBe(Enumerable.Range(0, 9).Select(static i => $"e{i}"));
        var columns = await AllAsync(new TableLineage(sql).ReadAsync("dbx", TableLineage.Columns, Window, Ending));
        columns.Select(static e => $"{e.Edge.From} > {e.Edge.To}").ShouldBe(Enumerable.Range(0, 9).Select(static i => $"dbx/a/b/c#x{i} > dbx/a/b/d#y{i % 2}"));
        columns.ShouldAllBe(e => e.SeenAt == Noon.AddMinutes(6));
        (await AllAsync(new TableLineage(sql).ReadAsync("dbx", TableLineage.Tables, Window, Ending))).Select(static e => e.Edge.From.ToString()).ShouldBe(Enumerable.Range(0, 9).Select(static i => $"dbx/a/b/c{i}"));
    }

    [Fact]
    public async Task Lineage_that_is_cut_is_read_to_its_end()
    {
        var sql = new FakeSql(
            ("system.query.history", [.. Enumerable.Range(0, 3).Select(static i => new[] { $"s{i}", "ada", "SELECT", "FINISHED", null, $"2026-03-01T12:{i * 6:00}:00.000Z", null, null, null })]),
            ("system.access.column_lineage", [.. Enumerable.Range(0, 30).Select(static i => new[] { $"s{i % 3}", "a", "b", "c", $"x{i / 3}", null, null, null, null })]),
            ("system.access.table_lineage", [.. Enumerable.Range(0, 30).Select(static i => new[] { $"s{i % 3}", "a", "b", $"t{i / 3}", null, null, null, null, null })])) { MostRows = 4 };
        var events = await AllAsync(new QueryHistory(sql, new SystemTables(null)).ReadAsync("dbx", Window, Ending));
        events.Count.ShouldBe(3);
        foreach (var each in events)
        {
            each.Objects.Select(static o => o.Path.Names[^1]).ShouldBe(["c", .. Enumerable.Range(0, 10).Select(static i => $"t{i}")], each.EventId);
            each.Objects[0].Columns.ShouldBe(Enumerable.Range(0, 10).Select(static i => $"x{i}"), each.EventId);
        }
    }

    // https://docs.databricks.com/aws/en/admin/system-tables/query-history
    [Fact]
    public async Task A_statement_that_was_given_a_cached_result_read_what_the_statement_read_that_left_it_there()
    {
        var sql = new FakeSql(
            ("system.query.history", [["s1", "ada", "SELECT", "FINISHED", "2026-03-01T12:00:00.000Z", "2026-03-01T12:00:00.000Z", null, "42", "s0"], ["s2", "ada", "SELECT", "FINISHED", "2026-02-26T12:00:00.000Z", "2026-03-01T12:00:00.000Z", null, "42", "s2"]]),
            ("system.access.column_lineage", [["s0", "a", "b", "c", "x", null, null, null, null], ["s2", "a", "b", "d", "y", null, null, null, null]]));
        var events = await AllAsync(new QueryHistory(sql, new SystemTables(null)).ReadAsync("dbx", Window, Ending));
        events.Select(static e => $"{e.EventId} {e.Objects.ShouldHaveSingleItem().Path}").ShouldBe(["s1 dbx/a/b/c", "s2 dbx/a/b/d"], ignoreOrder: true);
        // What is in the cache may be old; and so is what a statement read that ran for days.
        var lineage = sql.Statements.Where(static s => s.Contains("FROM system.access.column_lineage ", StringComparison.Ordinal)).ToList();
        lineage.ShouldContain(s => s.Contains("'s0'", StringComparison.Ordinal) && s.Contains("event_date >= DATE '2026-01-26'", StringComparison.Ordinal));
        lineage.ShouldContain(s => s.Contains("'s2'", StringComparison.Ordinal) && s.Contains("event_date >= DATE '2026-02-25'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whoever_got_the_credentials_of_a_table_is_told()
    {
        var sql = new FakeSql(("system.access.audit", [["e1", "ada@example.com", "generateTemporaryTableCredential", "2026-03-01T12:00:00.000Z", "shop.crm.customers", "READ_WRITE", "42", "200"], ["e2", "ada@example.com", "generateTemporaryTableCredential", "2026-03-01T12:00:00.000Z", null, null, "42", "403"]]));
        var events = await AllAsync(new AccessLog(sql, new SystemTables(null)).ReadAsync("dbx", Window, Ending));
        var (one, two) = (events[0], events[1]);
        (one.Kind, one.Succeeded, one.Objects.Single().IsWritten, one.Objects.Single().Path.ToString()).ShouldBe(("generateTemporaryTableCredential READ_WRITE", true, true, "dbx/shop/crm/customers"));
        (two.Succeeded, two.Objects.Count).ShouldBe((false, 0));
    }

    [Fact]
    public async Task Lineage_goes_from_columns_to_columns_or_from_tables_to_tables()
    {
        var sql = new FakeSql(
            ("system.access.column_lineage", [["2026-03-01T12:00:00.000Z", "a", "b", "c", "x", "a", "b", "d", "y"], ["2026-03-01T12:00:00.000Z", "a", "b", "c", "x", "a", "b", "c", "x"]]),
            ("system.access.table_lineage", [["2026-03-01T12:00:00.000Z", "a", "b", "c", null, "a", "b", "d", null], ["2026-03-01T12:00:00.000Z", null, "b", "c", null, "a", "b", "d", null]]));
        var lineage = new TableLineage(sql);
        (await AllAsync(lineage.ReadAsync("dbx", TableLineage.Columns, Window, Ending))).ShouldHaveSingleItem().ToString().ShouldContain("dbx/a/b/c#x");
        var edge = (await AllAsync(lineage.ReadAsync("dbx", TableLineage.Tables, Window, Ending))).ShouldHaveSingleItem();
        (edge.Edge.From.ToString(), edge.Edge.To.ToString(), edge.SeenAt).ShouldBe(("dbx/a/b/c", "dbx/a/b/d", Noon));
    }

    [Fact]
    public void Workspaces_are_a_filter_and_what_this_principal_ran_is_left_out()
    {
        var tables = new SystemTables(["42", "43"]);
        // https://docs.databricks.com/admin/account-settings/audit-logs: in account-level logs the workspace is 0.
        const string ofEvent = "CASE WHEN CAST(workspace_id AS STRING) = '0' THEN request_params['workspace_id'] ELSE CAST(workspace_id AS STRING) END";
        tables.Accesses(Window, 10).ShouldContain($" AND COALESCE({ofEvent}, '') IN ('', '42', '43')");
        var queries = tables.Queries(Window, 10);
        queries.ShouldContain("CAST(workspace_id AS STRING) IN ('42', '43')");
        queries.ShouldContain("COALESCE(executed_by, '') <> session_user()");
        queries.ShouldContain("end_time >= TIMESTAMP '2026-03-01 12:00:00.000000+00:00' AND end_time < TIMESTAMP '2026-03-01 13:00:00.000000+00:00'");
        new SystemTables([]).Queries(Window, 10).ShouldNotContain("IN (");
        // What was copied in another workspace is a copy all the same: https://docs.databricks.com/aws/en/data-governance/unity-catalog/data-lineage
        foreach (var isOfColumns in (bool[])[true, false]) SystemTables.Edges(Window, isOfColumns, 10).ShouldNotContain("workspace");
    }

    private static async Task<List<T>> AllAsync<T>(IAsyncEnumerable<IReadOnlyList<T>> pages)
    {
        var all = new List<T>();
        await foreach (var page in pages) all.AddRange(page);
        return all;
    }

    /// <summary>
    /// Tables whose rows are shown by their time, where a statement asks for a window of them, by their statements, where it names some, and behind a key; cut where there
    /// are more than are shown, whatever the statement's own limit.
    /// </summary>
    private sealed class FakeSql(params (string Table, string?[][] Rows)[] tables) : ISqlEndpoint
    {
        private static readonly Regex KeyPart = new("> '(?<value>[^']*)'", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

        public int MostRows { get; init; } = 1000;

        public List<string> Statements { get; } = [];

        public async IAsyncEnumerable<SqlChunk> QueryAsync(string sql, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Yield();
            Statements.Add(sql);
            var (name, rows) = tables.FirstOrDefault(t => sql.Contains($"FROM {t.Table} ", StringComparison.Ordinal));
            if (name is null) yield break;
            var bounds = sql.Split("TIMESTAMP '").Skip(1).Select(static b => DateTimeOffset.Parse(b[..b.IndexOf('\'', StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture)).ToList();
            IEnumerable<string?[]> shown = bounds.Count < 2 ? rows : rows.Where(r => r.Select(SystemTimeOf).OfType<DateTimeOffset>().DefaultIfEmpty().Max() is var at && at >= bounds[0] && at < bounds[1]);
            if (sql.Contains("statement_id IN (", StringComparison.Ordinal)) shown = shown.Where(r => sql.Contains($"'{r[0]}'", StringComparison.Ordinal));
            var timed = sql.StartsWith("SELECT max(", StringComparison.Ordinal) ? 1 : 0;
            var ofIds = sql.Contains("ORDER BY statement_id LIMIT", StringComparison.Ordinal) || sql.Contains("ORDER BY event_id LIMIT", StringComparison.Ordinal);
            if (ofIds || sql.Contains(" GROUP BY ", StringComparison.Ordinal))
            {
                var after = KeyPart.Matches(sql).Select(static m => m.Groups["value"].Value).ToArray();
                shown = shown.DistinctBy(KeyOf).Where(r => after.Length == 0 || string.CompareOrdinal(KeyOf(r), string.Join('\u0001', after)) > 0).OrderBy(KeyOf, StringComparer.Ordinal);
            }

            var all = shown.ToList();
            yield return new SqlChunk([.. all.Take(MostRows)], IsCut: all.Count > MostRows);

            string KeyOf(string?[] row) => ofIds ? row[0]! : string.Join('\u0001', row.Skip(timed).Select(static c => c ?? ""));
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private static DateTimeOffset? SystemTimeOf(string? cell) => cell is { Length: 24 } && cell.EndsWith('Z') ? SystemTables.Read(cell) : null;
    }
}
