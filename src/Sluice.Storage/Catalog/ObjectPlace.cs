using System.Data.Common;
using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Storage.Databases;

namespace Sluice.Storage.Catalog;

/// <summary>Where an object lies: what a write or a search below it needs to know.</summary>
internal sealed record ObjectPlace(long Id, Guid ConnectionId, string Lineage, ObjectKind Kind)
{
    /// <summary>Finds it by its path; null when there is none.</summary>
    public static async Task<ObjectPlace?> FindAsync(SluiceContext context, ObjectPath path, CancellationToken cancellationToken)
    {
        if (!path.Names.All(StorableText.Is)) return null;
        var places = await context.QueryAsync(
            $"WITH hit AS ({ObjectSql.Locate(path)}) SELECT o.id, o.connection_id, o.lineage, o.kind FROM hit JOIN data_objects o ON o.id = hit.id",
            Read, cancellationToken, ObjectSql.Names(path));
        return places.SingleOrDefault();
    }

    /// <summary>Takes its connection's row first, then finds it: nobody changes anything below the connection until the transaction ends.</summary>
    public static async Task<ObjectPlace?> LockAsync(SluiceContext context, ObjectPath path, CancellationToken cancellationToken)
    {
        if (!path.Names.All(StorableText.Is)) return null;
        var root = await context.NumberAsync(
            $"SELECT root_object_id FROM connections WHERE key_normalized = @key{context.Dialect.ForUpdate}", cancellationToken,
            ("@key", ConnectionKey.Normalized(path.ConnectionKey)));
        return root is null ? null : await FindAsync(context, path, cancellationToken);
    }

    /// <summary>Those of the rows that the connection still has.</summary>
    public static async Task<List<ObjectPlace>> OfAsync(
        SluiceContext context, Guid connectionId, IEnumerable<long> ids, CancellationToken cancellationToken) =>
        await context.QueryAsync(
            $"SELECT o.id, o.connection_id, o.lineage, o.kind FROM data_objects o WHERE o.id {context.Dialect.In("@ids")} AND o.connection_id = @connection",
            Read, cancellationToken, ("@ids", context.Dialect.List(ids)), ("@connection", connectionId));

    private static ObjectPlace Read(DbDataReader row) =>
        new(row.GetInt64(0), row.GetGuid(1), row.GetString(2), (ObjectKind)row.GetInt32(3));
}
