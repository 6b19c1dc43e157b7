namespace Sluice.Core.Audit;

/// <summary>The names of what is recorded. They are stored and searched for: never rename one.</summary>
public static class AuditAction
{
    /// <summary>A platform was registered.</summary>
    public const string ConnectionRegistered = "connection.registered";

    /// <summary>A connection's credentials, settings or options were changed.</summary>
    public const string ConnectionUpdated = "connection.updated";

    /// <summary>A connection was deleted.</summary>
    public const string ConnectionDeleted = "connection.deleted";

    /// <summary>An object's overrides were changed.</summary>
    public const string ObjectSettingsChanged = "object.settings.changed";

    /// <summary>An object was deleted with everything below it.</summary>
    public const string ObjectDeleted = "object.deleted";

    /// <summary>Somebody asked for a crawl.</summary>
    public const string CrawlAsked = "crawl.asked";

    /// <summary>Somebody asked for a connection's checks to be made again.</summary>
    public const string CheckAsked = "check.asked";

    /// <summary>Somebody asked for a connection's query audit to be read.</summary>
    public const string QueryAuditAsked = "queryAudit.asked";

    /// <summary>An API key was made.</summary>
    public const string ApiKeyMade = "apiKey.made";

    /// <summary>An API key was revoked.</summary>
    public const string ApiKeyRevoked = "apiKey.revoked";

    /// <summary>Somebody confirmed that tags which vanished on the platform are gone: they protect no more.</summary>
    public const string VanishedTagsConfirmed = "object.vanishedTags.confirmed";

    /// <summary>Somebody took lineage away that ended at an object: it carries no tags there any more.</summary>
    public const string LineageRemoved = "object.lineage.removed";

    /// <summary>Somebody took <c>Discovered.New</c> from objects or columns.</summary>
    public const string DiscoveryCleared = "object.discovery.cleared";

    /// <summary>A policy was added or changed.</summary>
    public const string PolicyPut = "policy.put";

    /// <summary>A policy was deleted.</summary>
    public const string PolicyDeleted = "policy.deleted";

    /// <summary>A user was registered.</summary>
    public const string PersonAdded = "person.added";

    /// <summary>What is said of a user was changed.</summary>
    public const string PersonUpdated = "person.updated";

    /// <summary>A user was deleted.</summary>
    public const string PersonDeleted = "person.deleted";

    /// <summary>A user's attributes were changed.</summary>
    public const string PersonAttributesChanged = "person.attributes.changed";

    /// <summary>Who a user is on platforms was changed.</summary>
    public const string PersonIdentitiesChanged = "person.identities.changed";

    /// <summary>What a user may do in Sluice was changed.</summary>
    public const string PersonPermissionsChanged = "person.permissions.changed";

    /// <summary>A user was added or changed by an import.</summary>
    public const string PersonImported = "person.imported";

    /// <summary>A group was made.</summary>
    public const string GroupAdded = "group.added";

    /// <summary>A group was renamed.</summary>
    public const string GroupRenamed = "group.renamed";

    /// <summary>A group was deleted.</summary>
    public const string GroupDeleted = "group.deleted";

    /// <summary>Who is in a group was changed.</summary>
    public const string GroupMembersChanged = "group.members.changed";

    /// <summary>A tag was defined, or described anew.</summary>
    public const string TagDefined = "tag.defined";

    /// <summary>A tag and those below it were renamed.</summary>
    public const string TagRenamed = "tag.renamed";

    /// <summary>A tag and those below it were deleted.</summary>
    public const string TagDeleted = "tag.deleted";

    /// <summary>What tags an object or a column was given here was changed.</summary>
    public const string TagAssigned = "tag.assigned";

    /// <summary>Somebody was subscribed to an object.</summary>
    public const string SubscriptionAdded = "subscription.added";

    /// <summary>A subscription was ended by hand.</summary>
    public const string SubscriptionRevoked = "subscription.revoked";

    /// <summary>Somebody asked for access.</summary>
    public const string RequestAsked = "request.asked";

    /// <summary>A request was approved, wholly or by one of several approvers.</summary>
    public const string RequestApproved = "request.approved";

    /// <summary>A request was denied.</summary>
    public const string RequestDenied = "request.denied";

    /// <summary>A request was taken back.</summary>
    public const string RequestWithdrawn = "request.withdrawn";

    /// <summary>Somebody made a plan.</summary>
    public const string PlanMade = "plan.made";

    /// <summary>A plan takes away or uncovers so much that it waits for a confirmation.</summary>
    public const string PlanHeld = "plan.held";

    /// <summary>Somebody had a plan applied that waited for nobody.</summary>
    public const string PlanApplyAsked = "plan.applyAsked";

    /// <summary>Somebody confirmed a plan that waited for it.</summary>
    public const string PlanConfirmed = "plan.confirmed";

    /// <summary>A plan's changes were made.</summary>
    public const string PlanApplied = "plan.applied";

    /// <summary>Some of a plan's changes could not be made.</summary>
    public const string PlanFailed = "plan.failed";

    /// <summary>A plan was refused: what it was made from has changed, or a newer one took its place.</summary>
    public const string PlanRefused = "plan.refused";

    /// <summary>A platform was seen to know more than this server's database, as after a restore: nothing is written there until somebody confirms.</summary>
    public const string RestoreSeen = "connection.restore.seen";

    /// <summary>Somebody had the server go on after a restore.</summary>
    public const string RestoreConfirmed = "connection.restore.confirmed";

    /// <summary>A change of a platform is about to be made. Committed before the platform is called.</summary>
    public const string ChangeIntended = "change.intended";

    /// <summary>How a change of a platform ended.</summary>
    public const string ChangeOutcome = "change.outcome";

    /// <summary>The oldest rows of a stream were deleted, up to a checkpoint.</summary>
    public const string Pruned = "audit.pruned";
}
