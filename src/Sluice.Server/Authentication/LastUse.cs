using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sluice.Storage.Access;

namespace Sluice.Server.Authentication;

/// <summary>Records when keys were last used: at most once a minute and key, and beside the request, which never waits for it.</summary>
internal sealed partial class LastUse(IApiKeyStore keys, ILogger<LastUse> logger) : BackgroundService
{
    private const int Waiting = 1024;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _noted = new(StringComparer.Ordinal);
    private readonly Channel<(string Id, DateTimeOffset At)> _uses =
        Channel.CreateBounded<(string, DateTimeOffset)>(new BoundedChannelOptions(Waiting) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Note(StoredApiKey key, DateTimeOffset now)
    {
        var before = _noted.TryGetValue(key.Id, out var noted) ? noted : key.LastUsedAt ?? DateTimeOffset.MinValue;
        if (now - before < Interval) return;
        var won = noted == default ? _noted.TryAdd(key.Id, now) : _noted.TryUpdate(key.Id, now, noted);
        if (won) _uses.Writer.TryWrite((key.Id, now));
    }

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        _uses.Writer.TryComplete();
        return base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var (id, at) in _uses.Reader.ReadAllAsync(CancellationToken.None))
        {
            try
            {
                await keys.TouchAsync(id, at, CancellationToken.None);
            }
            catch (Exception e)
            {
                // The time of last use is a convenience; the next use notes it again.
                Log.NotRecorded(logger, id, e);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The last use of API key {Id} could not be recorded.")]
        public static partial void NotRecorded(ILogger logger, string id, Exception exception);
    }
}
