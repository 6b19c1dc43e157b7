using Sluice.Core.Catalog;
using Sluice.Platforms.LakeFormation.Wire;

namespace Sluice.Platforms.LakeFormation.Governing;

/// <summary>
/// Resolves the inheritance of LF-Tags, database &gt; table &gt; column, each key by itself. A search may list an inherited tag on the lower
/// object or leave it out; both come out the same.
/// </summary>
/// <remarks>
/// AWS shows a tag only to who may describe its value, so that a value can be hidden that overrides one that is shown. What a table inherits is
/// therefore never concluded from its database alone: a search by the key found it (a search matches the tags in force), or the table was asked
/// and lists what it inherits, as GetResourceLFTags does unless only assigned tags are asked for.
/// A column is listed only with the keys whose value differs from its table's: the others it has from the table. A million columns would
/// otherwise each repeat the tags of their database.
/// </remarks>
internal static class TagResolution
{
    /// <summary>Adds the tags of a database.</summary>
    public static List<ObjectTag> OfDatabase(TaggedResource resource, LakePool pool, List<ObjectTag> tags)
    {
        foreach (var tag in resource.OnDatabase)
            foreach (var value in tag.Values) tags.Add(pool.Tag(null, tag.Key, value, inherited: false));
        return tags;
    }

    /// <summary>Adds the tags of a table and of its columns, as far as this answer tells.</summary>
    /// <param name="resource">What the answer lists.</param>
    /// <param name="searched">The key by which a search found the table; null when the table itself was asked.</param>
    /// <param name="pool">Shares equal tags.</param>
    /// <param name="tags">Where they are added.</param>
    public static List<ObjectTag> OfTable(TaggedResource resource, string? searched, LakePool pool, List<ObjectTag> tags)
    {
        foreach (var tag in resource.OnTable)
            foreach (var value in tag.Values) tags.Add(pool.Tag(null, tag.Key, value, Has(resource.OnDatabase, tag.Key, value)));
        if (searched is not null && !HasKey(resource.OnTable, searched) && !IsOnColumn(resource, searched, 0, resource.OnColumns.Count))
        {
            // Found by the key and neither it nor a column lists one of its own: what is in force is the database's.
            foreach (var tag in resource.OnDatabase)
            {
                if (tag.Key != searched) continue;
                foreach (var value in tag.Values) tags.Add(pool.Tag(null, tag.Key, value, inherited: true));
            }
        }

        foreach (var (column, tag) in resource.OnColumns)
        {
            var above = searched is null || HasKey(resource.OnTable, tag.Key) ? resource.OnTable : resource.OnDatabase;
            foreach (var value in tag.Values)
                if (!Has(above, tag.Key, value)) tags.Add(pool.Tag(column, tag.Key, value, inherited: false));
        }

        return tags;
    }

    /// <summary>
    /// A key that is in force on the table and missing on a column which shows that it lists what it inherits: it has a value there that can't
    /// be seen. Null when nothing tells of such a column.
    /// </summary>
    public static string? HiddenOnColumn(TaggedResource resource)
    {
        var columns = resource.OnColumns;
        for (int start = 0, end; start < columns.Count; start = end)
        {
            end = start + 1;
            while (end < columns.Count && columns[end].Column == columns[start].Column) end++;
            var inherits = false;
            for (var i = start; i < end && !inherits; i++)
                inherits = columns[i].Tag.Values is [var value] && Has(resource.OnTable, columns[i].Tag.Key, value);
            if (!inherits) continue;
            foreach (var tag in resource.OnTable)
                if (!IsOnColumn(resource, tag.Key, start, end)) return tag.Key;
        }

        return null;
    }

    /// <summary>A key that the database hands down and the table doesn't show: the table has a value that can't be seen. Null when there is none.</summary>
    public static string? HiddenOnTable(ObjectTag[] ofTable, ObjectTag[] ofDatabase)
    {
        foreach (var tag in ofDatabase)
        {
            var shown = false;
            foreach (var own in ofTable)
            {
                shown = own.Column is null && own.Key == tag.Key;
                if (shown) break;
            }

            if (!shown) return tag.Key;
        }

        return null;
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

    private static bool HasKey(LFTag[] tags, string key)
    {
        foreach (var tag in tags)
            if (tag.Key == key) return true;
        return false;
    }

    private static bool Has(LFTag[] tags, string key, string value)
    {
        foreach (var tag in tags)
        {
            if (tag.Key != key) continue;
            foreach (var known in tag.Values)
                if (known == value) return true;
        }

        return false;
    }

    private static bool IsOnColumn(TaggedResource resource, string key, int from, int to)
    {
        for (var i = from; i < to; i++)
            if (resource.OnColumns[i].Tag.Key == key) return true;
        return false;
    }
}
