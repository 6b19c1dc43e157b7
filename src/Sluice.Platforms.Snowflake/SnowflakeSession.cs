using Sluice.Core.DataLineage;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Core.QueryAudit;
using Sluice.Platforms.Snowflake.Auditing;
using Sluice.Platforms.Snowflake.Checks;
using Sluice.Platforms.Snowflake.Connections;
using Sluice.Platforms.Snowflake.Crawling;
using Sluice.Platforms.Snowflake.Enforcing;
using Sluice.Platforms.Snowflake.Protocol;
using Sluice.Platforms.Snowflake.Setup;
using Sluice.Platforms.Snowflake.Sql;

namespace Sluice.Platforms.Snowflake;

/// <summary>
/// A session with one account, under two roles: the connection's, by which everything is crawled, and the system role, which enforcement uses and which
/// alone may read the account's own views. Each logs in when it is first needed.
/// </summary>
internal sealed class SnowflakeSession : IPlatformSession, IChecksMaskFunctions, IObservesAccess, IAppliesChanges, IKeepsEpoch, IReadsQueryAudit, IReadsLineage
{
    private readonly SnowflakeOptions _options;
    private readonly SnowflakeConnection _connection;
    private readonly IntegrationSettings _settings;
    private readonly SessionWiring _wiring;
    private readonly InstanceMark _mark;
    private readonly AccountSession _crawler;
    private readonly AccountSession _system;
    private readonly TagSource _tags;
    private readonly CatalogReader _catalog;

    private readonly string _connectionKey;

    public SnowflakeSession(string connectionKey, SnowflakeConnection connection, IntegrationSettings settings, SessionWiring wiring, InstanceMark mark, SnowflakeOptions options)
    {
        (_connectionKey, _connection, _settings, _wiring, _mark, _options) = (connectionKey, connection, settings, wiring, mark, options);
        _crawler = wiring.Session(SnowflakeName.Stored(connection.Role));
        _system = wiring.Session(settings.SystemRole);
        _tags = new TagSource(ReadTagsAsync);
        _catalog = new CatalogReader(wiring.Statements(_crawler, options.Retry), options);
    }

    public async Task<PlatformIdentity> IdentifyAsync(CancellationToken cancellationToken) =>
        await AccountIdentity.ReadAsync(_wiring.Statements(_crawler, _options.Interactive), cancellationToken);

    public async Task<IReadOnlyList<Check>> CheckAsync(CancellationToken cancellationToken)
    {
        var reader = new AccountReader(_settings, SnowflakeName.Stored(_connection.Warehouse), _options);
        var checks = new AccountChecks(_connection, _settings, _mark);
        var crawler = reader.CrawlerAsync(_wiring.Statements(_crawler, _options.Interactive), cancellationToken);
        var system = reader.SystemAsync(_wiring.Statements(_system, _options.Interactive), _settings.Audit || _settings.Lineage, cancellationToken);
        await Task.WhenAll(crawler, system);
        return [.. checks.OfCrawler(await crawler), .. checks.OfSystem(await system)];
    }

    public Task<Check?> CheckMaskFunctionsAsync(IReadOnlyList<string> schemas, IReadOnlyList<MaskFunction.Custom> masks, CancellationToken cancellationToken) =>
        new MaskFunctionCheck(_wiring.Statements(_system, _options.Interactive)).RunAsync(schemas, masks, _settings.DatabaseName.Text, cancellationToken);

    public IAsyncEnumerable<CrawlPage> CrawlAsync(CrawlScope scope, CancellationToken cancellationToken) =>
        new Crawl(_catalog, _tags, _settings.DatabaseName, scope, _options).PagesAsync(cancellationToken);

    public Task<ObservedState> ObserveAsync(AccessIntent intent, CancellationToken cancellationToken)
    {
        var statements = Enforcer();
        return new AccessObserver(statements, References(statements, intent), _connectionKey, _mark, _options).ObserveAsync(intent, cancellationToken);
    }

    public IAsyncEnumerable<ChangeOutcome> ApplyAsync(AccessIntent intent, IReadOnlyList<Change> phase, CancellationToken cancellationToken)
    {
        var statements = Enforcer();
        return new ChangeWriter(statements, Names(intent), References(statements, intent), _mark, _options, intent).ApplyAsync(phase, cancellationToken);
    }

    public Task<long?> ReadEpochAsync(string prefix, CancellationToken cancellationToken) => new EpochKeeper(Enforcer(), _mark).ReadAsync(prefix, cancellationToken);

    public Task WriteEpochAsync(string prefix, long epoch, CancellationToken cancellationToken) => new EpochKeeper(Enforcer(), _mark).WriteAsync(prefix, epoch, cancellationToken);

    public Task RemoveEpochAsync(string prefix, CancellationToken cancellationToken) => new EpochKeeper(Enforcer(), _mark).RemoveAsync(prefix, cancellationToken);

    public IReadOnlyList<QueryAuditSource> AuditSources => _settings.Audit ? [QueryHistory.Source] : [];

    public IAsyncEnumerable<IReadOnlyList<QueryEvent>> ReadQueriesAsync(
        string connectionKey, QueryAuditSource source, FeedWindow window, CancellationToken cancellationToken) =>
        new QueryHistory(_wiring.Statements(_system, _options.Retry)).ReadAsync(connectionKey, window, cancellationToken);

    public IReadOnlyList<QueryAuditSource> LineageSources => _settings.Lineage ? [AccessLineage.Source] : [];

    public IAsyncEnumerable<IReadOnlyList<LineageSighting>> ReadLineageAsync(
        string connectionKey, QueryAuditSource source, FeedWindow window, CancellationToken cancellationToken) =>
        new AccessLineage(_wiring.Statements(_system, _options.Retry)).ReadAsync(connectionKey, window, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _tags.Dispose();
        await _crawler.DisposeAsync();
        await _system.DisposeAsync();
        _wiring.Dispose();
    }

    private StatementClient Enforcer() => _wiring.Statements(_system, _options.Retry);

    private NativeNames Names(AccessIntent intent) => new(intent.Prefix, _settings.DatabaseName.Text);

    private PolicyReferences References(StatementClient statements, AccessIntent intent) => new(statements, Names(intent), _connectionKey, _mark, _options);

    private async Task<TagIndex> ReadTagsAsync(string? database, CancellationToken cancellationToken)
    {
        try
        {
            return await TagIndex.ReadAsync(_wiring.Statements(_system, _options.Retry), database, cancellationToken);
        }
        catch (PlatformException e) when (!e.IsTransient && e.Failure != PlatformFailure.EgressDenied)
        {
            return TagIndex.NotRead(
                $"Tags are not read: role {_settings.SystemRole} may not read them. {e.Message} Remedy, as ACCOUNTADMIN: "
                + $"GRANT DATABASE ROLE {SystemPrivileges.ViewsRole} TO ROLE {_settings.SystemRole.Quoted}");
        }
    }
}
