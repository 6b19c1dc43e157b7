using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Npgsql;
using Sluice.Platforms.Egress;
using Sluice.Platforms.Http;

namespace Sluice.Platforms.PostgreSql.Login;

/// <summary>
/// Logs in to databases of one server: the one database connect path (architecture.md, rule 11). The guard resolves the host, the driver
/// gets an address and never the name, and TLS checks the certificate against the name all the same.
/// </summary>
internal sealed class ServerLogin(
    ServerTarget target, string password, EgressGuard egress, TimeProvider time, PostgreSqlOptions options, AbandonedLogins abandoned)
    : IDisposable
{
    // A session is one check or one crawl, which reads one page at a time; a few more serve concurrent calls.
    private const int MostConnections = 4;

    // Kerberos would use the server machine's own identity, which is not what the payload gave.
    private const string PasswordMethods = "Password,MD5,ScramSHA256,None";

    // Towards a server whose name TLS doesn't prove, only a method that never shows the password, and by which the server proves that it
    // knows it too.
    private const string ProofMethods = "ScramSHA256";

    private readonly Retrier _retrier = new(time);
    private readonly X509Certificate2Collection? _roots =
        target.RootCertificate is { } pem ? RootCertificates.Load(pem) : null;

    private IPAddress? _reached;

    /// <summary>What is logged in to.</summary>
    public ServerTarget Target => target;

    /// <summary>Logs in to a database; the caller disposes of what it gets.</summary>
    /// <exception cref="PlatformException">In the server's own words.</exception>
    public Task<DatabaseConnection> ConnectAsync(string database, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        return _retrier.RunAsync(options.LoginRetries, token => TryConnectAsync(database, started, token), cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_roots is not null) RootCertificates.Dispose(_roots);
    }

    private async Task<DatabaseConnection> TryConnectAsync(string database, long started, CancellationToken cancellationToken)
    {
        var addresses = _reached is { } reached ? [reached] : await egress.ResolveAsync(target.CanonicalHost, [], cancellationToken);
        PlatformException? failure = null;
        for (var i = 0; i < addresses.Count; i++)
        {
            var address = addresses[i];
            if (target.Tls == TlsMode.Disable && !IPAddress.IsLoopback(address))
            {
                throw new PlatformException(
                    PlatformFailure.EgressDenied, $"{target.Address} is not this machine: sslMode disable is only for loopback.");
            }

            var source = Build(address, database);
            try
            {
                await using var connection = await OpenAsync(source, address, Share(started, addresses.Count - i), cancellationToken);
                _reached = address;
                return new DatabaseConnection(source, database, connection.PostgreSqlVersion.Major, target, _retrier, options);
            }
            catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                await source.DisposeAsync();
                failure = PostgreSqlFailures.Translate(e, target);
                if (failure.Failure != PlatformFailure.Unreachable) throw failure;
            }
            catch
            {
                await source.DisposeAsync();
                throw;
            }
        }

        // The next try asks for the addresses again: the server may have moved.
        _reached = null;
        throw failure ?? new PlatformException(PlatformFailure.Unreachable, $"The host of {target.Address} has no address.");
    }

    // One address that stays silent must leave time for those behind it.
    private TimeSpan Share(long started, int addresses)
    {
        var share = (options.LoginRetries.Deadline - time.GetElapsedTime(started)) / addresses;
        return share <= TimeSpan.Zero ? TimeSpan.FromMilliseconds(1) : share < options.ConnectTimeout ? share : options.ConnectTimeout;
    }

    /// <summary>Opens a connection, or stops waiting for it: the driver sees a cancellation only between the messages of a login.</summary>
    private async Task<NpgsqlConnection> OpenAsync(
        NpgsqlDataSource source, IPAddress address, TimeSpan within, CancellationToken cancellationToken)
    {
        var at = new IPEndPoint(address, target.Port);
        using var timeout = new CancellationTokenSource(within, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            await abandoned.EndedAsync(at, either.Token);
            var opening = source.OpenConnectionAsync(either.Token).AsTask();
            try
            {
                return await opening.WaitAsync(either.Token);
            }
            catch (OperationCanceledException)
            {
                abandoned.Add(at, opening);
                throw;
            }
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("There was no answer in time.", e);
        }
    }

    private NpgsqlDataSource Build(IPAddress address, string database)
    {
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = address.ToString(),
            Port = target.Port,
            Database = database,
            Username = target.Username,
            Password = password,
            ApplicationName = "Sluice",
            SslMode = target.Tls switch
            {
                TlsMode.VerifyFull => _roots is null ? SslMode.Require : SslMode.VerifyFull,
                TlsMode.VerifyCa => SslMode.VerifyCA,
                TlsMode.Require => SslMode.Require,
                _ => SslMode.Disable,
            },
            SslNegotiation = SslNegotiation.Postgres,
            RequireAuth = target.Tls.ProvesName() ? PasswordMethods : ProofMethods,
            GssEncryptionMode = GssEncryptionMode.Disable,
            ClientEncoding = "UTF8",
            Timezone = "UTC",
            TargetSessionAttributes = "any",
            Options = NoOptions(),
            Timeout = (int)options.ConnectTimeout.TotalSeconds,
            CommandTimeout = (int)options.CommandTimeout.TotalSeconds,

            // A read that is cancelled ends, whatever the server still sends.
            CancellationTimeout = -1,
            MaxPoolSize = MostConnections,
            TcpKeepAlive = true,
            Enlist = false,
            IncludeErrorDetail = false,
            IncludeFailedBatchedCommand = false,
            PersistSecurityInfo = false,
        };
        var builder = new NpgsqlSlimDataSourceBuilder(settings.ConnectionString);
        builder.EnableTransportSecurity();
        builder.EnableArrays();

        // Catalog types are all built in: reading every type of every database would cost more than the crawl.
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        builder.ConfigureTracing(tracing => tracing
            .ConfigureCommandFilter(static _ => false)
            .ConfigureBatchFilter(static _ => false)
            .EnablePhysicalOpenTracing(false));
        if (_roots is not null) builder.UseRootCertificates(_roots);
        builder.UseSslClientAuthenticationOptionsCallback(ProveTheName);
        return builder.Build();
    }

    // An empty value is lost on the way through a connection string. Sent only where the environment has options: poolers may know none.
    private static string? NoOptions() => Environment.GetEnvironmentVariable("PGOPTIONS") is { Length: > 0 } ? " " : null;

    private void ProveTheName(SslClientAuthenticationOptions tls)
    {
        tls.TargetHost = target.CanonicalHost;

        // The driver would offer a certificate it finds in the server account's home or environment.
        tls.ClientCertificates = null;
        tls.ClientCertificateContext = null;

        // It would also trust an authority it finds there. The system's are asked by the framework alone, under the mode in which the driver
        // leaves the proof to us.
        if (target.Tls == TlsMode.VerifyFull && _roots is null)
            tls.RemoteCertificateValidationCallback = static (_, _, _, errors) => errors == SslPolicyErrors.None;
    }
}
