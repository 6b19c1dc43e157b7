namespace Sluice.Core.Catalog;

/// <summary>A tag on an object or one of its columns, as the platform has it.</summary>
/// <param name="Column">The column's name; null for a tag on the object itself.</param>
/// <param name="Key">The tag's key.</param>
/// <param name="Value">The tag's value; empty where the platform has none.</param>
/// <param name="Inherited">Whether the platform hands it down from an object above (database, table) rather than having it assigned here.</param>
public sealed record ObjectTag(string? Column, string Key, string Value, bool Inherited = false)
{
    /// <summary>The dotted tag that policies name: <c>key</c>, or <c>key.value</c>.</summary>
    public string Name => Value.Length == 0 ? Key : $"{Key}.{Value}";
}
