using Sluice.Sandbox.Snowflake.Catalog;

namespace Sluice.Sandbox.Snowflake.Metadata;

/// <summary>A tag in force on something, and on which level it was set.</summary>
internal sealed record EffectiveTag(TagSetting Setting, Securable SetOn, string? SetOnColumn)
{
    public string Level => SetOnColumn is not null ? "COLUMN" : Spelled(SetOn.Domain);

    /// <summary>Views count as tables here.</summary>
    public static string Spelled(Domain domain) => domain.IsTableLike() ? "TABLE" : domain.Underscored();
}

/// <summary>Tags come down from account, database, schema and table; the nearest setting of a tag counts.</summary>
internal static class TagInheritance
{
    public static IEnumerable<EffectiveTag> Of(AccountState account, Securable holder, string? column)
    {
        HashSet<long> seen = [];
        foreach (var (level, levelColumn) in Levels(account, holder, column))
        {
            foreach (var setting in account.Tags.On(level, levelColumn))
            {
                if (seen.Add(setting.Tag.Id)) yield return new(setting, level, levelColumn);
            }
        }
    }

    private static IEnumerable<(Securable Holder, string? Column)> Levels(AccountState account, Securable holder, string? column)
    {
        if (column is not null) yield return (holder, column);
        for (var level = holder; level is not null; level = level.Parent) yield return (level, null);
        if (holder is not AccountSecurable) yield return (account.Self, null);
    }
}
