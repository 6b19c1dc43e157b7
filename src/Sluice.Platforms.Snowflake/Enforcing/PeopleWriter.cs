using Sluice.Core.Planning;
using Sluice.Platforms.Snowflake.Protocol;
using Sluice.Platforms.Snowflake.Sql;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>Writes the rows about people: many in a statement, each statement doing the same when it is run again.</summary>
internal sealed class PeopleWriter(StatementClient statements, NativeNames names)
{
    // VALUES takes 16,384 rows, and a statement 1 MB of text; bindings are not part of it.
    private const int MostRows = 2_000;

    /// <summary>Whether a change is one of rows about people.</summary>
    public static bool IsAboutPeople(Change change) =>
        change.Key.Kind is FactKind.Exemption or FactKind.Entitlement || change.Key is { Kind: FactKind.Support, Object: null, Detail: Support.Registered };

    /// <summary>
    /// Makes changes, and tells how each ended: exemptions that end first, those that begin last, and what is known in between, so that at each moment a person is exempt from no more than
    /// before with what was known of them then, or from no more than afterwards with what is known by now. What comes later was safe only after what comes before it.
    /// </summary>
    public async Task WriteAsync(IEnumerable<Change> changes, Action<ChangeOutcome> tell, CancellationToken cancellationToken)
    {
        PlatformException? refusal = null;
        foreach (var unit in changes.GroupBy(UnitOf).OrderBy(static u => PlaceOf(u.Key)))
        {
            var isSent = refusal is null;
            try
            {
                if (isSent) await WriteAsync([.. unit], cancellationToken);
            }
            catch (PlatformException e)
            {
                refusal = e;
            }

            foreach (var change in unit)
            {
                tell(refusal is null
                    ? new ChangeOutcome(change, null)
                    : new ChangeOutcome(change, isSent ? refusal.Message : $"not made, for what goes before it was not: {refusal.Message}", !isSent || refusal.IsTransient));
            }
        }
    }

    /// <summary>The statement of a change, with its values where they are bound when it is sent.</summary>
    public static string Describe(Change change)
    {
        var unit = UnitOf(change);
        return Merge(NativeNames.Shown.Table(TableOf(change)), unit, $"({string.Join(", ", ValuesOf(change, unit).Select(Quote.Literal))})");
    }

    // Changes of one unit are made together.
    private static (FactKind Kind, bool IsRemoved) UnitOf(Change change) => (change.Key.Kind, change.Verb == ChangeVerb.Remove);

    private static int PlaceOf((FactKind Kind, bool IsRemoved) unit) => unit switch
    {
        (FactKind.Exemption, true) => 0,
        (FactKind.Exemption, false) => 2,
        _ => 1,
    };

    private async Task WriteAsync(IReadOnlyList<Change> changes, CancellationToken cancellationToken)
    {
        foreach (var several in changes.Chunk(MostRows))
        {
            var statement = Of(several);
            using var result = await statements.RunAsync(statement, cancellationToken);
        }
    }

    private static string TableOf(Change change) => change.Key.Kind switch
    {
        FactKind.Exemption => Support.ExemptionTable,
        FactKind.Entitlement => Support.EntitlementTable,
        _ => Support.RegisteredTable,
    };

    private Statement Of(IReadOnlyList<Change> changes)
    {
        var unit = UnitOf(changes[0]);
        var rows = string.Join(", ", Enumerable.Repeat(IsPair(unit) ? "(?, ?)" : "(?)", changes.Count));
        return new Statement(Merge(names.Table(TableOf(changes[0])), unit, rows)) { Bindings = [.. changes.SelectMany(c => ValuesOf(c, unit))] };
    }

    // https://docs.snowflake.com/en/sql-reference/sql/merge, with the columns of https://docs.snowflake.com/en/sql-reference/constructs/values
    private static string Merge(string table, (FactKind Kind, bool IsRemoved) unit, string rows)
    {
        var (kind, isRemoved) = unit;
        var isSame = $"t.IDENTITY = s.IDENTITY{(kind == FactKind.Exemption ? " AND t.AUDIENCE = s.DETAIL" : "")}";
        var then = (kind, isRemoved) switch
        {
            (_, true) => "WHEN MATCHED THEN DELETE",
            (FactKind.Exemption, _) => "WHEN NOT MATCHED THEN INSERT (IDENTITY, AUDIENCE) VALUES (s.IDENTITY, s.DETAIL)",
            (FactKind.Entitlement, _) => "WHEN MATCHED THEN UPDATE SET KNOWN = PARSE_JSON(s.DETAIL) WHEN NOT MATCHED THEN INSERT (IDENTITY, KNOWN) VALUES (s.IDENTITY, PARSE_JSON(s.DETAIL))",
            _ => "WHEN NOT MATCHED THEN INSERT (IDENTITY) VALUES (s.IDENTITY)",
        };
        return $"MERGE INTO {table} t USING (SELECT COLUMN1 AS IDENTITY{(IsPair(unit) ? ", COLUMN2 AS DETAIL" : "")} FROM VALUES {rows}) s ON {isSame} {then}";
    }

    private static bool IsPair((FactKind Kind, bool IsRemoved) unit) => unit.Kind == FactKind.Exemption || unit is { Kind: FactKind.Entitlement, IsRemoved: false };

    private static string[] ValuesOf(Change change, (FactKind Kind, bool IsRemoved) unit) =>
        IsPair(unit) ? [change.Key.Subject, unit.Kind == FactKind.Exemption ? change.Key.Detail : change.Definition] : [change.Key.Subject];
}
