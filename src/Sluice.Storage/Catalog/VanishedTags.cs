using System.Text;
using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Documents;
using Sluice.Storage.Bulk;
using Sluice.Storage.Connections;
using Sluice.Storage.Databases;

namespace Sluice.Storage.Catalog;

/// <summary>
/// Keeps the tags that a platform took from objects, where a policy protects by them and nobody gave them here as well: whoever can untag on the platform shall not
/// lift a mask by it.
/// </summary>
internal static class VanishedTags
{
    private static readonly BulkTable<(long ObjectId, string Column, string Tag, long At)> Table = new(
        "vanished_tags",
        ["object_id", "column_name", "tag", "vanished_at"],
        static (writer, row) =>
        {
            writer.Write((long?)row.ObjectId);
            writer.Write(row.Column);
            writer.Write(row.Tag);
            writer.Write((long?)row.At);
        });

    /// <summary>Keeps what objects lost, and forgets what they have again.</summary>
    /// <param name="context">In the transaction that changes the tags.</param>
    /// <param name="connectionId">Whose objects.</param>
    /// <param name="lost">What each lost, and what it has now.</param>
    /// <param name="at">When.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async Task KeepAsync(
        SluiceContext context, Guid connectionId, IReadOnlyList<TagLoss> lost, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (lost.Count == 0) return;
        var ids = lost.Select(static l => l.ObjectId).ToList();
        var known = (await OfAsync(context, ids, cancellationToken)).ToHashSet();
        var found = lost.SelectMany(static l => l.Found.Select(t => (l.ObjectId, Column: t.Column ?? "", Tag: t.Name))).ToHashSet();
        foreach (var again in known.Where(found.Contains).GroupBy(static k => (k.Column, k.Tag)))
        {
            await context.ExecuteAsync(
                $"DELETE FROM vanished_tags WHERE object_id {context.Dialect.In("@ids")} AND column_name = @column AND tag = @tag", cancellationToken,
                ("@ids", context.Dialect.List(again.Select(static a => a.ObjectId))), ("@column", again.Key.Column), ("@tag", again.Key.Tag));
        }

        var gone = lost.SelectMany(static l => l.Gone.Select(t => (l.ObjectId, Column: t.Column ?? "", Tag: t.Name))).Distinct()
            .Where(g => !found.Contains(g) && !known.Contains(g)).ToList();
        if (gone.Count == 0 || await IsTrustedAsync(context, connectionId, cancellationToken)) return;
        gone.RemoveAll((await GivenAsync(context, ids, cancellationToken)).Contains);
        if (gone.Count == 0) return;
        var protects = await ProtectiveAsync(context, cancellationToken);
        await context.Dialect.Rows.InsertAsync(
            context, Table, [.. gone.Where(g => protects.Contains(g.Tag)).Select(g => (g.ObjectId, g.Column, g.Tag, at.UtcTicks))], cancellationToken);
    }

    /// <summary>Keeps for new objects what was kept of those whose names they take.</summary>
    public static async Task InheritAsync(SluiceContext context, ILookup<long, long> heirOf, CancellationToken cancellationToken)
    {
        var kept = await context.QueryAsync(
            $"SELECT object_id, column_name, tag, vanished_at FROM vanished_tags WHERE object_id {context.Dialect.In("@ids")}",
            static row => (Id: row.GetInt64(0), Column: row.GetString(1), Tag: row.GetString(2), At: row.GetInt64(3)),
            cancellationToken, ("@ids", context.Dialect.List(heirOf.Select(static h => h.Key))));
        await context.Dialect.Rows.InsertAsync(context, Table, kept.SelectMany(k => heirOf[k.Id].Select(heir => (heir, k.Column, k.Tag, k.At))), cancellationToken);
    }

    /// <summary>What is kept of objects; the column is empty for the object itself.</summary>
    public static Task<List<(long ObjectId, string Column, string Tag)>> OfAsync(SluiceContext context, IEnumerable<long> ids, CancellationToken cancellationToken) =>
        ReadAsync(context, $"SELECT object_id, column_name, tag FROM vanished_tags WHERE object_id {context.Dialect.In("@ids")}", ids, cancellationToken);

    /// <summary>Whether what a connection's platform says of tags is taken as it is.</summary>
    public static async Task<bool> IsTrustedAsync(SluiceContext context, Guid connectionId, CancellationToken cancellationToken)
    {
        var settings = await context.QueryAsync("SELECT settings FROM connections WHERE id = @id", static row => row.GetString(0), cancellationToken, ("@id", connectionId));
        return settings is [var text] && ConnectionSettingsText.TrustsPlatformTags(text);
    }

    private static async Task<HashSet<(long ObjectId, string Column, string Tag)>> GivenAsync(SluiceContext context, IEnumerable<long> ids, CancellationToken cancellationToken) =>
        [.. await ReadAsync(context, $"SELECT object_id, column_name, tag FROM assigned_tags WHERE object_id {context.Dialect.In("@ids")}", ids, cancellationToken)];

    private static Task<List<(long ObjectId, string Column, string Tag)>> ReadAsync(SluiceContext context, string sql, IEnumerable<long> ids, CancellationToken cancellationToken) =>
        context.QueryAsync(sql, static row => (row.GetInt64(0), row.GetString(1), row.GetString(2)), cancellationToken, ("@ids", context.Dialect.List(ids)));

    private static async Task<ProtectiveTags> ProtectiveAsync(SluiceContext context, CancellationToken cancellationToken)
    {
        var documents = await context.QueryAsync("SELECT document FROM policies WHERE NOT is_staged", static row => row.GetString(0), cancellationToken);
        return ProtectiveTags.Of(documents.Select(Read));
    }

    private static Policy? Read(string document)
    {
        var problems = new PolicyProblems();
        return PolicyJson.Read(Encoding.UTF8.GetBytes(document), problems) is [var read] ? PolicyReader.Read(read.Root, problems) : null;
    }
}

/// <summary>What an object's platform tags became.</summary>
/// <param name="ObjectId">The object.</param>
/// <param name="Gone">Those that it had and has no more, columns by the names that they have now.</param>
/// <param name="Found">Those that it has.</param>
internal sealed record TagLoss(long ObjectId, IReadOnlyList<ObjectTag> Gone, IReadOnlyList<ObjectTag> Found)
{
    /// <summary>The loss between two readings of one object; null where it lost nothing and found nothing.</summary>
    public static TagLoss Between(long objectId, IEnumerable<ObjectTag> before, IReadOnlyList<ObjectTag> found)
    {
        var now = found.Select(static t => (t.Column, t.Name)).ToHashSet();
        return new TagLoss(objectId, [.. before.Where(t => !now.Contains((t.Column, t.Name)))], found);
    }
}
