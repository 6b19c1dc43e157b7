namespace Sluice.Core.Policies.Predicates;

/// <summary>Where a predicate stands, and so what it may name.</summary>
public enum PredicateScope
{
    /// <summary>A subscription rule: about the person and the object; no row is at hand, so no column can be named.</summary>
    Person,

    /// <summary>A data rule: the whole language.</summary>
    Row,
}
