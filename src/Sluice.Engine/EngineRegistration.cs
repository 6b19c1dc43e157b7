using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Sluice.Engine.Access;
using Sluice.Engine.Adopting;
using Sluice.Engine.Auditing;
using Sluice.Engine.Catalog;
using Sluice.Engine.Cluster;
using Sluice.Engine.Connections;
using Sluice.Engine.Crawling;
using Sluice.Engine.Enforcing;
using Sluice.Engine.Integrations;
using Sluice.Engine.Jobs;
using Sluice.Engine.People;
using Sluice.Engine.Platforms;
using Sluice.Engine.Policies;
using Sluice.Engine.QueryAudit;
using Sluice.Engine.Scim;
using Sluice.Engine.Setup;
using Sluice.Engine.Subscriptions;
using Sluice.Engine.Tags;
using Sluice.Platforms;
using Sluice.Platforms.Databricks;
using Sluice.Platforms.Egress;
using Sluice.Platforms.LakeFormation;
using Sluice.Platforms.PostgreSql;
using Sluice.Platforms.Snowflake;
using Sluice.Storage.Server;

namespace Sluice.Engine;

/// <summary>Registers the engine: use cases, platforms, the silo and the job pump.</summary>
public static class EngineRegistration
{
    /// <summary>
    /// Adds the engine. Storage and vault are registered by the caller, which also awaits <see cref="IServerLock.TakeAsync"/> and
    /// <see cref="InstanceFacts.LoadAsync"/> before the host starts.
    /// </summary>
    public static IHostApplicationBuilder AddSluiceEngine(
        this IHostApplicationBuilder builder, EngineOptions options, EgressPolicy egress, AwsOptions aws)
    {
        var services = builder.Services;
        services.AddSingleton(Microsoft.Extensions.Options.Options.Create(options));
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IIdSource, SystemIdSource>();
        services.AddSingleton<InstanceFacts>();
        AddPlatforms(services, egress, aws);
        AddUseCases(services);
        AddAuditing(services, options.Audit);
        AddJobs(services);
        AddSilo(builder, options);
        return builder;
    }

