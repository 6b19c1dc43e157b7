using Sluice.Core.Payloads;
using Sluice.Core.Policies.Predicates;
using static Sluice.Core.Policies.Documents.PolicySpelling;

namespace Sluice.Core.Policies.Documents;

/// <summary>Reads the <c>actions</c> of a data policy.</summary>
internal static class DataRuleReader
{
    private static readonly TimeSpan ShortestAge = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestAge = TimeSpan.FromDays(36_500);

    /// <summary>The policy but for what stands outside its actions.</summary>
    public static DataPolicy Read(MappingReader policy)
    {
        var rules = new List<DataRule>();
        foreach (var (node, path) in policy.RequiredItems("actions"))
        {
            var action = new MappingReader(node, path, policy.Problems);
            rules.AddRange(action.RequiredItems("rules").Select(i => ReadRule(new MappingReader(i.Node, i.Path, policy.Problems))).OfType<DataRule>());
            action.RejectUnread();
        }

        return new DataPolicy { Key = "", Name = "", Rules = rules.ToValueList() };
    }

    private static DataRule? ReadRule(MappingReader reader)
    {
        var type = reader.RequiredChoice("type", Rules);
        var exceptions = reader.OptionalMapping("exceptions") is { } exempt ? EntitlementsReader.Read(exempt) : null;
        var config = reader.RequiredMapping("config");
        DataRule? rule = type switch
        {
            RuleType.Masking => ReadMasking(config),
            RuleType.RowsByEntitlements => ReadMatches(config),
            RuleType.RowsByPredicate => PredicateReader.Required(config, "predicate", PredicateScope.Row) is { } predicate ? new DataRule.RowsByPredicate(predicate) : null,
            RuleType.RowsByTime => ReadTime(config),
            RuleType.RowsByShare => ReadShare(config),
            _ => null,
        };
        if (type is not null) config.RejectUnread();
        reader.RejectUnread();
        return rule is null ? null : rule with { Exceptions = exceptions };
    }

    private static DataRule.Masking? ReadMasking(MappingReader config)
    {
        var fields = config.RequiredItems("fields").Select(i => SelectorReader.Read(new MappingReader(i.Node, i.Path, config.Problems))).OfType<ColumnSelector>().ToValueList();
        var function = MaskReader.Read(config.RequiredMapping("maskingConfig"));
        var condition = PredicateReader.Optional(config, "conditionalPredicate", PredicateScope.Row);
        return function is null ? null : new DataRule.Masking { Fields = fields, Function = function, Condition = condition };
    }

    private static DataRule.RowsByEntitlements ReadMatches(MappingReader config)
    {
        var items = config.RequiredItems("matches").ToList();
        var matches = items.Select(i => ReadMatch(new MappingReader(i.Node, i.Path, config.Problems))).OfType<EntitlementMatch>().ToValueList();
        return new DataRule.RowsByEntitlements(EntitlementsReader.Operator(config, items.Count), matches);
    }

    private static EntitlementMatch? ReadMatch(MappingReader reader)
    {
        var column = SelectorReader.Read(reader, "column");
        var attribute = reader.OptionalText("attribute", PolicyLimits.Word);
        var isByGroups = reader.OptionalBoolean("groups", otherwise: false);
        if (reader.Has("attribute") && reader.Has("groups")) reader.Reject("groups", "stands beside 'attribute': keep one of them");
        else if (reader.Has("groups") && !isByGroups) reader.Reject("groups", "can only be true: name an 'attribute' in its place");
        else if (!reader.Has("attribute") && !reader.Has("groups")) reader.Reject("attribute", "is required, or 'groups: true' in its place");
        reader.RejectUnread();
        return column is null ? null : new EntitlementMatch(column, attribute);
    }

    private static DataRule.RowsByTime? ReadTime(MappingReader config)
    {
        var column = SelectorReader.Read(config, "column");
        if (config.RequiredText("newerThan", PolicyLimits.Word) is not { } text) return null;
        if (IsoDuration.HasCalendarPart(text)) config.Reject("newerThan", IsoDuration.NoCalendarPart);
        else if (IsoDuration.Parse(text) is not { } age || age < ShortestAge || age > LongestAge || age.Ticks % TimeSpan.TicksPerSecond != 0)
            config.Reject("newerThan", "must be an ISO 8601 duration of days, hours, minutes and whole seconds such as P90D or PT12H, from PT1S to P36500D");
        else return column is null ? null : new DataRule.RowsByTime(column, age);
        return null;
    }

    private static DataRule.RowsByShare? ReadShare(MappingReader config)
    {
        var percent = config.RequiredInteger("percent", 1, 99);
        var on = SelectorReader.Read(config, "on");
        return percent is null || on is null ? null : new DataRule.RowsByShare(percent.Value, on);
    }
}
