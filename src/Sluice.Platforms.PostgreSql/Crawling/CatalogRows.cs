using Sluice.Core.Catalog;

namespace Sluice.Platforms.PostgreSql.Crawling;

/// <summary>A row of pg_database.</summary>
internal sealed record DatabaseRow(long Oid, string Name, bool MayConnect, string? Comment);

/// <summary>A row of pg_namespace.</summary>
internal sealed record SchemaRow(long Oid, string Name, string? Comment);

/// <summary>A table's place in the order of a crawl: by schema, then by table.</summary>
internal readonly record struct TableKey(long Schema, long Table);

/// <summary>A row of pg_class with its columns.</summary>
internal sealed record TableRow(
    long Oid, long Schema, string Name, ObjectKind Kind, string? Comment, string Owner, bool MayActAsOwner,
    IReadOnlyList<DiscoveredColumn> Columns);

/// <summary>What a database holds, by keys: its own oid, its schemas, and its tables in the order of a crawl.</summary>
internal sealed record DatabaseOutline(long Oid, IReadOnlyList<SchemaRow> Schemas, IReadOnlyList<TableKey> Tables);
