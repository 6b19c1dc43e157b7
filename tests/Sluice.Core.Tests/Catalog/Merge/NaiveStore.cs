using System.Globalization;
using Sluice.Core.Catalog;

namespace Sluice.Core.Tests.Catalog.Merge;

/// <summary>The store's side of a crawl in its plainest form. It refuses what a real one would refuse.</summary>
internal sealed class NaiveStore
{
    private readonly List<StoredRow> _rows = [];
    private long _lastId;

    internal NaiveStore() { }

    internal NaiveStore(IEnumerable<StoredRow> rows)
    {
        _rows.AddRange(rows);
        _lastId = _rows.Count == 0 ? 0 : _rows.Max(r => r.Id);
    }

    internal IReadOnlyList<StoredRow> Rows => _rows;

    internal IEnumerable<StoredRow> Present => _rows.Where(r => !r.IsMissing);

    internal IEnumerable<KnownObject> Known() => _rows.Select(r => new KnownObject(
        r.Id, r.Table.Name, r.Table.NativeId, r.Table.Discovered().Fingerprint, r.IsMissing, r.IsReplaced, r.Table.Stamp));

    internal NaiveStore Copy() => new(_rows);

    internal StoredRow Named(string name) => _rows.Single(r => r.Table.Name == name && !r.IsReplaced);

    internal StoredRow Row(long id) => _rows.Single(r => r.Id == id);

    /// <summary>One write: missing rows first, then updates (all names freed before any is taken), then new rows.</summary>
    /// <returns>The ids of the new rows.</returns>
    internal IReadOnlyList<long> Apply(IReadOnlyList<CatalogChange> changes)
    {
        foreach (var missing in changes.OfType<CatalogChange.MarkMissing>())
        {
            Row(missing.Id).IsMissing.ShouldBeFalse("marked missing twice");
            Set(missing.Id, row => row with { IsMissing = true });
        }

        var updates = changes.OfType<CatalogChange.Update>().ToList();
        updates.Select(u => u.Id).ShouldBeUnique();
        var freed = updates.Where(u => u.Renamed).Select(u => u.Id).ToHashSet();
        foreach (var update in updates) Apply(update, freed);

        var added = new List<long>();
        foreach (var add in changes.OfType<CatalogChange.Add>()) added.Add(Apply(add));
        ShouldBeSound();
        return added;
    }

    private void Apply(CatalogChange.Update update, HashSet<long> freed)
    {
        var before = Row(update.Id);
        var name = update.Found.Path.Name;
        if (update.Renamed)
        {
            foreach (var holder in Holders(name).Where(h => h.Id != update.Id && !freed.Contains(h.Id)).ToList())
            {
                holder.IsMissing.ShouldBeTrue($"{name} is renamed onto a present row");
                Set(holder.Id, row => row with { IsReplaced = true });
            }

            freed.Remove(update.Id);
        }
        else before.Table.Name.ShouldBe(name, "a name moved though the change is no rename");

        update.Reappeared.ShouldBe(before.IsMissing, "reappeared");
        update.ContentChanged.ShouldBe(before.Table.Discovered().Fingerprint != update.Found.Fingerprint, "content changed");
        Set(update.Id, row => row with
        {
            Table = Table(update.Found),
            IsMissing = !update.Reappeared && row.IsMissing,
            IsReplaced = !update.Reappeared && row.IsReplaced,
        });
    }

    private long Apply(CatalogChange.Add add)
    {
        var id = ++_lastId;
        var overrides = $"of {id}";
        if (add.Replaces is { } replaced)
        {
            overrides = Row(replaced).Overrides;
            Set(replaced, row => row with { IsMissing = true, IsReplaced = true });
        }

        Holders(add.Found.Path.Name).ShouldBeEmpty("a new row takes a name that another row holds");
        _rows.Add(new StoredRow(id, Table(add.Found), false, false, overrides));
        return id;
    }

    private IEnumerable<StoredRow> Holders(string name) => _rows.Where(r => !r.IsReplaced && r.Table.Name == name);

    private void Set(long id, Func<StoredRow, StoredRow> change)
    {
        var index = _rows.FindIndex(r => r.Id == id);
        index.ShouldBeGreaterThanOrEqualTo(0, $"no row {id}");
        _rows[index] = change(_rows[index]);
    }

    private void ShouldBeSound()
    {
        _rows.Where(r => !r.IsReplaced).Select(r => r.Table.Name).ShouldBeUnique();
        Present.Where(r => r.Table.NativeId is not null).Select(r => r.Table.NativeId).ShouldBeUnique();
        _rows.Where(r => r.IsReplaced && !r.IsMissing).ShouldBeEmpty();
    }

    private static RemoteTable Table(DiscoveredObject found) => new(
        found.Path.Name, found.NativeId, int.Parse(found.Comment!["content ".Length..], CultureInfo.InvariantCulture));
}
