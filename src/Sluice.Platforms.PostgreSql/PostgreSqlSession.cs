using Sluice.Core.Adopting;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Platforms.PostgreSql.Checks;
using Sluice.Platforms.PostgreSql.Crawling;
using Sluice.Platforms.PostgreSql.Enforcing;
using Sluice.Platforms.PostgreSql.Login;

namespace Sluice.Platforms.PostgreSql;

/// <summary>
/// A session at one server. It keeps one login, at the maintenance database; others live as long as their database is read.
/// </summary>
internal sealed class PostgreSqlSession(ServerLogin login, string connectionKey, InstanceMark mark, PostgreSqlOptions options)
    : IPlatformSession, IObservesAccess, IAppliesChanges, IKeepsEpoch, IReadsForeignRules
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private DatabaseConnection? _maintenance;

    /// <inheritdoc/>
    public async Task<PlatformIdentity> IdentifyAsync(CancellationToken cancellationToken)
    {
        var database = await MaintenanceAsync(cancellationToken);
        var target = login.Target;

        // Clones share a system identifier and hosts change their server, so both tell which one it is.
        return await AccountReader.SystemIdentifierAsync(database, cancellationToken) is { } system
            ? new PlatformIdentity($"postgresql:{system}:{target.Address}", $"PostgreSQL {system} at {target.Address}")
            : new PlatformIdentity(
                $"postgresql::{target.Address}", $"PostgreSQL at {target.Address} (its system identifier is not readable)");
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Check>> CheckAsync(CancellationToken cancellationToken)
    {
        var database = await MaintenanceAsync(cancellationToken);
        var (account, databases) = await AccountReader.AccountAsync(database, cancellationToken);
        var isBehindPooler = await database.IsBehindPoolerAsync(cancellationToken);
        var owners = await AccountReader.OwnersAsync(
            login, [.. databases.Where(d => d.Connect && d.Name.IsExact).Select(d => d.Name.Text)], cancellationToken);
        return
        [
            .. AccountChecks.OfAccount(account, database.ServerVersion, login.Target.Tls, isBehindPooler),
            .. AccountChecks.OfDatabases(account.Name, databases),
            .. AccountChecks.OfOwners(account.Name, database.ServerVersion, owners),
        ];
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<CrawlPage> CrawlAsync(CrawlScope scope, CancellationToken cancellationToken) =>
        new Crawl(login, MaintenanceAsync, scope, options.PageSize).PagesAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<ObservedState> ObserveAsync(AccessIntent intent, CancellationToken cancellationToken) =>
        new AccessObserver(login, MaintenanceAsync, connectionKey, mark).ObserveAsync(intent, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ForeignRule>> ForeignRulesAsync(string prefix, IReadOnlyList<ObjectPath> objects, CancellationToken cancellationToken) =>
        new ForeignRules(login, connectionKey, mark).ReadAsync(new NativeNames(prefix), objects, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<ChangeOutcome> ApplyAsync(AccessIntent intent, IReadOnlyList<Change> phase, CancellationToken cancellationToken) =>
        new ChangeWriter(login, MaintenanceAsync, mark, options, intent).ApplyAsync(phase, cancellationToken);

    /// <inheritdoc/>
    public Task<long?> ReadEpochAsync(string prefix, CancellationToken cancellationToken) => new EpochKeeper(MaintenanceAsync, mark).ReadAsync(prefix, cancellationToken);

    /// <inheritdoc/>
    public Task WriteEpochAsync(string prefix, long epoch, CancellationToken cancellationToken) => new EpochKeeper(MaintenanceAsync, mark).WriteAsync(prefix, epoch, cancellationToken);

    /// <inheritdoc/>
    public Task RemoveEpochAsync(string prefix, CancellationToken cancellationToken) => new EpochKeeper(MaintenanceAsync, mark).RemoveAsync(prefix, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_maintenance is not null) await _maintenance.DisposeAsync();
        login.Dispose();
        _gate.Dispose();
    }

    private async Task<DatabaseConnection> MaintenanceAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return _maintenance ??= await login.ConnectAsync(login.Target.Database, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }
}
