using System.Data.Common;

namespace Sluice.Bench.Rows;

/// <summary>A table's rows in memory, and how one is written.</summary>
internal sealed record TableRows<T>(string Name, string[] Columns, T[] Rows, Action<RowSink, T> Write);

internal sealed record ObjectRow(
    long Id, Guid ConnectionId, long? ParentId, string Lineage, int Depth, string Name, string NameKey, int Kind, string? NativeId, string? Comment,
    int Governance, string? GovernanceReason, string? GrantMethod, byte[] Fingerprint, bool? IsActive, bool? ActivateNewChildren, string? DataOwners,
    bool? DiscoveredNew, long? MissingSince, bool? Replaced, bool? Hidden, long DiscoveredAt, long UpdatedAt, byte[]? ChangeStamp);

internal readonly record struct ColumnRow(
    long ObjectId, int Position, string Name, string Type, string? NativeId, string? Comment, bool? IsPartitionKey, bool? DiscoveredNew);

internal readonly record struct TagRow(
    long ObjectId, int Position, string? ColumnName, string Name, string Key, string Value, bool? Inherited, string Source);

/// <summary>Every row that a crawl left in the tables of the catalog, in the order of their keys.</summary>
internal sealed record CatalogRows(TableRows<ObjectRow> Objects, TableRows<ColumnRow> Columns, TableRows<TagRow> Tags)
{
    private static readonly string[] ObjectColumns =
    [
        "id", "connection_id", "parent_id", "lineage", "depth", "name", "name_key", "kind", "native_id", "comment", "governance", "governance_reason",
        "grant_method", "fingerprint", "is_active", "activate_new_children", "data_owners", "discovered_new", "missing_since", "replaced", "hidden",
        "discovered_at", "updated_at", "change_stamp",
    ];

    private static readonly string[] ColumnColumns =
        ["object_id", "position", "name", "type", "native_id", "comment", "is_partition_key", "discovered_new"];

    private static readonly string[] TagColumns = ["object_id", "position", "column_name", "name", "key", "value", "inherited", "source"];

    public long Count => Objects.Rows.LongLength + Columns.Rows.LongLength + Tags.Rows.LongLength;

    public static async Task<CatalogRows> ReadAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        return new CatalogRows(
            new("data_objects", ObjectColumns, await AllAsync(connection, "data_objects", ObjectColumns, "id", Object, cancellationToken), Write),
            new("data_columns", ColumnColumns, await AllAsync(connection, "data_columns", ColumnColumns, "object_id, position", Column, cancellationToken), Write),
            new("object_tags", TagColumns, await AllAsync(connection, "object_tags", TagColumns, "object_id, position", Tag, cancellationToken), Write));

        ColumnRow Column(DbDataReader row) => new(
            row.GetInt64(0), row.GetInt32(1), Kept(row.GetString(2)), Kept(row.GetString(3)), Text(row, 4), Text(row, 5) is { } c ? Kept(c) : null,
            row.GetBoolean(6), row.GetBoolean(7));

        TagRow Tag(DbDataReader row) => new(
            row.GetInt64(0), row.GetInt32(1), Text(row, 2), Kept(row.GetString(3)), Kept(row.GetString(4)), Kept(row.GetString(5)), row.GetBoolean(6),
            Kept(row.GetString(7)));

        string Kept(string text) => texts.TryGetValue(text, out var known) ? known : texts[text] = text;
    }

    private static async Task<T[]> AllAsync<T>(
        DbConnection connection, string table, string[] columns, string order, Func<DbDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {string.Join(", ", columns)} FROM {table} ORDER BY {order}";
        command.CommandTimeout = 0;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken)) rows.Add(read(reader));
        return [.. rows];
    }

    private static ObjectRow Object(DbDataReader row) => new(
        row.GetInt64(0), row.GetGuid(1), Number(row, 2), row.GetString(3), row.GetInt32(4), row.GetString(5), row.GetString(6), row.GetInt32(7),
        Text(row, 8), Text(row, 9), row.GetInt32(10), Text(row, 11), Text(row, 12), row.GetFieldValue<byte[]>(13), Flag(row, 14), Flag(row, 15), Text(row, 16),
        row.GetBoolean(17), Number(row, 18), row.GetBoolean(19), row.GetBoolean(20), row.GetInt64(21), row.GetInt64(22),
        row.IsDBNull(23) ? null : row.GetFieldValue<byte[]>(23));

    private static string? Text(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static long? Number(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    private static bool? Flag(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetBoolean(column);

    private static void Write(RowSink sink, ObjectRow row)
    {
        sink.Write((long?)row.Id);
        sink.Write(row.ConnectionId);
        sink.Write(row.ParentId);
        sink.Write(row.Lineage);
        sink.Write(row.Depth);
        sink.Write(row.Name);
        sink.Write(row.NameKey);
        sink.Write(row.Kind);
        sink.Write(row.NativeId);
        sink.Write(row.Comment);
        sink.Write(row.Governance);
        sink.Write(row.GovernanceReason);
        sink.Write(row.GrantMethod);
        sink.Write(row.Fingerprint);
        sink.Write(row.IsActive);
        sink.Write(row.ActivateNewChildren);
        sink.Write(row.DataOwners);
        sink.Write(row.DiscoveredNew);
        sink.Write(row.MissingSince);
        sink.Write(row.Replaced);
        sink.Write(row.Hidden);
        sink.Write((long?)row.DiscoveredAt);
        sink.Write((long?)row.UpdatedAt);
        sink.Write(row.ChangeStamp);
    }

    private static void Write(RowSink sink, ColumnRow row)
    {
        sink.Write((long?)row.ObjectId);
        sink.Write(row.Position);
        sink.Write(row.Name);
        sink.Write(row.Type);
        sink.Write(row.NativeId);
        sink.Write(row.Comment);
        sink.Write(row.IsPartitionKey);
        sink.Write(row.DiscoveredNew);
    }

    private static void Write(RowSink sink, TagRow row)
    {
        sink.Write((long?)row.ObjectId);
        sink.Write(row.Position);
        sink.Write(row.ColumnName);
        sink.Write(row.Name);
        sink.Write(row.Key);
        sink.Write(row.Value);
        sink.Write(row.Inherited);
        sink.Write(row.Source);
    }
}
