using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sluice.Sandbox.Snowflake.Admin;
using Sluice.Sandbox.Snowflake.Faults;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake;

/// <summary>
/// A local stand-in for a Snowflake account: the session wire protocol of the drivers over plain HTTP on 127.0.0.1, with roles and
/// grants that decide. Written from Snowflake's public documentation and open drivers alone.
/// </summary>
public sealed class SnowflakeSandbox : IAsyncDisposable
{
    /// <summary>The user with the role ACCOUNTADMIN.</summary>
    public const string AdministratorName = "SANDBOX_ADMIN";

    /// <summary>The user a service connects as; it has the role <see cref="ServiceRoleName"/> and the warehouse <see cref="WarehouseName"/>.</summary>
    public const string ServiceName = "SLUICE_SERVICE";

    /// <summary>The role of <see cref="ServiceName"/>: it may see and read every database of the catalog.</summary>
    public const string ServiceRoleName = "SLUICE_ROLE";

    /// <summary>A warehouse both users may use.</summary>
    public const string WarehouseName = "SLUICE_WH";

    private readonly WebApplication application;
    private readonly SandboxRuntime runtime;
    private readonly CancellationTokenSource stopping;

    private SnowflakeSandbox(WebApplication application, SandboxRuntime runtime, CancellationTokenSource stopping)
    {
        this.application = application;
        this.runtime = runtime;
        this.stopping = stopping;
    }

    /// <summary>Where the account answers: the accessUrl of a driver, and the issuer of the sandbox's own OAuth authority.</summary>
    public Uri Endpoint => runtime.Endpoint;

    /// <summary>The account identifier ORGANIZATION-ACCOUNT a driver is given.</summary>
    public string AccountIdentifier => $"{runtime.Options.OrganizationName}-{runtime.Options.AccountName}";

    /// <summary>The sandbox's OAuth token endpoint, for client credentials.</summary>
    public Uri TokenEndpoint => new(Endpoint, "/oauth/token");

    /// <summary>What was asked since the start or the last <see cref="Reset"/>.</summary>
    public SandboxRequests Requests => runtime.Requests.Snapshot();

    /// <summary>Starts a sandbox; it answers when the task completes.</summary>
    /// <param name="options">What to start.</param>
    /// <param name="cancellationToken">Gives the start up.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    /// <exception cref="ArgumentException">A statement of the options' setup fails.</exception>
    public static async Task<SnowflakeSandbox> StartAsync(SnowflakeSandboxOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var held = new SandboxRuntime(options);
        var ending = new CancellationTokenSource();
        var host = Build(held, ending.Token);
        try
        {
            await host.StartAsync(cancellationToken);
            held.Endpoint = new(host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
            held.Reset();
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

    /// <summary>The password of a user.</summary>
    /// <param name="user">Its name.</param>
    /// <exception cref="ArgumentException">There is no such user, or it has no password.</exception>
    public string PasswordOf(string user) => runtime.Account.Users.GetValueOrDefault(user)?.Password
        ?? throw new ArgumentException($"There is no user {user} with a password.", nameof(user));

    /// <summary>Gives a user a new key pair, as ALTER USER ... SET RSA_PUBLIC_KEY does.</summary>
    /// <param name="user">Its name.</param>
    /// <returns>The private key in PEM (PKCS #8).</returns>
    /// <exception cref="ArgumentException">There is no such user.</exception>
    public string CreateKeyPair(string user)
    {
        using var key = RSA.Create(2048);
        Change($"ALTER USER {Sql.Quoting.Always(user)} SET RSA_PUBLIC_KEY = '{Convert.ToBase64String(key.ExportSubjectPublicKeyInfo())}'");
        return key.ExportPkcs8PrivateKeyPem();
    }

    /// <summary>Puts these faults in place of those in force.</summary>
    /// <param name="faults">Read in order.</param>
    public void SetFaults(params IReadOnlyList<SnowflakeSandboxFault> faults) => runtime.Faults.Replace(faults);

    /// <summary>Changes the account behind the back of every client: SQL statements, run by a role nothing is refused.</summary>
    /// <param name="statements">Run one after the other.</param>
    /// <exception cref="ArgumentException">A statement fails; those before it stay.</exception>
    public void Change(params IReadOnlyList<string> statements) => runtime.Change(statements);

    /// <summary>Lets every session token expire; clients renew them by their master tokens.</summary>
    public void ExpireSessions() => runtime.Sessions.ExpireAll();

    /// <summary>Lets every session and master token expire; clients must log in again.</summary>
    public void ExpireLogins() => runtime.Sessions.ExpireMasters();

    /// <summary>Back to the state of the start: catalog, users, grants and faults; sessions end, counts begin at 0. Keys made since are gone.</summary>
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
        var snowflake = new SnowflakeEndpoint(runtime, stopping);
        var admin = new AdminEndpoint(runtime);
        host.Run(context => context.Request.Path.StartsWithSegments(AdminEndpoint.Root, StringComparison.Ordinal)
            ? admin.InvokeAsync(context)
            : snowflake.InvokeAsync(context));
        return host;
    }
}
