using System.Runtime.CompilerServices;
using Sluice.Core.DataLineage;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Core.QueryAudit;
using Sluice.Platforms.Databricks.Auditing;
using Sluice.Platforms.Databricks.Checks;
using Sluice.Platforms.Databricks.Connections;
using Sluice.Platforms.Databricks.Crawling;
using Sluice.Platforms.Databricks.Enforcing;
using Sluice.Platforms.Databricks.Sql;
using Sluice.Platforms.Databricks.Wire;
using Sluice.Platforms.Egress;
using Sluice.Platforms.Http;

namespace Sluice.Platforms.Databricks;

/// <summary>A session with one metastore through one workspace.</summary>
internal sealed class DatabricksSession : IPlatformSession, IChecksMaskFunctions, IObservesAccess, IAppliesChanges, IKeepsEpoch, IReadsQueryAudit, IReadsLineage, ITellsStandingProtections
{
    private readonly SessionWiring _wiring;
    private readonly UnityClient _unity;
    private readonly ExternalResults _storage;
    private readonly DatabricksConnection _connection;
    private readonly IntegrationSettings _settings;
    private readonly ISqlEndpoint _sql;
    private readonly ISqlEndpoint _checkedSql;
    private readonly Memo<MetastoreAssignment> _assignment;
    private readonly UnityCatalogs _catalogs;
    private readonly HomeMetastore _home;
    private readonly InstanceMark _mark;
    private readonly DatabricksOptions _options;
    private readonly Memo<Principal> _me;
    private readonly AccessObserver _observer;
    private readonly ChangeWriter _changes;
    private readonly EpochKeeper _epoch;
    private readonly ConnectionAccess _access;
    private readonly OwnReader _standing;

    public DatabricksSession(ConnectionAccess access, EgressGuard egress, InstanceMark mark, DatabricksOptions options, TimeProvider time)
    {
        _connection = DatabricksConnection.FromDocument(access.Document, egress);
        _settings = IntegrationSettings.FromDocument(access.Integration ?? throw new InvalidOperationException("A Databricks connection has a native integration."));
        _mark = mark;
        _options = options;
        _access = access;
        _wiring = new SessionWiring(egress, options, time, _connection, access.Secrets[_connection.SecretMember]);
        var pool = new TextPool();
        var reading = new StatementReading(pool);

        // A person waits for identity and checks, nobody for a crawl.
        _unity = new UnityClient(_wiring.Workspace.With(RetryPolicy.Interactive), pool, options.PagesOfListing);
        _assignment = new Memo<MetastoreAssignment>(_unity.AssignmentAsync);
        _storage = new ExternalResults(_unity.SummaryAsync, _wiring.Storage, reading);
        _sql = _wiring.Sql(_connection, _wiring.Workspace, _storage, reading, options.StatementTimeout);

        // The statement itself may be waited for as long as a check waits.
        var patient = RetryPolicy.Interactive with { Deadline = RetryPolicy.Interactive.Deadline + options.CheckTimeout };
        _checkedSql = _wiring.Sql(_connection, _wiring.Workspace.With(patient), _storage, reading, options.CheckTimeout);
        _catalogs = new UnityCatalogs(new UnityClient(_wiring.Workspace, pool, options.PagesOfListing), _sql, pool, _settings.CatalogName, options);
        _home = new HomeMetastore(_catalogs.Unity, _assignment, _settings.Catalog, _settings.CatalogName, mark, time);
        _me = new Memo<Principal>(_catalogs.Unity.MeAsync);
        var grants = new GrantsClient(_wiring.Workspace, options.PagesOfListing);
        var own = new OwnCatalog(_settings.CatalogName);
        var account = new DirectoryClient(_wiring.Workspace, options.PagesOfListing, DirectoryClient.OfAccount);
        var (sight, attached) = (new ApplySight(), new AttachedRules());
        var directory = new DirectoryClient(_wiring.Workspace, options.PagesOfListing);
        _observer = new AccessObserver(
            grants,
            directory,
            new OwnReader(_catalogs.Unity, grants, _sql, own, mark, access.ConnectionKey),
            new GroupReader(account, mark, options),
            new Namesakes(account, directory),
            new QuotaClient(_wiring.Workspace),
            own,
            mark,
            async token => (await _me.GetAsync(token)).Name,
            sight,
            attached,
            options);
        _changes = new ChangeWriter(
            new GrantWriter(grants, sight, options),
            new GroupWriter(new AccountGroupsClient(_wiring.Workspace), account, mark, options),
            new RuleWriter(_sql, _catalogs.Unity, own, mark, attached, options),
            new PeopleWriter(_sql, own, options),
            sight);

        // A person waits for the script.
        _standing = new OwnReader(_unity, new GrantsClient(_wiring.Workspace.With(RetryPolicy.Interactive), options.PagesOfListing), _checkedSql, own, mark, access.ConnectionKey);
        _epoch = new EpochKeeper(_catalogs.Unity, _sql, own, mark);
    }

