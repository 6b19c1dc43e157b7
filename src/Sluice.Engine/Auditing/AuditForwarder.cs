using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sluice.Core.Audit;
using Sluice.Storage.Audit;
using Sluice.Storage.QueryAudit;
using Sluice.Storage.Server;

namespace Sluice.Engine.Auditing;

/// <summary>
/// Hands the events of both trails on as log records of the category <see cref="Category"/>, which go to OpenTelemetry alone. A page is handed on when the one before it
/// was sent, for what sends them drops what is too much at once; how far it is, is stored behind what was sent: a stop may send some twice, which their stream and
/// number tell, and skips none. What was there before the first start is left: the exports have it.
/// </summary>
internal sealed partial class AuditForwarder : BackgroundService
{
    /// <summary>The category of the records.</summary>
    public const string Category = "Sluice.Audit";

    private const string Fact = "audit.forwarded";
    private const int PageSize = 500;

    private readonly IAuditStore _own;
    private readonly IQueryAuditStore _queries;
    private readonly IServerFacts _facts;
    private readonly IServerLock _server;
    private readonly IRecordsUnderWay _underWay;
    private readonly TimeProvider _time;
    private readonly AuditOptions _options;
    private readonly ILogger _records;
    private readonly ILogger _logger;

    public AuditForwarder(
        IAuditStore own, IQueryAuditStore queries, IServerFacts facts, IServerLock server, IRecordsUnderWay underWay, TimeProvider time, IOptions<EngineOptions> options, ILoggerFactory loggers)
    {
        (_own, _queries, _facts, _server, _underWay, _time, _options) = (own, queries, facts, server, underWay, time, options.Value.Audit);
        (_records, _logger) = (loggers.CreateLogger(Category), loggers.CreateLogger<AuditForwarder>());
    }

    /// <summary>Hands on what is new.</summary>
    internal async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var before = await _facts.FindAsync(Fact, cancellationToken);
        var heads = await _own.HeadsAsync(cancellationToken);
        var streams = await _queries.StreamsAsync(cancellationToken);
        if (before is null)
        {
            var now = heads.ToDictionary(static h => Own(h.Stream), static h => h.Sequence, StringComparer.Ordinal);
            foreach (var (connection, last) in streams) now[Queries(connection)] = last;
            await StoreAsync(now, cancellationToken);
            return;
        }

        var reached = JsonSerializer.Deserialize<Dictionary<string, long>>(before) ?? [];
        foreach (var head in heads)
        {
            await ForwardAsync(
                reached, Own(head.Stream), head.Sequence,
                async after => [.. (await _own.ReadAsync(head.Stream, after, PageSize, cancellationToken)).Select(static r => (r.Event.Sequence, AuditRecord.Of(r)))],
                cancellationToken);
        }

        foreach (var (connection, last) in streams)
        {
            await ForwardAsync(
                reached, Queries(connection), last,
                async after => [.. (await _queries.ReadAsync(connection, after, PageSize, cancellationToken)).Select(static q => (q.Sequence, AuditRecord.Of(q)))],
                cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_options.ForwardEvery, _time);
        try
        {
            do
            {
                try
                {
                    if (_server.IsHeld) await RunOnceAsync(stoppingToken);
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    // The database may be away for a while: it goes on, and says so.
                    Log.Failed(_logger, e);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task ForwardAsync(
        Dictionary<string, long> reached, string stream, long last, Func<long, Task<IReadOnlyList<(long Sequence, AuditRecord Record)>>> read, CancellationToken cancellationToken)
    {
        while (reached.GetValueOrDefault(stream) < last)
        {
            var page = await read(reached.GetValueOrDefault(stream));
            foreach (var (_, record) in page) _records.Log(LogLevel.Information, record.Id, record, null, static (r, _) => r.ToString());

            // Where the rest was deleted for its age, the end is reached.
            reached[stream] = page.Count < PageSize ? last : page[^1].Sequence;
            await _underWay.EndAsync(cancellationToken);
            await StoreAsync(reached, cancellationToken);
        }
    }

    private Task StoreAsync(Dictionary<string, long> reached, CancellationToken cancellationToken) =>
        _facts.SetAsync(Fact, JsonSerializer.Serialize(reached), cancellationToken);

    private static string Own(AuditStream stream) => $"audit:{stream.Name}";

    private static string Queries(Guid connection) => $"queries:{connection:D}";

    private static partial class Log
    {
        [LoggerMessage(EventId = 2621, Level = LogLevel.Error, Message = "Audit events could not be handed on to OpenTelemetry; trying again")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
