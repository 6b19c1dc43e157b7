using Microsoft.Extensions.DependencyInjection;
using Sluice.Core.Payloads;
using Sluice.Storage.Connections;
using Sluice.Storage.Vault;

namespace Sluice.Storage.Tests.Vault;

/// <summary>One server process on a <see cref="VaultScene"/>.</summary>
internal sealed class VaultServer(ServiceProvider services) : IDisposable
{
    public static Guid Connection { get; } = Guid.Parse("0197f000-0000-7000-8000-000000000001");

    public ISecretVault Vault { get; } = services.GetRequiredService<ISecretVault>();

    public ISecretReferences References { get; } = services.GetRequiredService<ISecretReferences>();

    public IKeySource Keys { get; } = services.GetRequiredService<IKeySource>();

    public Task UnlockAsync() => services.GetRequiredService<IVaultStartup>().UnlockAsync(TestContext.Current.CancellationToken);

    public Task<SealedSecret> SealAsync(string secret, string field = "password") =>
        Vault.SealAsync(Connection, field, new SecretInput.Literal(secret), TestContext.Current.CancellationToken);

    public Task<SealedSecret> SealReferenceAsync(string source) =>
        Vault.SealAsync(Connection, "password", new SecretInput.Reference(source), TestContext.Current.CancellationToken);

    public Task<string> OpenAsync(SealedSecret secret) => Vault.OpenAsync(Connection, secret, TestContext.Current.CancellationToken);

    public Task<string> ResolveAsync(string source) => References.ResolveAsync(source, TestContext.Current.CancellationToken);

    public Task<VaultRotation> RotateAsync() => Vault.RotateAsync(TestContext.Current.CancellationToken);

    public void Dispose() => services.Dispose();
}
