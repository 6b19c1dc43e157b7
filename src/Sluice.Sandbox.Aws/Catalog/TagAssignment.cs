using System.Collections.Immutable;
using Tags = System.Collections.Immutable.ImmutableSortedDictionary<string, string>;

namespace Sluice.Sandbox.Aws.Catalog;

/// <summary>The LF-Tags assigned directly to a table and to its columns.</summary>
internal sealed record TagAssignment(Tags Table, ImmutableSortedDictionary<string, Tags> Columns)
{
    public static readonly Tags NoTags = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    public static readonly TagAssignment None = new(NoTags, ImmutableSortedDictionary.Create<string, Tags>(StringComparer.Ordinal));

    public Tags On(string column) => Columns.GetValueOrDefault(column, NoTags);

    public TagAssignment With(string? column, Tags tags)
    {
        if (column is null) return this with { Table = tags };
        return this with { Columns = tags.IsEmpty ? Columns.Remove(column) : Columns.SetItem(column, tags) };
    }

    /// <summary>What is in force below a level: its own tags over the inherited ones.</summary>
    public static Tags Over(Tags inherited, Tags own) =>
        own.IsEmpty ? inherited : inherited.IsEmpty ? own : inherited.SetItems(own);
}
