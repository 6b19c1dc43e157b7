using Sluice.Core.QueryAudit;

namespace Sluice.Platforms;

/// <summary>One of a platform's records of who queried what.</summary>
/// <param name="Name">Its name, which is stored: never change it.</param>
/// <param name="Timing">How it shows its events.</param>
public sealed record QueryAuditSource(string Name, FeedTiming Timing);

/// <summary>A session that reads who queried what.</summary>
public interface IReadsQueryAudit
{
    /// <summary>What there is to read; nothing where the connection's query audit is off.</summary>
    IReadOnlyList<QueryAuditSource> AuditSources { get; }

    /// <summary>Reads what a source shows of a window, as it arrives, in any order. What Sluice itself ran is left out.</summary>
    /// <param name="connectionKey">The first name of every path.</param>
    /// <param name="source">One of <see cref="AuditSources"/>.</param>
    /// <param name="window">By the ends of statements.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="PlatformException">It can't be read.</exception>
    IAsyncEnumerable<IReadOnlyList<QueryEvent>> ReadQueriesAsync(string connectionKey, QueryAuditSource source, FeedWindow window, CancellationToken cancellationToken);
}
