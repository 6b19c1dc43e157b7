using Sluice.Core.Access;
using Sluice.Core.Connections;
using Sluice.Core.People;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Testing.Cases;
using Sluice.Testing.Naive;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>What people are to see in a generated world, by the naive evaluator and what Snowflake can't do.</summary>
/// <param name="world">The world; null: nothing is enforced.</param>
/// <param name="intent">What its policies ask for.</param>
/// <param name="passedOver">Whom they pass over.</param>
internal sealed class GeneratedSight(World? world, AccessIntent? intent, IReadOnlyList<string> passedOver)
{
    private readonly NaiveEvaluator? _naive = world?.Naive(Technology.Snowflake.Name);

    // Of an identity one of whose holders is disabled nothing is known, as of one that is nobody's.
    private readonly NaiveEvaluator? _unknown = world is null ? null : (world with { Unregistered = UnregisteredBehaviour.Protect }).Naive(Technology.Snowflake.Name);
    private readonly Dictionary<Core.Catalog.ObjectPath, IReadOnlyList<AccessRule>> _narrowing = intent?.Objects.ToDictionary(static o => o.Object.Path, GeneratedRound.NarrowingOf) ?? [];

    /// <summary>Whether masks are left out because only the exempt are granted a table: others who have it see what they saw.</summary>
    public bool IsNarrowed(CaseTable table) => Of(table) is not null && _narrowing[table.Object.Path].Count > 0;

    /// <summary>The table's own cells.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> PlainOf(CaseTable table) => [.. table.Rows.Select(row => Texts(table, row, null, static (_, _) => new CellOutcome.Clear()))];

    /// <summary>What an identity is to see of a table.</summary>
    /// <param name="identity">Its name.</param>
    /// <param name="table">The table.</param>
    /// <param name="salt">Of digests.</param>
    /// <param name="isGranted">Whether somebody else granted it the table, whatever policies say.</param>
    public TableSight Of(string identity, CaseTable table, string? salt, bool isGranted = false)
    {
        if (Of(table) is not { } here || _naive is null) return new TableSight(isGranted ? PlainOf(table) : null, PlainOf(table));
        var holders = world!.Holders().Single(h => h.Name == identity).Holders;
        // Users who are passed over by their name keep what can't be protected.
        var isPassedOver = passedOver.Contains(identity, StringComparer.Ordinal);
        var isRefused = !isGranted && (!holders.All(h => _naive.IsSubscribed(h, here.Object, AccessKind.Read))
            || (!isPassedOver && _narrowing[here.Object.Path].Any(r => !intent!.MembersOf(r).Contains(identity, StringComparer.Ordinal))));
        if (isPassedOver) return new TableSight(isRefused ? null : PlainOf(table), PlainOf(table));
        return holders.All(static h => h.IsEnabled) ? Sight(_naive, here, salt, isRefused, [.. holders]) : Sight(_unknown!, here, salt, !isGranted, [null]);
    }

    /// <summary>What somebody is to see of a table who is nobody's identity, and was granted it before.</summary>
    public TableSight OfUnregistered(string who, CaseTable table, string? salt) =>
        Of(table) is { } here && _naive is not null && !passedOver.Contains(who, StringComparer.Ordinal) ? Sight(_naive, here, salt, isRefused: false, [null]) : new TableSight(PlainOf(table), PlainOf(table));

    private CaseTable? Of(CaseTable table) => world?.Tables.FirstOrDefault(t => t.IsActive && t.Object.Path.Equals(table.Object.Path));

    private static TableSight Sight(NaiveEvaluator naive, CaseTable table, string? salt, bool isRefused, IReadOnlyList<Person?> holders)
    {
        var masked = table.Rows.Select(row => Texts(table, row, salt, (column, cells) => MaskedBy(column, [.. holders.SelectMany(h => naive.MasksOn(h, table.Object, column.Name, cells))]))).ToList();
        return new TableSight(isRefused ? null : [.. table.Rows.Select((row, r) => holders.All(h => naive.IsRowVisible(h, table.Object, row)) ? masked[r] : null)], masked);
    }

    private static CellOutcome MaskedBy(GovernedColumn column, IReadOnlyList<MaskFunction> masks) =>
        NaiveMasks.Compose(ColumnKinds.Of(column.Type), masks, Technology.Snowflake.Name) is { } mask ? GeneratedRound.Outcome(new CellOutcome.Masked(mask), column, masks) : new CellOutcome.Clear();

    private static IReadOnlyList<string> Texts(CaseTable table, IReadOnlyList<object?> row, string? salt, Func<GovernedColumn, IReadOnlyList<object?>, CellOutcome> outcomeOf) =>
        [.. table.Object.Columns.Select((column, c) => GeneratedRound.Expected(outcomeOf(column, row), column, row[c], salt)!)];
}
