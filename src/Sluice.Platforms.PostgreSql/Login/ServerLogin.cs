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
internal sealed class ServerLogin(ServerTarget target, string password, EgressGuard egress, TimeProvider time, PostgreSqlOptions options)
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
    public Task<DatabaseConnection> ConnectAsync(string database, CancellationToken cancellationToken) =>
        _retrier.RunAsync(options.LoginRetries, token => TryConnectAsync(database, token), cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_roots is not null) RootCertificates.Dispose(_roots);
    }

    private async Task<DatabaseConnection> TryConnectAsync(string database, CancellationToken cancellationToken)
    {
        var addresses = _reached is { } reached ? [reached] : await egress.ResolveAsync(target.CanonicalHost, [], cancellationToken);
        PlatformException? failure = null;
        foreach (var address in addresses)
        {
            if (target.Tls == TlsMode.Disable && !IPAddress.IsLoopback(address))
            {
                throw new PlatformException(
                    PlatformFailure.EgressDenied, $"{target.Address} is not this machine: sslMode disable is only for loopback.");
            }

            var source = Build(address, database);
            try
            {
                await using var connection = await OpenAsync(source, cancellationToken);
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

    /// <summary>Opens a connection, or stops waiting for it: the driver sees a cancellation only between the messages of a login.</summary>
    private static async Task<NpgsqlConnection> OpenAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        var opening = source.OpenConnectionAsync(cancellationToken).AsTask();
        try
        {
            return await opening.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            _ = opening.ContinueWith(
                static opened => opened.GetAwaiter().GetResult().DisposeAsync().AsTask(),
                CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            throw;
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
                TlsMode.VerifyFull => SslMode.VerifyFull,
                TlsMode.VerifyCa => SslMode.VerifyCA,
                TlsMode.Require => SslMode.Require,
                _ => SslMode.Disable,
            },
            RequireAuth = target.Tls.ProvesName() ? PasswordMethods : ProofMethods,
            GssEncryptionMode = GssEncryptionMode.Disable,
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

    private void ProveTheName(SslClientAuthenticationOptions tls)
    {
        tls.TargetHost = target.CanonicalHost;

        // The driver would offer a certificate it finds in the server account's home or environment.
        tls.ClientCertificates = null;
    }
}
