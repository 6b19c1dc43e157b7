using System.Runtime.CompilerServices;
using Sluice.Platforms.Snowflake.Protocol;

namespace Sluice.Platforms.Snowflake.Crawling;

/// <summary>
/// The columns of a database's tables in their order: by one statement, and where Information Schema finds that too much (090030), schema by schema, and
/// within a schema by ever smaller runs of tables.
/// </summary>
/// <param name="catalog">The account.</param>
/// <param name="database">The database.</param>
/// <param name="tables">The tables that are wanted, in order.</param>
/// <param name="isWhole">Whether they are most of what the database holds after the first of them, so that it is read as a whole.</param>
/// <param name="byName">Whether they are few among others: then they are asked for by their names.</param>
/// <param name="ahead">How many schemas are asked for before they are read.</param>
internal sealed class ColumnStream(CatalogReader catalog, string database, IReadOnlyList<TableRow> tables, bool isWhole, bool byName, int ahead)
{
    private const int MostNames = 1000;

    /// <summary>Whether the database had to be read schema by schema; known once the first column is.</summary>
    public bool IsDivided { get; private set; }

    /// <summary>The columns, many at a time.</summary>
    /// <param name="after">The table before the first one that is wanted; null when that is the first of all.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async IAsyncEnumerable<IReadOnlyList<ColumnRow>> RowsAsync((string Schema, string Table)? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (tables.Count == 0) yield break;
        var whole = isWhole ? await TryOpenAsync(CatalogQueries.Columns(database, after), cancellationToken) : null;
        if (whole is not null)
        {
            await foreach (var rows in catalog.ColumnsAsync(whole, cancellationToken)) yield return rows;
            yield break;
        }

        IsDivided = isWhole;
        var runs = Runs();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var asked = new Queue<Task<ResultSet?>>();
        try
        {
            var next = 0;
            foreach (var run in runs)
            {
                for (; next < runs.Count && asked.Count < ahead; next++) asked.Enqueue(TryOpenAsync(Columns(runs[next]), ended.Token));
                var result = await asked.Dequeue();
                await foreach (var rows in RunAsync(run, result, cancellationToken)) yield return rows;
            }
        }
        finally
        {
            await ended.CancelAsync();
            while (asked.TryDequeue(out var unread)) await ForgetAsync(unread);
        }
    }

    private async IAsyncEnumerable<IReadOnlyList<ColumnRow>> RunAsync(Run run, ResultSet? result, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (result is not null)
        {
            await foreach (var rows in catalog.ColumnsAsync(result, cancellationToken)) yield return rows;
            yield break;
        }

        if (run.Count == 1)
        {
            throw new PlatformException(
                PlatformFailure.Refused, $"Snowflake finds the columns of one table too much to list: {tables[run.First].Schema}.{tables[run.First].Name}.")
            {
                Code = SnowflakeCodes.TooMuchData,
            };
        }

        var half = run.Count / 2;
        foreach (var part in (Run[])[new Run(run.First, half), new Run(run.First + half, run.Count - half)])
        {
            await foreach (var rows in RunAsync(part, await TryOpenAsync(Part(part), cancellationToken), cancellationToken)) yield return rows;
        }
    }

    // Snowflake takes 16,384 values in a list.
    private Statement Part(Run run) => run.Count > MostNames ? Range(run) : Named(run);

    private Statement Columns(Run run) => byName ? Named(run) : Range(run);

    private Statement Named(Run run) =>
        CatalogQueries.Columns(database, tables[run.First].Schema, [.. tables.Skip(run.First).Take(run.Count).Select(t => t.Name)]);

    private Statement Range(Run run) => CatalogQueries.Columns(
        database, tables[run.First].Schema, new TableRange(tables[run.First].Name, tables[run.First + run.Count - 1].Name));

    /// <summary>The runs of tables that share a schema; no longer than a list of names, where that is how they are asked for.</summary>
    private List<Run> Runs()
    {
        var runs = new List<Run>();
        for (int first = 0, end; first < tables.Count; first = end)
        {
            var most = byName ? Math.Min(tables.Count, first + MostNames) : tables.Count;
            for (end = first + 1; end < most && tables[end].Schema == tables[first].Schema;) end++;
            runs.Add(new Run(first, end - first));
        }

        return runs;
    }

    /// <summary>Null when it is too much at once.</summary>
    private async Task<ResultSet?> TryOpenAsync(Statement statement, CancellationToken cancellationToken)
    {
        try
        {
            return await catalog.OpenColumnsAsync(statement, cancellationToken);
        }
        catch (PlatformException e) when (e.Code == SnowflakeCodes.TooMuchData)
        {
            return null;
        }
    }

    private static async Task ForgetAsync(Task<ResultSet?> asked)
    {
        try
        {
            (await asked)?.Dispose();
        }
        catch (Exception e) when (e is PlatformException or OperationCanceledException)
        {
        }
    }

    private readonly record struct Run(int First, int Count);
}
