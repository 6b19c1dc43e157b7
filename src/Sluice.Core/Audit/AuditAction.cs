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

    /// <summary>An API key was made.</summary>
    public const string ApiKeyMade = "apiKey.made";

    /// <summary>An API key was revoked.</summary>
    public const string ApiKeyRevoked = "apiKey.revoked";

    /// <summary>Somebody confirmed that tags which vanished on the platform are gone: they protect no more.</summary>
    public const string VanishedTagsConfirmed = "object.vanishedTags.confirmed";

    /// <summary>Somebody took <c>Discovered.New</c> from objects or columns.</summary>
    public const string DiscoveryCleared = "object.discovery.cleared";

    /// <summary>A policy was added or changed.</summary>
    public const string PolicyPut = "policy.put";

    /// <summary>A policy was deleted.</summary>
    public const string PolicyDeleted = "policy.deleted";

    /// <summary>A person's attribute was set.</summary>
    public const string PersonAttributeSet = "person.attribute.set";

    /// <summary>A plan's changes were made.</summary>
    public const string PlanApplied = "plan.applied";

    /// <summary>A change of a platform is about to be made. Committed before the platform is called.</summary>
    public const string ChangeIntended = "change.intended";

    /// <summary>How a change of a platform ended.</summary>
    public const string ChangeOutcome = "change.outcome";

    /// <summary>The oldest rows of a stream were deleted, up to a checkpoint.</summary>
    public const string Pruned = "audit.pruned";
}
