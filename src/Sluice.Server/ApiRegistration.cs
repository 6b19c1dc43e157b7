using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Sluice.Engine.People;
using Sluice.Platforms.Egress;
using Sluice.Server.Auditing;
using Sluice.Server.Access;
using Sluice.Server.Adopting;
using Sluice.Server.Authentication;
using Sluice.Server.Configuration;
using Sluice.Server.Data;
using Sluice.Server.Http;
using Sluice.Server.Integrations;
using Sluice.Server.Jobs;
using Sluice.Server.OpenApi;
using Sluice.Server.Operations;
using Sluice.Server.People;
using Sluice.Server.Plans;
using Sluice.Server.Policies;
using Sluice.Server.Problems;
using Sluice.Server.Scim;
using Sluice.Server.Setup;
using Sluice.Server.Subscriptions;
using Sluice.Server.Tags;

namespace Sluice.Server;

/// <summary>The HTTP API: its services and its pipeline.</summary>
internal static class ApiRegistration
{
    private static readonly TimeSpan IssuerTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan IssuerRefresh = TimeSpan.FromMinutes(1);

    public static void AddSluiceApi(this IServiceCollection services, ServerSettings settings)
    {
        services.AddRouting();
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(settings);
        services.AddSingleton<LastUse>();
        services.AddHostedService(s => s.GetRequiredService<LastUse>());
        services.AddSingleton<FirstKeyMaker>();
        services.AddSingleton<ApiKeyAuthenticator>();
        services.AddSingleton(_ => new FailedAuthentications(settings.AuthenticationFailureLimit));
        services.AddSingleton(_ => new RequestRates(settings.RateLimit));
        services.AddSingleton<ApiKeyRevocation>();
        services.AddSingleton<StatusWaits>();
        services.AddSingleton(s => new CallerAuthenticator(
            s.GetRequiredService<ApiKeyAuthenticator>(), settings.Oidc is { } oidc ? OidcOf(oidc, settings, s) : null));
    }

    /// <summary>The pipeline, outermost first.</summary>
    public static void UseSluiceApi(this WebApplication app, ServerSettings settings)
    {
        app.Services.GetRequiredService<DiagnosticListener>().Subscribe(new WebServerRefusals(), WebServerRefusals.IsWanted);
        app.UseKnownProxies(settings);
        app.UseMiddleware<SecurityHeadersMiddleware>();
        app.UseMiddleware<RequestLogMiddleware>();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseMiddleware<HeadMiddleware>();
        app.UseMiddleware<MetricsDoorMiddleware>();
        app.UseMiddleware<ObjectPathMiddleware>();
        app.UseRouting();
        app.UseMiddleware<AuthenticationMiddleware>();
        app.UseMiddleware<RequestRateMiddleware>();

        app.MapConnections();
        app.MapObjects();
        app.MapJobs();
        app.MapIntegrations();
        app.MapSetup();
        app.MapApiKeys();
        app.MapPolicies();
        app.MapSubscriptions();
        app.MapAccess();
        app.MapPlans();
        app.MapRemovedGrants();
        app.MapAdopt();
        app.MapTags();
        app.MapUsers();
        app.MapAttributes();
        app.MapIdentities();
        app.MapGroups();
        app.MapScim();
        app.MapAudit();
        app.MapQueryAudit();
        app.MapLineage();
        app.MapOperations();
        app.MapDocumentation();
    }

    private static OidcAuthenticator OidcOf(OidcSettings oidc, ServerSettings settings, IServiceProvider services)
    {
        // The operator named the issuer, so its host is allowed; its address still follows the egress rules.
        var guard = services.GetService<EgressGuard>() ?? new EgressGuard(settings.Egress);
        var documents = new EgressDocumentRetriever(guard.CreateHttpHandler(new EgressHttpOptions { Suffixes = [] }), IssuerTimeout);
        var issuer = new ConfigurationManager<OpenIdConnectConfiguration>(
            oidc.Issuer.TrimEnd('/') + "/.well-known/openid-configuration",
            new OpenIdConnectConfigurationRetriever(),
            documents) { RefreshInterval = IssuerRefresh };
        return new OidcAuthenticator(
            oidc, issuer, services.GetRequiredService<ICallerPeople>(), services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<OidcAuthenticator>>());
    }
}
