using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Core.Payloads;
using Sluice.Core.Planning;
using Sluice.Platforms;

namespace Sluice.Engine.Tests.Enforcing;

/// <summary>A platform in memory that is made to enforce what the test says, whatever the policies say; it can be cut off in the middle of an apply.</summary>
internal sealed class GovernedPlatform(FakePlatform catalog) : IPlatform, ICompilesAccess
{
    public Technology Technology => catalog.Technology;

    /// <summary>What shall be.</summary>
    public IReadOnlyList<FactKey> Desired { get; set; } = [];

    /// <summary>What shall be besides, for what is asked for; null: nothing.</summary>
    public Func<AccessIntent, IEnumerable<FactKey>>? Desires { get; set; }

    /// <summary>What is.</summary>
    public HashSet<FactKey> Facts { get; } = [];

    /// <summary>What it shows of what is asked for beside <see cref="Facts"/>; null: nothing.</summary>
    public Func<AccessIntent, ObservedState>? Shows { get; set; }

    /// <summary>After so many changes the next apply ends before it has told of any; null: none does.</summary>
    public int? CutOffAfter { get; set; }

    /// <summary>After so many changes, each told at once, an apply makes no further one until it is stopped; null: none does.</summary>
    public int? HangsAfter { get; set; }

    /// <summary>Called when it is cut off.</summary>
    public Action OnCutOff { get; set; } = static () => { };

    /// <summary>Called before each change.</summary>
    public Func<Task> OnChange { get; set; } = static () => Task.CompletedTask;

    /// <summary>Called before it is read.</summary>
    public Func<Task> OnObserve { get; set; } = static () => Task.CompletedTask;

    public long? Epoch { get; set; }

    /// <summary>How often it was read.</summary>
    public int Observations { get; private set; }

    /// <summary>An engine of which this is the only platform, with one connection, <c>pg</c>.</summary>
    public async Task<EngineHost> StartAsync(EngineOptions? options = null)
    {
        var engine = await EngineHost.StartAsync(
            catalog,
            options: options,
            replace: services =>
            {
                services.RemoveAll<IPlatform>();
                services.AddSingleton<IPlatform>(this);
            });
        await engine.RegisterAndCrawlAsync();
        return engine;
    }

    /// <summary>A platform whose catalog is one database.</summary>
    public static GovernedPlatform OfOneDatabase()
    {
        var catalog = new FakePlatform();
        catalog.Add("db", ObjectKind.Database);
        return new GovernedPlatform(catalog);
    }

    public ConnectionSpec? ReadConnection(PayloadObject connection, PayloadObject? nativeIntegration, ConnectionSpec? stored) =>
        catalog.ReadConnection(connection, nativeIntegration, stored);

    public IPlatformSession Open(ConnectionAccess access) => new Session(this, catalog.Open(access));

    public DesiredState Compile(AccessIntent intent) => new([.. Desired.Concat(Desires?.Invoke(intent) ?? []).Select(static f => new DesiredFact(f, "", "the test"))], []);

    public ColumnFamily FamilyOf(string type) => ColumnFamily.Text;

    public bool IsDirectAudience(string prefix, string subject) => false;

    public IReadOnlyList<string> Describe(Change change) => [$"{change.Verb} {change.Key}"];

    private sealed class Session(GovernedPlatform platform, IPlatformSession inner) : IPlatformSession, IObservesAccess, IAppliesChanges, IKeepsEpoch
    {
        public Task<PlatformIdentity> IdentifyAsync(CancellationToken cancellationToken) => inner.IdentifyAsync(cancellationToken);

        public Task<IReadOnlyList<Check>> CheckAsync(CancellationToken cancellationToken) => inner.CheckAsync(cancellationToken);

        public IAsyncEnumerable<CrawlPage> CrawlAsync(CrawlScope scope, CancellationToken cancellationToken) => inner.CrawlAsync(scope, cancellationToken);

        public async Task<ObservedState> ObserveAsync(AccessIntent intent, CancellationToken cancellationToken)
        {
            platform.Observations++;
            await platform.OnObserve();
            var shown = platform.Shows?.Invoke(intent) ?? new ObservedState([], [], [], []);
            return shown with { Facts = [.. platform.Facts.Select(static f => new ObservedFact(f, "", FactOwner.Ours)), .. shown.Facts] };
        }

        public IAsyncEnumerable<ChangeOutcome> ApplyAsync(AccessIntent intent, IReadOnlyList<Change> phase, CancellationToken cancellationToken) =>
            ToldOutcomes.OfAsync((tell, token) => MakeAsync(phase, tell, token), cancellationToken);

        private async Task MakeAsync(IReadOnlyList<Change> phase, Action<ChangeOutcome> tell, CancellationToken cancellationToken)
        {
            var told = new List<ChangeOutcome>();
            foreach (var change in phase)
            {
                await Task.Yield();
                if (platform.HangsAfter == told.Count) await Task.Delay(Timeout.Infinite, cancellationToken);
                await platform.OnChange();
                if (platform.CutOffAfter == told.Count)
                {
                    platform.CutOffAfter = null;
                    platform.OnCutOff();
                    throw new InvalidOperationException("The process ends here.");
                }

                if (change.Verb == ChangeVerb.Remove) platform.Facts.Remove(change.Key);
                else platform.Facts.Add(change.Key);
                told.Add(new ChangeOutcome(change, null));
                if (platform.HangsAfter is not null) tell(told[^1]);
            }

            if (platform.HangsAfter is null) told.ForEach(tell);
        }

        public Task<long?> ReadEpochAsync(string prefix, CancellationToken cancellationToken) => Task.FromResult(platform.Epoch);

        public Task WriteEpochAsync(string prefix, long epoch, CancellationToken cancellationToken)
        {
            platform.Epoch = epoch;
            return Task.CompletedTask;
        }

        public Task RemoveEpochAsync(string prefix, CancellationToken cancellationToken)
        {
            platform.Epoch = null;
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
