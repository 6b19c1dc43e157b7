using Sluice.Core.Catalog;

namespace Sluice.Platforms.Snowflake.Tests.Fakes;

/// <summary>A catalog in a fake account, which answers the statements of a crawl as Snowflake documents their results.</summary>
internal sealed class FakeCatalog
{
    private static readonly string[] DatabaseColumns = ["created_on", "name", "is_default", "is_current", "origin", "owner", "comment", "options", "retention_time", "kind"];
    private static readonly string[] SchemaColumns = ["created_on", "name", "is_default", "is_current", "database_name", "owner", "comment", "options", "retention_time"];
    private static readonly string[] TableColumns = ["TABLE_SCHEMA", "TABLE_NAME", "TABLE_TYPE", "IS_ICEBERG", "IS_DYNAMIC", "COMMENT", "LAST_ALTERED"];

    private static readonly string[] ColumnColumns =
    [
        "TABLE_SCHEMA", "TABLE_NAME", "COLUMN_NAME", "DATA_TYPE", "CHARACTER_MAXIMUM_LENGTH", "CHARACTER_OCTET_LENGTH", "NUMERIC_PRECISION", "NUMERIC_SCALE",
        "DATETIME_PRECISION", "COMMENT",
    ];

    public FakeCatalog(FakeAccount account)
    {
        account.On("SHOW DATABASES", asked => Show(asked, DatabaseColumns, Databases.Select(d => (d.Name, Row(d)))));
        account.On("SHOW SCHEMAS IN DATABASE", asked => Show(
            asked, SchemaColumns, DatabaseOf(asked).Schemas.Append("INFORMATION_SCHEMA").Order(StringComparer.Ordinal)
                .Select(s => (s, (string?[])["t", s, "N", "N", "D", "OWNER", $"schema {s}", "", "1"]))));
        account.On("INFORMATION_SCHEMA.TABLES", asked => TooWide(asked) ?? FakeAccount.Rows(TableColumns, [.. Tables(asked).Select(t => (string?[])[t.Schema, t.Name, t.Type, t.Iceberg, t.Dynamic, t.Comment, LastAltered.GetValueOrDefault(t.Name)])]));
        account.On("INFORMATION_SCHEMA.COLUMNS", asked => TooWide(asked) ?? FakeAccount.Rows(ColumnColumns, [.. Columns(asked)]));
        account.Refuses("ACCOUNT_USAGE.TAG_REFERENCES", "002003", "Object 'SNOWFLAKE.ACCOUNT_USAGE.TAG_REFERENCES' does not exist or not authorized.");
    }

    public List<Database> Databases { get; } = [];

    /// <summary>When tables were last altered, by their names; none: just now.</summary>
    public Dictionary<string, string> LastAltered { get; } = new(StringComparer.Ordinal);

    /// <summary>How many tables one read of Information Schema may find.</summary>
    public int MostTables { get; set; } = int.MaxValue;

    public Database Add(string name, string kind = "STANDARD", string origin = "")
    {
        var database = new Database(name, kind, origin);
        Databases.Add(database);
        return database;
    }

    /// <summary>Whether a range of names makes a read of Information Schema no smaller.</summary>
    public bool IgnoresRanges { get; set; }

    private FakeAccount.Answer? TooWide(FakeAccount.Asked asked) =>
        (IgnoresRanges && asked.Sql.Contains("TABLE_NAME >= ?", StringComparison.Ordinal)
            ? DatabaseOf(asked).Tables.Count(t => t.Schema == asked.Bindings[0])
            : Tables(asked).Count()) > MostTables
        ? FakeAccount.Refusal("090030", "Information schema query returned too much data. Please repeat query with more selective predicates.")
        : null;

    private static FakeAccount.Answer Show(FakeAccount.Asked asked, string[] columns, IEnumerable<(string Name, string?[] Row)> rows)
    {
        var from = After(asked.Sql, " FROM '");
        var prefix = After(asked.Sql, "STARTS WITH '");
        var limit = int.Parse(asked.Sql.Split("LIMIT ")[1].Split(' ')[0]);
        var named = rows.Where(r => prefix is null || r.Name.StartsWith(prefix, StringComparison.Ordinal)).OrderBy(r => r.Name, StringComparer.Ordinal).ToList();
        if (from is not null) named = [.. named.SkipWhile(r => !r.Name.StartsWith(from, StringComparison.Ordinal)).Skip(1)];
        return FakeAccount.Rows(columns, [.. named.Take(limit).Select(r => r.Row)]);
    }

