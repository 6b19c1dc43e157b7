using Sluice.Core.Planning;
using Sluice.Platforms.Databricks.Sql;

namespace Sluice.Platforms.Databricks.Enforcing;

/// <summary>
/// Writes what functions are told about people: a statement for many rows, each of which says what shall be so, and so may be run twice. One statement on a table at
/// a time: two would disturb each other.
/// </summary>
internal sealed class PeopleWriter(ISqlEndpoint sql, OwnCatalog own, DatabricksOptions options)
{
    /// <summary>Whether a change is one of what is known about people.</summary>
    public static bool IsOfPeople(Change change) =>
        change.Key.Kind is FactKind.Exemption or FactKind.Entitlement || change.Key is { Kind: FactKind.Support, Detail: SupportTables.RegisteredDetail };

    /// <summary>
    /// Makes changes, and tells how each ended: exemptions that end first, those that begin last, and what is known in between, so that at each moment a person is exempt from no more than
    /// before with what was known of them then, or from no more than afterwards with what is known by now. What comes later was safe only after what comes before it.
    /// </summary>
    public async Task WriteAsync(IEnumerable<Change> changes, Action<ChangeOutcome> tell, CancellationToken cancellationToken)
    {
        string? failed = null;
        foreach (var unit in changes.GroupBy(static c => (Place: PlaceOf(c), Table: TableOf(c), IsRemoved: c.Verb == ChangeVerb.Remove)).OrderBy(static u => u.Key.Place))
        {
            foreach (var some in unit.Chunk(options.RowsPerStatement))
            {
                if (failed is not null) foreach (var change in some) tell(new ChangeOutcome(change, $"not made, for what goes before it was not: {failed}", IsTransient: true));
                else failed = await WriteAsync(some, tell, cancellationToken);
            }
        }
    }

    /// <summary>The statement of changes of one table, all of them writing rows or all removing them.</summary>
    public static string StatementOf(OwnCatalog own, IReadOnlyList<Change> changes)
    {
        var table = own.Entitlements(TableOf(changes[0]));
        return (changes[0].Key.Kind, changes[0].Verb == ChangeVerb.Remove) switch
        {
            (FactKind.Support, false) => Merge(table, changes.Select(static c => Row(c.Key.Subject)), "identity"),
            (FactKind.Exemption, false) => Merge(table, changes.Select(static c => Row(c.Key.Subject, c.Key.Detail)), "identity", "audience"),
            (FactKind.Entitlement, false) => Tell(table, changes),
            (FactKind.Exemption, true) => $"DELETE FROM {table} WHERE {string.Join(" OR ", changes.GroupBy(static c => c.Key.Detail, StringComparer.Ordinal).Select(static a => $"(audience = {Quote.Literal(a.Key)} AND lower(identity) IN ({Listed(a)}))"))}",
            _ => $"DELETE FROM {table} WHERE lower(identity) IN ({Listed(changes)})",
        };
    }

    // Why they could not be made; null when they were.
    private async Task<string?> WriteAsync(IReadOnlyList<Change> changes, Action<ChangeOutcome> tell, CancellationToken cancellationToken)
    {
        try
        {
            await sql.ReadAsync(StatementOf(own, changes), cancellationToken);
            foreach (var change in changes) tell(new ChangeOutcome(change, null));
            return null;
        }
        catch (Exception e) when (e is PlatformException or ArgumentException)
        {
            // What is to be forgotten is gone with the table.
            var isGone = changes[0].Verb == ChangeVerb.Remove && SqlFailures.SaysGone(e);
            foreach (var change in changes) tell(isGone ? new ChangeOutcome(change, null) : new ChangeOutcome(change, e.Message, e is PlatformException { IsTransient: true }));
            return isGone ? null : e.Message;
        }
    }

    private static int PlaceOf(Change change) => (change.Key.Kind, change.Verb == ChangeVerb.Remove) switch
    {
        (FactKind.Exemption, true) => 0,
        (FactKind.Exemption, false) => 2,
        _ => 1,
    };

    private static string TableOf(Change change) => change.Key.Kind switch
    {
        FactKind.Exemption => SupportTables.Exemption,
        FactKind.Entitlement => SupportTables.Entitlement,
        _ => SupportTables.Registered,
    };

    private static string Merge(string table, IEnumerable<string> rows, params IReadOnlyList<string> columns) =>
        $"MERGE INTO {table} AS t USING (SELECT * FROM VALUES {string.Join(", ", rows)} AS v({string.Join(", ", columns)})) AS s ON {string.Join(" AND ", columns.Select(Matches))} "
        + $"WHEN NOT MATCHED THEN INSERT ({string.Join(", ", columns)}) VALUES ({string.Join(", ", columns.Select(static c => $"s.{c}"))})";

    private static string Tell(string table, IReadOnlyList<Change> changes) =>
        $"MERGE INTO {table} AS t USING (SELECT * FROM VALUES {string.Join(", ", changes.Select(static c => Row(c.Key.Subject, c.Definition)))} AS v(identity, known)) AS s ON {Matches("identity")} "
        + "WHEN MATCHED THEN UPDATE SET known = s.known WHEN NOT MATCHED THEN INSERT (identity, known) VALUES (s.identity, s.known)";

    // As functions look for it.
    private static string Matches(string column) => column == "identity" ? "lower(t.identity) = lower(s.identity)" : $"t.{column} = s.{column}";

    private static string Row(params IReadOnlyList<string> values) => $"({string.Join(", ", values.Select(Quote.Literal))})";

    private static string Listed(IEnumerable<Change> changes) => string.Join(", ", changes.Select(static c => $"lower({Quote.Literal(c.Key.Subject)})"));
}
