namespace Sluice.Core.Catalog;

/// <summary>
/// Merges the pages of one container's children into what is stored of them. Pages may come in any order and more than once; nothing is
/// marked missing before <see cref="Complete"/>, so a partial crawl deletes nothing.
/// </summary>
/// <remarks>
/// <code>
///   found                      known by native id    name held by        change
///   ------------------------   -------------------   -----------------   -----------------------------------------
///   same id, same name         yes                   the same row        none | Update (content, reappeared)
///   same id, other name        yes                   nobody              Update, renamed        (held to the end)
///   same id, other name        yes                   another row         Update, renamed        (held to the end)
///   same id, name was taken    yes, replaced row     another row         Update, renamed        (held to the end)
///   other id, same name        no                    other id, gone      Add, replaces that row (held to the end)
///   other id, same name        no                    other id, renamed   Add                    (held to the end)
///   no id, same name           -                     a row with an id    Update, or Add when that row moved on (held to the end)
///   no id stored, same name    no                    a row without id    none | Update
///   not read, stamp unchanged  -                     a row that is there none                   (or passed over)
///   new                        no                    nobody              Add
///   not found at Complete, or its name was taken                         MarkMissing
/// </code>
/// What needs a name that another row may still hold is held until the whole container was read: only then is it known whether that row
/// was renamed, replaced or is gone.
/// A container that changes while it is read may show one name with two ids or one id under two names: the later sighting counts, but
/// for a row that this crawl itself has added, which keeps its name. The next crawl settles what is left.
/// </remarks>
public sealed class ContainerMerge
{
    // As stored, and as changed by what was merged so far.
    private readonly Dictionary<long, KnownObject> _rows = [];
    private readonly Dictionary<string, long> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _byNativeId = new(StringComparer.Ordinal);
    private readonly HashSet<long> _seen = [];
    private readonly HashSet<string> _addedNames = new(StringComparer.Ordinal);
    private readonly HashSet<string> _addedIds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DiscoveredObject> _held = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _heldNameOfId = new(StringComparer.Ordinal);

    /// <summary>Starts from the stored children of the container, missing and replaced ones included.</summary>
    public ContainerMerge(IEnumerable<KnownObject> known)
    {
        foreach (var child in known)
        {
            _rows.Add(child.Id, child);
            if (child.NativeId is not null) Register(_byNativeId, child.NativeId, child);
            if (!child.IsReplaced) Register(_byName, child.Name, child);
        }
    }

    /// <summary>Whether something waits for <see cref="Complete"/>: then a restart must read the container again from its first page.</summary>
    public bool HoldsChanges => _held.Count > 0;

    /// <summary>The stored rows met so far, for a restart that goes on at a later page.</summary>
    public IReadOnlyCollection<long> Seen => _seen;

    /// <summary>Takes over what an interrupted crawl of the same container had already met.</summary>
    public void MarkSeen(IEnumerable<long> ids) => _seen.UnionWith(ids);

    /// <summary>Merges one page, at once; what can't be decided yet is held to the end.</summary>
    public IEnumerable<CatalogChange> Merge(IEnumerable<DiscoveredObject> page)
    {
        // Not an iterator: a page must count exactly once, however often the caller reads its changes.
        var changes = new List<CatalogChange>();
        foreach (var found in page)
            if (Merge(found) is { } change) changes.Add(change);
        return changes;
    }

    /// <summary>The container was read to its end: what was held is decided, and what was not found is missing.</summary>
    /// <returns>
    /// Missing rows first, then updates, then new rows. The updates are one step: names may move in chains and circles, so all are freed
    /// before any is taken.
    /// </returns>
    public IReadOnlyList<CatalogChange> Complete()
    {
        var held = _held.Values.OrderBy(f => f.Path.Name, StringComparer.Ordinal).ToList();
        var moving = held.Select(RowWithIdOf).OfType<long>().ToHashSet();
        var ousted = new HashSet<long>();
        var replaced = new HashSet<long>();
        var updates = new List<CatalogChange>();
        var adds = new List<CatalogChange>();
        foreach (var found in held)
        {
            var holder = _byName.TryGetValue(found.Path.Name, out var id) && !moving.Contains(id) ? id : (long?)null;
            if (RowWithIdOf(found) is { } mover)
            {
                if (holder is { } other) ousted.Add(other);
                updates.Add(Moved(_rows[mover], found));
            }
            else if (holder is { } sameName && found.NativeId is null)
            {
                if (Met(_rows[sameName], found) is { } update) updates.Add(update);
            }
            else
            {
                if (holder is { } gone) replaced.Add(gone);
                adds.Add(new CatalogChange.Add(found, holder));
            }
        }

        var missing = _rows.Values
            .Where(row => !row.IsMissing && !replaced.Contains(row.Id) && (ousted.Contains(row.Id) || !_seen.Contains(row.Id)))
            .OrderBy(row => row.Id)
            .Select(CatalogChange (row) => new CatalogChange.MarkMissing(row.Id))
            .ToList();
        _held.Clear();
        _heldNameOfId.Clear();
        return [.. missing, .. updates, .. adds];
    }

