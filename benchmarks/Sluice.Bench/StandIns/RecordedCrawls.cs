using Sluice.Bench.Processes;
using Sluice.Bench.Replay;

namespace Sluice.Bench.StandIns;

/// <summary>The requests of a first crawl and of one after it, as a server sent them.</summary>
internal sealed record RecordedCrawls(IReadOnlyList<RecordedRequest> First, IReadOnlyList<RecordedRequest> Later)
{
    /// <summary>Has a server of its own crawl through a recorder.</summary>
    /// <param name="place">Where it runs.</param>
    /// <param name="target">The stand-in.</param>
    /// <param name="standIn">It again, before it can be downloaded from.</param>
    /// <param name="payload">The registration by way of a port.</param>
    /// <param name="time">The clock, which is the server's too.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<RecordedCrawls> RecordAsync(
        Workplace place, Uri target, IStandIn standIn, Func<int, string> payload, TimeProvider time, CancellationToken cancellationToken)
    {
        var store = await Store.CreateAsync(place, null, cancellationToken);
        await using var server = await Server.StartAsync(place, store.Folder, null, cancellationToken);
        using var api = server.Api();
        await standIn.SetUpAsync(api, cancellationToken);
        await using var recorder = await Recorder.StartAsync(target, time, cancellationToken);
        var first = await api.RegisterAsync(payload(recorder.Port), cancellationToken);
        var ofFirst = recorder.Since(first.CreatedAt);
        var later = await api.CrawlAsync("recorded", cancellationToken);
        var ofLater = recorder.Since(later.CreatedAt);
        if (ofFirst.Count == 0 || ofLater.Count == 0) throw new InvalidOperationException("A crawl sent nothing.");
        await server.StopAsync();
        return new RecordedCrawls(ofFirst, ofLater);
    }
}
