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

    private const string UnstampedSql =
        "SELECT id, name, native_id, fingerprint, false, false, change_stamp FROM data_objects WHERE parent_id = @parent AND NOT replaced AND missing_since IS NULL AND change_stamp IS NULL";

    private const string ListingSql =
        "SELECT name, listing_fingerprint FROM data_objects WHERE parent_id = @parent AND NOT replaced AND missing_since IS NULL AND listing_fingerprint IS NOT NULL";

    private const string GovernedSql = "SELECT id, governance_reason FROM data_objects WHERE parent_id = @parent AND NOT replaced AND governance = 0";

    public static Task<List<KnownObject>> ReadAsync(SluiceContext context, long containerId, CancellationToken cancellationToken) =>
        ReadAsync(context, Sql, containerId, cancellationToken);

    /// <summary>Those that are there and have no change stamp.</summary>
    public static Task<List<KnownObject>> UnstampedAsync(SluiceContext context, long containerId, CancellationToken cancellationToken) =>
        ReadAsync(context, UnstampedSql, containerId, cancellationToken);

    private static Task<List<KnownObject>> ReadAsync(SluiceContext context, string sql, long containerId, CancellationToken cancellationToken) =>
        context.QueryAsync(
            sql,
            static row => new KnownObject(
                row.GetInt64(0), row.GetString(1), row.Text(2), Number(row, 3), row.GetBoolean(4), row.GetBoolean(5),
                row.IsDBNull(6) ? null : Number(row, 6)),
            cancellationToken,
            ("@parent", containerId));

    public static Task<Dictionary<string, UInt128>> StampsAsync(SluiceContext context, long containerId, CancellationToken cancellationToken) =>
        NumbersAsync(context, StampSql, containerId, cancellationToken);

    public static Task<Dictionary<string, UInt128>> ListingsAsync(SluiceContext context, long containerId, CancellationToken cancellationToken) =>
        NumbersAsync(context, ListingSql, containerId, cancellationToken);

    /// <summary>What limits the governance of those that are governed.</summary>
    public static async Task<Dictionary<long, string?>> GovernedAsync(SluiceContext context, long containerId, CancellationToken cancellationToken)
    {
        var rows = await context.QueryAsync(GovernedSql, static row => (Id: row.GetInt64(0), Reason: row.Text(1)), cancellationToken, ("@parent", containerId));
        return rows.ToDictionary(static row => row.Id, static row => row.Reason);
    }

    private static async Task<Dictionary<string, UInt128>> NumbersAsync(
        SluiceContext context, string sql, long containerId, CancellationToken cancellationToken)
    {
        var rows = await context.QueryAsync(sql, static row => (Name: row.GetString(0), Number: Number(row, 1)), cancellationToken, ("@parent", containerId));
        return rows.ToDictionary(row => row.Name, row => row.Number, StringComparer.Ordinal);
    }

    // GetBytes would need no array, but SQLite's opens a blob by its row id for each: three times the price of the row.
    private static UInt128 Number(DbDataReader row, int column) => BinaryPrimitives.ReadUInt128BigEndian(row.GetFieldValue<byte[]>(column));
}
