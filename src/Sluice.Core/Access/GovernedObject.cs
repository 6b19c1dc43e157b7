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

    /// <summary>
    /// Of <see cref="Tags"/>, those that the platform no longer has and nobody has confirmed, and those that lineage alone carries here: they restrict, and open nothing.
    /// </summary>
    public ValueList<string> VanishedTags { get; init; } = [];

    /// <summary>Its columns in the platform's order.</summary>
    public required ValueList<GovernedColumn> Columns { get; init; }

    /// <summary>Whether it or a column carries a tag that has vanished.</summary>
    public bool HasVanishedTags
    {
        get
        {
            if (VanishedTags.Count > 0) return true;
            foreach (var column in Columns)
                if (column.VanishedTags.Count > 0) return true;
            return false;
        }
    }

    /// <summary>It with the tags that it has for certain.</summary>
    public GovernedObject WithoutVanishedTags() => this with
    {
        Tags = Tags.Except(VanishedTags, StringComparer.Ordinal).ToValueList(),
        VanishedTags = [],
        Columns = Columns.Select(static c => c with { Tags = c.Tags.Except(c.VanishedTags, StringComparer.Ordinal).ToValueList(), VanishedTags = [] }).ToValueList(),
    };
}

/// <summary>A column as policies see it.</summary>
/// <param name="Name">In the platform's casing.</param>
/// <param name="Type">The platform's own spelling.</param>
/// <param name="Tags">Its own tags, vanished ones included; sorted.</param>
/// <param name="Family">What kind of values it holds: which masks can apply.</param>
public sealed record GovernedColumn(string Name, string Type, ValueList<string> Tags, ColumnFamily Family = ColumnFamily.Other)
{
    /// <summary>
    /// Of <see cref="Tags"/>, those that the platform no longer has and nobody has confirmed, and those that lineage alone carries here: they restrict, and open nothing.
    /// </summary>
    public ValueList<string> VanishedTags { get; init; } = [];
}

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
