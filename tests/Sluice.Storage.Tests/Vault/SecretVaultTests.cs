using System.Text;
using CsCheck;
using Sluice.Core.Payloads;
using Sluice.Storage.Vault;

namespace Sluice.Storage.Tests.Vault;

public sealed class SecretVaultTests : IDisposable
{
    private readonly VaultScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task Every_string_comes_back_as_it_was_sealed_broken_surrogates_too()
    {
        var server = _scene.Start();
        await Gen.Char.Array[0, 200].Select(c => new string(c)).SampleAsync(
            async secret => (await server.OpenAsync(await server.SealAsync(secret))).ShouldBe(secret), iter: 2_000);
    }

    [Fact]
    public async Task A_secret_opens_after_a_restart()
    {
        var secret = await _scene.Start().SealAsync("s3cret");
        (await _scene.Start().OpenAsync(secret)).ShouldBe("s3cret");
    }

    [Fact]
    public async Task The_stored_bytes_hold_neither_the_secret_nor_the_same_bytes_twice()
    {
        var server = _scene.Start();
        var first = await server.SealAsync("correct horse battery staple");
        var second = await server.SealAsync("correct horse battery staple");

        second.Ciphertext.ShouldNotBe(first.Ciphertext);
        first.Ciphertext.AsSpan().IndexOf("horse"u8).ShouldBe(-1);
        first.Ciphertext.AsSpan().IndexOf(Encoding.Unicode.GetBytes("horse")).ShouldBe(-1);
    }

    [Fact]
    public async Task Every_flipped_bit_is_noticed()
    {
        var server = _scene.Start();
        var secret = await server.SealAsync("s3cret");
        for (var bit = 0; bit < secret.Ciphertext.Length * 8; bit++)
        {
            var altered = secret.Ciphertext.ToArray();
            altered[bit / 8] ^= (byte)(1 << (bit % 8));
            await Should.ThrowAsync<VaultException>(() => server.OpenAsync(secret with { Ciphertext = altered }), $"bit {bit}");
        }
    }

    [Fact]
    public async Task Every_shortened_or_lengthened_secret_is_noticed()
    {
        var server = _scene.Start();
        var secret = await server.SealAsync("s3cret");
        for (var length = 0; length < secret.Ciphertext.Length; length++)
            await Should.ThrowAsync<VaultException>(() => server.OpenAsync(secret with { Ciphertext = secret.Ciphertext[..length] }));
        await Should.ThrowAsync<VaultException>(() => server.OpenAsync(secret with { Ciphertext = [.. secret.Ciphertext, 0] }));
    }

