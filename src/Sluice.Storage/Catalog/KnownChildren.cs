using System.Buffers.Binary;
using System.Data.Common;
using Sluice.Core.Catalog;
using Sluice.Storage.Databases;

namespace Sluice.Storage.Catalog;

/// <summary>Reads what a merge needs of a container's children, and no more: this is all a crawl without changes reads.</summary>
internal static class KnownChildren
{
    // The two halves are the two partial indexes of the children.
    private const string Sql = """
        SELECT id, name, native_id, fingerprint, missing_since IS NOT NULL, replaced, change_stamp FROM data_objects WHERE parent_id = @parent AND NOT replaced
        UNION ALL
        SELECT id, name, native_id, fingerprint, missing_since IS NOT NULL, replaced, change_stamp FROM data_objects WHERE parent_id = @parent AND replaced
        """;

    private const string StampSql =
        "SELECT name, change_stamp FROM data_objects WHERE parent_id = @parent AND NOT replaced AND missing_since IS NULL AND change_stamp IS NOT NULL";

    public static Task<List<KnownObject>> ReadAsync(SluiceContext context, long containerId, CancellationToken cancellationToken)
    {
        var digest = new byte[Digest.Length];
        return context.QueryAsync(Sql, Read, cancellationToken, ("@parent", containerId));

        KnownObject Read(DbDataReader row) => new(
            row.GetInt64(0), row.GetString(1), row.Text(2), Number(row, 3, digest), row.GetBoolean(4), row.GetBoolean(5),
            row.IsDBNull(6) ? null : Number(row, 6, digest));
    }

    public static async Task<Dictionary<string, UInt128>> StampsAsync(SluiceContext context, long containerId, CancellationToken cancellationToken)
    {
        var digest = new byte[Digest.Length];
        var rows = await context.QueryAsync(
            StampSql, row => (Name: row.GetString(0), Stamp: Number(row, 1, digest)), cancellationToken, ("@parent", containerId));
        return rows.ToDictionary(row => row.Name, row => row.Stamp, StringComparer.Ordinal);
    }

    private static UInt128 Number(DbDataReader row, int column, byte[] digest)
    {
        row.GetBytes(column, 0, digest, 0, digest.Length);
        return BinaryPrimitives.ReadUInt128BigEndian(digest);
    }
}
