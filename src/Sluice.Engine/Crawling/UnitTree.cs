using Sluice.Core.Catalog;
using Sluice.Platforms;
using Sluice.Storage.Catalog;

namespace Sluice.Engine.Crawling;

/// <summary>
/// The merges of all containers of a unit, and the row ids of what was met. The decisions are <see cref="ContainerMerge"/>'s; this gives
/// them ids and gathers them into one write a page.
/// </summary>
internal sealed class UnitTree
{
    private readonly ICatalogStore _catalog;
    private readonly StoredObject _root;
    private readonly IReadOnlyList<long> _seenBefore;
    private readonly Dictionary<ObjectPath, Container> _containers = [];
    private (ObjectPath Path, Container Container)? _latest;

    private UnitTree(ICatalogStore catalog, StoredObject root, IReadOnlyList<long> seenBefore)
    {
        _catalog = catalog;
        _root = root;
        _seenBefore = seenBefore;
    }

    /// <summary>Whether some container still holds changes back.</summary>
    public bool HoldsChanges => _containers.Values.Any(c => c.Merge.HoldsChanges);

    public static async Task<UnitTree> StartAsync(
        ICatalogStore catalog, StoredObject root, IReadOnlyList<long> seenBefore, CancellationToken cancellationToken)
    {
        var tree = new UnitTree(catalog, root, seenBefore);
        if (root.Kind.IsReadable() || root.Kind == ObjectKind.ResourceLink) await tree.OpenSingleAsync(cancellationToken);
        else await tree.OpenAsync(root.Path, root.Id, root.Lineage, cancellationToken);
        return tree;
    }

    /// <summary>Merges a page, level by level, so that a container is complete and has its rows before its children come.</summary>
    public async Task MergeAsync(CrawlPage page, PageDraft draft, CancellationToken cancellationToken)
    {
        var objects = page.Objects.ToLookup(o => o.Path.Depth);
        var unchanged = page.Unchanged.ToLookup(path => path.Depth);
        var completed = page.Completed.ToLookup(DepthOfChildren);
        var untouched = page.UnchangedListings.Select(u => u.Container).ToHashSet();
        var reopened = untouched.Count == 0 ? [] : page.Objects.Select(o => o.Path.Parent!).Where(untouched.Remove).ToList();
        draft.Found += page.UnchangedListings.Sum(u => (long)u.Unread);
        var depths = objects.Select(g => g.Key).Concat(unchanged.Select(g => g.Key)).Concat(completed.Select(g => g.Key)).Distinct().Order().ToList();
        foreach (var depth in depths)
        {
            foreach (var container in reopened.Where(c => DepthOfChildren(c) == depth)) await OpenUnchangedAsync(container, cancellationToken);
            foreach (var found in objects[depth])
            {
                if (NameProblem(found.Path) is { } problem) await PassOverAsync(found, problem, draft, cancellationToken);
                else await MergeAsync(found, draft, cancellationToken);
            }

            foreach (var path in unchanged[depth]) await MeetUnchangedAsync(path, draft, cancellationToken);
            foreach (var path in completed[depth].Where(p => NameProblem(p) is null && !untouched.Contains(p))) await CompleteAsync(path, draft, cancellationToken);
        }

        foreach (var listing in page.Listings.Where(l => NameProblem(l.Container) is null))
            draft.Listings.Add(new ContainerListing((await PlaceOfAsync(listing.Container, cancellationToken)).Id, listing.Fingerprint, listing.Count));
    }

    // What can't be named can't be stored or asked for. It must not stop the crawl of the others, and when it is known under an earlier name, it
    // is not gone. What lies below it is passed over with it.
    private async Task PassOverAsync(DiscoveredObject found, string problem, PageDraft draft, CancellationToken cancellationToken)
    {
        if (found.Path.Parent is not { } parent || NameProblem(parent) is not null) return;
        draft.Warnings.Add($"An object in '{parent}' was passed over: its name {problem}.");
        var container = await ContainerOfAsync(found.Path, cancellationToken);
        if (container.Merge.IdOf(found) is not { } id) return;
        container.Merge.MarkSeen([id]);
        draft.Seen.Add(id);
    }

