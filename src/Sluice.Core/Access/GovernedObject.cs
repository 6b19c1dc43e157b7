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
/// <param name="Family">What kind of values it holds: which masks can apply.</param>
public sealed record GovernedColumn(string Name, string Type, ValueList<string> Tags, ColumnFamily Family = ColumnFamily.Other);

/// <summary>Kinds of values, as masks tell them apart.</summary>
public enum ColumnFamily
{
    /// <summary>Anything else, or not classified: what the platform compiles decides whether a mask applies.</summary>
    Other,

    /// <summary>Texts.</summary>
    Text,

    /// <summary>Whole numbers.</summary>
    Integer,

    /// <summary>Other numbers.</summary>
    Number,

    /// <summary>Days.</summary>
    Date,

    /// <summary>Points in time.</summary>
    Time,

    /// <summary>True and false.</summary>
    Boolean,
}
