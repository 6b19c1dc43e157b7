namespace Sluice.Core.QueryAudit;

/// <summary>How a source shows its events.</summary>
/// <param name="Lag">How long after an event it may take until the source shows all of it, as its vendor says.</param>
/// <param name="Overlap">How much of what is settled is read again: for events that come later than the lag, and for clocks that differ.</param>
/// <param name="Stretch">How much time is read at once; longer than the lag.</param>
public sealed record FeedTiming(TimeSpan Lag, TimeSpan Overlap, TimeSpan Stretch);