    // A platform is one line here and a folder of its own.
    private static void AddPlatforms(IServiceCollection services, EgressPolicy egress, AwsOptions aws)
    {
        services.AddSingleton(s => new EgressGuard(egress, time: s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(s => new InstanceMark(s.GetRequiredService<InstanceFacts>().InstanceId));
        services.AddSingleton(s => new LakeFormationOptions
        {
            ExternalId = s.GetRequiredService<InstanceFacts>().ExternalId,
            Mark = s.GetRequiredService<InstanceMark>(),
            AllowedRoleArns = aws.AllowedRoleArns,
            AllowedStsHosts = aws.AllowedStsHosts,
            ServerIdentity = aws.ServerIdentity ?? new Sluice.Platforms.LakeFormation.Identity.DefaultServerAwsIdentity(),
        });
        services.AddSingleton<IPlatform>(s => ActivatorUtilities.CreateInstance<LakeFormationPlatform>(s));
        services.AddSingleton(new DatabricksOptions());
        services.AddSingleton<IPlatform>(s => ActivatorUtilities.CreateInstance<DatabricksPlatform>(s));
        services.AddSingleton<IPlatform>(s => new PostgreSqlPlatform(
            s.GetRequiredService<EgressGuard>(), s.GetRequiredService<InstanceMark>(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IPlatform>(s => new SnowflakePlatform(
            s.GetRequiredService<EgressGuard>(), s.GetRequiredService<InstanceMark>(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<PlatformRegistry>();
        services.AddSingleton<SessionOpener>();
    }

    private static void AddUseCases(IServiceCollection services)
    {
        services.AddSingleton<RegistrationReader>();
        services.AddSingleton<PlatformProbe>();
        services.AddSingleton<IConnectionUseCases, ConnectionUseCases>();
        services.AddSingleton<IIntegrationUseCases, IntegrationUseCases>();
        services.AddSingleton<ICatalogUseCases, CatalogUseCases>();
        services.AddSingleton<IJobUseCases, JobUseCases>();
        services.AddSingleton<IAwsIdentityUseCase, AwsIdentityUseCase>();
        services.AddSingleton<ITagUseCases, TagUseCases>();
        services.AddSingleton<IReviewUseCases, ReviewUseCases>();
        services.AddSingleton<StoredPolicies>();
        services.AddSingleton<IPolicyTags>(static s => s.GetRequiredService<StoredPolicies>());
        services.AddSingleton<PolicySeed>();
        services.AddSingleton<PolicyContextReader>();
        services.AddSingleton<IPolicyUseCases, PolicyUseCases>();
        services.AddSingleton<AccessSnapshots>();
        services.AddSingleton<GovernedObjectReader>();
        services.AddSingleton<Simulator>();
        services.AddSingleton<IAccessUseCases, AccessUseCases>();
        services.AddSingleton<ISubscriptionUseCases, SubscriptionUseCases>();
        services.AddSingleton<IIntentReader, IntentReader>();
        services.AddSingleton<Planner>();
        services.AddSingleton<CutOffChanges>();
        services.AddSingleton<FactsInForce>();
        services.AddSingleton<PlanProgress>();
        services.AddSingleton<RestoreWatch>();
        services.AddSingleton<IRestoreUseCase, RestoreUseCase>();
        services.AddSingleton<IAccessHistoryUseCase, AccessHistoryUseCase>();
        services.AddSingleton<IPlanUseCases, PlanUseCases>();
        services.AddSingleton<RemovedGrants>();
        services.AddSingleton<IRemovedGrantUseCases, RemovedGrantUseCases>();
        services.AddSingleton<ActivationGuard>();
        services.AddSingleton<ActivationTrial>();
        services.AddSingleton<IAdoptUseCase, AdoptUseCase>();
        services.AddSingleton<ICallerPeople, CallerPeople>();
        services.AddSingleton<UserUseCases>();
        services.AddSingleton<AttributeUseCases>();
        services.AddSingleton<IdentityUseCases>();
        services.AddSingleton<PermissionUseCases>();
        services.AddSingleton<GroupUseCases>();
        services.AddSingleton<ImportUseCase>();
        services.AddSingleton<ScimUsers>();
        services.AddSingleton<ScimGroups>();
    }

    private static void AddAuditing(IServiceCollection services, AuditOptions audit)
    {
        services.AddSingleton<AuditStreams>();
        services.AddSingleton<IAuditUseCases, AuditUseCases>();
        services.AddSingleton<IQueryAuditUseCases, QueryAuditUseCases>();
        services.AddSingleton<QueryAttribution>();
        services.AddSingleton<LineageReader>();
        services.AddSingleton<ILineageUseCase, LineageUseCase>();
        services.AddSingleton<QueryAuditRunner>();
        services.AddSingleton<AuditRecorder>();
        if (audit.CheckpointFile is { } file) services.AddSingleton<ICheckpointSink>(new CheckpointFile(file));
        if (audit.CheckpointUrl is { } url) services.AddSingleton<ICheckpointSink>(s => new CheckpointPost(url, s.GetRequiredService<EgressGuard>()));
        services.TryAddSingleton<IRecordsUnderWay, NoRecordsUnderWay>();
        services.AddSingleton<AuditForwarder>();
        if (audit.Forwards) services.AddHostedService(static s => s.GetRequiredService<AuditForwarder>());
        services.AddSingleton<CheckpointKeeper>();
        services.AddHostedService(s => s.GetRequiredService<CheckpointKeeper>());
    }

    private static void AddJobs(IServiceCollection services)
    {
        services.AddSingleton<JobFactory>();
        services.AddSingleton<ColumnChecks>();
        services.AddSingleton<HealthChecks>();
        services.AddSingleton<QueryAudits>();
        services.AddSingleton<HealthCheck>();
        services.AddSingleton<Reconciles>();
        services.AddSingleton<OwnGrants>();
        services.AddSingleton<GovernanceWatch>();
        services.AddSingleton<PlanExecution>();
        services.AddSingleton<KeptIntents>();
        services.AddSingleton<ReconcileRunner>();
        services.AddSingleton<RestoreRunner>();
        services.AddSingleton<CleanupRunner>();
        services.AddSingleton<CrawlUnitRunner>();
        services.AddSingleton<CrawlRunner>();
        services.AddSingleton<JobRunner>();
        services.AddSingleton<ConnectionWorkerFactory>();
        services.AddSingleton<IConnectionWaker, GrainConnectionWaker>();
        services.AddHostedService<ServerLockKeeper>();
        services.AddHostedService<JobPump>();
        services.AddSingleton<Housekeeping>();
        services.AddHostedService(static s => s.GetRequiredService<Housekeeping>());
    }

    // One silo in this process: no gateway, and a loopback port nobody else has.
    private static void AddSilo(IHostApplicationBuilder builder, EngineOptions options) => builder.UseOrleans(silo =>
    {
        silo.Services.AddOptions<ClusterOptions>().Configure<IIdSource>((cluster, ids) =>
        {
            cluster.ClusterId = options.ClusterId ?? $"sluice-{ids.NewId():n}";
            cluster.ServiceId = "sluice";
        });
        silo.Configure<EndpointOptions>(endpoint =>
        {
            endpoint.AdvertisedIPAddress = IPAddress.Loopback;
            endpoint.SiloPort = SiloPort.Free();
            endpoint.GatewayPort = 0;
        });
        silo.Services.AddSingleton<IMembershipTable, DatabaseMembershipTable>();
    });
}
