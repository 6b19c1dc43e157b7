using System.Text.Json.Nodes;

namespace Sluice.Core.People.Scim;

/// <summary>How a value is compared (RFC 7644, section 3.4.2.2).</summary>
public enum ScimOperator
{
    /// <summary>Equal.</summary>
    Eq,

    /// <summary>Not equal.</summary>
    Ne,

    /// <summary>Contains.</summary>
    Co,

    /// <summary>Starts with.</summary>
    Sw,

    /// <summary>Ends with.</summary>
    Ew,

    /// <summary>Greater than.</summary>
    Gt,

    /// <summary>Greater than or equal.</summary>
    Ge,

    /// <summary>Less than.</summary>
    Lt,

    /// <summary>Less than or equal.</summary>
    Le,
}

/// <summary>A filter over resources.</summary>
public abstract record ScimFilter
{
    private ScimFilter() { }

    /// <summary>Whether a resource, or a value of an attribute, passes.</summary>
    public abstract bool Matches(JsonNode? resource);

    /// <summary>Both.</summary>
    public sealed record And(ScimFilter Left, ScimFilter Right) : ScimFilter
    {
        /// <inheritdoc/>
        public override bool Matches(JsonNode? resource) => Left.Matches(resource) && Right.Matches(resource);

        /// <inheritdoc/>
        public override string ToString() => $"({Left} and {Right})";
    }

    /// <summary>Either.</summary>
    public sealed record Or(ScimFilter Left, ScimFilter Right) : ScimFilter
    {
        /// <inheritdoc/>
        public override bool Matches(JsonNode? resource) => Left.Matches(resource) || Right.Matches(resource);

        /// <inheritdoc/>
        public override string ToString() => $"({Left} or {Right})";
    }

    /// <summary>Not.</summary>
    public sealed record Not(ScimFilter Inner) : ScimFilter
    {
        /// <inheritdoc/>
        public override bool Matches(JsonNode? resource) => !Inner.Matches(resource);

        /// <inheritdoc/>
        public override string ToString() => $"not ({Inner})";
    }

    /// <summary>Has a value.</summary>
    public sealed record Present(ScimAttribute Attribute) : ScimFilter
    {
        /// <inheritdoc/>
        public override bool Matches(JsonNode? resource) => ScimValues.Of(resource, Attribute).Any(v => v is not JsonValue text || text.ToString().Length > 0);

        /// <inheritdoc/>
        public override string ToString() => $"{Attribute} pr";
    }

    /// <summary>A value compares so.</summary>
    /// <param name="Attribute">The attribute; of several values one is enough.</param>
    /// <param name="Operator">How.</param>
    /// <param name="Value">A string, number or boolean as JSON text; <c>null</c>: none.</param>
    public sealed record Comparison(ScimAttribute Attribute, ScimOperator Operator, string Value) : ScimFilter
    {
        /// <inheritdoc/>
        public override bool Matches(JsonNode? resource) => ScimValues.Compare(ScimValues.Of(resource, Attribute), this);

        /// <inheritdoc/>
        public override string ToString() => $"{Attribute} {Operator.ToString().ToLowerInvariant()} {Value}";
    }

    /// <summary>One value of an attribute with several passes a filter of its own.</summary>
    public sealed record OneValue(ScimAttribute Attribute, ScimFilter Filter) : ScimFilter
    {
        /// <inheritdoc/>
        public override bool Matches(JsonNode? resource) => ScimValues.Of(resource, Attribute).Any(Filter.Matches);

        /// <inheritdoc/>
        public override string ToString() => $"{Attribute}[{Filter}]";
    }
}
