using Sluice.Core.Catalog;

namespace Sluice.Platforms.Snowflake.Crawling;

/// <summary>A database as SHOW DATABASES lists it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">STANDARD, IMPORTED DATABASE and so on; empty where the account does not say.</param>
/// <param name="Origin">The share it was made from; empty for none.</param>
/// <param name="Comment">Its comment; null for none.</param>
internal sealed record DatabaseRow(string Name, string Kind, string Origin, string? Comment);

/// <summary>A schema.</summary>
internal sealed record SchemaRow(string Name, string? Comment);

/// <summary>A table or view of any kind, known by its name: Information Schema has no ids.</summary>
internal sealed record TableRow(string Schema, string Name, ObjectKind Kind, string? Comment);

/// <summary>A column of a table.</summary>
internal sealed record ColumnRow(string Schema, string Table, DiscoveredColumn Column);
