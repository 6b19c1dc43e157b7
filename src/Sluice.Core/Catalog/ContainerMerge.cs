namespace Sluice.Core.Catalog;

/// <summary>
/// Merges the pages of one container's children into what is stored of them. Pages may come in any order and more than once; nothing is
/// marked missing before <see cref="Complete"/>, so a partial crawl deletes nothing.
/// </summary>
/// <remarks>
/// <code>
///   found                      known by native id    known by name       change
///   ------------------------   -------------------   -----------------   -----------------------------------------
///   same id, same name         yes                   the same row        none | Update (content, reappeared)
///   same id, other name        yes                   nobody              Update, renamed        (held to the end)
///   same id, other name        yes                   another row         Update, renamed        (held to the end)
///   other id, same name        no                    other id, present   Add, replaces that row (held to the end)
///   other id, same name        no                    other id, renamed   Add                    (held to the end)
///   no id on either side       -                     yes                 none | Update
///   new                        no                    nobody              Add
///   not found at Complete                                                MarkMissing
/// </code>
/// What needs a name that another row may still hold is held until the whole container was read: only then is it known whether that row
/// was renamed, replaced or is gone.
/// </remarks>
public sealed class ContainerMerge
{
    private readonly Dictionary<string, KnownObject> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, KnownObject> _byNativeId = new(StringComparer.Ordinal);
    private readonly Dictionary<long, KnownObject> _known = [];
    private readonly HashSet<long> _seen = [];
    private readonly HashSet<string> _added = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DiscoveredObject> _held = new(StringComparer.Ordinal);
    private readonly Dictionary<long, UInt128> _written = [];

    /// <summary>Starts from the stored children of the container, missing and replaced ones included.</summary>
    public ContainerMerge(IEnumerable<KnownObject> known)
    {
        foreach (var child in known)
        {
            _known.Add(child.Id, child);
            if (child.NativeId is not null) _byNativeId[child.NativeId] = child;
            if (!child.IsReplaced) _byName[child.Name] = child;
        }
    }

    /// <summary>Whether something waits for <see cref="Complete"/>: then a restart must read the container again from its first page.</summary>
    public bool HoldsChanges => _held.Count > 0;

    /// <summary>The stored rows met so far, for a restart that goes on at a later page.</summary>
    public IReadOnlyCollection<long> Seen => _seen;

    /// <summary>Takes over what an interrupted crawl of the same container had already met.</summary>
    public void MarkSeen(IEnumerable<long> ids) => _seen.UnionWith(ids);

    /// <summary>Merges one page; what can't be decided yet is held to the end.</summary>
    public IEnumerable<CatalogChange> Merge(IEnumerable<DiscoveredObject> page)
    {
        foreach (var found in page)
        {
            var change = Merge(found);
            if (change is not null) yield return change;
        }
    }

    /// <summary>The container was read to its end: what was held is decided, and what was not found is missing.</summary>
    /// <returns>Removals of names first, so that a name is free before another row takes it.</returns>
    public IReadOnlyList<CatalogChange> Complete()
    {
        var renames = new List<CatalogChange>();
        var adds = new List<CatalogChange>();
        var replaced = new HashSet<long>();
        var held = _held.Values.OrderBy(f => f.Path.Name, StringComparer.Ordinal).ToList();

        foreach (var found in held)
        {
            if (found.NativeId is { } id && _byNativeId.TryGetValue(id, out var same))
            {
                _seen.Add(same.Id);
                renames.Add(UpdateOf(same, found));
            }
        }

        foreach (var found in held)
        {
            if (found.NativeId is { } id && _byNativeId.ContainsKey(id)) continue;
            var holder = _byName[found.Path.Name];
            var gone = !_seen.Contains(holder.Id);
            if (gone) replaced.Add(holder.Id);
            adds.Add(new CatalogChange.Add(found, gone ? holder.Id : null));
        }

        var missing = _known.Values
            .Where(k => !k.IsMissing && !_seen.Contains(k.Id) && !replaced.Contains(k.Id))
            .OrderBy(k => k.Id)
            .Select(CatalogChange (k) => new CatalogChange.MarkMissing(k.Id));
        _held.Clear();
        return [.. missing, .. renames, .. adds];
    }

    private CatalogChange? Merge(DiscoveredObject found)
    {
        var name = found.Path.Name;
        var hasSameId = found.NativeId is not null && _byNativeId.ContainsKey(found.NativeId);
        var hasSameName = _byName.TryGetValue(name, out var byName);

        if (hasSameId)
        {
            var same = _byNativeId[found.NativeId!];
            if (same.Name == name && !same.IsReplaced) return Met(same, found);
            _held[name] = found;
            return null;
        }

        if (hasSameName)
        {
            // A platform that gained or lost ids between two crawls is known by name: ids differ only where both sides have one.
            if (found.NativeId is null || byName.NativeId is null) return Met(byName, found);
            _held[name] = found;
            return null;
        }

        return _added.Add(name) ? new CatalogChange.Add(found) : null;
    }

    private CatalogChange.Update? Met(KnownObject known, DiscoveredObject found)
    {
        var first = _seen.Add(known.Id);
        var stored = _written.TryGetValue(known.Id, out var written) ? written : known.Fingerprint;
        var reappeared = known.IsMissing && first;
        if (stored == found.Fingerprint && !reappeared) return null;
        _written[known.Id] = found.Fingerprint;
        return new CatalogChange.Update(known.Id, found, stored != found.Fingerprint, Renamed: false, reappeared);
    }

    private static CatalogChange.Update UpdateOf(KnownObject known, DiscoveredObject found) =>
        new(known.Id, found, known.Fingerprint != found.Fingerprint, known.Name != found.Path.Name, known.IsMissing);
}
