using Sluice.Core.People;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Core.Access;

/// <summary>One condition (a leaf of a rule) and its value for a person: true, false, or null for unknown.</summary>
internal static class PersonCondition
{
    /// <summary>Whether a leaf depends on the person alone. One that doesn't is unknown for everybody.</summary>
    public static bool IsDecidable(Predicate leaf) => leaf switch
    {
        Predicate.InGroups or Predicate.HasAttribute or Predicate.IsSubscribed => true,
        Predicate.Comparison comparison => OperandValue.IsDecidable(comparison.Left) && OperandValue.IsDecidable(comparison.Right),
        Predicate.In among => OperandValue.IsDecidable(among.Value) && among.Items.All(OperandValue.IsDecidable),
        Predicate.Like like => OperandValue.IsDecidable(like.Value),
        Predicate.Between between => OperandValue.IsDecidable(between.Value) && OperandValue.IsDecidable(between.Low) && OperandValue.IsDecidable(between.High),
        Predicate.IsNull isNull => OperandValue.IsDecidable(isNull.Value),
        Predicate.AttributeContains contains => OperandValue.IsDecidable(contains.Value),
        Predicate.GroupsContain contain => OperandValue.IsDecidable(contain.Value),
        _ => false,
    };

    /// <summary>Whether a decidable leaf has one value for all people.</summary>
    public static bool IsAboutNobody(Predicate leaf) => leaf switch
    {
        Predicate.Comparison comparison => IsNull(comparison.Left) || IsNull(comparison.Right)
            || !(OperandValue.NamesPerson(comparison.Left) || OperandValue.NamesPerson(comparison.Right)),
        Predicate.In among => IsNull(among.Value) || !(OperandValue.NamesPerson(among.Value) || among.Items.Any(OperandValue.NamesPerson)),
        Predicate.Like like => !OperandValue.NamesPerson(like.Value),
        Predicate.Between between => !(OperandValue.NamesPerson(between.Value) || OperandValue.NamesPerson(between.Low) || OperandValue.NamesPerson(between.High)),
        Predicate.IsNull isNull => !OperandValue.NamesPerson(isNull.Value),
        Predicate.AttributeContains contains => IsNull(contains.Value),
        Predicate.GroupsContain contain => IsNull(contain.Value),
        _ => false,
    };

    /// <summary>Whether a leaf can be unknown for some person, or where a name comes to be known or forgotten.</summary>
    public static bool CanBeUnknown(Predicate leaf) => leaf is not (Predicate.IsSubscribed or Predicate.IsNull);

    /// <summary>The value of a leaf that is about nobody.</summary>
    public static bool? OfNobody(Predicate leaf) => OfValues(leaf, null);

    /// <summary>The value of a leaf for a person.</summary>
    public static bool? Of(Predicate leaf, Person person, PeopleSnapshot people, Subscriptions subscriptions) => leaf switch
    {
        Predicate.InGroups groups => AllOf(groups.Groups.Select(g => people.KnownGroups.Contains(g) ? person.Groups.Contains(g) : (bool?)null)),
        Predicate.HasAttribute attribute => Has(attribute.Name, attribute.Value, person, people),
        Predicate.IsSubscribed subscribed => subscriptions.Has(subscribed.Kind),
        Predicate.AttributeContains contains => OperandValue.TextOf(OperandValue.Of(contains.Value, person)) is { } value
            ? Has(contains.Name, value, person, people)
            : null,
        Predicate.GroupsContain contain => OperandValue.TextOf(OperandValue.Of(contain.Value, person)) is { } value ? person.Groups.Contains(value) : null,
        _ => IsDecidable(leaf) ? OfValues(leaf, person) : null,
    };

    private static bool? Has(string attribute, string value, Person person, PeopleSnapshot people) =>
        people.KnownAttributes.Contains(attribute) ? person.Attributes.Contains(new PersonAttribute(attribute, value)) : null;

    private static bool? OfValues(Predicate leaf, Person? person) => leaf switch
    {
        Predicate.Comparison comparison => Compare(comparison.Operator, comparison.Left, comparison.Right, person),
        Predicate.In among => AnyOf(among.Items.Select(i => Compare(ComparisonOperator.Equal, among.Value, i, person))),
        Predicate.Between between => AllOf([
            Compare(ComparisonOperator.GreaterOrEqual, between.Value, between.Low, person),
            Compare(ComparisonOperator.LessOrEqual, between.Value, between.High, person)]),
        Predicate.Like like => OperandValue.Of(like.Value, person) is string text ? OperandValue.IsLike(text, like.Pattern) : null,
        Predicate.IsNull isNull => OperandValue.Of(isNull.Value, person) is null,
        _ => null,
    };

    private static bool? Compare(ComparisonOperator by, Operand left, Operand right, Person? person)
    {
        if (OperandValue.Compare(OperandValue.Of(left, person), OperandValue.Of(right, person)) is not { } order) return null;
        return by switch
        {
            ComparisonOperator.Equal => order == 0,
            ComparisonOperator.NotEqual => order != 0,
            ComparisonOperator.Less => order < 0,
            ComparisonOperator.LessOrEqual => order <= 0,
            ComparisonOperator.Greater => order > 0,
            _ => order >= 0,
        };
    }

    private static bool? AllOf(IEnumerable<bool?> values)
    {
        bool? result = true;
        foreach (var value in values)
        {
            if (value == false) return false;
            if (value is null) result = null;
        }

        return result;
    }

    private static bool? AnyOf(IEnumerable<bool?> values)
    {
        bool? result = false;
        foreach (var value in values)
        {
            if (value == true) return true;
            if (value is null) result = null;
        }

        return result;
    }

    private static bool IsNull(Operand operand) => operand is Operand.Null;
}
