using System.Runtime.CompilerServices;
using Sluice.Core.Catalog;
using Sluice.Platforms.Snowflake.Protocol;

namespace Sluice.Platforms.Snowflake.Crawling;

/// <summary>Reads the catalog of an account, as the role of its statements may see it.</summary>
internal sealed class CatalogReader(StatementClient statements, SnowflakeOptions options)
{
    private const string InformationSchema = "INFORMATION_SCHEMA";

    // A crawl lists all of them first, and then reads each by itself.
    private volatile List<DatabaseRow>? _listed;

    public StatementClient Statements => statements;

    /// <summary>The databases in the order of a crawl; with a name the one that has it, or none. One that was listed before is not asked for again.</summary>
    public async Task<List<DatabaseRow>> DatabasesAsync(string? name, CancellationToken cancellationToken)
    {
        if (name is not null && _listed?.Find(d => d.Name == name) is { } known) return [known];
        var rows = await ShowAsync<DatabaseRow>(
            CatalogQueries.Databases, name,
            static result =>
            {
                var (n, kind, origin, comment) = (result.Column("name"), result.FindColumn("kind"), result.Column("origin"), result.Column("comment"));
                return row => new DatabaseRow(row[n]!, kind is { } k ? row[k] ?? "" : "", row[origin] ?? "", OrNull(row[comment]));
            },
            cancellationToken);
        var databases = InOrder(name is null ? rows : rows.Where(d => d.Name == name), d => d.Name);
        if (name is null) _listed = databases;
        return databases;
    }

    /// <summary>The schemas of a database in the order of a crawl; with a name the one that has it, or none.</summary>
    public async Task<List<SchemaRow>> SchemasAsync(string database, string? name, CancellationToken cancellationToken)
    {
        var rows = await SchemasOfAsync(database, name, cancellationToken);
        return InOrder(rows.Where(s => s.Name != InformationSchema && (name is null || s.Name == name)), s => s.Name);
    }

    /// <summary>The tables of a database, of one of its schemas, or one table; in the order that Snowflake sorts in, many at a time.</summary>
    public async IAsyncEnumerable<IEnumerable<TableRow>> TablesAsync(
        string database, string? schema, string? table, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var result = await statements.RunAsync(CatalogQueries.Tables(database, schema, table), cancellationToken);
        await foreach (var rows in result.ReadAsync(Table, cancellationToken)) yield return rows.OfType<TableRow>();

        static TableRow? Table(string?[] row) =>
            TableKinds.Of(row[2] ?? "", row[3], row[4]) is { } kind ? new TableRow(row[0]!, row[1]!, kind, OrNull(row[5]), row[6]) : null;
    }

    /// <summary>The tables of a schema by SHOW, for one that Information Schema finds too large to list.</summary>
    public async Task<List<TableRow>> ShowTablesAsync(string database, string schema, CancellationToken cancellationToken)
    {
        if (Sql.Quote.NameProblem(schema) is { } problem)
            throw new PlatformException(PlatformFailure.Refused, $"A schema that is too large for Information Schema can't be listed: its name {problem}.");
        var tables = await ShowAsync<TableRow?>(
            CatalogQueries.ShowTables(database, schema), null,
            result =>
            {
                var (name, kind, comment) = (result.Column("name"), result.Column("kind"), result.Column("comment"));
                var (external, events, iceberg, dynamic) =
                    (result.FindColumn("is_external"), result.FindColumn("is_event"), result.FindColumn("is_iceberg"), result.FindColumn("is_dynamic"));
                return row =>
                {
                    var type = IsYes(row, external) ? "EXTERNAL TABLE" : IsYes(row, events) ? "EVENT TABLE" : row[kind] ?? "";
                    return TableKinds.Of(type, Cell(row, iceberg), Cell(row, dynamic)) is { } known
                        ? new TableRow(schema, row[name]!, known, OrNull(row[comment]))
                        : null;
                };
            },
            cancellationToken);
        var views = await ShowAsync<TableRow>(
            CatalogQueries.ShowViews(database, schema), null,
            result =>
            {
                var (name, comment, materialized) = (result.Column("name"), result.Column("comment"), result.FindColumn("is_materialized"));
                return row => new TableRow(
                    schema, row[name]!, IsYes(row, materialized) ? ObjectKind.MaterializedView : ObjectKind.View, OrNull(row[comment]));
            },
            cancellationToken);
        return [.. tables.OfType<TableRow>(), .. views];
    }

