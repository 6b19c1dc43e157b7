using Sluice.Core.Catalog;
using Sluice.Storage.Connections;
using Sluice.Storage.Jobs;

namespace Sluice.Storage.Catalog;

/// <summary>What to look for below an object.</summary>
public sealed record ObjectQuery
{
    /// <summary>Below what; null: the connections themselves.</summary>
    public ObjectPath? Parent { get; init; }

    /// <summary>Whether the whole subtree is searched rather than the direct children.</summary>
    public bool Descendants { get; init; }

    /// <summary>Only what comes after this name; for direct children, who come by name. Rows that go meanwhile move no page.</summary>
    public string? After { get; init; }

    /// <summary>Part of the name, ignoring (ASCII) case.</summary>
    public string? Name { get; init; }

    /// <summary>Only active or only inactive objects (governance and missing counted in).</summary>
    public bool? Active { get; init; }

    /// <summary>Only these kinds.</summary>
    public IReadOnlyList<ObjectKind>? Kinds { get; init; }

    /// <summary>Carries this tag or one below it, on itself or a column; <c>Discovered.New</c>, and what data brought along, included.</summary>
    public string? Tag { get; init; }

    /// <summary>Only connections in this set (what the caller may see); null: all.</summary>
    public IReadOnlyList<Guid>? Connections { get; init; }

    /// <summary>0-based.</summary>
    public int Offset { get; init; }

    /// <summary>At most 1,000.</summary>
    public int Size { get; init; } = 50;
}

/// <summary>A page of a search in stable order (by name, then id; subtrees by lineage).</summary>
public sealed record ObjectPage(long Count, IReadOnlyList<StoredObject> Hits)
{
    /// <summary>Of a search for a tag: the ids of those hits that only data brought it to.</summary>
    public IReadOnlySet<long> TaggedByLineage { get; init; } = new HashSet<long>();
}

/// <summary>What a change of an object's settings sets; a member that is not <c>Given</c> stays as it is, a given null takes the override away.</summary>
public sealed record SettingsChange(Given<bool?> IsActive, Given<bool?> ActivateNewChildren, Given<IReadOnlyList<string>?> DataOwners)
{
    /// <summary>The revisions of the connection that the caller will have; null: whatever it is now.</summary>
    public IReadOnlyList<long>? IfRevision { get; init; }
}

/// <summary>A value that was said, or not.</summary>
public readonly record struct Given<T>(bool IsGiven, T Value)
{
    /// <summary>A value that was said.</summary>
    public static Given<T> Of(T value) => new(true, value);
}

/// <summary>The tree of data objects.</summary>
public interface ICatalogStore
{
    /// <summary>One object by its names (the key ignoring case, the rest exactly); null when there is none. Replaced rows are not found.</summary>
    Task<StoredObject?> FindAsync(ObjectPath path, CancellationToken cancellationToken);

    /// <summary>One object by its row; null when it is gone, or no path leads to it.</summary>
    Task<StoredObject?> FindAsync(long id, CancellationToken cancellationToken);

    /// <summary>When what a crawl says of an object or of what lies above it last changed, tags included, or one of their settings.</summary>
    Task<DateTimeOffset> ChangedAsync(StoredObject of, CancellationToken cancellationToken);

    /// <summary>Objects below another.</summary>
    Task<ObjectPage> SearchAsync(ObjectQuery query, CancellationToken cancellationToken);

    /// <summary>An object's columns in order.</summary>
    Task<IReadOnlyList<StoredColumn>> ColumnsAsync(long objectId, CancellationToken cancellationToken);

    /// <summary>The platform's tags of an object and its columns.</summary>
    Task<IReadOnlyList<ObjectTag>> TagsAsync(long objectId, CancellationToken cancellationToken);

    /// <summary>The stored children of a container, missing and replaced ones included, for a merge.</summary>
    Task<IReadOnlyList<KnownObject>> ChildrenAsync(long containerId, CancellationToken cancellationToken);

    /// <summary>The stored children of a container that are there and have no change stamp.</summary>
    Task<IReadOnlyList<KnownObject>> UnstampedChildrenAsync(long containerId, CancellationToken cancellationToken);

    /// <summary>The platform's tags of all children of a container and of their columns, by the children's rows.</summary>
    Task<ILookup<long, ObjectTag>> TagsOfChildrenAsync(long containerId, CancellationToken cancellationToken);

    /// <summary>The children of a container that are governed, by their rows, each with what limits that.</summary>
    Task<IReadOnlyDictionary<long, string?>> GovernedChildrenAsync(long containerId, CancellationToken cancellationToken);

