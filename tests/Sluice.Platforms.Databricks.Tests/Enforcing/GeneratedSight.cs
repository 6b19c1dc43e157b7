using System.Globalization;
using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Core.People;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Testing.Cases;
using Sluice.Testing.Naive;

namespace Sluice.Platforms.Databricks.Tests.Enforcing;

/// <summary>What people are to see in a generated world, by the naive evaluator and what docs/databricks.md says that Databricks can't do.</summary>
/// <param name="world">The world; null: nothing is enforced.</param>
/// <param name="intent">What its policies ask for.</param>
internal sealed class GeneratedSight(World? world, AccessIntent? intent)
{
    private const int HashDigits = 64;

    private readonly NaiveEvaluator? _naive = world?.Naive(Technology.Databricks.Name);

    // Of an identity one of whose holders is disabled nothing is known, as of one that is nobody's.
    private readonly NaiveEvaluator? _unknown = (world is null ? null : world with { Unregistered = UnregisteredBehaviour.Protect })?.Naive(Technology.Databricks.Name);
    private readonly Dictionary<ObjectPath, LeftToExempt> _left = intent?.Objects.ToDictionary(static o => o.Object.Path, LeftToExempt.Of) ?? [];

    /// <summary>The table's own cells.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> PlainOf(CaseTable table) => [.. table.Rows.Select(row => TextsOf(table, row, "", static (_, _) => []))];

    /// <summary>A row that was read, as it is compared.</summary>
    public static string[] TextsOf(CaseTable table, IReadOnlyList<string?> row) => [.. row.Select((v, i) => Canonical(v, ColumnKinds.Of(table.Object.Columns[i].Type)))];

    /// <summary>Whether something can't be put on a table.</summary>
    public bool IsNarrowed(CaseTable table) => Of(table) is not null && _left[table.Object.Path].Exempt.Count > 0;

    /// <summary>What somebody is to see of a table.</summary>
    /// <param name="who">An identity's name, or a stranger's.</param>
    /// <param name="table">The table.</param>
    /// <param name="salt">Of digests.</param>
    /// <param name="isGranted">Whether somebody else granted it the table, whatever policies say; strangers were granted all.</param>
    public TableSight Of(string who, CaseTable table, string salt, bool isGranted = false)
    {
        isGranted |= GeneratedUnity.Strangers.Contains(who, StringComparer.Ordinal);
        if (Of(table) is not { } here) return new TableSight(isGranted ? PlainOf(table) : null, PlainOf(table));
        var holders = intent!.Identities.FirstOrDefault(i => i.Name == who)?.Holders;
        var isKnown = holders?.All(static h => h.IsEnabled) == true;
        var isRefused = !isGranted && (!isKnown || !holders!.All(h => _naive!.IsSubscribed(h, here.Object, AccessKind.Read))
            || _left[table.Object.Path].Exempt.Any(r => !intent.MembersOf(r).Contains(who, StringComparer.Ordinal)));
        if (GeneratedUnity.PassedOver(intent).Contains(who, StringComparer.Ordinal)) return new TableSight(isRefused ? null : PlainOf(table), PlainOf(table));
        return isKnown ? Sight(_naive!, here, salt, isRefused, [.. holders!]) : Sight(holders is null ? _naive! : _unknown!, here, salt, isRefused, [null]);
    }

    private CaseTable? Of(CaseTable table) => world?.Tables.FirstOrDefault(t => t.IsActive && t.Object.Path.Equals(table.Object.Path));

    // Who has a table that others are kept out of for the sake of a mask or row rule sees it without that one.
    private TableSight Sight(NaiveEvaluator naive, CaseTable table, string salt, bool isRefused, IReadOnlyList<Person?> holders)
    {
        var left = _left[table.Object.Path];
        var masked = table.Rows.Select(row => TextsOf(table, row, salt, (column, cells) =>
            left.Columns.Contains(column.Name) ? [] : [.. holders.SelectMany(h => naive.MasksOn(h, table.Object, column.Name, cells))])).ToList();
        return new TableSight(isRefused ? null : [.. table.Rows.Select((row, r) => left.HasRows || holders.All(h => naive.IsRowVisible(h, table.Object, row)) ? masked[r] : null)], masked);
    }

    private static IReadOnlyList<string> TextsOf(CaseTable table, IReadOnlyList<object?> row, string salt, Func<GovernedColumn, IReadOnlyList<object?>, IReadOnlyList<MaskFunction>> masksOn) =>
        [.. table.Object.Columns.Select((column, c) => TextOf(column, row[c], salt, masksOn(column, row)))];

    private static string TextOf(GovernedColumn column, object? value, string salt, IReadOnlyList<MaskFunction> masks)
    {
        var kind = ColumnKinds.Of(column.Type);
        return NaiveMasks.Compose(kind, masks.Select(m => Fits(m, column.Type) ? m : new MaskFunction.Null()), Technology.Databricks.Name) switch
        {
            null => Text(value, kind),
            MaskFunction.Custom custom => GeneratedUnity.Custom(custom, kind, value),
            var mask => Text(MaskValues.Apply(mask, kind, value, salt), kind),
        };
    }

    // A hash is a text of 64 digits, and a constant as long as it is: what a column has no room for is NULL.
    private static bool Fits(MaskFunction mask, string type) => mask switch
    {
        MaskFunction.Hash => ColumnKinds.Of(type) == ColumnKind.Text && LengthOf(type) >= HashDigits,
        MaskFunction.Constant(var text) => LengthOf(type) >= text.Length,
        _ => true,
    };

    private static int LengthOf(string type) => type.StartsWith("varchar(", StringComparison.Ordinal) ? int.Parse(type["varchar(".Length..^1], CultureInfo.InvariantCulture) : int.MaxValue;

    private static string Text(object? value, ColumnKind kind) => value switch
    {
        null => "NULL",
        bool flag => flag ? "true" : "false",
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ => Canonical(string.Create(CultureInfo.InvariantCulture, $"{value}"), kind),
    };

    private static string Canonical(string? text, ColumnKind kind) =>
        text is null ? "NULL" : kind == ColumnKind.Numeric ? decimal.Parse(text, CultureInfo.InvariantCulture).ToString("0.############", CultureInfo.InvariantCulture) : text;
}
