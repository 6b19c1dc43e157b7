using Microsoft.Extensions.DependencyInjection;
using Sluice.Storage.Vault;

namespace Sluice.Storage.Tests.Vault;

public sealed class DataKeysTests : IDisposable
{
    private readonly VaultScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void A_data_key_seals_2_to_the_20_secrets()
    {
        using var keys = new DataKeys(_scene.Store, null!, TimeProvider.System);
        keys.SealLimit.ShouldBe(1_048_576);
    }

    [Fact]
    public async Task A_data_key_that_reached_its_limit_is_followed_by_a_new_one()
    {
        var server = _scene.Start(services => services.AddSingleton(p => new DataKeys(
            p.GetRequiredService<IVaultStore>(), p.GetRequiredService<KeyEncryptionKeys>(), TimeProvider.System) { SealLimit = 3 }));
        var secrets = await Task.WhenAll(Enumerable.Range(0, 10).Select(n => server.SealAsync($"secret {n}")));

        secrets.GroupBy(s => SecretEnvelope.Read(s.Ciphertext)!.Value.DataKeyId).Select(g => g.Count()).Order().ShouldBe([1, 3, 3, 3]);
        for (var n = 0; n < secrets.Length; n++) (await server.OpenAsync(secrets[n])).ShouldBe($"secret {n}");
    }

    [Fact]
    public async Task A_server_seals_only_with_data_keys_it_made_and_counted_itself()
    {
        await _scene.Start().SealAsync("one");
        await _scene.Start().SealAsync("two");
        _scene.Store.Keys.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_server_that_seals_nothing_makes_no_data_key()
    {
        await _scene.Start().UnlockAsync();
        _scene.Store.Keys.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_data_key_that_is_gone_from_the_database_seals_no_more()
    {
        var server = _scene.Start();
        await server.SealAsync("one");
        _scene.Store.Clear();

        var secret = await server.SealAsync("two");

        (await _scene.Start().OpenAsync(secret)).ShouldBe("two");
    }

    [Fact]
    public async Task A_data_key_the_database_did_not_take_seals_nothing()
    {
        var server = _scene.Start();
        await server.UnlockAsync();
        _scene.Store.Before = step =>
        {
            if (step == "add") throw new IOException("The database is gone.");
        };
        await Should.ThrowAsync<IOException>(() => server.SealAsync("one"));

        _scene.Store.Before = null;
        (await _scene.Start().OpenAsync(await server.SealAsync("two"))).ShouldBe("two");
    }
}
