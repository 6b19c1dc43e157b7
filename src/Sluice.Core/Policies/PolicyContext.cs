using Sluice.Core.Catalog;

namespace Sluice.Core.Policies;

/// <summary>What exists, to hold policies against.</summary>
public sealed record PolicyContext
{
    /// <summary>Every name by which a group can be meant.</summary>
    public required IReadOnlySet<string> Groups { get; init; }

    /// <summary>Every attribute's name.</summary>
    public required IReadOnlySet<string> Attributes { get; init; }

    /// <summary>Every tag that is defined, or that an object carries.</summary>
    public required IReadOnlySet<string> ObjectTags { get; init; }

    /// <summary>Every tag that is defined, or that a column carries.</summary>
    public required IReadOnlySet<string> ColumnTags { get; init; }

    /// <summary>The names of all columns.</summary>
    public required IReadOnlySet<string> Columns { get; init; }

    /// <summary>The keys of all connections.</summary>
    public required IReadOnlySet<string> Connections { get; init; }

    /// <summary>Whether there is an object at a path, whose connection exists.</summary>
    public required Func<ObjectPath, bool> HasObject { get; init; }
}