    private static string? NameProblem(ObjectPath path)
    {
        foreach (var name in path.Names)
            if (ObjectPath.NameProblem(name) is { } problem) return problem;
        return null;
    }

    // A readable object that was read alone completes the one-row container it stands in, which lies above it.
    private int DepthOfChildren(ObjectPath completed) => IsSingle(completed) ? completed.Depth : completed.Depth + 1;

    private bool IsSingle(ObjectPath path) => path.Equals(_root.Path) && !_containers.ContainsKey(path);

    private async Task MergeAsync(DiscoveredObject found, PageDraft draft, CancellationToken cancellationToken)
    {
        var container = await ContainerOfAsync(found.Path, cancellationToken);
        draft.Found++;
        if (found.NativeIdIsUnread) found = found.WithNativeId(container.Merge.NativeIdOf(found.Path.Name));
        if (found.TagsAreUnread && container.Merge.IdOf(found) is { } known) found = await WithStoredTagsAsync(found, container, known, cancellationToken);
        var change = container.Merge.Merge(found);
        if (change is not null) await AddAsync(container, change, draft, cancellationToken);
        else if (container.Merge.IdOf(found) is { } id) draft.Seen.Add(id);
    }

    private async Task<DiscoveredObject> WithStoredTagsAsync(DiscoveredObject found, Container container, long id, CancellationToken cancellationToken)
    {
        container.StoredTags ??= await _catalog.TagsOfChildrenAsync(container.Id, cancellationToken);
        container.Governed ??= await _catalog.GovernedChildrenAsync(container.Id, cancellationToken);
        return found.WithTags([.. container.StoredTags[id]], container.Governed.TryGetValue(id, out var reason), reason);
    }

    private async Task MeetUnchangedAsync(ObjectPath path, PageDraft draft, CancellationToken cancellationToken)
    {
        var container = await ContainerOfAsync(path, cancellationToken);
        draft.Found++;
        if (container.Merge.MeetUnchanged(path.Name) is { } id) draft.Seen.Add(id);
    }

    private async Task CompleteAsync(ObjectPath path, PageDraft draft, CancellationToken cancellationToken)
    {
        var container = IsSingle(path)
            ? _containers[path.Parent!]
            : _containers.GetValueOrDefault(path) ?? await ReopenAsync(path, cancellationToken);
        (container.StoredTags, container.Governed) = (null, null);
        foreach (var change in container.Merge.Complete()) await AddAsync(container, change, draft, cancellationToken);
    }

    private async Task AddAsync(Container container, CatalogChange change, PageDraft draft, CancellationToken cancellationToken)
    {
        switch (change)
        {
            case CatalogChange.Add add:
                // One by one, so that rows are written in the order of their ids, whichever units take turns: at the end of their tables, whose pages fill.
                var id = await _catalog.ReserveIdsAsync(1, cancellationToken);
                var lineage = $"{container.Lineage}{id}/";
                container.RowIds[add.Found.Path.Name] = id;
                draft.Inserts.Add(new ObjectInsert(id, container.Id, lineage, add.Found, add.Replaces));
                draft.Seen.Add(id);
                if (IsContainer(add.Found.Kind)) Put(add.Found.Path, new Container(id, lineage, new ContainerMerge([])));
                break;
            case CatalogChange.Update update:
                container.RowIds[update.Found.Path.Name] = update.Id;
                draft.Updates.Add(update);
                draft.Seen.Add(update.Id);
                break;
            case CatalogChange.MarkMissing missing:
                draft.Missing.Add(missing.Id);
                break;
            default:
                throw new InvalidOperationException($"Unknown change {change.GetType().Name}.");
        }
    }

