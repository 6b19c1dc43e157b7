using System.Text.Json.Nodes;
using Sluice.Core.People.Scim;

namespace Sluice.Engine.Scim;

/// <summary>What a list of resources is asked for (RFC 7644, section 3.4.2).</summary>
/// <param name="Filter">The filter; null: all.</param>
/// <param name="StartIndex">From 1; less is 1.</param>
/// <param name="Count">At most; less than 0 is 0; null: <see cref="LargestPage"/>.</param>
/// <param name="Attributes">Only these attributes, besides what is always returned; null: all.</param>
/// <param name="ExcludedAttributes">Without these.</param>
public sealed record ScimQuery(string? Filter, int StartIndex, int? Count, IReadOnlyList<string>? Attributes, IReadOnlyList<string> ExcludedAttributes)
{
    /// <summary>The largest page.</summary>
    public const int LargestPage = 1000;

    private static readonly string[] Always = ["schemas", "id"];

    internal int Offset => Math.Max(StartIndex, 1) - 1;

    internal int Size => Math.Clamp(Count ?? LargestPage, 0, LargestPage);

    /// <summary>Whether an attribute is asked for.</summary>
    internal bool Wants(string attribute) =>
        Always.Contains(attribute, StringComparer.OrdinalIgnoreCase)
        || (Attributes is { } only ? only.Any(a => IsAbout(a, attribute)) : !ExcludedAttributes.Any(a => a.Equals(attribute, StringComparison.OrdinalIgnoreCase)));

    /// <summary>A resource with what is asked for.</summary>
    internal JsonObject Project(JsonObject resource)
    {
        foreach (var name in resource.Select(m => m.Key).Where(n => !Wants(n)).ToList()) resource.Remove(name);
        return resource;
    }

    internal ScimFilter? ReadFilter()
    {
        if (string.IsNullOrWhiteSpace(Filter)) return null;
        return ScimFilterParser.Parse(Filter, out var problem) ?? throw new ScimRefusedException(400, "invalidFilter", $"The filter {problem}.");
    }

    // name.givenName asks for name.
    private static bool IsAbout(string asked, string attribute) =>
        ScimAttribute.Read(asked) is { } read && read.Name.Equals(attribute, StringComparison.OrdinalIgnoreCase);
}

/// <summary>A page of resources.</summary>
/// <param name="Total">All that pass the filter.</param>
/// <param name="StartIndex">From 1.</param>
/// <param name="Resources">This page.</param>
public sealed record ScimPage(long Total, int StartIndex, IReadOnlyList<JsonObject> Resources);
