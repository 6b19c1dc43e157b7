using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Sluice.Core.Policies.Predicates;

/// <summary>A function of the language with arguments.</summary>
/// <param name="Name">As it is written canonically.</param>
/// <param name="Usage">How it is called.</param>
/// <param name="Arguments">What they are, in their order.</param>
/// <param name="Make">What it becomes, from as many arguments as it takes.</param>
internal sealed record Signature(
    string Name, string Usage, ImmutableArray<ArgumentKind> Arguments, Func<Arguments, (Predicate? Condition, Operand? Value)> Make)
{
    /// <summary>Whether the last argument may be there several times.</summary>
    internal bool Repeats { get; init; }

    /// <summary>Whether it reads a column.</summary>
    internal bool NeedsRow { get; init; }

    /// <summary>Whether a value may be NULL.</summary>
    internal bool TakesNull { get; init; }

    /// <summary>By name, <c>@</c> included, ignoring case.</summary>
    internal static readonly FrozenDictionary<string, Signature> All = Listed().ToFrozenDictionary(s => s.Name, StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<Signature> Listed()
    {
        yield return new("@isInGroups", "@isInGroups('A', 'B')", [ArgumentKind.Group], a => (new Predicate.InGroups(a.Texts.ToValueList()), null)) { Repeats = true };
        yield return new(
            "@hasAttribute", "@hasAttribute('name', 'value')", [ArgumentKind.Attribute, ArgumentKind.AttributeValue],
            a => (new Predicate.HasAttribute(a.Texts[0], a.Texts[1]), null));
        yield return new(
            "@attributeValuesContains", "@attributeValuesContains('name', column)", [ArgumentKind.Attribute, ArgumentKind.Value],
            a => (new Predicate.AttributeContains(a.Texts[0], a.Values[0]), null)) { NeedsRow = true };
        yield return new("@groupsContains", "@groupsContains(column)", [ArgumentKind.Value], a => (new Predicate.GroupsContain(a.Values[0]), null)) { NeedsRow = true };
        yield return new("@columnReference", "@columnReference('column')", [ArgumentKind.Column], a => (null, new Operand.Column(a.Texts[0]))) { NeedsRow = true };
        yield return new("@columnTagged", "@columnTagged('tag')", [ArgumentKind.Tag], a => (null, new Operand.TaggedColumn(a.Texts[0]))) { NeedsRow = true };
        yield return new(
            "@hasTagAsAttribute", "@hasTagAsAttribute('name', 'dataSource' or 'column')", [ArgumentKind.Attribute, ArgumentKind.Place],
            a => (new Predicate.TagIsAttribute(a.Texts[0], Vocabulary.Places[a.Texts[1]]), null));
        yield return new(
            "@hasTagAsGroup", "@hasTagAsGroup('dataSource' or 'column')", [ArgumentKind.Place], a => (new Predicate.TagIsGroup(Vocabulary.Places[a.Texts[0]]), null));
        foreach (var (name, function) in Vocabulary.Scalars)
        {
            var usage = function == ScalarFunction.Coalesce ? $"{name}(value, value)" : function == ScalarFunction.Abs ? $"{name}(number)" : $"{name}(text)";
            yield return new(name, usage, [ArgumentKind.Value], a => (null, new Operand.Call(function, a.Values.ToValueList())))
            {
                Repeats = function == ScalarFunction.Coalesce,
                TakesNull = true,
            };
        }
    }
}

/// <summary>What has been read between the parentheses of a function: its literal texts and its other values, each in their order.</summary>
internal sealed record Arguments(List<string> Texts, List<Operand> Values);

/// <summary>What an argument of a function is. All but a value are literal texts.</summary>
internal enum ArgumentKind
{
    /// <summary>A group's name.</summary>
    Group,

    /// <summary>An attribute's name.</summary>
    Attribute,

    /// <summary>A value of an attribute; may be empty.</summary>
    AttributeValue,

    /// <summary>A tag.</summary>
    Tag,

    /// <summary>A column's name.</summary>
    Column,

    /// <summary>A <see cref="TagPlace"/>.</summary>
    Place,

    /// <summary>Any value.</summary>
    Value,
}