    [Fact]
    public async Task A_secret_does_not_open_for_another_connection()
    {
        var server = _scene.Start();
        var secret = await server.SealAsync("s3cret");
        await Should.ThrowAsync<VaultException>(
            () => server.Vault.OpenAsync(Guid.NewGuid(), secret, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("Password")]
    [InlineData("passwor")]
    [InlineData("password ")]
    [InlineData("")]
    [InlineData("privateKey.passphrase")]
    public async Task A_secret_does_not_open_for_another_field(string field)
    {
        var server = _scene.Start();
        var secret = await server.SealAsync("s3cret");
        await Should.ThrowAsync<VaultException>(() => server.OpenAsync(secret with { Field = field }));
    }

    [Fact]
    public void No_two_bindings_have_the_same_bytes()
    {
        var ids = Gen.OneOf(Gen.Const(VaultServer.Connection), Gen.Const(Guid.Empty));
        var names = Gen.Char['a', 'b'].Array[0, 3].Select(c => new string(c));
        Gen.Select(ids, names, ids, names).Sample(
            (id, name, otherId, otherName) =>
            {
                var secret = AssociatedBytes.OfSecret(id, name).AsSpan();
                secret.SequenceEqual(AssociatedBytes.OfSecret(otherId, otherName)).ShouldBe(id == otherId && name == otherName);
                secret.SequenceEqual(AssociatedBytes.OfDataKey(otherId, otherName)).ShouldBeFalse();
            },
            iter: 5_000);
    }

    [Fact]
    public async Task Another_servers_vault_does_not_open_it()
    {
        using var other = new VaultScene();
        var secret = await _scene.Start().SealAsync("s3cret");
        var stranger = other.Start();
        await stranger.SealAsync("something");
        await Should.ThrowAsync<VaultException>(() => stranger.OpenAsync(secret));
    }

    [Fact]
    public async Task A_kept_secret_is_not_sealed() =>
        await Should.ThrowAsync<ArgumentException>(
            () => _scene.Start().Vault.SealAsync(VaultServer.Connection, "password", new SecretInput.Kept(), TestContext.Current.CancellationToken));

    [Fact]
    public async Task A_connection_without_an_id_gets_no_secret() =>
        await Should.ThrowAsync<ArgumentException>(
            () => _scene.Start().Vault.SealAsync(Guid.Empty, "password", new SecretInput.Literal("x"), TestContext.Current.CancellationToken));

    [Fact]
    public async Task A_reference_is_followed_at_every_use()
    {
        var server = _scene.Start();
        var secret = await server.SealReferenceAsync("env:SLUICE_SECRET_PG");
        await Should.ThrowAsync<SecretUnavailableException>(() => server.OpenAsync(secret));

        _scene.Variables["SLUICE_SECRET_PG"] = "first";
        (await server.OpenAsync(secret)).ShouldBe("first");
        _scene.Variables["SLUICE_SECRET_PG"] = "second";
        (await server.OpenAsync(secret)).ShouldBe("second");
    }

    [Fact]
    public async Task A_literal_that_reads_like_a_reference_stays_a_literal()
    {
        _scene.Variables["SLUICE_SECRET_PG"] = "never this";
        var server = _scene.Start();
        (await server.OpenAsync(await server.SealAsync("env:SLUICE_SECRET_PG"))).ShouldBe("env:SLUICE_SECRET_PG");
    }

    [Fact]
    public async Task A_reference_of_no_known_form_is_not_sealed() =>
        await Should.ThrowAsync<SecretUnavailableException>(() => _scene.Start().SealReferenceAsync("hunter2"));

    [Fact]
    public async Task An_altered_data_key_opens_nothing()
    {
        var secret = await _scene.Start().SealAsync("s3cret");
        var key = _scene.Store.Keys.ShouldHaveSingleItem();
        for (var bit = 0; bit < key.Wrapped.Length * 8; bit += 7)
        {
            var altered = key.Wrapped.ToArray();
            altered[bit / 8] ^= (byte)(1 << (bit % 8));
            _scene.Store.Put(key with { Wrapped = altered });
            await Should.ThrowAsync<VaultException>(() => _scene.Start().OpenAsync(secret), $"bit {bit}");
        }
    }

    [Fact]
    public async Task Data_keys_that_changed_places_open_nothing()
    {
        var server = _scene.Start();
        var secret = await server.SealAsync("s3cret");
        await server.RotateAsync();
        var (one, two) = (_scene.Store.Keys[0], _scene.Store.Keys[1]);
        _scene.Store.Put(one with { Wrapped = two.Wrapped });
        _scene.Store.Put(two with { Wrapped = one.Wrapped });

        await Should.ThrowAsync<VaultException>(() => _scene.Start().OpenAsync(secret));
    }

    [Fact]
    public async Task Many_callers_at_once_get_their_own_secrets()
    {
        var server = _scene.Start();
        var sealing = Enumerable.Range(0, 500).Select(n => Task.Run(() => server.SealAsync($"secret {n}")));
        var secrets = await Task.WhenAll(sealing);
        var opened = await Task.WhenAll(secrets.Select(s => Task.Run(() => server.OpenAsync(s))));
        opened.ShouldBe(Enumerable.Range(0, 500).Select(n => $"secret {n}"));
        _scene.Store.Keys.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_vault_that_was_disposed_of_seals_nothing()
    {
        var server = _scene.Start();
        await server.SealAsync("x");
        server.Dispose();
        await Should.ThrowAsync<ObjectDisposedException>(() => server.SealAsync("s3cret"));
    }
}
