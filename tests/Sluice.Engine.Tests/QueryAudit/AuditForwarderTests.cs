using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sluice.Core.Audit;
using Sluice.Core.Catalog;
using Sluice.Core.QueryAudit;
using Sluice.Engine.Auditing;
using Sluice.Storage.Audit;
using Sluice.Storage.Connections;
using Sluice.Storage.QueryAudit;
using Sluice.Storage.Server;

namespace Sluice.Engine.Tests.QueryAudit;

/// <summary>Events of both trails as log records.</summary>
public sealed class AuditForwarderTests
{
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_happens_from_the_first_start_on_is_handed_on_once_and_in_order()
    {
        await using var engine = await EngineHost.StartAsync(new FakePlatform());
        await engine.RegisterAndCrawlAsync();
        using var log = new Captured();
        var forwarder = Forwarder(engine, log);
        await forwarder.RunOnceAsync(Ending);
        log.Records.ShouldBeEmpty("what was there before is left to the exports");

        await AppendAsync(engine, "a.one", "a.two");
        await QueryAsync(engine, "q1");
        await forwarder.RunOnceAsync(Ending);
        log.Records.Select(static r => r["sluice.action"] ?? r["sluice.query.id"]).ShouldBe(["a.one", "a.two", "q1"]);
        var query = log.Records.Last();
        (query["sluice.identity"], query["sluice.people"], query["sluice.connection"]).ShouldBe(("ADA", """["ada"]""", "pg"));
        query["sluice.objects"].ShouldBe("""[{"path":["pg","d","t"],"columns":["x"],"written":false,"policies":["mask"]}]""");
        query.ContainsKey("sluice.query.text").ShouldBeFalse();

        // Another process goes on where this one stopped.
        await Forwarder(engine, log).RunOnceAsync(Ending);
        log.Records.Count.ShouldBe(3);
        await AppendAsync(engine, "a.three");
        await Forwarder(engine, log).RunOnceAsync(Ending);
        log.Records.Last()["sluice.action"].ShouldBe("a.three");
    }

    [Fact]
    public async Task Many_wait_for_each_other_and_what_was_not_sent_is_handed_on_again()
    {
        await using var engine = await EngineHost.StartAsync(new FakePlatform());
        using var log = new Captured();
        await Forwarder(engine, log).RunOnceAsync(Ending);
        await AppendAsync(engine, [.. Enumerable.Range(0, 1200).Select(static i => $"a.{i}")]);

        log.Ends = true;
        await Should.ThrowAsync<OperationCanceledException>(Forwarder(engine, log).RunOnceAsync(Ending));
        log.Records.Count.ShouldBe(500);

        log.Ends = false;
        log.Records.Clear();
        await Forwarder(engine, log).RunOnceAsync(Ending);
        log.Records.Select(static r => r["sluice.action"]).ShouldBe(Enumerable.Range(0, 1200).Select(static i => $"a.{i}"));
        // OpenTelemetry keeps 2,048 at the most.
        log.Most.ShouldBeLessThanOrEqualTo(1000, "those of the page that was not sent, and a page");
    }

    private static AuditForwarder Forwarder(EngineHost engine, Captured log) => new(
        engine.Get<IAuditStore>(), engine.Get<IQueryAuditStore>(), engine.Get<IServerFacts>(), engine.Get<IServerLock>(), log, TimeProvider.System, Options.Create(new EngineOptions()),
        LoggerFactory.Create(b => b.AddProvider(log)));

    private static Task AppendAsync(EngineHost engine, params string[] actions) => engine.Get<IAuditStore>().AppendAsync(
        [.. actions.Select(static a => new AuditEvent { Stream = AuditStream.Administration, Time = TimeProvider.System.GetUtcNow(), ActorId = "u", ActorName = "U", Action = a })], Ending);

    private static async Task QueryAsync(EngineHost engine, string id)
    {
        var connection = (await engine.Get<IConnectionStore>().ListAsync(Ending)).Single();
        var fence = (await engine.Get<IConnectionStore>().TakeLeaseAsync(connection.Id, Ending))!.Value;
        var now = TimeProvider.System.GetUtcNow();
        var path = new ObjectPath("pg", "d", "t");
        var query = new QueryEvent { EventId = id, Identity = "ADA", Kind = "SELECT", StartedAt = now, EndedAt = now, Objects = [new QueriedObject(path, ["x"])] };
        var taken = new TakenQuery(query, [new QueryPerson("u-1", "ada")], KnownBy.History, new Dictionary<ObjectPath, IReadOnlyList<string>> { [path] = ["mask"] }, KnownBy.History);
        await engine.Get<IQueryAuditStore>().RecordAsync(fence, "pg", "history", [taken], FeedCursor.StartingAt(now), Ending);
    }

    /// <summary>Keeps the attributes of the records of the audit's category.</summary>
    private sealed class Captured : ILoggerProvider, IRecordsUnderWay
    {
        private int _underWay;

        public ConcurrentQueue<Attributes> Records { get; } = [];

        /// <summary>So many were under way at once.</summary>
        public int Most { get; private set; }

        /// <summary>Whether the process ends before they are sent.</summary>
        public bool Ends { get; set; }

        public Task EndAsync(CancellationToken cancellationToken)
        {
            if (Ends) throw new OperationCanceledException("The process ends.");
            _underWay = 0;
            return Task.CompletedTask;
        }

        public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

        public void Dispose()
        {
        }

        private sealed class Logger(Captured owner, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                if (category != AuditForwarder.Category || state is not IReadOnlyList<KeyValuePair<string, object?>> attributes) return;
                owner.Records.Enqueue(new Attributes(attributes));
                owner.Most = Math.Max(owner.Most, ++owner._underWay);
            }
        }
    }

    private sealed class Attributes(IReadOnlyList<KeyValuePair<string, object?>> attributes)
    {
        public string? this[string name] => attributes.FirstOrDefault(a => a.Key == name).Value?.ToString();

        public bool ContainsKey(string name) => attributes.Any(a => a.Key == name);
    }
}
