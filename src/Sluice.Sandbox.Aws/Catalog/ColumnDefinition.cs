namespace Sluice.Sandbox.Aws.Catalog;

/// <summary>A column as Glue stores it.</summary>
internal sealed record ColumnDefinition(string Name, string Type, string? Comment);
