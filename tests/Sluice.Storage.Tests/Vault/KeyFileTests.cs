using System.Runtime.Versioning;
using Microsoft.Extensions.Logging;
using Sluice.Storage.Vault;

namespace Sluice.Storage.Tests.Vault;

[UnsupportedOSPlatform("windows")]
public sealed class KeyFileTests : IDisposable
{
    private readonly VaultScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task The_first_start_makes_a_private_key_file_outside_of_the_data_directory()
    {
        await _scene.Start().UnlockAsync();

        File.GetUnixFileMode(_scene.KeyPath).ShouldBe(VaultScene.OwnerOnly);
        File.GetUnixFileMode(_scene.KeyDirectory).ShouldBe(VaultScene.OwnerOnly | UnixFileMode.UserExecute);
        Directory.EnumerateFileSystemEntries(_scene.Data).ShouldBeEmpty();
        _scene.Logs.Lines.ShouldNotContain(l => l.Level >= LogLevel.Warning);
        _scene.Logs.Lines.ShouldContain(l => l.Text.Contains(_scene.KeyPath, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Later_starts_leave_the_key_file_as_it_is()
    {
        await _scene.Start().UnlockAsync();
        var before = await File.ReadAllBytesAsync(_scene.KeyPath);
        await _scene.Start().UnlockAsync();
        (await File.ReadAllBytesAsync(_scene.KeyPath)).ShouldBe(before);
    }

    [Fact]
    public async Task A_rotated_key_file_stays_private_and_leaves_nothing_beside_it()
    {
        await _scene.Start().RotateAsync();
        File.GetUnixFileMode(_scene.KeyPath).ShouldBe(VaultScene.OwnerOnly);
        Directory.EnumerateFiles(_scene.KeyDirectory).Order(StringComparer.Ordinal).ShouldBe([_scene.KeyPath, _scene.KeyPath + ".lock"]);
        File.GetUnixFileMode(_scene.KeyPath + ".lock").ShouldBe(VaultScene.OwnerOnly);
    }

    [Fact]
    public async Task Two_instances_of_one_user_have_their_own_key_files()
    {
        using var other = new VaultScene();
        other.Variables["HOME"] = _scene.Home;
        await Task.WhenAll(_scene.Start().UnlockAsync(), other.Start().UnlockAsync());
        Directory.EnumerateFiles(_scene.KeyDirectory, "*.key").Count().ShouldBe(2);
    }

    [Fact]
    public async Task Servers_that_start_at_once_agree_on_one_key()
    {
        var servers = Enumerable.Range(0, 8).Select(_ => _scene.Start()).ToArray();
        var secrets = await Task.WhenAll(servers.Select((s, n) => Task.Run(() => s.SealAsync($"secret {n}"))));

        _scene.Store.Keys.Select(k => k.KeyEncryptionKeyId).Distinct().Count().ShouldBe(1);
        for (var n = 0; n < secrets.Length; n++) (await servers[(n + 1) % 8].OpenAsync(secrets[n])).ShouldBe($"secret {n}");
    }

    [Fact]
    public async Task A_lost_key_file_stops_the_start_and_is_not_made_anew()
    {
        await _scene.Start().SealAsync("s3cret");
        File.Delete(_scene.KeyPath);

        var refusal = await Should.ThrowAsync<VaultException>(_scene.Start().UnlockAsync);

        refusal.Message.ShouldContain(_scene.KeyPath);
        File.Exists(_scene.KeyPath).ShouldBeFalse();
    }

    [Fact]
    public async Task A_key_file_of_another_server_stops_the_start()
    {
        await _scene.Start().SealAsync("s3cret");
        await File.WriteAllTextAsync(_scene.KeyPath, VaultScene.NewKey());
        (await Should.ThrowAsync<VaultException>(_scene.Start().UnlockAsync)).Message
            .ShouldContain(_scene.Store.Keys.ShouldHaveSingleItem().KeyEncryptionKeyId);
    }

    [Fact]
    public async Task An_operator_can_accept_the_loss_and_bring_the_secrets_again()
    {
        var lost = await _scene.Start().SealAsync("s3cret");
        File.Delete(_scene.KeyPath);

        _scene.Options = _scene.Options with { AcceptLostKeys = true };
        var server = _scene.Start();
        var again = await server.SealAsync("brought again");

        (await server.OpenAsync(again)).ShouldBe("brought again");
        await Should.ThrowAsync<VaultException>(() => server.OpenAsync(lost));
        _scene.Logs.Lines.ShouldContain(l => l.Level == LogLevel.Error && l.Text.Contains("lost", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_file_that_goes_while_the_server_runs_is_not_made_anew()
    {
        var server = _scene.Start();
        var secret = await server.SealAsync("s3cret");
        File.Delete(_scene.KeyPath);

        (await server.OpenAsync(secret)).ShouldBe("s3cret");
        await Should.ThrowAsync<VaultException>(server.RotateAsync);
        File.Exists(_scene.KeyPath).ShouldBeFalse();
    }

    [Fact]
    public async Task A_key_in_the_data_directory_is_warned_about_at_every_start()
    {
        _scene.Options = _scene.Options with { KeyInDataDirectory = true };
        for (var start = 1; start <= 3; start++)
        {
            await _scene.Start().UnlockAsync();
            _scene.Logs.Lines.Count(l => l.Level == LogLevel.Warning).ShouldBe(start);
        }

        File.GetUnixFileMode(Path.Join(_scene.Data, "vault.key")).ShouldBe(VaultScene.OwnerOnly);
    }

    [Fact]
    public async Task A_named_key_file_in_the_data_directory_is_warned_about_even_behind_a_link()
    {
        Directory.CreateSymbolicLink(Path.Join(_scene.Root, "elsewhere"), _scene.Data);
        _scene.Options = _scene.Options with { KeyFile = Path.Join(_scene.Root, "elsewhere", "my.key") };
        await _scene.Start().UnlockAsync();
        _scene.Logs.Lines.ShouldContain(l => l.Level == LogLevel.Warning);
    }

    [Fact]
    public async Task The_default_never_falls_into_the_data_directory()
    {
        _scene.Variables["HOME"] = _scene.Data;
        await Should.ThrowAsync<VaultException>(_scene.Start().UnlockAsync);
        Directory.EnumerateFileSystemEntries(_scene.Data).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_configuration_directory_is_XDG_CONFIG_HOME_where_it_is_set_and_absolute()
    {
        _scene.Variables["XDG_CONFIG_HOME"] = "relative";
        await _scene.Start().UnlockAsync();
        File.Exists(_scene.KeyPath).ShouldBeTrue();

        _scene.Variables["XDG_CONFIG_HOME"] = Path.Join(_scene.Root, "xdg");
        await _scene.Start().UnlockAsync();
        File.Exists(Path.Join(_scene.Root, "xdg", "sluice", "keys", Path.GetFileName(_scene.KeyPath))).ShouldBeTrue();
    }

    [Fact]
    public async Task Without_any_configuration_directory_the_start_says_what_to_set()
    {
        _scene.Variables.Clear();
        (await Should.ThrowAsync<VaultException>(_scene.Start().UnlockAsync)).Message.ShouldContain("HOME");
    }

    [Fact]
    public async Task A_draft_left_by_a_crash_is_in_nobodys_way()
    {
        await _scene.Start().UnlockAsync();
        await File.WriteAllTextAsync(_scene.KeyPath + ".new", "half a ke");

        var rotation = await _scene.Start().RotateAsync();

        rotation.MadeKeyEncryptionKey.ShouldBeTrue();
        File.Exists(_scene.KeyPath + ".new").ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("half a ke")]
    public async Task A_damaged_key_file_is_left_for_a_person_to_mend(string text)
    {
        await _scene.Start().UnlockAsync();
        var server = _scene.Start();
        await server.UnlockAsync();
        await File.WriteAllTextAsync(_scene.KeyPath, text);

        await Should.ThrowAsync<VaultException>(_scene.Start().UnlockAsync);
        await Should.ThrowAsync<VaultException>(server.RotateAsync);
        await Should.ThrowAsync<VaultException>(() => server.Keys.TryAddAsync(TestContext.Current.CancellationToken));
        (await File.ReadAllTextAsync(_scene.KeyPath)).ShouldBe(text);
    }

    [Fact]
    public async Task An_instance_id_that_can_not_name_a_file_is_refused()
    {
        await _scene.GetOrAddAsync("instanceId", () => "../../etc/x", TestContext.Current.CancellationToken);
        await Should.ThrowAsync<VaultException>(_scene.Start().UnlockAsync);
    }
}
