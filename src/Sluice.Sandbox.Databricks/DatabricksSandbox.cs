using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sluice.Sandbox.Databricks.Admin;
using Sluice.Sandbox.Databricks.Execution;
using Sluice.Sandbox.Databricks.Faults;
using Sluice.Sandbox.Databricks.Identity;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks;

/// <summary>
/// A local stand-in for a Databricks workspace attached to a Unity Catalog metastore: one endpoint on 127.0.0.1 that checks
/// tokens and privileges and runs SQL. Written from Databricks' public documentation and open clients alone.
/// </summary>
public sealed class DatabricksSandbox : IAsyncDisposable
{
    private readonly WebApplication application;
    private readonly SandboxRuntime runtime;
    private readonly X509Certificate2? certificate;
    private readonly CancellationTokenSource stopping;
    private int ended;

    private DatabricksSandbox(WebApplication application, SandboxRuntime runtime, X509Certificate2? certificate, CancellationTokenSource stopping)
    {
        this.certificate = certificate;
        this.application = application;
        this.runtime = runtime;
        this.stopping = stopping;
        Endpoint = new(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    /// <summary>The workspace's address, in place of https://….cloud.databricks.com.</summary>
    public Uri Endpoint { get; }

    /// <summary>What a client must trust when <see cref="DatabricksSandboxOptions.Tls"/> is on; null over plain HTTP.</summary>
    public string? CertificatePem => certificate?.ExportCertificatePem();

    /// <summary>The account's id.</summary>
    public string AccountId => runtime.Options.AccountId;

    /// <summary>The workspace's numeric id.</summary>
    public string WorkspaceId => runtime.Options.WorkspaceId;

    /// <summary>The metastore's id.</summary>
    public string MetastoreId => runtime.Options.MetastoreId;

    /// <summary>The SQL warehouse's id.</summary>
    public string WarehouseId => runtime.Options.WarehouseId;

    /// <summary>The cluster's id.</summary>
    public string ClusterId => runtime.Options.ClusterId;

    /// <summary>The application id of the service principal, which is its OAuth client id too.</summary>
    public string ClientId => SandboxCast.ServicePrincipal;

    /// <summary>The OAuth secret of the service principal.</summary>
    public string ClientSecret => runtime.Tokens.SecretOf(SandboxCast.ServicePrincipal);

    /// <summary>A personal access token of the service principal.</summary>
    public string Token => TokenOf(SandboxCast.ServicePrincipal);

    /// <summary>A personal access token of the administrator of account, metastore and workspace.</summary>
    public string AdministratorToken => TokenOf(SandboxCast.Administrator);

    /// <summary>What was asked since the start or the last <see cref="Reset"/>.</summary>
    public SandboxRequests Requests => runtime.Requests.Snapshot();

    /// <summary>Starts a sandbox; it answers when the task completes.</summary>
    /// <param name="options">What to start.</param>
    /// <param name="cancellationToken">Gives the start up.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<DatabricksSandbox> StartAsync(DatabricksSandboxOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var held = new SandboxRuntime(options);
        var ending = new CancellationTokenSource();
        var shown = options.Tls ? LoopbackCertificate.Make() : null;
        var host = Build(held, shown, ending.Token);
        try
        {
            await host.StartAsync(cancellationToken);
        }
        catch
        {
            await host.DisposeAsync();
            ending.Dispose();
            held.Dispose();
            shown?.Dispose();
            throw;
        }

        return new(host, held, shown, ending);
    }

    /// <summary>A personal access token of a user or service principal, the same in every sandbox.</summary>
    /// <param name="principal">Its e-mail address or application id.</param>
    /// <exception cref="ArgumentException">There is no such principal.</exception>
    public string TokenOf(string principal) => runtime.State.Principals.Find(principal) is { Kind: SandboxPrincipalKind.User or SandboxPrincipalKind.ServicePrincipal }
        ? runtime.Tokens.PersonalTokenOf(principal)
        : throw new ArgumentException($"There is no user or service principal {principal}.", nameof(principal));

    /// <summary>The OAuth secret of a service principal.</summary>
    /// <param name="applicationId">Its application id.</param>
    /// <exception cref="ArgumentException">There is no such service principal.</exception>
    public string SecretOf(string applicationId) => runtime.State.Principals.Find(applicationId) is { Kind: SandboxPrincipalKind.ServicePrincipal }
        ? runtime.Tokens.SecretOf(applicationId)
        : throw new ArgumentException($"There is no service principal {applicationId}.", nameof(applicationId));

    /// <summary>Puts these faults in place of those in force.</summary>
    /// <param name="faults">Read in order.</param>
    public void SetFaults(params IReadOnlyList<DatabricksSandboxFault> faults) => runtime.Faults.Replace(faults);

    /// <summary>Starts, stops or deletes the warehouse, or brings it back.</summary>
    /// <param name="state">Holds from the next request on; statements that run go on.</param>
    public void SetWarehouse(SandboxComputeState state) => runtime.Warehouse.Set(state);

    /// <summary>Starts, terminates or deletes the cluster, or brings it back.</summary>
    /// <param name="state">Holds from the next request on; execution contexts end unless it runs.</param>
    public void SetCluster(SandboxComputeState state) => runtime.SetCluster(state);

    /// <summary>Adds a principal or changes one, from its next request on.</summary>
    /// <param name="principal">Replaces the one of the same name.</param>
    public void SetPrincipal(SandboxPrincipal principal)
    {
        ArgumentNullException.ThrowIfNull(principal);
        runtime.Tokens.PersonalTokenOf(principal.Name);
        runtime.Change(state => state with { Principals = state.Principals.With(principal) });
    }

    /// <summary>Runs SQL as the owner of everything, one statement after the other in one session, uncounted: what happens behind a client's back.</summary>
    /// <param name="statements">Statements of the SQL the sandbox knows, such as ALTER TABLE … RENAME TO.</param>
    /// <exception cref="ArgumentException">A statement fails; those before it stay.</exception>
    public void Change(params IReadOnlyList<string> statements) => OwnerChanges.Run(runtime, statements);

    /// <summary>Back to the state of the start: catalogs, grants, principals and faults; issued tokens end, counts begin at 0.</summary>
    public void Reset() => runtime.Reset();

    /// <summary>Ends every request and stops answering.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref ended, 1) == 1) return;
        await stopping.CancelAsync();
        await application.StopAsync();
        await application.DisposeAsync();
        runtime.Dispose();
        stopping.Dispose();
        certificate?.Dispose();
    }

    private static WebApplication Build(SandboxRuntime runtime, X509Certificate2? certificate, CancellationToken stopping)
    {
        // The empty builder reads neither environment nor files: nothing outside the options can turn a sandbox.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, runtime.Options.Port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                if (certificate is not null) listen.UseHttps(certificate);
            });
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
        var host = builder.Build();
        var workspace = new DatabricksEndpoint(runtime, stopping);
        var admin = new AdminEndpoint(runtime);
        host.Run(context => context.Request.Path.StartsWithSegments(AdminEndpoint.Root, StringComparison.Ordinal)
            ? admin.InvokeAsync(context)
            : workspace.InvokeAsync(context));
        return host;
    }
}
