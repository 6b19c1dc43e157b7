using Sluice.Core.Catalog;
using Sluice.Core.Policies;

namespace Sluice.Core.Access;

/// <summary>A readable, active data object as policies see it.</summary>
public sealed record GovernedObject
{
    /// <summary>Its path.</summary>
    public required ObjectPath Path { get; init; }

    /// <summary>What it is.</summary>
    public required ObjectKind Kind { get; init; }

    /// <summary><c>@hostname</c> of its platform; null where the platform has none.</summary>
    public string? Hostname { get; init; }

    /// <summary>Its own tags and those of everything above it, vanished ones included; sorted.</summary>
    public required ValueList<string> Tags { get; init; }

    /// <summary>Its columns in the platform's order.</summary>
    public required ValueList<GovernedColumn> Columns { get; init; }
}

/// <summary>A column as policies see it.</summary>
/// <param name="Name">In the platform's casing.</param>
/// <param name="Type">The platform's own spelling.</param>
/// <param name="Tags">Its own tags, vanished ones included; sorted.</param>
public sealed record GovernedColumn(string Name, string Type, ValueList<string> Tags);