    private static string? After(string sql, string mark) => sql.Contains(mark, StringComparison.Ordinal)
        ? sql[(sql.IndexOf(mark, StringComparison.Ordinal) + mark.Length)..].Split('\'')[0]
        : null;

    private static string?[] Row(Database d) => ["t", d.Name, "N", "N", d.Origin, "OWNER", $"database {d.Name}", "", "1", d.Kind];

    private Database DatabaseOf(FakeAccount.Asked asked) => Databases.Single(d => asked.Sql.Contains($"\"{d.Name}\"", StringComparison.Ordinal));

    private IEnumerable<Table> Tables(FakeAccount.Asked asked)
    {
        var (sql, b) = (asked.Sql, asked.Bindings);
        return DatabaseOf(asked).Tables
            .Where(t => (sql, b) switch
            {
                ({ } s, [var schema, var from, var to]) when s.Contains("TABLE_NAME >= ?", StringComparison.Ordinal) => t.Schema == schema && Order(t.Name, from) >= 0 && Order(t.Name, to) <= 0,
                ({ } s, [var schema, .. var names]) when s.Contains("TABLE_NAME IN (?", StringComparison.Ordinal) => t.Schema == schema && names.Contains(t.Name),
                (_, [var schema, _, var after]) => Order(t.Schema, schema) > 0 || (t.Schema == schema && Order(t.Name, after) > 0),
                (_, [var schema, var name]) => t.Schema == schema && t.Name == name,
                (_, [var schema]) => t.Schema == schema,
                _ => true,
            })
            .OrderBy(t => t.Schema, StringComparer.Ordinal).ThenBy(t => t.Name, StringComparer.Ordinal);
    }

    private IEnumerable<string?[]> Columns(FakeAccount.Asked asked) => Tables(asked).SelectMany(t => t.Columns, (t, c) => (string?[])
        [t.Schema, t.Name, c, "NUMBER", null, null, "38", "0", null, $"column {c}"]);

    private static int Order(string a, string b) => string.CompareOrdinal(a, b);

    internal sealed record Table(string Schema, string Name, string Type, string Iceberg, string Dynamic, string? Comment, string[] Columns);

    internal sealed record Database(string Name, string Kind, string Origin)
    {
        public List<string> Schemas { get; } = [];

        public List<Table> Tables { get; } = [];

        public Database Schema(string name, params string[] tables)
        {
            Schemas.Add(name);
            foreach (var table in tables) Table(name, table);
            return this;
        }

        public Database Table(string schema, string name, string type = "BASE TABLE", string iceberg = "NO", string dynamic = "NO")
        {
            Tables.Add(new Table(schema, name, type, iceberg, dynamic, $"table {name}", ["ID", "NAME"]));
            return this;
        }
    }
}

/// <summary>A crawl, taken to its end.</summary>
internal static class Crawled
{
    public static ObjectPath Root { get; } = new("snow");

    public static async Task<List<CrawlPage>> PagesAsync(IPlatformSession session, CrawlScope? scope = null)
    {
        var pages = new List<CrawlPage>();
        await foreach (var page in session.CrawlAsync(scope ?? new CrawlScope { Container = Root }, TestContext.Current.CancellationToken)) pages.Add(page);
        return pages;
    }

    public static string[] Names(this IEnumerable<CrawlPage> pages) => [.. pages.SelectMany(p => p.Objects).Select(o => string.Join('/', o.Path.Names.Skip(1)))];

    public static string[] Completed(this IEnumerable<CrawlPage> pages) => [.. pages.SelectMany(p => p.Completed).Select(o => string.Join('/', o.Names.Skip(1)))];

    public static DiscoveredObject Object(this IEnumerable<CrawlPage> pages, string path) =>
        pages.SelectMany(p => p.Objects).Single(o => string.Join('/', o.Path.Names.Skip(1)) == path);
}
