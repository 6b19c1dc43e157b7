using System.Collections.Immutable;
using Tags = System.Collections.Immutable.ImmutableSortedDictionary<string, string>;

namespace Sluice.Sandbox.Aws.LakeFormation;

/// <summary>Keys ANDed, the values of one key ORed.</summary>
internal sealed class TagExpression
{
    public TagExpression(IEnumerable<(string Key, IEnumerable<string> Values)> conditions)
    {
        Conditions = conditions.ToImmutableSortedDictionary(
            condition => condition.Key,
            condition => condition.Values.ToImmutableSortedSet(StringComparer.Ordinal),
            StringComparer.Ordinal);
        Text = string.Join('&', Conditions.Select(condition => $"{condition.Key}={string.Join('|', condition.Value)}"));
    }

    public ImmutableSortedDictionary<string, ImmutableSortedSet<string>> Conditions { get; }

    /// <summary>Equal for equal expressions, however they were ordered.</summary>
    public string Text { get; }

    /// <summary>Whether the tags in force, the own over the inherited, satisfy every condition.</summary>
    public bool Matches(Tags inherited, Tags own)
    {
        foreach (var (key, values) in Conditions)
        {
            if (!own.TryGetValue(key, out var value) && !inherited.TryGetValue(key, out value)) return false;
            if (!values.Contains(value)) return false;
        }

        return true;
    }

    public bool Mentions(Tags tags) => tags.Keys.Any(Conditions.ContainsKey);
}
