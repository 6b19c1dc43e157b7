using Sluice.Core.Policies.Predicates;

namespace Sluice.Testing.Cases;

/// <summary>The columns that a predicate names.</summary>
public static class PredicateColumns
{
    /// <summary>Their names, as often as they are named.</summary>
    public static IEnumerable<string> Of(Predicate predicate) => predicate switch
    {
        Predicate.All(var terms) => terms.SelectMany(Of),
        Predicate.Any(var terms) => terms.SelectMany(Of),
        Predicate.Not(var term) => Of(term),
        Predicate.Comparison(_, var left, var right) => [.. Of(left), .. Of(right)],
        Predicate.In(var value, var items) => [.. Of(value), .. items.SelectMany(Of)],
        Predicate.Like(var value, _) => Of(value),
        Predicate.Between(var value, var low, var high) => [.. Of(value), .. Of(low), .. Of(high)],
        Predicate.IsNull(var value) => Of(value),
        Predicate.AttributeContains(_, var value) => Of(value),
        Predicate.GroupsContain(var value) => Of(value),
        Predicate.IsNewerThan(var value, _) => Of(value),
        Predicate.IsInShare(var value, _) => Of(value),
        _ => [],
    };

    private static IEnumerable<string> Of(Operand operand) => operand switch
    {
        Operand.Column(var name) => [name],
        Operand.Call(_, var arguments) => arguments.SelectMany(Of),
        _ => [],
    };
}
