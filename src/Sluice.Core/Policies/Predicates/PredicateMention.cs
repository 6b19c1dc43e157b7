namespace Sluice.Core.Policies.Predicates;

/// <summary>A name in the text of a predicate, so that whoever knows what exists can say where an unknown one stands.</summary>
/// <param name="Kind">What it names.</param>
/// <param name="Name">The name.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1, in UTF-16 code units.</param>
public sealed record PredicateMention(PredicateNameKind Kind, string Name, int Line, int Column);

/// <summary>What a name in a predicate names.</summary>
public enum PredicateNameKind
{
    /// <summary>A group, by any name it is known by.</summary>
    Group,

    /// <summary>An attribute of people.</summary>
    Attribute,

    /// <summary>A tag that a column is to carry.</summary>
    Tag,

    /// <summary>A column.</summary>
    Column,
}