    /// <summary>
    /// Meets a stored child that was listed and not read, because its change stamp is the stored one.
    /// </summary>
    /// <returns>Its row; null when no row that is there has the name (somebody deleted it meanwhile): the next crawl finds it as new.</returns>
    public long? MeetUnchanged(string name)
    {
        if (!_byName.TryGetValue(name, out var id) || _rows[id] is not { IsMissing: false } row) return null;
        Forget(name);
        if (row.NativeId is not null && _heldNameOfId.TryGetValue(row.NativeId, out var other)) Forget(other);
        _seen.Add(id);
        return id;
    }

    /// <summary>The stored row that a merged object was met as; null for what is new, passed over or not decided yet.</summary>
    public long? IdOf(DiscoveredObject found) =>
        IdOf(found.Path.Name) is { } holder && _rows[holder].NativeId == found.NativeId ? holder : RowWithIdOf(found);

    /// <summary>The stored row that has a name; null when there is none, or when who will have it is not decided yet.</summary>
    public long? IdOf(string name) => !_held.ContainsKey(name) && _byName.TryGetValue(name, out var id) ? id : null;

    /// <summary>The stored native id of the row that has a name; null when there is none.</summary>
    public string? NativeIdOf(string name) => IdOf(name) is { } id ? _rows[id].NativeId : null;

    /// <summary>Merges one found object; null when nothing is to be written (now).</summary>
    public CatalogChange? Merge(DiscoveredObject found)
    {
        var name = found.Path.Name;
        var isNameHeld = _byName.TryGetValue(name, out var id);
        var holder = isNameHeld ? _rows[id] : default;

        if (isNameHeld && holder.NativeId == found.NativeId)
        {
            ForgetEarlierSightings(found);
            return Met(holder, found);
        }

        if (RowWithIdOf(found) is { } same)
        {
            _seen.Add(same);
            Hold(found);
            return null;
        }

        // Met already in this crawl, as a new object under this name or another.
        if (found.NativeId is not null && _addedIds.Contains(found.NativeId)) return null;

        if (isNameHeld)
        {
            if (holder.NativeId is null)
            {
                // A platform that gained ids between two crawls is known by name once more: ids differ only where both sides have one.
                ForgetEarlierSightings(found);
                return Met(holder, found);
            }

            Hold(found);
            return null;
        }

        if (!_addedNames.Add(name)) return null;
        ForgetEarlierSightings(found);
        if (found.NativeId is not null) _addedIds.Add(found.NativeId);
        return new CatalogChange.Add(found);
    }

    private CatalogChange.Update? Met(KnownObject row, DiscoveredObject found)
    {
        _seen.Add(row.Id);
        var contentChanged = row.Fingerprint != found.Fingerprint;
        if (!contentChanged && !row.IsMissing && row.ChangeStamp == found.ChangeStamp) return null;
        _rows[row.Id] = row with { NativeId = found.NativeId, Fingerprint = found.Fingerprint, IsMissing = false, ChangeStamp = found.ChangeStamp };
        if (found.NativeId is not null) _byNativeId[found.NativeId] = row.Id;
        return new CatalogChange.Update(row.Id, found, contentChanged, Renamed: false, Reappeared: row.IsMissing);
    }

    // A replaced row takes a name even when it is the one it had: another row holds it now.
    private static CatalogChange.Update Moved(KnownObject row, DiscoveredObject found) => new(
        row.Id,
        found,
        ContentChanged: row.Fingerprint != found.Fingerprint,
        Renamed: row.IsReplaced || row.Name != found.Path.Name,
        Reappeared: row.IsMissing || row.IsReplaced);

    private long? RowWithIdOf(DiscoveredObject found) =>
        found.NativeId is not null && _byNativeId.TryGetValue(found.NativeId, out var id) ? id : null;

    private void Hold(DiscoveredObject found)
    {
        ForgetEarlierSightings(found);
        // Its row is not known here, so it can't be asked to give the name up.
        if (_addedNames.Contains(found.Path.Name)) return;
        _held[found.Path.Name] = found;
        if (found.NativeId is not null) _heldNameOfId[found.NativeId] = found.Path.Name;
    }

    private void ForgetEarlierSightings(DiscoveredObject found)
    {
        if (_held.Count == 0) return;
        Forget(found.Path.Name);
        if (found.NativeId is not null && _heldNameOfId.TryGetValue(found.NativeId, out var name)) Forget(name);
    }

    private void Forget(string name)
    {
        if (_held.Remove(name, out var earlier) && earlier.NativeId is not null) _heldNameOfId.Remove(earlier.NativeId);
    }

    // Names and ids are unique among the rows that count; should they not be, the row that is there counts before one that was.
    private void Register(Dictionary<string, long> index, string key, KnownObject row)
    {
        if (!index.TryGetValue(key, out var id) || Standing(row) > Standing(_rows[id])) index[key] = row.Id;
    }

    private static int Standing(KnownObject row) => row.IsReplaced ? 0 : row.IsMissing ? 1 : 2;
}
