using System.Text;
using Sluice.Platforms.PostgreSql.Sql;
using Sluice.Testing;

namespace Sluice.Platforms.PostgreSql.Crawling;

/// <summary>A schema of 200 tables, and others beside it, with names that break what does not quote, count or decode well.</summary>
internal static class OddCatalog
{
    public const string Database = "o'dd \"da\\ta=base\" /😀";

    public static readonly string[] Schemas = ["public", "Sales Data", "we\"ird", "a.b", "select", "pgstat", "EMPTY"];

    private static readonly string[] OddNames =
    [
        "plain", "With Space", "UPPER", "MixedCase", "select", "table", "user", "quo\"te", "\"\"", "quo'te", "dot.ted", "sla/sh", "%2F", "%252F",
        ".", "..", "...", "emoji😀", "ünïcödé", "e\u0301", "漢字", new string('x', 63), new string('漢', 21), "new\nline", "tab\there", "back\\slash",
        "$$", "$1", "--comment", "/*", "*/", "; drop table x", "{brace}", ":colon", "@at", "pg_like", "null", "NULL", "0", "-1", " ", " lead", "trail ",
        "comma,name", "a=b", "\u202ertl", "[bracket]", "`tick`", "#hash", "ß", "İ", "i", "I", "sluice", "information_schema",
    ];

    /// <summary>Schema and name of each table, 200 of them in <c>public</c>.</summary>
    public static IReadOnlyList<(string Schema, string Name)> Tables { get; } = Build();

    public static async Task CreateAsync(PostgresCluster cluster)
    {
        await cluster.ExecuteAsync($"CREATE DATABASE {Quote.Identifier(Database)}");
        var sql = new StringBuilder();
        foreach (var schema in Schemas) sql.Append($"CREATE SCHEMA IF NOT EXISTS {Quote.Identifier(schema)};");
        foreach (var (schema, name) in Tables)
        {
            var table = $"{Quote.Identifier(schema)}.{Quote.Identifier(name)}";
            sql.Append($"CREATE TABLE {table} (id bigint, {Quote.Identifier(name)} text);");
            sql.Append($"COMMENT ON TABLE {table} IS {Quote.Literal($"about {name}")};");
            sql.Append($"COMMENT ON COLUMN {table}.{Quote.Identifier(name)} IS {Quote.Literal(name)};");
        }

        sql.Append("CREATE SCHEMA sluice; CREATE TABLE sluice.entitlement (id int); CREATE TEMPORARY TABLE passing (id int);");
        await cluster.ExecuteAsync(sql.ToString(), Database);
    }

    private static List<(string Schema, string Name)> Build()
    {
        var tables = new List<(string, string)>();
        tables.AddRange(OddNames.Select(n => ("public", n)));
        for (var i = 0; tables.Count < 200; i++) tables.Add(("public", $"table {i:000}"));
        foreach (var schema in new[] { "Sales Data", "we\"ird" }) tables.AddRange(OddNames.Take(20).Select(n => (schema, n)));
        foreach (var schema in new[] { "a.b", "select", "pgstat" }) tables.AddRange(Enumerable.Range(0, 10).Select(i => (schema, $"table {i:000}")));
        return tables;
    }
}
