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
/// <param name="Schema">Its schema.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Comment">Its comment; null for none.</param>
/// <param name="LastAltered">When it was last altered, as Snowflake writes it; null where that was just now, or SHOW listed it.</param>
internal sealed record TableRow(string Schema, string Name, ObjectKind Kind, string? Comment, string? LastAltered = null);

/// <summary>A column of a table.</summary>
internal readonly record struct ColumnRow(string Schema, string Table, DiscoveredColumn Column);
