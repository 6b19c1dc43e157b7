using System.Text;
using Sluice.Core.Planning;
using Sluice.Platforms.Http;
using Sluice.Platforms.LakeFormation.Checks;
using Sluice.Platforms.LakeFormation.Connections;
using Sluice.Platforms.LakeFormation.Crawling;
using Sluice.Platforms.LakeFormation.Enforcing;
using Sluice.Platforms.LakeFormation.Identity;
using Sluice.Platforms.LakeFormation.Wire;

namespace Sluice.Platforms.LakeFormation;

/// <summary>A session with one account's Data Catalog in one region.</summary>
internal sealed class LakeFormationSession : IPlatformSession, IObservesAccess, IAppliesChanges, IKeepsEpoch
{
    private readonly GlueConnection _connection;
    private readonly SessionWiring _wiring;
    private readonly StsClient _sts;
    private readonly GlueClient _glue;
    private readonly LakeFormationClient _lake;
    private readonly LakeCatalog _catalog;
    private readonly AccessObserver _observer;
    private readonly ChangeWriter _changes;
    private readonly EpochKeeper _epoch;
    private readonly Memo<CallerIdentity> _caller;
    private readonly AssumedRoleCredentials? _role;

    public LakeFormationSession(ConnectionAccess access, GlueConnection connection, SessionWiring wiring)
    {
        _connection = connection;
        _wiring = wiring;
        ICredentialSource credentials;
        if (connection.RoleArn is { } role)
        {
            var server = wiring.Sts(new ServerCredentials(wiring.Options.ServerIdentity));
            _role = new AssumedRoleCredentials(server, role.Text, SessionName(access.ConnectionKey), wiring.Options.ExternalId, wiring.Time);
            credentials = _role;
        }
        else
        {
            credentials = new FixedCredentials(new AwsCredentials(connection.AccessKeyId!, access.Secrets[GlueConnection.SecretAccessKey]));
        }

        var limits = wiring.Options.Limits;
        var pool = new LakePool();
        var glue = wiring.Client(AwsService.Glue, credentials);
        var lake = wiring.Client(AwsService.LakeFormation, credentials);
        _sts = wiring.Sts(credentials);
        _caller = new Memo<CallerIdentity>(_sts.GetCallerIdentityAsync);

        // A person waits for identity and checks, nobody for a crawl.
        _glue = new GlueClient(glue.With(RetryPolicy.Interactive), connection.AccountId, limits, pool);
        _lake = new LakeFormationClient(lake.With(RetryPolicy.Interactive), connection.AccountId, limits, pool);
        _catalog = new LakeCatalog(
            new GlueClient(glue, connection.AccountId, limits, pool),
            new LakeFormationClient(lake, connection.AccountId, limits, pool),
            connection.AccountId,
            PrincipalArnAsync,
            limits);
        _epoch = new EpochKeeper(
            new LakeFormationClient(lake, connection.AccountId, limits, pool), new LakeFormationWriter(lake, connection.AccountId), wiring.Options.Mark);
        _observer = new AccessObserver(
            new LakeFormationClient(lake, connection.AccountId, limits, pool), connection.AccountId, access.ConnectionKey, PrincipalArnAsync, _epoch, limits);
        // A batch is retried entry by entry, and so not as a whole as well.
        var batches = new GrantBatches(
            new LakeFormationWriter(lake.With(RetryPolicy.None), connection.AccountId), new Retrier(wiring.Time), wiring.Options.Retry, limits);
        _changes = new ChangeWriter(
            batches,
            new TagWriter(
                new LakeFormationClient(lake, connection.AccountId, limits, pool), new LakeFormationWriter(lake, connection.AccountId), batches, PrincipalArnAsync, limits));
    }

    public Task<long?> ReadEpochAsync(string prefix, CancellationToken cancellationToken) => _epoch.ReadAsync(prefix, cancellationToken);

    public Task WriteEpochAsync(string prefix, long epoch, CancellationToken cancellationToken) => _epoch.WriteAsync(prefix, epoch, cancellationToken);

    public Task RemoveEpochAsync(string prefix, CancellationToken cancellationToken) => _epoch.RemoveAsync(prefix, cancellationToken);

    public async Task<PlatformIdentity> IdentifyAsync(CancellationToken cancellationToken)
    {
        await _caller.GetAsync(cancellationToken);

        // At the same time, so that whichever endpoint does not answer is known before a person gives up.
        await Task.WhenAll(
            _glue.GetDatabasesAsync(null, cancellationToken, max: 1),
            ReachLakeFormationAsync(cancellationToken));
        var region = _connection.Region;
        return new PlatformIdentity(
            $"glue:{region.Partition.Name}:{_connection.AccountId}:{region.Name}",
            $"Glue Data Catalog {_connection.AccountId} in {region.Name}");
    }

    public async Task<IReadOnlyList<Check>> CheckAsync(CancellationToken cancellationToken) =>
        await new ConnectionChecks(_connection, _glue, _lake, _caller, PrincipalArnAsync, _wiring.Options.Limits).RunAsync(cancellationToken);

    public IAsyncEnumerable<CrawlPage> CrawlAsync(CrawlScope scope, CancellationToken cancellationToken) =>
        new LakeCrawl(_catalog).ReadAsync(scope, cancellationToken);

    public Task<ObservedState> ObserveAsync(AccessIntent intent, CancellationToken cancellationToken) => _observer.ObserveAsync(intent, cancellationToken);

    public IAsyncEnumerable<ChangeOutcome> ApplyAsync(AccessIntent intent, IReadOnlyList<Change> phase, CancellationToken cancellationToken) =>
        _changes.ApplyAsync(intent, phase, cancellationToken);

    public ValueTask DisposeAsync()
    {
        _catalog.Dispose();
        _caller.Dispose();
        _role?.Dispose();
        _wiring.Dispose();
        return ValueTask.CompletedTask;
    }

    // Who is refused has reached it; what is missing, the checks tell.
    private async Task ReachLakeFormationAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _lake.ListLFTagsAsync(null, cancellationToken, max: 1);
        }
        catch (PlatformException e) when (e.Failure is not (PlatformFailure.Unreachable or PlatformFailure.EgressDenied or PlatformFailure.CredentialsRejected))
        {
        }
    }

    // Lake Formation names a role by its IAM ARN, never by that of a session.
    private async Task<string> PrincipalArnAsync(CancellationToken cancellationToken) =>
        _connection.RoleArn?.Text ?? (await _caller.GetAsync(cancellationToken)).Arn;

    // Shown in CloudTrail; 2 to 64 of these characters.
    private static string SessionName(string connectionKey)
    {
        var name = new StringBuilder("sluice-");
        foreach (var c in connectionKey.Take(57)) name.Append(char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '-');
        return name.ToString();
    }
}
