namespace Sluice.Core.QueryAudit;

/// <summary>What a feed takes once.</summary>
public interface IFeedEvent
{
    /// <summary>The source's own id of it.</summary>
    string EventId { get; }

    /// <summary>Where it stands in the source's time.</summary>
    DateTimeOffset At { get; }

    /// <summary>Whether the source has told all of it. What has not comes again, whole, before the lag is over.</summary>
    bool IsComplete { get; }
}
