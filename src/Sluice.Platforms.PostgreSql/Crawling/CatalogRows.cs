using Sluice.Core.Catalog;

namespace Sluice.Platforms.PostgreSql.Crawling;

/// <summary>A row of pg_database.</summary>
internal sealed record DatabaseRow(long Oid, string Name, bool MayConnect, string? Comment);

/// <summary>A row of pg_namespace.</summary>
internal sealed record SchemaRow(long Oid, string Name, string? Comment);

/// <summary>A table's place in the order of a crawl: by schema, then by table.</summary>
internal readonly record struct TableKey(long Schema, long Table);

/// <summary>Who owns a table, and whether the account can act as that role.</summary>
internal readonly record struct TableOwner(string Role, bool IsSuperuser, bool MayActAs);

/// <summary>A row of pg_class with its columns.</summary>
internal sealed record TableRow(
    long Oid, long Schema, string Name, ObjectKind Kind, string? Comment, TableOwner Owner,
    IReadOnlyList<DiscoveredColumn> Columns);

/// <summary>What a database holds, by keys: its own oid, its schemas, and its tables in the order of a crawl.</summary>
internal sealed record DatabaseOutline(long Oid, IReadOnlyList<SchemaRow> Schemas, IReadOnlyList<TableKey> Tables)
{
    /// <summary>The digest of the schemas' list, for cursors.</summary>
    public long Listed { get; } = ListDigest.Of(Schemas);
}
