using System.Text.Json;
using Sluice.Core.Catalog;
using Sluice.Engine.Callers;
using Sluice.Engine.Connections;
using Sluice.Storage.Catalog;
using Sluice.Storage.DataLineage;
using Sluice.Storage.Tags;

namespace Sluice.Engine.Catalog;

/// <summary>One object with its columns and tags.</summary>
/// <param name="Object">The object.</param>
/// <param name="Columns">In order.</param>
/// <param name="Tags">The platform's, object and columns.</param>
/// <param name="IsActive">Wanted active, there, and governed.</param>
/// <param name="InactiveReason">Why it is inactive although it is wanted active; null else.</param>
public sealed record ObjectView(
    StoredObject Object, IReadOnlyList<StoredColumn> Columns, IReadOnlyList<ObjectTag> Tags, bool IsActive, string? InactiveReason)
{
    /// <summary>The tags that were given here, object and columns.</summary>
    public IReadOnlyList<AssignedTag> Assigned { get; init; } = [];

    /// <summary>The tags that the platform no longer has, and that go on protecting.</summary>
    public IReadOnlyList<VanishedTag> Vanished { get; init; } = [];

    /// <summary>The tags that data brought along, with where they were given; they restrict, and open nothing.</summary>
    public IReadOnlyList<LineageTag> Lineage { get; init; } = [];

    /// <summary>Found by a tag that only data brought there, to it or to a column.</summary>
    public bool IsTaggedByLineage { get; init; }

    /// <summary>The connection's revision: the ETag of all its objects.</summary>
    public long Revision => Object.ConnectionRevision;

    /// <summary>The data source it is: set for an active table or view only.</summary>
    public DataSource? DataSource => IsActive && Object.Kind.IsReadable() ? Catalog.DataSource.Of(Object) : null;
}

/// <summary>A page of objects, without columns and tags.</summary>
/// <param name="Count">All that match.</param>
/// <param name="Hits">This page.</param>
public sealed record ObjectViews(long Count, IReadOnlyList<ObjectView> Hits);

/// <summary>The answer to a change of settings: what it touches.</summary>
/// <param name="Accepted">The documented part.</param>
/// <param name="Activated">Tables and views that became active.</param>
/// <param name="Deactivated">Tables and views that became inactive.</param>
/// <param name="RemovedGrants">Where some became inactive: grants of others on them that were taken away, and can be put back.</param>
public sealed record SettingsAnswer(Accepted Accepted, long Activated, long Deactivated, int RemovedGrants = 0);

/// <summary>What shall be done on the platform before a connection is deleted.</summary>
/// <param name="CleansUp">Whether everything of ours is taken back.</param>
/// <param name="Restores">Whether the grants of others that were taken away are put back as a part of that.</param>
public sealed record Leaving(bool CleansUp, bool Restores)
{
    /// <summary>Nothing: what is there stays.</summary>
    public static Leaving AsItIs { get; } = new(false, false);
}

/// <summary>The documented answer of a deletion.</summary>
/// <param name="ObjectPath">What was deleted.</param>
/// <param name="ChildCount">How many objects lay below it.</param>
public sealed record Deleted(ObjectPath ObjectPath, long ChildCount)
{
    /// <summary>The bulk of the job that cleans up and deletes; null: it is deleted already.</summary>
    public Guid? BulkId { get; init; }

    /// <summary>Grants of others on it that were taken away, and are not put back by this.</summary>
    public int RemovedGrants { get; init; }

    /// <summary>Whether they can be put back from here: not once the connection's credentials are gone.</summary>
    public bool CanBePutBack { get; init; }
}

/// <summary>What a caller can do with data objects. Permissions are checked here; refusals are <see cref="Errors.RequestRefusedException"/>.</summary>
public interface ICatalogUseCases
{
    /// <summary>GET /data/object/{objectPath}.</summary>
    Task<ObjectView> ReadAsync(ObjectPath path, Caller caller, CancellationToken cancellationToken);

    /// <summary>
    /// POST /data/object/search[/{objectPath}]: body members name, state (active|inactive), kind (one or a list), tag, offset, size, and
    /// (ours) descendants. An absent body (undefined element) means no filter.
    /// </summary>
    Task<ObjectViews> SearchAsync(ObjectPath? parent, JsonElement body, Caller caller, CancellationToken cancellationToken);

    /// <summary>PUT /data/settings/{objectPath}: isActive, activateNewChildren, dataOwners; null takes an override away.</summary>
    /// <param name="path">Which object.</param>
    /// <param name="body">The members to change.</param>
    /// <param name="ifRevision">The revisions of If-Match, or null.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="cancellationToken">Stops waiting; what was stored stays.</param>
    Task<SettingsAnswer> ChangeSettingsAsync(ObjectPath path, JsonElement body, IReadOnlyList<long>? ifRevision, Caller caller, CancellationToken cancellationToken);

    /// <summary>What PUT /data/settings/{objectPath} with this body would do, and what the plan after it. Reads the platform where the activity of a table or view would change, and changes nothing.</summary>
    /// <inheritdoc cref="ChangeSettingsAsync"/>
    Task<SettingsTrial> TryChangeSettingsAsync(ObjectPath path, JsonElement body, IReadOnlyList<long>? ifRevision, Caller caller, CancellationToken cancellationToken);

    /// <summary>POST /data/crawl/{objectPath}: without members, or without a body (undefined element).</summary>
    Task<Accepted> CrawlAsync(ObjectPath path, JsonElement body, IReadOnlyList<long>? ifRevision, Caller caller, CancellationToken cancellationToken);

    /// <summary>DELETE /data/object/{objectPath} with the platform left as it is.</summary>
    Task<Deleted> DeleteAsync(ObjectPath path, IReadOnlyList<long>? ifRevision, Caller caller, CancellationToken cancellationToken) =>
        DeleteAsync(path, ifRevision, Leaving.AsItIs, caller, cancellationToken);

    /// <summary>DELETE /data/object/{objectPath}; with the key alone, the connection.</summary>
    /// <param name="path">Which object.</param>
    /// <param name="ifRevision">The revisions of If-Match, or null.</param>
    /// <param name="leaving">For a connection: what is done on its platform before.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="cancellationToken">Stops waiting; what was begun goes on.</param>
    Task<Deleted> DeleteAsync(ObjectPath path, IReadOnlyList<long>? ifRevision, Leaving leaving, Caller caller, CancellationToken cancellationToken);
}
