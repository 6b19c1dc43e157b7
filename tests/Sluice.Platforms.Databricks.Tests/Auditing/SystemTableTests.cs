using System.Runtime.CompilerServices;
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
            ("system.query.history", [["s1", "ada@example.com", "SELECT", "FINISHED", "2026-03-01T12:00:00.000Z", "2026-03-01T12:00:01.500Z", "SELECT 1", "42"], ["s2", "ben@example.com", "INSERT", "FAILED", "2026-03-01T12:00:00.000Z", "2026-03-01T12:00:02.000Z", null, "42"]]),
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
        var sql = new FakeSql(("system.query.history", [.. Enumerable.Range(0, 9).Select(static i => new[] { $"s{i}", "ada", "SELECT", "FINISHED", null, $"2026-03-01T12:{i * 6:00}:00.000Z", null, null })])) { MostRows = 4 };
        var events = await AllAsync(new QueryHistory(sql, new SystemTables(null)).ReadAsync("dbx", Window, Ending));
        events.Select(static e => e.EventId).ShouldBe(Enumerable.Range(0, 9).Select(static i => $"s{i}"), ignoreOrder: true);
        sql.Statements.Count(static s => s.Contains("FROM system.query.history", StringComparison.Ordinal)).ShouldBeGreaterThan(3);
    }

    [Fact]
    public async Task More_rows_of_a_millisecond_than_are_shown_are_refused_not_lost()
    {
        var sql = new FakeSql(("system.query.history", [.. Enumerable.Range(0, 9).Select(static i => new[] { $"s{i}", "ada", "SELECT", "FINISHED", null, "2026-03-01T12:06:00.000Z", null, null })])) { MostRows = 4 };
        await Should.ThrowAsync<PlatformException>(AllAsync(new QueryHistory(sql, new SystemTables(null)).ReadAsync("dbx", Window, Ending)));
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
        var lineage = new TableLineage(sql, new SystemTables(null));
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
        var lines = new[] { tables.Queries(Window, 10), tables.Edges(Window, true, 10), tables.Edges(Window, false, 10) };
        lines.ShouldAllBe(l => l.Contains("CAST(workspace_id AS STRING) IN ('42', '43')", StringComparison.Ordinal));
        lines[0].ShouldContain("COALESCE(executed_by, '') <> session_user()");
        lines[0].ShouldContain("end_time >= TIMESTAMP '2026-03-01 12:00:00.000000+00:00' AND end_time < TIMESTAMP '2026-03-01 13:00:00.000000+00:00'");
        new SystemTables([]).Queries(Window, 10).ShouldNotContain("IN (");
    }

    private static async Task<List<T>> AllAsync<T>(IAsyncEnumerable<IReadOnlyList<T>> pages)
    {
        var all = new List<T>();
        await foreach (var page in pages) all.AddRange(page);
        return all;
    }

    /// <summary>Tables whose rows are shown by their time, where a statement asks for a window of them, and whole else.</summary>
    private sealed class FakeSql(params (string Table, string?[][] Rows)[] tables) : ISqlEndpoint
    {
        public int MostRows { get; init; } = 1000;

        public List<string> Statements { get; } = [];

        public async IAsyncEnumerable<SqlChunk> QueryAsync(string sql, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Yield();
            Statements.Add(sql);
            var (name, rows) = tables.FirstOrDefault(t => sql.Contains($"FROM {t.Table} ", StringComparison.Ordinal));
            if (name is null) yield break;
            var bounds = sql.Split("TIMESTAMP '").Skip(1).Select(static b => DateTimeOffset.Parse(b[..b.IndexOf('\'', StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture)).ToList();
            var shown = bounds.Count < 2 ? rows : [.. rows.Where(r => r.Select(SystemTimeOf).OfType<DateTimeOffset>().DefaultIfEmpty().Max() is var at && at >= bounds[0] && at < bounds[1])];
            yield return new SqlChunk([.. shown.Take(sql.Contains(" LIMIT ", StringComparison.Ordinal) ? MostRows : int.MaxValue)], IsCut: false);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private static DateTimeOffset? SystemTimeOf(string? cell) => cell is { Length: 24 } && cell.EndsWith('Z') ? SystemTables.Read(cell) : null;
    }
}
