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
    /// <summary>Adds the tags of a database.</summary>
    public static List<ObjectTag> OfDatabase(TaggedResource resource, TextPool pool, List<ObjectTag> tags)
    {
        foreach (var tag in resource.OnDatabase)
            foreach (var value in tag.Values) tags.Add(pool.Tag(null, tag.Key, value, inherited: false));
        return tags;
    }

    /// <summary>What a table inherits when it has nothing of its own.</summary>
    public static ObjectTag[] Inherited(IReadOnlyList<ObjectTag> ofDatabase, TextPool pool) =>
        [.. ofDatabase.Select(t => pool.Tag(null, t.Key, t.Value, inherited: true))];

    /// <summary>Adds the tags of a table and of its columns, as far as this answer tells.</summary>
    public static List<ObjectTag> OfTable(TaggedResource resource, TextPool pool, List<ObjectTag> tags)
    {
        foreach (var tag in resource.OnTable)
            foreach (var value in tag.Values) tags.Add(pool.Tag(null, tag.Key, value, Has(resource.OnDatabase, tag.Key, value)));
        foreach (var tag in resource.OnDatabase)
        {
            if (HasKey(resource.OnTable, tag.Key)) continue;
            foreach (var value in tag.Values) tags.Add(pool.Tag(null, tag.Key, value, inherited: true));
        }

        var ofTable = tags.Count;
        foreach (var (column, tag) in resource.OnColumns)
        {
            foreach (var value in tag.Values)
                if (!HasOwn(tags, ofTable, tag.Key, value)) tags.Add(pool.Tag(column, tag.Key, value, inherited: false));
        }

        return tags;
    }

    /// <summary>Adds what another answer tells of the same object; the later answer wins.</summary>
    public static ObjectTag[] Merge(ObjectTag[] earlier, ObjectTag[] later)
    {
        if (AreSame(earlier, later)) return earlier;
        if (earlier.Length == 0) return later;
        var merged = earlier.Where(e => !Array.Exists(later, l => l.Column == e.Column && l.Key == e.Key)).ToList();
        merged.AddRange(later);
        return [.. merged];
    }

    /// <summary>Whether two lists hold the same tags in the same order.</summary>
    public static bool AreSame(ObjectTag[] one, IReadOnlyList<ObjectTag> other)
    {
        if (one.Length != other.Count) return false;
        for (var i = 0; i < one.Length; i++)
            if (!ReferenceEquals(one[i], other[i]) && one[i] != other[i]) return false;
        return true;
    }

    /// <summary>A table's tags completed by what its database hands down.</summary>
    /// <param name="own">What is known of the table; may already hold inherited tags.</param>
    /// <param name="inherited">The database's tags, marked as inherited.</param>
    public static IReadOnlyList<ObjectTag> Complete(ObjectTag[] own, ObjectTag[] inherited)
    {
        if (inherited.Length == 0) return own;
        if (own.Length == 0) return inherited;
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

        return completed is null ? own : completed;
    }

    private static bool HasKey(IReadOnlyList<LFTag> tags, string key)
    {
        foreach (var tag in tags)
            if (tag.Key == key) return true;
        return false;
    }

    private static bool Has(IReadOnlyList<LFTag> tags, string key, string value)
    {
        foreach (var tag in tags)
        {
            if (tag.Key != key) continue;
            foreach (var known in tag.Values)
                if (known == value) return true;
        }

        return false;
    }

    private static bool HasOwn(List<ObjectTag> tags, int ofTable, string key, string value)
    {
        for (var i = 0; i < ofTable; i++)
            if (tags[i].Key == key && tags[i].Value == value) return true;
        return false;
    }
}