    private async Task<Container> ContainerOfAsync(ObjectPath child, CancellationToken cancellationToken)
    {
        // Children of one container come together.
        if (_latest is var (latest, container) && child.IsChildOf(latest)) return container;
        var path = child.Parent ?? throw Broken($"It listed '{child}', which lies outside of what was asked for.");
        container = _containers.GetValueOrDefault(path) ?? await ReopenAsync(path, cancellationToken);
        _latest = (path, container);
        return container;
    }

    // A container met on this or an earlier page (before a restart, too), whose stored children are needed now.
    private async Task<Container> ReopenAsync(ObjectPath path, CancellationToken cancellationToken)
    {
        var (id, lineage) = await PlaceOfAsync(path, cancellationToken);
        return await OpenAsync(path, id, lineage, cancellationToken);
    }

    // Of its children only those can have changed that have no stamp: the others are neither looked at nor missed.
    private async Task OpenUnchangedAsync(ObjectPath path, CancellationToken cancellationToken)
    {
        var (id, lineage) = await PlaceOfAsync(path, cancellationToken);
        Put(path, new Container(id, lineage, new ContainerMerge(await _catalog.UnstampedChildrenAsync(id, cancellationToken))));
    }

    private async Task<(long Id, string Lineage)> PlaceOfAsync(ObjectPath path, CancellationToken cancellationToken)
    {
        if (_containers.GetValueOrDefault(path) is { } open) return (open.Id, open.Lineage);
        if (path.Parent is not { } above || !_root.Path.Covers(path) || path.Equals(_root.Path))
            throw Broken($"It listed children of '{path}', which lies outside of what was asked for.");
        var parent = _containers.GetValueOrDefault(above) ?? await ReopenAsync(above, cancellationToken);
        var id = parent.RowIds.TryGetValue(path.Name, out var added) ? added : parent.Merge.IdOf(path.Name);
        if (id is null) throw Broken($"It listed children of '{path}' before '{path}' itself.");
        return (id.Value, $"{parent.Lineage}{id}/");
    }

    private async Task<Container> OpenAsync(ObjectPath path, long id, string lineage, CancellationToken cancellationToken)
    {
        var merge = new ContainerMerge(await _catalog.ChildrenAsync(id, cancellationToken));
        merge.MarkSeen(_seenBefore);
        return Put(path, new Container(id, lineage, merge));
    }

    private Container Put(ObjectPath path, Container container)
    {
        _latest = null;
        return _containers[path] = container;
    }

    // All siblings are known, or one that has taken the object's name would pass for a new object. But the listing is of the object alone, so
    // none of the others goes missing by not being in it.
    private async Task OpenSingleAsync(CancellationToken cancellationToken)
    {
        var siblings = await _catalog.ChildrenAsync(_root.ParentId!.Value, cancellationToken);
        var merge = new ContainerMerge(siblings);
        merge.MarkSeen(siblings.Where(s => s.Id != _root.Id).Select(s => s.Id));
        merge.MarkSeen(_seenBefore);
        var lineage = _root.Lineage[..^$"{_root.Id}/".Length];
        Put(_root.Path.Parent!, new Container(_root.ParentId.Value, lineage, merge));
    }

    private static bool IsContainer(ObjectKind kind) => kind is ObjectKind.Database or ObjectKind.Schema;

    private static PlatformException Broken(string message) => new(PlatformFailure.Refused, $"The platform's listing makes no sense. {message}");

    private sealed record Container(long Id, string Lineage, ContainerMerge Merge)
    {
        public Dictionary<string, long> RowIds { get; } = new(StringComparer.Ordinal);

        /// <summary>By row; read when the platform did not tell them this time.</summary>
        public ILookup<long, ObjectTag>? StoredTags { get; set; }

        /// <summary>What limits it, by row; read with the tags.</summary>
        public IReadOnlyDictionary<long, string?>? Governed { get; set; }
    }
}
