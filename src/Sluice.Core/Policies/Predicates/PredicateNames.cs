namespace Sluice.Core.Policies.Predicates;

/// <summary>The names in a predicate, each once and sorted, so that a caller can hold them against what exists.</summary>
/// <param name="Groups">Of <c>@isInGroups</c>.</param>
/// <param name="Attributes">Of <c>@hasAttribute</c>, <c>@attributeValuesContains</c> and <c>@hasTagAsAttribute</c>.</param>
/// <param name="Tags">Of <c>@columnTagged</c>.</param>
/// <param name="Columns">By <c>@columnReference</c> or by themselves.</param>
public sealed record PredicateNames(ValueList<string> Groups, ValueList<string> Attributes, ValueList<string> Tags, ValueList<string> Columns)
{
    /// <summary>The names in a predicate.</summary>
    public static PredicateNames Of(Predicate predicate)
    {
        var found = new SortedSet<string>[4];
        for (var i = 0; i < found.Length; i++) found[i] = new SortedSet<string>(StringComparer.Ordinal);
        Gather(predicate, (kind, name) => found[(int)kind].Add(name));
        return new(
            found[(int)PredicateNameKind.Group].ToValueList(), found[(int)PredicateNameKind.Attribute].ToValueList(),
            found[(int)PredicateNameKind.Tag].ToValueList(), found[(int)PredicateNameKind.Column].ToValueList());
    }

    private static void Gather(Predicate predicate, Action<PredicateNameKind, string> found)
    {
        switch (predicate)
        {
            case Predicate.All p:
                foreach (var term in p.Terms) Gather(term, found);
                break;
            case Predicate.Any p:
                foreach (var term in p.Terms) Gather(term, found);
                break;
            case Predicate.Not p:
                Gather(p.Term, found);
                break;
            case Predicate.InGroups p:
                foreach (var group in p.Groups) found(PredicateNameKind.Group, group);
                break;
            case Predicate.HasAttribute p:
                found(PredicateNameKind.Attribute, p.Name);
                break;
            case Predicate.TagIsAttribute p:
                found(PredicateNameKind.Attribute, p.Name);
                break;
            case Predicate.AttributeContains p:
                found(PredicateNameKind.Attribute, p.Name);
                Gather(p.Value, found);
                break;
            default:
                foreach (var operand in Operands(predicate)) Gather(operand, found);
                break;
        }
    }

    private static IEnumerable<Operand> Operands(Predicate leaf) => leaf switch
    {
        Predicate.Comparison p => [p.Left, p.Right],
        Predicate.In p => [p.Value, .. p.Items],
        Predicate.Like p => [p.Value],
        Predicate.Between p => [p.Value, p.Low, p.High],
        Predicate.IsNull p => [p.Value],
        Predicate.GroupsContain p => [p.Value],
        Predicate.IsNewerThan p => [p.Value],
        Predicate.IsInShare p => [p.Value],
        _ => [],
    };

    private static void Gather(Operand operand, Action<PredicateNameKind, string> found)
    {
        switch (operand)
        {
            case Operand.Column column:
                found(PredicateNameKind.Column, column.Name);
                break;
            case Operand.TaggedColumn tagged:
                found(PredicateNameKind.Tag, tagged.Tag);
                break;
            case Operand.Call call:
                foreach (var argument in call.Arguments) Gather(argument, found);
                break;
        }
    }
}
