using System.Collections.Concurrent;
using Sluice.Storage.Connections;
using Sluice.Storage.Vault;

namespace Sluice.Storage.Tests.Vault;

public sealed class KeyRotationTests : IDisposable
{
    private readonly VaultScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task Rotation_wraps_every_data_key_under_a_new_key_and_starts_a_new_data_key()
    {
        var server = _scene.Start();
        var secret = await server.SealAsync("s3cret");
        var before = _scene.Store.Keys.ShouldHaveSingleItem();

        var rotation = await server.RotateAsync();

        rotation.MadeKeyEncryptionKey.ShouldBeTrue();
        rotation.Rewrapped.ShouldBe(1);
        rotation.Unreadable.ShouldBe(0);
        rotation.KeyEncryptionKeyId.ShouldNotBe(before.KeyEncryptionKeyId);
        rotation.UnusedKeyEncryptionKeyIds.ShouldBe([before.KeyEncryptionKeyId]);
        _scene.Store.Keys.ShouldAllBe(k => k.KeyEncryptionKeyId == rotation.KeyEncryptionKeyId);
        var next = await server.SealAsync("next");
        SecretEnvelope.Read(next.Ciphertext)!.Value.DataKeyId.ShouldBe(rotation.DataKeyId);
        (await server.OpenAsync(secret)).ShouldBe("s3cret");
        (await _scene.Start().OpenAsync(secret)).ShouldBe("s3cret");
        (await _scene.Start().OpenAsync(next)).ShouldBe("next");
    }

    [Fact]
    public async Task A_rotation_of_an_empty_vault_changes_its_key()
    {
        var server = _scene.Start();
        await server.UnlockAsync();
        var before = await File.ReadAllTextAsync(_scene.KeyPath);

        var rotation = await server.RotateAsync();

        rotation.MadeKeyEncryptionKey.ShouldBeTrue();
        before.ShouldNotContain(rotation.KeyEncryptionKeyId);
        (await File.ReadAllTextAsync(_scene.KeyPath)).ShouldContain(rotation.KeyEncryptionKeyId);
    }

    [Fact]
    public async Task A_database_backup_of_before_the_rotation_still_opens()
    {
        var server = _scene.Start();
        var secret = await server.SealAsync("s3cret");
        var backup = _scene.Store.Keys.ShouldHaveSingleItem();
        await server.RotateAsync();
        await server.RotateAsync();

        _scene.Store.Clear();
        _scene.Store.Put(backup);

        (await _scene.Start().OpenAsync(secret)).ShouldBe("s3cret");
    }

    [Fact]
    public async Task Another_running_server_follows_a_rotation()
    {
        var (one, two) = (_scene.Start(), _scene.Start());
        var early = await two.SealAsync("early");

        var rotation = await one.RotateAsync();
        var late = await two.SealAsync("late");

        _scene.Store.Keys.ShouldAllBe(k => k.KeyEncryptionKeyId == rotation.KeyEncryptionKeyId);
        SecretEnvelope.Read(late.Ciphertext)!.Value.DataKeyId.ShouldNotBe(SecretEnvelope.Read(early.Ciphertext)!.Value.DataKeyId);
        (await one.OpenAsync(late)).ShouldBe("late");
        (await one.OpenAsync(early)).ShouldBe("early");
    }

