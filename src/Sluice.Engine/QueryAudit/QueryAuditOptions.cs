namespace Sluice.Engine.QueryAudit;

/// <summary>How the platforms' query audit is read and kept.</summary>
public sealed record QueryAuditOptions
{
    /// <summary>How long query events are kept, by the ends of their statements; zero: none are read. Default 90 days.</summary>
    public TimeSpan Keep { get; init; } = TimeSpan.FromDays(90);

    /// <summary>From how long ago on lineage is read: what was copied before a connection was registered is still there. Default 365 days, as long as platforms tell of it.</summary>
    public TimeSpan LineageOf { get; init; } = TimeSpan.FromDays(365);

    /// <summary>Whether the texts of statements are kept, and not their hashes alone. Default: no, for they may hold personal data.</summary>
    public bool KeepsText { get; init; }

    /// <summary>How often a connection's sources are read. Default 1 hour: they lag by as much, and each reading has a warehouse run.</summary>
    public TimeSpan ReadEvery { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// After how long a reading makes way for what else its connection has to do, between two stretches of time; it goes on behind that. Default 2 minutes.
    /// </summary>
    public TimeSpan MakeWayAfter { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Events that are stored together. Default 500.</summary>
    public int PageSize { get; init; } = 500;

    /// <summary>Old events that are deleted together. Default 1,000.</summary>
    public int PruneSize { get; init; } = 1000;
}
