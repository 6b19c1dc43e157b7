namespace Sluice.Core.Catalog;

/// <summary>What changed in an object's columns since the last crawl.</summary>
/// <param name="New">Columns that were not there, or whose type changed: they carry <c>Discovered.New</c> until cleared.</param>
/// <param name="Renamed">Old name by new name, where the platform's column id tells it.</param>
public sealed record ColumnMerge(IReadOnlyList<string> New, IReadOnlyDictionary<string, string> Renamed)
{
    /// <summary>Compares stored columns with found ones.</summary>
    public static ColumnMerge Of(IReadOnlyList<DiscoveredColumn> stored, IReadOnlyList<DiscoveredColumn> found)
    {
        var byName = stored.ToLookup(c => c.Name, StringComparer.Ordinal);
        var byId = stored.Where(c => c.NativeId is not null).ToLookup(c => c.NativeId!, StringComparer.Ordinal);
        var foundIds = found.Select(c => c.NativeId).ToHashSet(StringComparer.Ordinal);
        var fresh = new List<string>();
        var renamed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var column in found)
        {
            var before = column.NativeId is { } id && byId.Contains(id) ? byId[id].First() : SameName(column);
            if (before is null || before.Type != column.Type) fresh.Add(column.Name);
            if (before is not null && before.Name != column.Name) renamed[column.Name] = before.Name;
        }

        return new ColumnMerge(fresh, renamed);

        // A stored column that has another id is another column, dropped or renamed: its name says nothing.
        DiscoveredColumn? SameName(DiscoveredColumn column) =>
            byName[column.Name].FirstOrDefault(s => s.NativeId is null || (column.NativeId is null && !foundIds.Contains(s.NativeId)));
    }
}
