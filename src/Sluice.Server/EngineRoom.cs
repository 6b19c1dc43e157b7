using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Engine;
using Sluice.Engine.Policies;
using Sluice.Server.Configuration;
using Sluice.Storage;
using Sluice.Storage.Server;
using Sluice.Storage.Vault;

namespace Sluice.Server;

/// <summary>Everything below the API: the database, the vault, the engine.</summary>
internal class EngineRoom
{
    /// <summary>Registers it.</summary>
    public virtual void Add(WebApplicationBuilder builder, ServerSettings settings)
    {
        builder.Services.AddSluiceStorage(settings.Database);
        builder.Services.AddSluiceVault(settings.Vault);
        builder.AddSluiceEngine(settings.Engine, settings.Egress, settings.Aws);
    }

    /// <summary>Keeps other servers off the database, before anything is done with it.</summary>
    public virtual Task EnterAsync(IServiceProvider services, CancellationToken cancellationToken) =>
        services.GetRequiredService<IServerLock>().TakeAsync(cancellationToken);

    /// <summary>Makes it ready, before anything is served.</summary>
    public virtual async Task PrepareAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        await services.GetRequiredService<IDatabase>().MigrateAsync(cancellationToken);
        await services.GetRequiredService<InstanceFacts>().LoadAsync(cancellationToken);
        await services.GetRequiredService<IVaultStartup>().UnlockAsync(cancellationToken);
        await services.GetRequiredService<PolicySeed>().PutAsync(cancellationToken);
    }
}
