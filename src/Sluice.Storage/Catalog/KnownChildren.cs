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
        SELECT id, name, native_id, fingerprint, missing_since IS NOT NULL, replaced FROM data_objects WHERE parent_id = @parent AND NOT replaced
        UNION ALL
        SELECT id, name, native_id, fingerprint, missing_since IS NOT NULL, replaced FROM data_objects WHERE parent_id = @parent AND replaced
        """;

    public static Task<List<KnownObject>> ReadAsync(SluiceContext context, long containerId, CancellationToken cancellationToken)
    {
        var digest = new byte[Digest.Length];
        return context.QueryAsync(Sql, Read, cancellationToken, ("@parent", containerId));

        KnownObject Read(DbDataReader row)
        {
            row.GetBytes(3, 0, digest, 0, digest.Length);
            return new KnownObject(
                row.GetInt64(0), row.GetString(1), row.Text(2), BinaryPrimitives.ReadUInt128BigEndian(digest), row.GetBoolean(4), row.GetBoolean(5));
        }
    }
}
