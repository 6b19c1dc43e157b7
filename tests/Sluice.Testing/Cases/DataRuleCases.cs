using Sluice.Core.Connections;
using Sluice.Core.People;
using Sluice.Core.Policies;
using Sluice.Testing.Naive;

namespace Sluice.Testing.Cases;

/// <summary>Rules of data policies.</summary>
internal sealed class DataRuleCases(Dice dice, CaseOptions options, ValueList<CaseTable> tables)
{
    private readonly PredicateCases _predicates = new(dice, options);
    private readonly string[] _columns = [.. tables.SelectMany(t => t.Object.Columns).Select(c => c.Name).Distinct()];

    internal DataRule Rule()
    {
        var rule = dice.Between(1, 20) switch
        {
            <= 13 => Masking(),
            <= 15 => new DataRule.RowsByPredicate(_predicates.OfRow(_columns)),
            <= 17 => ByEntitlements(),
            18 => new DataRule.RowsByTime(Selector(ColumnKind.Date), TimeSpan.FromDays(dice.OneOf(1, 90, 400, 10000))),
            // Numbers with a fraction have no text of their own on every platform.
            _ => (DataRule)new DataRule.RowsByShare(dice.OneOf(10, 50, 90), Selector(dice.OneOf(ColumnKind.Text, ColumnKind.Integer))),
        };
        return rule with { Exceptions = dice.Chance(55) ? Entitlements() : null };
    }

    /// <summary>Of conditions on groups and attributes, at least one.</summary>
    internal Entitlements Entitlements()
    {
        var groups = dice.Chance(5) ? [Vocabulary.UnknownGroup] : dice.Some(Vocabulary.Groups, 0, 2);
        var attributes = dice.Some(Vocabulary.Attributes, groups.Count == 0 ? 1 : 0, 1).Select(a => new PersonAttribute(a.Name, dice.From(a.Values))).ToValueList();
        return new Entitlements(dice.Chance(70) ? SetOperator.Any : SetOperator.All, groups, attributes);
    }

    private DataRule.Masking Masking()
    {
        var kind = dice.OneOf(ColumnKind.Text, ColumnKind.Text, ColumnKind.Integer, ColumnKind.Numeric, ColumnKind.Date, ColumnKind.Boolean);
        var fields = new List<ColumnSelector> { dice.Chance(40) ? new ColumnSelector.Tagged(dice.From(Vocabulary.AnyColumnTags)) : Selector(kind) };
        if (dice.Chance(50)) fields.Add(Selector(dice.OneOf(ColumnKind.Text, ColumnKind.Integer, ColumnKind.Date)));
        return new DataRule.Masking
        {
            Fields = fields.ToValueList(),
            Function = Function(dice.Chance(80) ? kind : ColumnKind.Text),
            Condition = dice.Chance(45) ? _predicates.OfRow(_columns) : null,
        };
    }

    private MaskFunction Function(ColumnKind kind)
    {
        if (options.HasCustomMasks && dice.Chance(10)) return Custom();
        if (dice.Chance(15)) return new MaskFunction.Null();
        if (dice.Chance(20)) return new MaskFunction.Constant(Constant(kind));
        return kind switch
        {
            ColumnKind.Text when dice.Chance(50) => new MaskFunction.Hash(),
            ColumnKind.Text => Replace(),
            ColumnKind.Integer => dice.Chance(30) ? new MaskFunction.Hash() : new MaskFunction.RoundNumber(dice.OneOf(10m, 100m, 15m, 1000m)),
            ColumnKind.Numeric => new MaskFunction.RoundNumber(dice.OneOf(0.5m, 10m, 100m, 15m, 1000m)),
            ColumnKind.Date => new MaskFunction.RoundTime(dice.OneOf(TimePrecision.Month, TimePrecision.Quarter, TimePrecision.Year)),
            _ => new MaskFunction.Null(),
        };
    }

    private static string Constant(ColumnKind kind) => kind switch
    {
        ColumnKind.Text => "it's hidden",
        ColumnKind.Integer => "-1",
        ColumnKind.Numeric => "0.5",
        ColumnKind.Date => "2000-01-01",
        _ => "false",
    };

    private MaskFunction.Regex Replace() => dice.OneOf(
        new MaskFunction.Regex("^([^@])[^@]*@(.+)$", @"\1*@\2", IgnoresCase: false, IsGlobal: false),
        new MaskFunction.Regex("[0-9]", "#", IgnoresCase: false, IsGlobal: true),
        new MaskFunction.Regex("^[^@]+", "x", IgnoresCase: false, IsGlobal: false),
        new MaskFunction.Regex("[a-m]", "*", IgnoresCase: true, IsGlobal: true),
        new MaskFunction.Regex("[A-Z]", "", IgnoresCase: false, IsGlobal: false));

    private MaskFunction.Custom Custom()
    {
        var functions = dice.Some(Technology.All, 1, 4).OrderBy(t => t.Name, StringComparer.Ordinal)
            .Select(t => new KeyValuePair<string, string>(t.Name, dice.OneOf("tools.mask", "tools.blur"))).ToValueList();
        return new MaskFunction.Custom(functions, dice.Between(1, 3));
    }

    private DataRule.RowsByEntitlements ByEntitlements() => new(
        dice.OneOf(SetOperator.Any, SetOperator.All),
        dice.Times(1, 2, _ => dice.Between(1, 10) switch
        {
            <= 6 => new EntitlementMatch(Selector(ColumnKind.Text), "Region"),
            7 or 8 => new EntitlementMatch(Selector(ColumnKind.Integer), "Code"),
            _ => new EntitlementMatch(Selector(ColumnKind.Text), null),
        }).ToValueList());

    /// <summary>Of columns of one kind on every table.</summary>
    private ColumnSelector Selector(ColumnKind kind)
    {
        var names = Vocabulary.Columns.Where(c => c.Kind == kind && _columns.Contains(c.Name)).Select(c => c.Name).ToList();
        var tags = Vocabulary.TypedTags.Where(t => t.Kind == kind).Select(t => t.Tag).ToList();
        if (dice.Chance(3)) return new ColumnSelector.Named(Vocabulary.MissingColumn);
        if (names.Count == 0 || dice.Chance(45)) return new ColumnSelector.Tagged(dice.From(tags));
        var name = dice.From(names);
        return Vocabulary.IsPlain(name) && dice.Chance(20) ? new ColumnSelector.Matching($"^{name}$", IgnoresCase: false) : new ColumnSelector.Named(name);
    }
}
