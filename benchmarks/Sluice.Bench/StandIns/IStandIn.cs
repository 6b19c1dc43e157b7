using Sluice.Bench.Processes;

namespace Sluice.Bench.StandIns;

/// <summary>What a crawl has to read from a platform, downloaded and tokenised without it.</summary>
/// <param name="Bytes">Of all answers.</param>
/// <param name="Calls">Requests.</param>
/// <param name="Parts">Further counts, by name.</param>
internal sealed record Downloaded(long Bytes, long Calls, IReadOnlyDictionary<string, double> Parts);

/// <summary><c>sluice sandbox …</c>, answering from what was rendered before.</summary>
internal interface IStandIn : IAsyncDisposable
{
    /// <summary>As <c>sluice sandbox</c> names it.</summary>
    string Platform { get; }

    /// <summary>The process.</summary>
    int Id { get; }

    int Tables { get; }

    /// <summary>Whether the platform tells what has changed, so that a later crawl does not read all pages again.</summary>
    bool ReadsLessLater { get; }

    /// <summary>Does what a person does before a registration with this server: no instance takes over what another one made.</summary>
    Task SetUpAsync(ServerApi api, CancellationToken cancellationToken);

    /// <summary>The documented payload; the last server that was set up can send it.</summary>
    string Payload(string connectionKey);

    /// <summary>Downloads and tokenises what a crawl reads: the first, or one after it.</summary>
    Task<Downloaded> DownloadAsync(bool isFirst, CancellationToken cancellationToken);

    /// <summary>The fewest requests for what was downloaded that the platform's paging allows.</summary>
    double FewestRequests(Downloaded downloaded);

    /// <summary>What it was asked since the last <see cref="ForgetRequestsAsync"/>, by operation.</summary>
    Task<IReadOnlyDictionary<string, long>> RequestsAsync(CancellationToken cancellationToken);

    Task ForgetRequestsAsync(CancellationToken cancellationToken);
}
