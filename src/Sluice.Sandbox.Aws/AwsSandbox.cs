using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sluice.Sandbox.Aws.Admin;
using Sluice.Sandbox.Aws.Catalog;
using Sluice.Sandbox.Aws.Faults;
using Sluice.Sandbox.Aws.Identity;
using Sluice.Sandbox.Aws.LakeFormation;
using Sluice.Sandbox.Aws.Wire;

namespace Sluice.Sandbox.Aws;

/// <summary>
/// A local stand-in for AWS Glue Data Catalog, Lake Formation and STS: one plain-HTTP endpoint on 127.0.0.1 that verifies
/// signatures, IAM actions and Lake Formation permissions. Written from AWS's public documentation alone.
/// </summary>
public sealed class AwsSandbox : IAsyncDisposable
{
    private readonly WebApplication application;
    private readonly SandboxRuntime runtime;
    private readonly CancellationTokenSource stopping;

    private AwsSandbox(WebApplication application, SandboxRuntime runtime, CancellationTokenSource stopping)
    {
        this.application = application;
        this.runtime = runtime;
        this.stopping = stopping;
        Endpoint = new(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    /// <summary>Where Glue, Lake Formation and STS answer, told apart by the signature's scope.</summary>
    public Uri Endpoint { get; }

    /// <summary>The account that owns the catalog.</summary>
    public string AccountId => runtime.Options.AccountId;

    /// <summary>The region signatures must be scoped to.</summary>
    public string Region => runtime.Options.Region;

    /// <summary>The service principal's access key, for connections of kind accessKey.</summary>
    public AwsSandboxCredentials Credentials => CredentialsOf(SandboxCast.ServiceUser);

    /// <summary>The service principal's role, for connections of kind assumedRole.</summary>
    public string RoleArn => runtime.Credentials.Find(SandboxCast.ServiceRole)!.ArnIn(AccountId);

    /// <summary>The external id the role's trust policy asks for; null asks for none. May be set while running.</summary>
    public string? ExternalId
    {
        get => runtime.Credentials.Find(SandboxCast.ServiceRole)!.ExternalId;
        set => runtime.Credentials.Replace(runtime.Credentials.Find(SandboxCast.ServiceRole)! with { ExternalId = value });
    }

    /// <summary>The access key of the server's own identity, which may assume <see cref="RoleArn"/> and nothing else.</summary>
    public AwsSandboxCredentials ServerCredentials => CredentialsOf(SandboxCast.Server);

    /// <summary>The ARN of the server's own identity, as the trust policy names it.</summary>
    public string ServerArn => runtime.Credentials.Find(SandboxCast.Server)!.ArnIn(AccountId);

    /// <summary>The access key of the data lake administrator.</summary>
    public AwsSandboxCredentials AdministratorCredentials => CredentialsOf(SandboxCast.Administrator);

    /// <summary>What was asked since the start or the last <see cref="Reset"/>.</summary>
    public SandboxRequests Requests => runtime.Requests.Snapshot();

    /// <summary>Starts a sandbox; it answers when the task completes.</summary>
    /// <param name="options">What to start.</param>
    /// <param name="cancellationToken">Gives the start up.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<AwsSandbox> StartAsync(AwsSandboxOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var held = new SandboxRuntime(options, cancellationToken);
        var ending = new CancellationTokenSource();
        var host = Build(held, ending.Token);
        try
        {
            await host.StartAsync(cancellationToken);
        }
        catch
        {
            await host.DisposeAsync();
            ending.Dispose();
            held.Dispose();
            throw;
        }

        return new(host, held, ending);
    }

    /// <summary>The access key of a user.</summary>
    /// <param name="user">Its name; roles have no key.</param>
    /// <exception cref="ArgumentException">There is no such user.</exception>
    public AwsSandboxCredentials CredentialsOf(string user) => runtime.Credentials.Find(user) is { IsRole: false }
        ? runtime.Credentials.KeyOf(user)
        : throw new ArgumentException($"There is no user {user}.", nameof(user));

    /// <summary>The columns of a table that a user or role is let read, in the table's order, as GetTable tells them; null when the table is hidden from them.</summary>
    /// <param name="principal">Its name.</param>
    /// <param name="database">The database.</param>
    /// <param name="table">The table.</param>
    /// <exception cref="ArgumentException">There is no such principal or table.</exception>
    public IReadOnlyList<string>? ColumnsSeenBy(string principal, string database, string table)
    {
        var who = runtime.Credentials.Find(principal) ?? throw new ArgumentException($"There is no principal {principal}.", nameof(principal));
        var arn = who.ArnIn(AccountId);
        var caller = new Caller(who, arn, arn, AccountId, who.Name, IsSession: false);
        IReadOnlyList<string>? seen = null;
        runtime.Run(writes: false, () =>
        {
            var found = runtime.Account.Catalog.Find(database)?.Find(table) ?? throw new ArgumentException($"There is no table {database}.{table}.", nameof(table));
            var access = new AccessRules(runtime.Account.Grants, runtime.Account.Tags, caller, AccountId).OnDataOf(found);
            if (!access.Granted.HasFlag(LakePermissions.Select)) return;
            seen = [.. found.Definition.AllColumns.Select(static c => c.Name).Where(c => access.Columns?.Contains(c) ?? true)];
        });
        return seen;
    }

    /// <summary>Puts these faults in place of those in force.</summary>
    /// <param name="faults">Read in order.</param>
    public void SetFaults(params IReadOnlyList<AwsSandboxFault> faults) => runtime.Faults.Replace(faults);

    /// <summary>Changes the actions of a user or role, from its next request on.</summary>
    /// <param name="principal">Its name.</param>
    /// <param name="allow">The allowed actions.</param>
    /// <param name="deny">The denied actions.</param>
    /// <exception cref="ArgumentException">There is no such principal.</exception>
    public void SetActions(string principal, IReadOnlyList<string> allow, params IReadOnlyList<string> deny)
    {
        var found = runtime.Credentials.Find(principal) ?? throw new ArgumentException($"There is no principal {principal}.", nameof(principal));
        runtime.Credentials.Replace(found with { Allow = allow, Deny = deny });
    }

    /// <summary>Changes the catalog as its owner would, one after the other.</summary>
    /// <param name="changes">What to change.</param>
    /// <exception cref="ArgumentException">A change can't be made; those before it stay.</exception>
    public void Change(params IReadOnlyList<CatalogChange> changes) => runtime.Change(changes);

    /// <summary>Back to the state of the start: catalog, tags, grants, actions and faults; sessions end, counts begin at 0.</summary>
    public void Reset() => runtime.Reset();

    /// <summary>Ends every request and stops answering.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await application.StopAsync();
        await application.DisposeAsync();
        runtime.Dispose();
        stopping.Dispose();
    }

    private static WebApplication Build(SandboxRuntime runtime, CancellationToken stopping)
    {
        // The empty builder reads neither environment nor files: nothing outside the options can turn a sandbox.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, runtime.Options.Port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
        var host = builder.Build();
        var aws = new AwsEndpoint(runtime, stopping);
        var admin = new AdminEndpoint(runtime);
        host.Run(context => context.Request.Path.StartsWithSegments(AdminEndpoint.Root, StringComparison.Ordinal)
            ? admin.InvokeAsync(context)
            : aws.InvokeAsync(context));
        return host;
    }
}
