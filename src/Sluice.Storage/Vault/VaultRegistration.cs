using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Sluice.Storage.Audit;

namespace Sluice.Storage.Vault;

/// <summary>Puts the vault into the services.</summary>
public static class VaultRegistration
{
    /// <summary>
    /// Adds <see cref="ISecretVault"/>, <see cref="IVaultStartup"/>, <see cref="IAuditKeys"/> and <see cref="ISecretReferences"/>. They need <see cref="IVaultStore"/>,
    /// <see cref="Server.IServerFacts"/> and logging.
    /// </summary>
    public static IServiceCollection AddSluiceVault(this IServiceCollection services, VaultOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(EnvironmentVariables.OfThisProcess);
        services.AddSingleton(options);
        services.AddSingleton<KeyFileLocation>();
        services.AddSingleton<IKeySource, ChosenKeySource>();
        services.AddSingleton<KeyEncryptionKeys>();
        services.AddSingleton<IAuditKeys, AuditKeys>();
        services.AddSingleton<DataKeys>();
        services.AddSingleton<KeyRotation>();
        services.AddSingleton<IVaultStartup, VaultStartup>();
        services.AddSingleton<ISecretReferences, SecretReferences>();
        services.AddSingleton<ISecretVault, SecretVault>();
        return services;
    }
}
