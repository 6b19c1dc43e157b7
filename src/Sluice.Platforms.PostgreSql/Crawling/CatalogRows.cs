using Sluice.Core.Catalog;
using Sluice.Platforms.PostgreSql.Login;

namespace Sluice.Platforms.PostgreSql.Crawling;

/// <summary>A row of pg_database.</summary>
internal sealed record DatabaseRow(long Oid, SharedText Shared, bool MayConnect, string? Comment)
{
    /// <summary>The name; with replacement characters where nobody can say what it is.</summary>
    public string Name => Shared.Text;

    /// <summary>Whether the database can be named, and so listed and logged in to.</summary>
    public bool HasName => Shared.IsExact;
}

/// <summary>A row of pg_namespace.</summary>
internal sealed record SchemaRow(long Oid, string Name, string? Comment);

/// <summary>A table's place in the order of a crawl: by schema, then by table.</summary>
internal readonly record struct TableKey(long Schema, long Table);

/// <summary>Who owns a table, and whether the account can act as that role.</summary>
internal readonly record struct TableOwner(SharedText Role, bool IsSuperuser, bool IsMember)
{
    /// <summary>Whether the account can act as the role, which takes its name.</summary>
    public bool MayActAs => IsMember && Role.IsExact;
}

/// <summary>A row of pg_class with its columns.</summary>
internal sealed record TableRow(
    long Oid, long Schema, string Name, ObjectKind Kind, string? Comment, TableOwner Owner,
    IReadOnlyList<DiscoveredColumn> Columns);

/// <summary>What a database holds, by keys: its own oid, its schemas, and its tables in the order of a crawl.</summary>
internal sealed record DatabaseOutline(long Oid, IReadOnlyList<SchemaRow> Schemas, IReadOnlyList<TableKey> Tables)
{
    /// <summary>The digest of the schemas' list, for cursors.</summary>
    public long Listed { get; } = ListDigest.Of(Schemas.Select(s => $"{s.Oid} {s.Name}"));
}
