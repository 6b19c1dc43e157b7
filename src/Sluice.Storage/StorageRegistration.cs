using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Storage.Access;
using Sluice.Storage.Audit;
using Sluice.Storage.Catalog;
using Sluice.Storage.Cluster;
using Sluice.Storage.Connections;
using Sluice.Storage.DataLineage;
using Sluice.Storage.Databases;
using Sluice.Storage.History;
using Sluice.Storage.Jobs;
using Sluice.Storage.People;
using Sluice.Storage.Plans;
using Sluice.Storage.Policies;
using Sluice.Storage.QueryAudit;
using Sluice.Storage.Server;
using Sluice.Storage.Subscriptions;
using Sluice.Storage.Tags;
using Sluice.Storage.Vault;

namespace Sluice.Storage;

/// <summary>Adds the storage to a server.</summary>
public static class StorageRegistration
{
    /// <summary>Adds the database and every store. They need <see cref="IAuditKeys"/>, which the vault brings. Call <see cref="IDatabase.MigrateAsync"/> before the first use of a store.</summary>
    public static IServiceCollection AddSluiceStorage(this IServiceCollection services, DatabaseOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<Database>(provider => options.PostgreSqlConnectionString is { } connectionString
            ? new PostgreSqlDatabase(connectionString, provider.GetService<ILoggerFactory>())
            : new SqliteDatabase(options, provider.GetService<ILoggerFactory>()));
        services.AddSingleton<IDatabase>(provider => provider.GetRequiredService<Database>());
        services.AddSingleton<IServerLock>(provider => options.PostgreSqlConnectionString is { } connectionString
            ? new PostgreSqlServerLock(connectionString, provider.GetService<ILogger<PostgreSqlServerLock>>() ?? NullLogger<PostgreSqlServerLock>.Instance)
            : new SqliteServerLock());
        services.AddSingleton<AuditAppender>();
        services.AddSingleton<IAuditStore, AuditStore>();
        services.AddSingleton<AuditTrail>();
        services.AddSingleton<IChangeHistory, ChangeHistory>();
        services.AddSingleton<IAccessHistory, AccessHistory>();
        services.AddSingleton<IRestoreStore, RestoreStore>();
        services.AddSingleton<IOwnGrantStore, OwnGrantStore>();
        services.AddSingleton<IQueryAuditStore, QueryAuditStore>();
        services.AddSingleton<ILineageStore, LineageStore>();
        services.AddSingleton<ObjectIds>();
        services.AddSingleton<IConnectionStore, ConnectionStore>();
        services.AddSingleton<ICatalogStore, CatalogStore>();
        services.AddSingleton<IJobStore, JobStore>();
        services.AddSingleton<IApiKeyStore, ApiKeyStore>();
        services.AddSingleton<IServerFacts, ServerFacts>();
        services.AddSingleton<IMembershipStore, MembershipStore>();
        services.AddSingleton<IVaultStore, VaultStore>();
        services.AddSingleton<IPolicyStore, PolicyStore>();
        services.AddSingleton<ITagStore, TagStore>();
        services.AddSingleton<IObjectReviews, ObjectReviews>();
        services.AddSingleton<ISubscriptionStore, SubscriptionStore>();
        services.AddSingleton<IPlanStore, PlanStore>();
        services.AddSingleton<IPeopleStore, PeopleStore>();
        services.AddSingleton<IGroupStore, GroupStore>();
        services.AddSingleton<IPeopleSnapshots, PeopleSnapshots>();
        services.AddSingleton<IPeopleImport, PeopleImport>();
        return services;
    }
}
