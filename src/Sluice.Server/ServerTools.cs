using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Core.Audit;
using Sluice.Engine.Callers;
using Sluice.Engine.Setup;
using Sluice.Server.Auditing;
using Sluice.Server.Configuration;
using Sluice.Server.Http;
using Sluice.Server.Operations;
using Sluice.Storage;
using Sluice.Storage.Audit;
using Sluice.Storage.Vault;

namespace Sluice.Server;

/// <summary>What an operator does at the command line, on the server's own database and with its settings; the server may run meanwhile.</summary>
public static class ServerTools
{
    /// <summary>Wraps every data key anew and starts a new one for secrets to come.</summary>
    /// <exception cref="VaultException">The keys are not at hand.</exception>
    public static Task<VaultRotation> RotateVaultAsync(ServerSettings settings, CancellationToken cancellationToken) =>
        WithServicesAsync(settings, services => services.GetRequiredService<ISecretVault>().RotateAsync(cancellationToken), cancellationToken);

    /// <summary>What a customer puts into AWS for this server: policy, trust policy, steps.</summary>
    public static Task<AwsIdentity> ReadAwsIdentityAsync(ServerSettings settings, CancellationToken cancellationToken)
    {
        // Whoever may read the database and the vault's key is an administrator.
        var caller = new Caller("cli", "command line", null, new HashSet<string>([Permission.ApplicationAdmin], StringComparer.Ordinal));
        return WithServicesAsync(settings, services => services.GetRequiredService<IAwsIdentityUseCase>().ReadAsync(caller, cancellationToken), cancellationToken);
    }

    /// <summary>Checks every stream of the audit trail.</summary>
    /// <param name="settings">The server's settings.</param>
    /// <param name="checkpoints">Checkpoints that were kept elsewhere.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static Task<IReadOnlyList<AuditReport>> VerifyAuditAsync(
        ServerSettings settings, IReadOnlyList<AuditCheckpoint> checkpoints, CancellationToken cancellationToken) =>
        WithServicesAsync(settings, services => services.GetRequiredService<AuditTrail>().VerifyAsync(checkpoints, cancellationToken), cancellationToken);

    /// <summary>Writes every row of the audit trail as NDJSON.</summary>
    public static Task ExportAuditAsync(ServerSettings settings, Stream output, CancellationToken cancellationToken) =>
        WithServicesAsync(
            settings,
            async services =>
            {
                await AuditExport.WriteAsync(
                    output, services.GetRequiredService<AuditTrail>().ReadAsync(cancellationToken).Select(AuditEventAnswer.Of), ApiJson.Answers.AuditEventAnswer, cancellationToken);
                return true;
            },
            cancellationToken);

    /// <summary>Copies the server's database to a file, as of one moment; the vault's key is not in it.</summary>
    /// <exception cref="NotSupportedException">The database is PostgreSQL, which has a tool of its own.</exception>
    public static Task BackUpAsync(ServerSettings settings, string file, CancellationToken cancellationToken) =>
        WithServicesAsync(
            settings,
            async services =>
            {
                await services.GetRequiredService<IDatabase>().BackUpAsync(file, cancellationToken);
                return true;
            },
            cancellationToken);

    // The same rooms as the server's, made ready but not started: no listener, no silo, no jobs.
    private static async Task<T> WithServicesAsync<T>(
        ServerSettings settings, Func<IServiceProvider, Task<T>> work, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(settings.DataDirectory))
            throw new DirectoryNotFoundException($"There is no server's data in {settings.DataDirectory}; name its directory with --data.");
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "sluice", ContentRootPath = settings.DataDirectory });
        builder.Logging.AddSluiceLogging(settings);
        // A web application must have a server, started or not.
        builder.WebHost.UseKestrelCore();
        var engineRoom = new EngineRoom();
        engineRoom.Add(builder, settings);
        await using var app = builder.Build();
        await engineRoom.PrepareAsync(app.Services, cancellationToken);
        return await work(app.Services);
    }
}
