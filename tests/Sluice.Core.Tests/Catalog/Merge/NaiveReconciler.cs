namespace Sluice.Core.Tests.Catalog.Merge;

/// <summary>
/// What a finished crawl must leave behind, told from the rules of api.md alone: the whole listing at once, the whole table of rows at once,
/// no pages, no order, no cleverness.
/// </summary>
internal static class NaiveReconciler
{
    internal static NaiveStore After(NaiveStore stored, IReadOnlyList<RemoteTable> listing)
    {
        var rowOf = new Dictionary<RemoteTable, StoredRow>();

        // A platform's own id tells the object, whatever its name.
        foreach (var table in listing.Where(t => t.NativeId is not null))
            if (stored.Rows.SingleOrDefault(r => r.Table.NativeId == table.NativeId) is { } row) rowOf.Add(table, row);

        // Where one side has no id, the name tells it.
        foreach (var table in listing.Where(t => !rowOf.ContainsKey(t)))
        {
            var row = Holder(table.Name);
            if (row is null || rowOf.ContainsValue(row)) continue;
            if (row.Table.NativeId is null || table.NativeId is null) rowOf.Add(table, row);
        }

        var after = new List<StoredRow>();
        foreach (var row in stored.Rows)
        {
            var table = rowOf.SingleOrDefault(pair => pair.Value.Id == row.Id).Key;
            if (table is not null) after.Add(row with { Table = table, IsMissing = false, IsReplaced = false });
            else after.Add(row with { IsMissing = true, IsReplaced = row.IsReplaced || listing.Any(t => t.Name == row.Table.Name) });
        }

        var nextId = stored.Rows.Count == 0 ? 1 : stored.Rows.Max(r => r.Id) + 1;
        foreach (var table in listing.Where(t => !rowOf.ContainsKey(t)))
        {
            // What took the name of an object that is gone inherits from it; what took the name of one that moved on does not.
            var replaced = Holder(table.Name) is { } row && !rowOf.ContainsValue(row) ? row : null;
            after.Add(new StoredRow(nextId, table, false, false, replaced?.Overrides ?? $"of {nextId}"));
            nextId++;
        }

        return new NaiveStore(after);

        StoredRow? Holder(string name) => stored.Rows.SingleOrDefault(r => !r.IsReplaced && r.Table.Name == name);
    }

    /// <summary>A store's rows in comparable form: new rows are known by their names, since their ids follow the order of pages.</summary>
    internal static string[] Canonical(NaiveStore store, NaiveStore before)
    {
        var old = before.Rows.Select(r => r.Id).ToHashSet();
        return
        [
            .. store.Rows
                .Select(r => (IsNew: !old.Contains(r.Id), Row: r))
                .Select(r => string.Join(
                    ' ',
                    r.IsNew ? "new" : $"row {r.Row.Id}",
                    r.Row.Table,
                    r.Row.IsMissing ? "missing" : "present",
                    r.Row.IsReplaced ? "replaced" : "",
                    r.Row.Overrides == $"of {r.Row.Id}" ? "own overrides" : $"overrides {r.Row.Overrides}"))
                .Order(StringComparer.Ordinal),
        ];
    }
}
