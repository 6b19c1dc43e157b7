using Sluice.Storage.Bulk;
using Sluice.Storage.Databases;

namespace Sluice.Storage.Catalog;

/// <summary>The tags that were given here, as a crawl carries them on.</summary>
internal static class AssignedTags
{
    private static readonly BulkTable<(long ObjectId, string Column, string Tag, long At, string ById, string ByName)> Table = new(
        "assigned_tags",
        ["object_id", "column_name", "tag", "assigned_at", "assigned_by_id", "assigned_by_name"],
        static (writer, row) =>
        {
            writer.Write((long?)row.ObjectId);
            writer.Write(row.Column);
            writer.Write(row.Tag);
            writer.Write((long?)row.At);
            writer.Write(row.ById);
            writer.Write(row.ByName);
        });

    /// <summary>Gives new objects what was given to those whose names they take.</summary>
    public static async Task InheritAsync(SluiceContext context, ILookup<long, long> heirOf, CancellationToken cancellationToken)
    {
        var given = await context.QueryAsync(
            $"SELECT object_id, column_name, tag, assigned_at, assigned_by_id, assigned_by_name FROM assigned_tags WHERE object_id {context.Dialect.In("@ids")}",
            static row => (Id: row.GetInt64(0), Column: row.GetString(1), Tag: row.GetString(2), At: row.GetInt64(3), ById: row.GetString(4), ByName: row.GetString(5)),
            cancellationToken, ("@ids", context.Dialect.List(heirOf.Select(static h => h.Key))));
        await context.Dialect.Rows.InsertAsync(
            context, Table, given.SelectMany(g => heirOf[g.Id].Select(heir => (heir, g.Column, g.Tag, g.At, g.ById, g.ByName))), cancellationToken);
    }
}
