using Sluice.Core.Access;
using Sluice.Core.People;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Testing.Naive;

/// <summary>
/// The meaning of a predicate for one person (null: somebody who is not registered, of whom nothing is known), one object and one row (the values of the
/// object's columns in their order; null where a predicate has none), with a column bound to each tag.
/// </summary>
internal sealed class NaivePredicate(
    PeopleSnapshot people, DateTimeOffset now, Person? person, GovernedObject governed, IReadOnlyList<object?>? row,
    IReadOnlyDictionary<string, string> bound, Func<SubscriptionKind, bool> isSubscribed)
{
    internal Truth Evaluate(Predicate predicate) => predicate switch
    {
        Predicate.Constant(var value) => Truths.Of(value),
        Predicate.All(var terms) => Truths.And(terms.Select(Evaluate)),
        Predicate.Any(var terms) => Truths.Or(terms.Select(Evaluate)),
        Predicate.Not(var term) => Truths.Not(Evaluate(term)),
        Predicate.Comparison(var comparison, var left, var right) => NaiveValues.Compare(comparison, Value(left), Value(right)),
        Predicate.In(var value, var items) => Truths.Or(items.Select(i => NaiveValues.Compare(ComparisonOperator.Equal, Value(value), Value(i)))),
        Predicate.Like(var value, var pattern) => NaiveValues.Like(Value(value), pattern),
        Predicate.Between(var value, var low, var high) => Truths.And([
            NaiveValues.Compare(ComparisonOperator.GreaterOrEqual, Value(value), Value(low)),
            NaiveValues.Compare(ComparisonOperator.LessOrEqual, Value(value), Value(high))]),
        Predicate.IsNull(var value) => Truths.Of(Value(value) is null),
        Predicate.InGroups(var groups) => InGroups(groups),
        Predicate.HasAttribute(var name, var value) => HasAttribute(name, value),
        Predicate.AttributeContains(var name, var value) => Value(value) is { } found ? HasAttribute(name, NaiveValues.Canonical(found)) : Truth.Unknown,
        Predicate.GroupsContain(var value) => Value(value) is { } found ? GroupsContain(NaiveValues.Canonical(found)) : Truth.Unknown,
        // Tags are compared exactly here: policies.md says "a tag of the object … is among the person's values", not "or one below it".
        Predicate.TagIsAttribute(var name, var place) => TagIsAttribute(name, place),
        Predicate.TagIsGroup(var place) => person is null ? Truth.Unknown : Truths.Or(Tags(place).Select(GroupsContain)),
        Predicate.IsSubscribed(var kind) => Truths.Of(person is not null && isSubscribed(kind)),
        Predicate.IsNewerThan(var value, var age) => NaiveValues.IsNewerThan(Value(value), age, now),
        Predicate.IsInShare(var value, var percent) => NaiveValues.IsInShare(Value(value), percent),
        _ => throw new NaiveFaultException($"No predicate: {predicate}."),
    };

    /// <summary>Unknown, as a whole, where any of them is not known.</summary>
    private Truth InGroups(ValueList<string> groups)
    {
        if (groups.Count == 0) throw new NaiveFaultException("@isInGroups names a group at least.");
        if (person is null || groups.Any(g => !people.KnownGroups.Contains(g))) return Truth.Unknown;
        return Truths.Of(groups.All(person.Groups.Contains));
    }

    private Truth HasAttribute(string name, string value)
    {
        if (person is null || !people.KnownAttributes.Contains(name)) return Truth.Unknown;
        return Truths.Of(person.Attributes.Contains(new PersonAttribute(name, value)));
    }

    private Truth GroupsContain(string name) => person is null ? Truth.Unknown : Truths.Of(person.Groups.Contains(name));

    /// <summary>Unknown where the attribute is not, be there tags or not.</summary>
    private Truth TagIsAttribute(string name, TagPlace place) =>
        person is null || !people.KnownAttributes.Contains(name) ? Truth.Unknown : Truths.Or(Tags(place).Select(t => HasAttribute(name, t)));

    private IEnumerable<string> Tags(TagPlace place) => place == TagPlace.DataSource ? governed.Tags : governed.Columns.SelectMany(c => c.Tags);

    private object? Value(Operand operand) => operand switch
    {
        Operand.Text(var text) => text,
        Operand.Number(var number) => number,
        Operand.Boolean(var flag) => flag,
        Operand.Null => null,
        Operand.Column(var name) => Cell(name),
        Operand.TaggedColumn(var tag) => bound.TryGetValue(tag, out var name) ? Cell(name) : throw new NaiveFaultException($"No column is tagged {tag}."),
        Operand.Property(var kind) => Property(kind),
        Operand.Call(var function, var arguments) => NaiveValues.Call(function, [.. arguments.Select(Value)]),
        _ => throw new NaiveFaultException($"No operand: {operand}."),
    };

    private object? Cell(string name)
    {
        if (row is null) throw new NaiveFaultException($"A column, {name}, where there is no row.");
        for (var i = 0; i < governed.Columns.Count; i++)
            if (governed.Columns[i].Name == NaiveNames.Actual(name, governed)) return NaiveValues.Read(row[i]);
        throw new NaiveFaultException($"No column {name}.");
    }

    /// <summary>The names that lead to an object are connection, database, schema and table; where there are no schemas, connection, database and table.</summary>
    private string? Property(PropertyKind kind) => kind switch
    {
        PropertyKind.Username => person?.Username,
        PropertyKind.Iam => person?.Source,
        PropertyKind.Hostname => governed.Hostname,
        PropertyKind.Database => governed.Path.Names.Length > 2 ? governed.Path.Names[1] : null,
        PropertyKind.Schema => governed.Path.Names.Length > 3 ? governed.Path.Names[2] : null,
        PropertyKind.Table => governed.Path.Name,
        _ => throw new NaiveFaultException($"No property: {kind}."),
    };
}
