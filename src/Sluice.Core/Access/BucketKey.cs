using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Core.Access;

/// <summary>Writes all that the policies of a set can tell objects apart by: objects with one key are treated alike. Every text is preceded by its length.</summary>
internal sealed class BucketKey
{
    private char[] buffer = new char[256];
    private int length;

    public ReadOnlySpan<char> Of(PolicySet set, GovernedObject target, ReadOnlySpan<ulong> probes, int words)
    {
        length = 0;
        Append(set.Number);
        var facets = set.Facets;
        if (facets.HasFlag(ObjectFacets.Hostname)) Append(target.Hostname);
        if (facets.HasFlag(ObjectFacets.Database)) Append(ObjectNames.Database(target.Path));
        if (facets.HasFlag(ObjectFacets.Schema)) Append(ObjectNames.Schema(target.Path, target.Kind));
        if (facets.HasFlag(ObjectFacets.Table)) Append(target.Path.Name);
        if (facets.HasFlag(ObjectFacets.Tags)) Append(Substitution.TagsAt(target, TagPlace.DataSource));
        if (facets.HasFlag(ObjectFacets.ColumnTags)) Append(Substitution.TagsAt(target, TagPlace.Column));
        if (set.MeansColumns) AppendColumns(set, target.Columns, probes, words);
        return buffer.AsSpan(0, length);
    }

    private void AppendColumns(PolicySet set, ValueList<GovernedColumn> columns, ReadOnlySpan<ulong> probes, int words)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            var marked = probes.Slice(i * words, words);
            if (!set.Means(marked)) continue;
            Append(columns[i].Name);
            Append((int)columns[i].Family);
            for (var w = 0; w < words; w++)
            {
                var word = marked[w] & set.Columns[w];
                Append((int)word);
                Append((int)(word >> 32));
            }
        }
    }

    private void Append(IReadOnlyCollection<(string Tag, bool IsVanished)> tags)
    {
        Append(tags.Count);
        foreach (var (tag, isVanished) in tags)
        {
            Append(tag);
            Append(isVanished ? 1 : 0);
        }
    }

    private void Append(string? text)
    {
        Append(text?.Length ?? -1);
        if (text is null) return;
        Reserve(text.Length);
        text.CopyTo(buffer.AsSpan(length));
        length += text.Length;
    }

    private void Append(int number)
    {
        Reserve(2);
        buffer[length++] = (char)number;
        buffer[length++] = (char)(number >> 16);
    }

    private void Reserve(int more)
    {
        if (length + more > buffer.Length) Array.Resize(ref buffer, Math.Max(buffer.Length * 2, length + more));
    }
}
