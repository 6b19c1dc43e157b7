using Sluice.Core.Catalog;
using Sluice.Platforms.LakeFormation.Wire;

namespace Sluice.Platforms.LakeFormation.Governing;

/// <summary>
/// Resolves the inheritance of LF-Tags, database &gt; table &gt; column, each key by itself. AWS may list an inherited tag on the lower
/// object or leave it out; both come out the same.
/// </summary>
/// <remarks>
/// A column is listed only with the keys whose value differs from its table's: the others it has from the table. A million columns would
/// otherwise each repeat the tags of their database.
/// </remarks>
internal static class TagResolution
{
    /// <summary>The tags of a database.</summary>
    public static ObjectTag[] OfDatabase(TaggedResource resource, TextPool pool) =>
        [.. resource.OnDatabase.SelectMany(t => t.Values.Select(v => pool.Tag(null, t.Key, v, inherited: false)))];

    /// <summary>What a table inherits when it has nothing of its own.</summary>
    public static ObjectTag[] Inherited(IReadOnlyList<ObjectTag> ofDatabase, TextPool pool) =>
        [.. ofDatabase.Select(t => pool.Tag(null, t.Key, t.Value, inherited: true))];

    /// <summary>The tags of a table and of its columns, as far as this answer tells.</summary>
    public static List<ObjectTag> OfTable(TaggedResource resource, TextPool pool)
    {
        var tags = new List<ObjectTag>();
        foreach (var tag in resource.OnTable)
            foreach (var value in tag.Values) tags.Add(pool.Tag(null, tag.Key, value, Has(resource.OnDatabase, tag.Key, value)));
        foreach (var tag in resource.OnDatabase)
        {
            if (resource.OnTable.Any(t => t.Key == tag.Key)) continue;
            foreach (var value in tag.Values) tags.Add(pool.Tag(null, tag.Key, value, inherited: true));
        }

        foreach (var (column, onColumn) in resource.OnColumns)
        {
            foreach (var tag in onColumn)
                foreach (var value in tag.Values)
                    if (!tags.Exists(t => t.Column is null && t.Key == tag.Key && t.Value == value))
                        tags.Add(pool.Tag(column, tag.Key, value, inherited: false));
        }

        return tags;
    }

    /// <summary>Adds what another answer tells of the same object; the later answer wins.</summary>
    public static ObjectTag[] Merge(IReadOnlyList<ObjectTag> earlier, IReadOnlyList<ObjectTag> later)
    {
        if (earlier.Count == 0) return [.. later];
        var merged = earlier.Where(e => !later.Any(l => l.Column == e.Column && l.Key == e.Key)).ToList();
        merged.AddRange(later);
        return [.. merged];
    }

    /// <summary>A table's tags completed by what its database hands down.</summary>
    /// <param name="own">What is known of the table; may already hold inherited tags.</param>
    /// <param name="inherited">The database's tags, marked as inherited.</param>
    public static IReadOnlyList<ObjectTag> Complete(IReadOnlyList<ObjectTag> own, ObjectTag[] inherited)
    {
        if (inherited.Length == 0) return own;
        if (own.Count == 0) return inherited;
        List<ObjectTag>? completed = null;
        foreach (var tag in inherited)
        {
            var has = false;
            foreach (var mine in own)
            {
                has = mine.Column is null && mine.Key == tag.Key;
                if (has) break;
            }

            if (!has) (completed ??= [.. own]).Add(tag);
        }

        return completed ?? own;
    }

    private static bool Has(IReadOnlyList<LFTag> tags, string key, string value) =>
        tags.Any(t => t.Key == key && t.Values.Contains(value, StringComparer.Ordinal));
}
