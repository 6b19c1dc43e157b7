namespace Sluice.Core.Catalog;

/// <summary>A column as the platform has it.</summary>
/// <param name="Name">In the platform's casing.</param>
/// <param name="Type">The platform's own spelling of the type.</param>
/// <param name="NativeId">The platform's id of the column, where it has one (PostgreSQL attnum).</param>
/// <param name="Comment">The platform's comment, if any.</param>
/// <param name="IsPartitionKey">Whether the table is partitioned by it.</param>
public sealed record DiscoveredColumn(string Name, string Type, string? NativeId = null, string? Comment = null, bool IsPartitionKey = false);
