using System.Collections.Immutable;
using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.Execution;

/// <summary>
/// The limits of tags, from https://docs.databricks.com/aws/en/database-objects/tags: 50 an object, keys of 255 characters,
/// values of 1,000.
/// </summary>
internal static class TagRules
{
    /// <summary>The tags as a statement leaves them.</summary>
    public static ImmutableSortedDictionary<string, string> Set(ImmutableSortedDictionary<string, string> tags, SetTags by)
    {
        if (by.KeepsOld && by.Tags.Keys.FirstOrDefault(tags.ContainsKey) is { } key) throw SqlException.Parameter($"Tag assignment with tag key {key} already exists.");
        return Check(tags.SetItems(by.Tags));
    }

    public static ImmutableSortedDictionary<string, string> Check(ImmutableSortedDictionary<string, string> tags)
    {
        if (tags.Count > 50) throw SqlException.Parameter("The number of tags on an entity must not exceed 50.");
        foreach (var (key, value) in tags)
        {
            if (key.Length is 0 or > 255 || key.Any(letter => letter is '.' or ',' or '-' or '=' or '/' or ':' || letter < ' ') || key != key.Trim()) throw SqlException.Parameter($"Tag key {key} is not valid.");
            if (value.Length > 1000) throw SqlException.Parameter($"The value of tag {key} is longer than 1000 characters.");
        }

        return tags;
    }
}