    /// <summary>Asks for columns; the caller reads them by <see cref="ColumnsAsync"/>.</summary>
    public Task<ResultSet> OpenColumnsAsync(Statement columns, CancellationToken cancellationToken) => statements.RunAsync(columns, cancellationToken);

    /// <summary>The columns of a result, in order, many at a time; the result is disposed of at their end.</summary>
    public async IAsyncEnumerable<IReadOnlyList<ColumnRow>> ColumnsAsync(ResultSet result, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using (result)
        {
            await foreach (var rows in result.ReadAsync(row => new ColumnRow(row[0]!, row[1]!, statements.Pool.OfRow(row.AsSpan(2))), cancellationToken)) yield return rows;
        }
    }

    private async Task<List<SchemaRow>> SchemasOfAsync(string database, string? name, CancellationToken cancellationToken)
    {
        try
        {
            return await ShowAsync<SchemaRow>(
                CatalogQueries.Schemas(database), name,
                static result =>
                {
                    var (n, comment) = (result.Column("name"), result.Column("comment"));
                    return row => new SchemaRow(row[n]!, OrNull(row[comment]));
                },
                cancellationToken);
        }
        catch (PlatformException e) when (e.Failure is PlatformFailure.AccessDenied or PlatformFailure.NotFound)
        {
            // Snowflake says the same of what is not there and of what may not be seen; it was listed, so it is there.
            throw new PlatformException(
                PlatformFailure.AccessDenied,
                $"{e.Message} Remedy: GRANT USAGE ON DATABASE {Sql.Quote.Identifier(database)} TO ROLE {statements.Role.Quoted}", e)
            {
                Code = e.Code,
            };
        }
    }

    /// <summary>
    /// All rows of a SHOW, page by page. A page begins after the first name that starts with the last one seen; should the account begin with that name
    /// instead, it is passed over, and no name counts twice.
    /// </summary>
    public async Task<List<T>> ShowAsync<T>(
        string show, string? startsWith, Func<ResultSet, Func<string?[], T>> map, CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        string? last = null;
        while (true)
        {
            using var result = await statements.RunAsync(CatalogQueries.Page(show, startsWith, options.ShowRows, last), cancellationToken);
            var name = result.Column("name");
            var read = map(result);
            var (count, fresh) = (0, 0);
            await foreach (var row in result.RowsAsync(cancellationToken))
            {
                count++;
                last = row[name] ?? throw Envelope.NotSnowflake("SHOW");
                if (!seen.Add(last)) continue;
                fresh++;
                rows.Add(read(row));
            }

            if (count < options.ShowRows) return rows;
            if (fresh == 0)
                throw new PlatformException(PlatformFailure.Refused, $"Snowflake answered {show} with the same names again, and so not to its end.");
        }
    }

    /// <summary>Why nothing is said of a list that has no pages and as many rows as Snowflake lists: it may have been cut.</summary>
    /// <param name="what">What is listed, and where.</param>
    /// <param name="remedy">What can be done.</param>
    public PlatformException Cut(string what, string remedy) =>
        new(PlatformFailure.Refused, $"Snowflake lists no more than {options.ShowRows} {what}, and there are as many: what is beyond them can't be told. {remedy}");

    private static List<T> InOrder<T>(IEnumerable<T> rows, Func<T, string> name) => [.. rows.OrderBy(name, Utf8Order.Instance)];

    private static string? Cell(string?[] row, int? at) => at is { } i ? row[i] : null;

    private static bool IsYes(string?[] row, int? at) => TableKinds.IsYes(Cell(row, at));

    private static string? OrNull(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
