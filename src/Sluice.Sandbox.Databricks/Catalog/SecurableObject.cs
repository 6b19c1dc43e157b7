using System.Collections.Immutable;
using Sluice.Sandbox.Databricks.Privileges;

namespace Sluice.Sandbox.Databricks.Catalog;

/// <summary>What every securable has. Immutable: a change makes a new one, and the workspace swaps its root.</summary>
internal abstract record SecurableObject
{
    /// <summary>Lower case: Unity Catalog stores names so.</summary>
    public required string Name { get; init; }

    /// <summary>A UUID that a rename doesn't change.</summary>
    public required string Id { get; init; }

    public required string Owner { get; init; }

    public string? Comment { get; init; }

    /// <summary>Milliseconds since 1970, like all times here.</summary>
    public long CreatedAt { get; init; }

    public string CreatedBy { get; init; } = "";

    public long UpdatedAt { get; init; }

    public string UpdatedBy { get; init; } = "";

    public ImmutableSortedDictionary<string, Grant> Grants { get; init; } = NoGrants;

    public ImmutableSortedDictionary<string, string> Tags { get; init; } = NoTexts;

    public ImmutableSortedDictionary<string, string> Properties { get; init; } = NoTexts;

    public static readonly ImmutableSortedDictionary<string, string> NoTexts = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    public static readonly ImmutableSortedDictionary<string, Grant> NoGrants = ImmutableSortedDictionary.Create<string, Grant>(StringComparer.Ordinal);
}