    public Task<ObservedState> ObserveAsync(AccessIntent intent, CancellationToken cancellationToken) => _observer.ObserveAsync(intent, cancellationToken);

    public IAsyncEnumerable<ChangeOutcome> ApplyAsync(AccessIntent intent, IReadOnlyList<Change> phase, CancellationToken cancellationToken) =>
        _changes.ApplyAsync(intent, phase, cancellationToken);

    public Task<IReadOnlyList<FactKey>> StandingProtectionsAsync(CancellationToken cancellationToken) => _standing.ProtectionsAsync(cancellationToken);

    public Task<long?> ReadEpochAsync(string prefix, CancellationToken cancellationToken) => _epoch.ReadAsync(cancellationToken);

    public Task WriteEpochAsync(string prefix, long epoch, CancellationToken cancellationToken) => _epoch.WriteAsync(epoch, cancellationToken);

    public Task RemoveEpochAsync(string prefix, CancellationToken cancellationToken) => _epoch.RemoveAsync(cancellationToken);

    public async Task<PlatformIdentity> IdentifyAsync(CancellationToken cancellationToken)
    {
        var assignment = await AssignmentAsync(cancellationToken);
        return new PlatformIdentity(
            $"unitycatalog:{assignment.MetastoreId.ToLowerInvariant()}", $"Unity Catalog metastore {assignment.MetastoreId} at {_unity.Host}");
    }

    public Task<IReadOnlyList<Check>> CheckAsync(CancellationToken cancellationToken)
    {
        var interactive = _wiring.Workspace.With(RetryPolicy.Interactive);
        var account = new DirectoryClient(interactive, _options.PagesOfListing, DirectoryClient.OfAccount);
        var budget = _access.Settings.GroupBudget;
        var groups = new GroupChecks(new AccountGroupsClient(interactive), account, new GroupNames(_access.Settings.Prefix, _access.Scope), _mark, budget);
        var limits = new LimitChecks(new QuotaClient(interactive), account, new OwnCatalog(_settings.CatalogName), budget > 0, _options);
        return new ConnectionChecks(_connection, _settings, _unity, _checkedSql, _assignment.GetAsync, _catalogs, groups, limits, _mark, _options).RunAsync(cancellationToken);
    }

    public async Task<Check?> CheckMaskFunctionsAsync(IReadOnlyList<string> schemas, IReadOnlyList<MaskFunction.Custom> masks, CancellationToken cancellationToken) =>
        await new MaskFunctionCheck(_checkedSql, (await _me.GetAsync(cancellationToken)).Name).RunAsync(schemas, masks, _settings.CatalogName, cancellationToken);

    public async IAsyncEnumerable<CrawlPage> CrawlAsync(CrawlScope scope, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await _home.RequireAsync(cancellationToken);
        await foreach (var page in new UnityCrawl(_catalogs, _options).ReadAsync(scope, cancellationToken)) yield return page;
    }

    public IReadOnlyList<QueryAuditSource> AuditSources => _settings.IsAudited ? [QueryHistory.Source, AccessLog.Source] : [];

    public IAsyncEnumerable<IReadOnlyList<QueryEvent>> ReadQueriesAsync(
        string connectionKey, QueryAuditSource source, FeedWindow window, CancellationToken cancellationToken)
    {
        var tables = new SystemTables(_settings.WorkspaceIds);
        return source == AccessLog.Source
            ? new AccessLog(_sql, tables).ReadAsync(connectionKey, window, cancellationToken)
            : new QueryHistory(_sql, tables).ReadAsync(connectionKey, window, cancellationToken);
    }

    public IReadOnlyList<QueryAuditSource> LineageSources => _settings.ReadsLineage ? [TableLineage.Columns, TableLineage.Tables] : [];

    public IAsyncEnumerable<IReadOnlyList<LineageSighting>> ReadLineageAsync(
        string connectionKey, QueryAuditSource source, FeedWindow window, CancellationToken cancellationToken) =>
        new TableLineage(_sql).ReadAsync(connectionKey, source, window, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _checkedSql.DisposeAsync();
        await _sql.DisposeAsync();
        _storage.Dispose();
        _catalogs.Dispose();
        _assignment.Dispose();
        _me.Dispose();
        _wiring.Dispose();
    }

    // The first thing that is asked of a workspace: here wrong credentials show.
    private async Task<MetastoreAssignment> AssignmentAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _assignment.GetAsync(cancellationToken);
        }
        catch (PlatformException e) when (e.Failure == PlatformFailure.CredentialsRejected && e.Status is not null)
        {
            throw new PlatformException(e.Failure, $"{e.Message.TrimEnd('.')}. {ConnectionChecks.Remedy(_connection)}.", e) { Code = e.Code, Status = e.Status };
        }
    }
}