    [Fact]
    public async Task Secrets_are_sealed_and_opened_all_through_rotations_by_two_servers()
    {
        var servers = new[] { _scene.Start(), _scene.Start() };
        var secrets = new ConcurrentQueue<(SealedSecret Secret, string Text)>();
        using var stop = new CancellationTokenSource();
        var users = Enumerable.Range(0, 4).Select(user => Task.Run(async () =>
        {
            for (var n = 0; !stop.IsCancellationRequested; n++)
            {
                var text = $"{user}/{n}";
                var secret = await servers[n % 2].SealAsync(text);
                secrets.Enqueue((secret, text));
                (await servers[(n + 1) % 2].OpenAsync(secret)).ShouldBe(text);
            }
        })).ToArray();

        for (var round = 0; round < 5; round++) await Task.WhenAll(servers[0].RotateAsync(), servers[1].RotateAsync());
        await stop.CancelAsync();
        await Task.WhenAll(users);

        var last = await servers[0].RotateAsync();
        _scene.Store.Keys.ShouldAllBe(k => k.KeyEncryptionKeyId == last.KeyEncryptionKeyId);
        secrets.ShouldNotBeEmpty();
        var later = _scene.Start();
        foreach (var (secret, text) in secrets) (await later.OpenAsync(secret)).ShouldBe(text);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_rotation_that_ends_at_any_step_leaves_every_secret_open_and_the_next_one_finishes(bool beforeTheStep)
    {
        var steps = await StepsOfARotationAsync(stopAt: int.MaxValue, beforeTheStep);
        steps.ShouldBeGreaterThan(5);
        for (var step = 1; step <= steps; step++) await StepsOfARotationAsync(step, beforeTheStep);
    }

    private static async Task<int> StepsOfARotationAsync(int stopAt, bool beforeTheStep)
    {
        using var scene = new VaultScene();
        var secrets = new List<SealedSecret>();
        for (var n = 0; n < 3; n++) secrets.Add(await scene.Start().SealAsync($"secret {n}"));
        var server = scene.Start();
        await server.UnlockAsync();

        var steps = 0;
        void Step(string _)
        {
            if (++steps == stopAt) throw new OperationCanceledException("The power is cut.");
        }

        if (beforeTheStep) scene.Store.Before = Step;
        else scene.Store.After = Step;
        if (stopAt == int.MaxValue) await server.RotateAsync();
        else await Should.ThrowAsync<OperationCanceledException>(server.RotateAsync);
        scene.Store.Before = scene.Store.After = null;

        var restarted = scene.Start();
        for (var n = 0; n < 3; n++) (await restarted.OpenAsync(secrets[n])).ShouldBe($"secret {n}");
        var finished = await restarted.RotateAsync();
        scene.Store.Keys.ShouldAllBe(k => k.KeyEncryptionKeyId == finished.KeyEncryptionKeyId);
        for (var n = 0; n < 3; n++) (await scene.Start().OpenAsync(secrets[n])).ShouldBe($"secret {n}");
        return steps;
    }

    [Fact]
    public async Task A_rotation_cut_short_after_making_its_key_goes_on_with_that_key()
    {
        var server = _scene.Start();
        await server.SealAsync("s3cret");
        _scene.Store.Before = step =>
        {
            if (step == "rewrap") throw new OperationCanceledException("The power is cut.");
        };
        await Should.ThrowAsync<OperationCanceledException>(server.RotateAsync);
        _scene.Store.Before = null;
        var made = (await File.ReadAllLinesAsync(_scene.KeyPath)).First(l => l is not ['#', ..])[..32];

        var rotation = await _scene.Start().RotateAsync();

        rotation.MadeKeyEncryptionKey.ShouldBeFalse();
        rotation.KeyEncryptionKeyId.ShouldBe(made);
        rotation.Rewrapped.ShouldBe(1);
    }

    [Fact]
    public async Task Keys_from_the_environment_rotate_when_the_operator_brings_a_new_one()
    {
        var (old, current) = (VaultScene.NewKey(), VaultScene.NewKey());
        _scene.Variables["SLUICE_VAULT_KEY"] = old;
        var secret = await _scene.Start().SealAsync("s3cret");

        _scene.Variables["SLUICE_VAULT_KEY"] = current;
        _scene.Variables["SLUICE_VAULT_PREVIOUS_KEYS"] = old;
        var rotation = await _scene.Start().RotateAsync();

        rotation.MadeKeyEncryptionKey.ShouldBeFalse();
        rotation.KeyEncryptionKeyId.ShouldBe(VaultScene.IdOf(current));
        rotation.Rewrapped.ShouldBe(1);
        _scene.Variables.TryRemove("SLUICE_VAULT_PREVIOUS_KEYS", out _);
        (await _scene.Start().OpenAsync(secret)).ShouldBe("s3cret");
    }

    [Fact]
    public async Task A_data_key_whose_wrapping_was_altered_is_counted_and_stops_nothing()
    {
        var secret = await _scene.Start().SealAsync("s3cret");
        var good = _scene.Store.Keys.ShouldHaveSingleItem();
        _scene.Store.Put(good with { Id = Guid.NewGuid() });

        var rotation = await _scene.Start().RotateAsync();

        rotation.Unreadable.ShouldBe(1);
        rotation.Rewrapped.ShouldBe(1);
        (await _scene.Start().OpenAsync(secret)).ShouldBe("s3cret");
    }
}
