using Sluice.Platforms.Snowflake.Protocol;
using Sluice.Platforms.Snowflake.Sql;

namespace Sluice.Platforms.Snowflake.Crawling;

/// <summary>A run of tables of one schema, by the order of their names, both ends included.</summary>
internal readonly record struct TableRange(string From, string To);

/// <summary>The reads of a crawl (Snowflake documentation, "Information Schema" and the SHOW commands).</summary>
internal static class CatalogQueries
{
    // What was altered just now may be altered again while its columns are read, in the same instant; by the account's own clock.
    private const string TablesSelect =
        "SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE, IS_ICEBERG, IS_DYNAMIC, COMMENT, "
        + "IFF(LAST_ALTERED < DATEADD('minute', -5, CURRENT_TIMESTAMP()), LAST_ALTERED, NULL) FROM ";

    private const string ColumnsSelect =
        "SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, DATA_TYPE, CHARACTER_MAXIMUM_LENGTH, CHARACTER_OCTET_LENGTH, NUMERIC_PRECISION, NUMERIC_SCALE, "
        + "DATETIME_PRECISION, COMMENT FROM ";

    private const string TablesInOrder = " ORDER BY TABLE_SCHEMA, TABLE_NAME";
    private const string InOrder = " ORDER BY TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION";
    private const string OfUsers = " WHERE TABLE_SCHEMA <> 'INFORMATION_SCHEMA'";

    private const string TagsSelect =
        "SELECT OBJECT_DATABASE, OBJECT_SCHEMA, OBJECT_NAME, DOMAIN, COLUMN_NAME, TAG_DATABASE, TAG_SCHEMA, TAG_NAME, TAG_VALUE "
        + "FROM SNOWFLAKE.ACCOUNT_USAGE.TAG_REFERENCES WHERE OBJECT_DELETED IS NULL AND DOMAIN IN ("
        + "'ACCOUNT', 'DATABASE', 'SCHEMA', 'COLUMN', 'TABLE', 'VIEW', 'MATERIALIZED VIEW', 'EXTERNAL TABLE', 'EVENT TABLE', 'DYNAMIC TABLE', 'ICEBERG TABLE')";

    public static string Databases => "SHOW DATABASES";

    public static string Schemas(string database) => $"SHOW SCHEMAS IN DATABASE {Quote.Identifier(database)}";

    public static string ShowTables(string database, string schema) => $"SHOW TABLES IN SCHEMA {Quote.Path(database, schema)}";

    public static string ShowViews(string database, string schema) => $"SHOW VIEWS IN SCHEMA {Quote.Path(database, schema)}";

    /// <summary>The tags that were assigned in the account, or what concerns one database of them. The account's own view; it lags up to two hours.</summary>
    public static Statement Tags(string? database) => database is null
        ? new Statement(TagsSelect)
        : new Statement($"{TagsSelect} AND (OBJECT_DATABASE = ? OR (DOMAIN = 'DATABASE' AND OBJECT_NAME = ?) OR DOMAIN = 'ACCOUNT')")
        {
            Bindings = [database, database],
        };

    /// <summary>A page of a SHOW: names come in order, and a page begins after a name.</summary>
    public static Statement Page(string show, string? startsWith, int rows, string? after)
    {
        if (after is not null && Quote.NameProblem(after) is { } problem)
            throw new PlatformException(PlatformFailure.Refused, $"A list of more than {rows} names can't be read past a name that {problem}.");
        var prefix = startsWith is null ? "" : $" STARTS WITH {Quote.Literal(startsWith)}";
        return new Statement(after is null ? $"{show}{prefix} LIMIT {rows}" : $"{show}{prefix} LIMIT {rows} FROM {Quote.Literal(after)}");
    }

    /// <summary>The tables of a database, of one of its schemas, or one table; in order.</summary>
    public static Statement Tables(string database, string? schema, string? table)
    {
        var sql = TablesSelect + View(database, "TABLES");
        if (schema is null) return new Statement(sql + OfUsers + TablesInOrder);
        return table is null
            ? new Statement($"{sql} WHERE TABLE_SCHEMA = ?{TablesInOrder}") { Bindings = [schema] }
            : new Statement($"{sql} WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?") { Bindings = [schema, table] };
    }

    /// <summary>The columns of a database, in order, after a table.</summary>
    public static Statement Columns(string database, (string Schema, string Table)? after)
    {
        var sql = ColumnsSelect + View(database, "COLUMNS") + OfUsers;
        return after is var (schema, table)
            ? new Statement($"{sql} AND (TABLE_SCHEMA > ? OR (TABLE_SCHEMA = ? AND TABLE_NAME > ?)){InOrder}") { Bindings = [schema, schema, table] }
            : new Statement(sql + InOrder);
    }

    /// <summary>The columns of a run of tables, in order.</summary>
    public static Statement Columns(string database, string schema, TableRange range) =>
        new($"{ColumnsSelect}{View(database, "COLUMNS")} WHERE TABLE_SCHEMA = ? AND TABLE_NAME >= ? AND TABLE_NAME <= ?{InOrder}")
        {
            Bindings = [schema, range.From, range.To],
        };

    /// <summary>
    /// The columns of tables named one by one, in order. Which conditions make a query of Information Schema more selective is not documented; names that
    /// are equal surely do, whatever a range does.
    /// </summary>
    public static Statement Columns(string database, string schema, IReadOnlyList<string> tables) =>
        new($"{ColumnsSelect}{View(database, "COLUMNS")} WHERE TABLE_SCHEMA = ? AND TABLE_NAME IN ({string.Join(", ", Enumerable.Repeat('?', tables.Count))}){InOrder}")
        {
            Bindings = [schema, .. tables],
        };

    private static string View(string database, string view) => $"{Quote.Identifier(database)}.INFORMATION_SCHEMA.{view}";
}