    /// <summary>The change stamps of a container's children by their names: of those that are there and have one.</summary>
    Task<IReadOnlyDictionary<string, UInt128>> StampsAsync(ObjectPath container, CancellationToken cancellationToken);

    /// <summary>The digests of the listings of a container's children by their names: of those that are there and whose own children are stored as they were listed.</summary>
    Task<IReadOnlyDictionary<string, UInt128>> ListingsAsync(ObjectPath container, CancellationToken cancellationToken);

    /// <summary>
    /// Which containers at or below one a crawl without <c>forceRecursiveCrawl</c> enters: those effectively active, and the ancestors of an
    /// active override. Paths below the connection. The connection itself is always entered.
    /// </summary>
    Task<IReadOnlySet<ObjectPath>> EnterableAsync(ObjectPath below, CancellationToken cancellationToken);

    /// <summary>
    /// Changes overrides in one transaction with the job to run after it. Returns the count of readable objects whose activity changed, or
    /// null when the object is gone; throws <see cref="StaleRevisionException"/>. Bumps the connection's revision; a change of the root's <c>isActive</c> is the connection's.
    /// </summary>
    Task<SettingsChanged?> ChangeSettingsAsync(ObjectPath path, SettingsChange change, Actor by, NewJob? job, CancellationToken cancellationToken);

    /// <summary>Deletes an object (not a root) and everything below in one transaction; how many lay below it, or null when it is gone.</summary>
    /// <exception cref="StaleRevisionException">The connection has none of the revisions asked for.</exception>
    Task<long?> DeleteAsync(ObjectPath path, IReadOnlyList<long>? ifRevision, Actor by, CancellationToken cancellationToken);

    /// <summary>Reserves ids for new rows: the first of <paramref name="count"/> consecutive ones.</summary>
    Task<long> ReserveIdsAsync(int count, CancellationToken cancellationToken);

    /// <summary>The units of a crawl job with their checkpoints.</summary>
    Task<IReadOnlyList<CrawlUnit>> UnitsAsync(Guid jobId, CancellationToken cancellationToken);

    /// <summary>Adds units that are not there yet.</summary>
    Task AddUnitsAsync(WriteFence fence, Guid jobId, IReadOnlyList<long> containerIds, CancellationToken cancellationToken);

    /// <summary>Writes one page of a crawl with its checkpoint in one transaction; a page without any change writes its checkpoint alone.</summary>
    Task ApplyAsync(WriteFence fence, CrawlWrite write, CancellationToken cancellationToken);

    /// <summary>The active objects of a connection as policies see them, by row id.</summary>
    /// <param name="connectionId">The connection.</param>
    /// <param name="hostname">Its platform's host, as predicates know it.</param>
    /// <param name="below">Only this object and what lies below it; null: all.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<IReadOnlyList<StoredGovernedObject>> GovernedAsync(Guid connectionId, string? hostname, StoredObject? below, CancellationToken cancellationToken);

    /// <summary>The same, as if overrides were others; none of it is stored.</summary>
    /// <param name="connectionId">The connection.</param>
    /// <param name="hostname">Its platform's host, as predicates know it.</param>
    /// <param name="below">Only this object and what lies below it; null: all.</param>
    /// <param name="supposed">What is supposed; null: nothing.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<IReadOnlyList<StoredGovernedObject>> GovernedAsync(
        Guid connectionId, string? hostname, StoredObject? below, SupposedActivity? supposed, CancellationToken cancellationToken);

    /// <summary>The names of all columns of all objects.</summary>
    Task<IReadOnlySet<string>> ColumnNamesAsync(CancellationToken cancellationToken);

    /// <summary>Counts readable objects below (and at) an object that are wanted active but stay inactive, by governance.</summary>
    Task<IReadOnlyDictionary<Governance, long>> HeldBackAsync(ObjectPath path, CancellationToken cancellationToken);
}

/// <summary>Overrides that are not stored.</summary>
/// <param name="ObjectId">Of this object; null: no object's is another, and every object is active that is there.</param>
/// <param name="IsActive">Its override; null: none.</param>
public sealed record SupposedActivity(long? ObjectId, bool? IsActive)
{
    /// <summary>Every object that is there is active, whatever its governance.</summary>
    public static SupposedActivity OfEverything { get; } = new(null, true);
}

/// <summary>What a change of settings did.</summary>
/// <param name="Activated">Readable objects that became active.</param>
/// <param name="Deactivated">Readable objects that became inactive.</param>
public sealed record SettingsChanged(long Activated, long Deactivated)
{
    /// <summary>The bulk of the job after it, which may be that of a job which waited already; null when none was asked for.</summary>
    public Guid? BulkId { get; init; }
}
