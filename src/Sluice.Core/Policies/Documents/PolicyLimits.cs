namespace Sluice.Core.Policies.Documents;

/// <summary>How much a policy document may hold; lengths in UTF-16 code units.</summary>
internal static class PolicyLimits
{
    internal const int Key = 255;
    internal const int Name = 255;

    /// <summary>Of a group, an attribute, a value, a tag, a column: four times what the widest platform allows.</summary>
    internal const int Word = Catalog.ObjectPath.MaxNameLength;

    internal const int Regex = 1000;
    internal const int Predicate = Predicates.PredicateParser.MaxLength;

    /// <summary>Of the value a constant mask puts in place, and of a regex mask's replacement.</summary>
    internal const int MaskValue = 4000;

    internal const int MaxRank = 1000;
}
