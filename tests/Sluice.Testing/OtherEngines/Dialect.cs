using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Testing.OtherEngines;

/// <summary>How an engine spells what the shared subset can say. Names are those of generated worlds: no quotes in them.</summary>
/// <param name="inGroup">A person is in a group.</param>
/// <param name="hasValue">A person has a value of an attribute.</param>
/// <param name="isBelow">A table carries a tag, or lies below a folder: a kind and a name.</param>
internal sealed class Dialect(Func<string, string> inGroup, Func<string, string, string> hasValue, Func<string, string, string> isBelow)
{
    public string Where(SubscriptionPolicy policy) =>
        Join(policy.Circumstances!.Select(Where), policy.CircumstanceOperator == SetOperator.All);

    public string Who(Predicate predicate) => predicate switch
    {
        Predicate.All all => Join(all.Terms.Select(Who), isAll: true),
        Predicate.Any any => Join(any.Terms.Select(Who), isAll: false),
        Predicate.Not not => $"!({Who(not.Term)})",
        Predicate.InGroups groups => Join(groups.Groups.Select(inGroup), isAll: true),
        Predicate.HasAttribute attribute => hasValue(attribute.Name, attribute.Value),
        _ => throw new NotSupportedException($"A {predicate.GetType().Name} is not in the shared subset."),
    };

    /// <summary>Where any of some policies is about a table.</summary>
    public string Anywhere(IEnumerable<SubscriptionPolicy> policies) => Join(policies.Select(Where), isAll: false);

    private string Where(Circumstance circumstance) => circumstance switch
    {
        Circumstance.Tagged tagged => isBelow("Tag", tagged.Tag),
        Circumstance.ColumnTagged tagged => isBelow("ColumnTag", tagged.Tag),
        Circumstance.AtOrBelow below => isBelow("Folder", below.Path.ToString()),
        _ => throw new NotSupportedException($"A circumstance {circumstance.GetType().Name} is not in the shared subset."),
    };

    // Halves in brackets, so that a long chain is no deep one.
    private static string Join(IEnumerable<string> parts, bool isAll)
    {
        string[] terms = [.. parts];
        return Half(terms);

        string Half(ReadOnlySpan<string> some) =>
            some.Length == 1 ? some[0] : $"({Half(some[..(some.Length / 2)])} {(isAll ? "&&" : "||")} {Half(some[(some.Length / 2)..])})";
    }
}
