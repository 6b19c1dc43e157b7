using System.Runtime.Versioning;
using System.Text;
using Sluice.Storage.Vault;

namespace Sluice.Storage.Tests.Vault;

[UnsupportedOSPlatform("windows")]
public sealed class UnfitKeyFileTests : IDisposable
{
    private readonly VaultScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    [InlineData(UnixFileMode.OtherExecute)]
    public async Task A_key_file_open_to_others_is_refused(UnixFileMode toOthers)
    {
        await _scene.Start().UnlockAsync();
        File.SetUnixFileMode(_scene.KeyPath, VaultScene.OwnerOnly | toOthers);
        (await Should.ThrowAsync<VaultException>(_scene.Start().UnlockAsync)).Message.ShouldContain("chmod 600");
    }

    [Theory]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherWrite)]
    public async Task A_key_file_in_a_directory_others_may_write_to_is_refused(UnixFileMode toOthers)
    {
        await _scene.Start().UnlockAsync();
        File.SetUnixFileMode(_scene.KeyDirectory, VaultScene.OwnerOnly | UnixFileMode.UserExecute | toOthers);
        await Should.ThrowAsync<VaultException>(_scene.Start().UnlockAsync);
    }

    [Fact]
    public async Task No_key_file_is_made_in_a_directory_others_may_write_to()
    {
        var directory = Directory.CreateDirectory(Path.Join(_scene.Root, "shared")).FullName;
        File.SetUnixFileMode(directory, VaultScene.OwnerOnly | UnixFileMode.UserExecute | UnixFileMode.OtherWrite);
        _scene.Options = _scene.Options with { KeyFile = Path.Join(directory, "vault.key") };

        await Should.ThrowAsync<VaultException>(_scene.Start().UnlockAsync);

        File.Exists(_scene.Options.KeyFile).ShouldBeFalse();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_symbolic_link_in_the_place_of_the_key_file_is_refused(bool targetExists)
    {
        var target = Path.Join(_scene.Root, "target.key");
        if (targetExists)
        {
            await File.WriteAllTextAsync(target, VaultScene.NewKey());
            File.SetUnixFileMode(target, VaultScene.OwnerOnly);
        }

        _scene.Options = _scene.Options with { KeyFile = Path.Join(_scene.Root, "link.key") };
        File.CreateSymbolicLink(_scene.Options.KeyFile, target);

        (await Should.ThrowAsync<VaultException>(_scene.Start().UnlockAsync)).Message.ShouldContain("symbolic link");
        File.Exists(target).ShouldBe(targetExists);
    }

    [Fact]
    public async Task A_link_swapped_in_while_the_key_file_is_opened_is_never_followed()
    {
        var path = Path.Join(_scene.Home, "vault.key");
        var (own, next, other) = (VaultScene.NewKey(), path + ".next", Path.Join(_scene.Root, "other.key"));
        await WriteAsync(path, own);
        await WriteAsync(other, VaultScene.NewKey());
        using var stop = new CancellationTokenSource();
        var swapping = Task.Run(async () =>
        {
            for (var n = 0; !stop.IsCancellationRequested; n++)
            {
                if (n % 2 == 0) File.CreateSymbolicLink(next, other);
                else await WriteAsync(next, own);
                File.Move(next, path, overwrite: true);
            }
        });

        for (var (read, refused) = (0, 0); read < 1_500 || refused < 1_500;)
        {
            try
            {
                Encoding.ASCII.GetString(await new KeyFile(path).ReadAsync(TestContext.Current.CancellationToken)).ShouldBe(own);
                read++;
            }
            catch (VaultException)
            {
                refused++;
            }
        }

        await stop.CancelAsync();
        await swapping;
    }

    [Fact]
    public async Task A_key_directory_behind_a_link_is_as_good_as_any()
    {
        var real = Directory.CreateDirectory(Path.Join(_scene.Root, "real")).FullName;
        Directory.CreateSymbolicLink(Path.Join(_scene.Root, "linked"), real);
        _scene.Options = _scene.Options with { KeyFile = Path.Join(_scene.Root, "linked", "vault.key") };
        await _scene.Start().UnlockAsync();
        await _scene.Start().UnlockAsync();
        File.Exists(Path.Join(real, "vault.key")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_pipe_or_a_directory_in_the_place_of_the_key_file_is_refused_at_once()
    {
        var pipe = Path.Join(_scene.Root, "pipe.key");
        VaultScene.MakePipe(pipe);
        File.SetUnixFileMode(pipe, VaultScene.OwnerOnly);
        foreach (var path in new[] { pipe, _scene.Home })
        {
            _scene.Options = _scene.Options with { KeyFile = path };
            (await Should.ThrowAsync<VaultException>(_scene.Start().UnlockAsync)).Message.ShouldContain("regular file");
        }
    }

    private static async Task WriteAsync(string path, string text)
    {
        await using var stream = new FileStream(path, KeyFile.PrivateFile(FileMode.CreateNew));
        await stream.WriteAsync(Encoding.ASCII.GetBytes(text));
    }
}
