using Sluice.Core.Catalog;

namespace Sluice.Platforms.LakeFormation.Wire;

/// <summary>What is read of a Glue table.</summary>
internal sealed class GlueTable
{
    public required string Name { get; init; }

    public required ObjectKind Kind { get; init; }

    public string? Description { get; init; }

    /// <summary>In milliseconds since 1970.</summary>
    public long? CreateTime { get; init; }

    /// <summary>Columns in order, partition keys last.</summary>
    public IReadOnlyList<DiscoveredColumn> Columns { get; init; } = [];

    /// <summary>Whether Lake Formation manages the table's location; null when the answer does not say.</summary>
    public bool? IsRegistered { get; init; }

    /// <summary>The table a resource link points to, as <c>account/database/table</c>.</summary>
    public string? Target { get; init; }
}
