using Sluice.Core.Catalog;

namespace Sluice.Core.DataLineage;

/// <summary>A place that data comes from or goes to.</summary>
/// <param name="Object">A table or view.</param>
/// <param name="Column">Its column; null: the object as a whole.</param>
public readonly record struct LineagePoint(ObjectPath Object, string? Column = null)
{
    /// <inheritdoc/>
    public override string ToString() => Column is null ? Object.ToString() : $"{Object}#{Column}";
}

/// <summary>That data went from one place to another: between columns, or between objects where no columns are known.</summary>
/// <param name="From">Its source.</param>
/// <param name="To">Its target.</param>
public readonly record struct LineageEdge(LineagePoint From, LineagePoint To);

/// <summary>An edge with when a platform told of it.</summary>
/// <param name="Edge">The edge.</param>
/// <param name="SeenAt">When data went along it.</param>
public readonly record struct LineageSighting(LineageEdge Edge, DateTimeOffset SeenAt);
