using Microsoft.Extensions.DependencyInjection;
using Sluice.Storage.Vault;

namespace Sluice.Storage.Tests.Vault;

public sealed class KeySourceTests : IDisposable
{
    private readonly VaultScene _scene = new();
    private readonly string _key = VaultScene.NewKey();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task A_key_from_the_environment_makes_no_file()
    {
        _scene.Variables["SLUICE_VAULT_KEY"] = _key;
        await _scene.Start().SealAsync("s3cret");
        Directory.EnumerateFileSystemEntries(_scene.Home).ShouldBeEmpty();
        _scene.Store.Keys.ShouldHaveSingleItem().KeyEncryptionKeyId.ShouldBe(VaultScene.IdOf(_key));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("nonsense")]
    public async Task A_variable_that_is_set_to_no_key_is_an_error_and_never_the_default(string value)
    {
        _scene.Variables["SLUICE_VAULT_KEY"] = value;
        _scene.Variables["SLUICE_VAULT_PREVIOUS_KEYS"] = _key;
        await Should.ThrowAsync<VaultException>(_scene.Start().UnlockAsync);
        Directory.EnumerateFileSystemEntries(_scene.Home).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_variable_named_by_the_operator_must_be_set_and_is_the_only_one_read()
    {
        _scene.Variables["SLUICE_VAULT_KEY"] = VaultScene.NewKey();
        _scene.Options = _scene.Options with { KeyEnvironmentVariable = "MY_KEY" };
        (await Should.ThrowAsync<VaultException>(_scene.Start().UnlockAsync)).Message.ShouldContain("MY_KEY");
        Directory.EnumerateFileSystemEntries(_scene.Home).ShouldBeEmpty();

        _scene.Variables["MY_KEY"] = _key;
        await _scene.Start().SealAsync("s3cret");
        _scene.Store.Keys.ShouldHaveSingleItem().KeyEncryptionKeyId.ShouldBe(VaultScene.IdOf(_key));
    }

    [Fact]
    public async Task A_key_file_without_a_name_is_an_error_and_never_the_default()
    {
        _scene.Options = _scene.Options with { KeyFile = "" };
        await Should.ThrowAsync<VaultException>(_scene.Start().UnlockAsync);
        Directory.EnumerateFileSystemEntries(_scene.Home).ShouldBeEmpty();
    }

    [Fact]
    public async Task Older_keys_without_a_current_one_are_an_error()
    {
        _scene.Variables["SLUICE_VAULT_PREVIOUS_KEYS"] = _key;
        (await Should.ThrowAsync<VaultException>(_scene.Start().UnlockAsync)).Message.ShouldContain("SLUICE_VAULT_KEY");
    }

    [Fact]
    public async Task Older_keys_stand_with_commas_or_spaces_between_them()
    {
        var (second, third) = (VaultScene.NewKey(), VaultScene.NewKey());
        foreach (var key in new[] { _key, second, third })
        {
            _scene.Variables["SLUICE_VAULT_KEY"] = key;
            _scene.Options = _scene.Options with { AcceptLostKeys = true };
            await _scene.Start().SealAsync("s3cret");
        }

        _scene.Options = _scene.Options with { AcceptLostKeys = false };
        _scene.Variables["SLUICE_VAULT_KEY"] = VaultScene.NewKey();
        foreach (var older in new[] { $"{_key},{second},{third}", $"{_key}  {second}\n{third}", $" {_key}, {second} ,{third} " })
        {
            _scene.Variables["SLUICE_VAULT_PREVIOUS_KEYS"] = older;
            await _scene.Start().UnlockAsync();
        }
    }

    [Fact]
    public async Task A_key_moves_from_the_file_to_the_environment_without_a_rotation()
    {
        var secret = await _scene.Start().SealAsync("s3cret");
        _scene.Variables["SLUICE_VAULT_KEY"] = (await File.ReadAllLinesAsync(_scene.KeyPath)).First(l => l is not ['#', ..]).Split(' ')[1];
        File.Delete(_scene.KeyPath);
        (await _scene.Start().OpenAsync(secret)).ShouldBe("s3cret");
    }

    [Fact]
    public async Task Two_sources_at_once_are_refused_and_both_named()
    {
        _scene.Variables["SLUICE_VAULT_KEY"] = _key;
        _scene.Options = _scene.Options with { KeyFile = "/x/y", KeyCommand = "/bin/true" };
        (await Should.ThrowAsync<VaultException>(_scene.Start().UnlockAsync)).Message.ShouldSatisfyAllConditions(
            m => m.ShouldContain("key file"), m => m.ShouldContain("command"), m => m.ShouldContain("SLUICE_VAULT_KEY"));
    }

    [Fact]
    public async Task A_command_prints_the_keys()
    {
        var old = VaultScene.NewKey();
        UseCommand($"echo {old}");
        var secret = await _scene.Start().SealAsync("s3cret");

        UseCommand($"echo '# from the key service'; echo {_key}; echo {old}");
        var rotation = await _scene.Start().RotateAsync();

        rotation.KeyEncryptionKeyId.ShouldBe(VaultScene.IdOf(_key));
        rotation.MadeKeyEncryptionKey.ShouldBeFalse();
        (await _scene.Start().OpenAsync(secret)).ShouldBe("s3cret");
    }

    [Fact]
    public async Task A_running_server_rotates_to_the_key_the_command_prints_now()
    {
        var file = Path.Join(_scene.Root, "keys");
        await File.WriteAllTextAsync(file, _key);
        _scene.Options = _scene.Options with { KeyCommand = $"/bin/cat '{file}'" };
        var server = _scene.Start();
        var secret = await server.SealAsync("s3cret");

        var next = VaultScene.NewKey();
        await File.WriteAllTextAsync(file, $"{next}\n{_key}\n");

        (await server.RotateAsync()).KeyEncryptionKeyId.ShouldBe(VaultScene.IdOf(next));
        (await server.OpenAsync(secret)).ShouldBe("s3cret");
    }

    [Fact]
    public async Task A_command_gets_no_shell_and_none_of_the_servers_own_variables()
    {
        var seen = Path.Join(_scene.Root, "seen");
        Environment.SetEnvironmentVariable("SLUICE_SECRET_VAULT_TEST", "planted");
        UseCommand($"env > {seen}; echo {_key}");
        await _scene.Start().UnlockAsync();
        var environment = await File.ReadAllTextAsync(seen);
        environment.ShouldContain("PATH=");
        environment.ShouldNotContain("SLUICE_");

        _scene.Options = _scene.Options with { KeyCommand = $"/bin/echo {_key} ; touch {seen}.shell" };
        await Should.ThrowAsync<VaultException>(_scene.Start().UnlockAsync);
        File.Exists($"{seen}.shell").ShouldBeFalse();
    }

    [Theory]
    [InlineData("echo planted-output; echo planted-error >&2; exit 3", "exit code 3")]
    [InlineData("echo planted-output", "line 1")]
    [InlineData("exit 0", "no key")]
    [InlineData("head -c 70000 /dev/zero", "more than 65536 bytes")]
    [InlineData("yes planted-output", "more than 65536 bytes")]
    public async Task A_command_that_fails_is_named_without_what_it_printed(string script, string reason)
    {
        UseCommand(script);
        var refusal = await Should.ThrowAsync<VaultException>(_scene.Start().UnlockAsync);
        refusal.Message.ShouldContain(reason);
        refusal.ToString().ShouldNotContain("planted");
    }

    [Fact]
    public async Task A_command_that_floods_its_error_output_is_read_all_the_same()
    {
        UseCommand($"head -c 1000000 /dev/zero >&2; echo {_key}");
        await _scene.Start().UnlockAsync();
    }

    [Theory]
    [InlineData("/nonexistent/program")]
    [InlineData("cat /etc/hostname")]
    [InlineData("./relative")]
    [InlineData("")]
    [InlineData("/bin/sh -c 'open")]
    public async Task A_command_that_can_not_run_is_refused(string command)
    {
        _scene.Options = _scene.Options with { KeyCommand = command };
        await Should.ThrowAsync<VaultException>(_scene.Start().UnlockAsync);
    }

    [Fact]
    public async Task A_command_that_does_not_end_is_killed_with_its_children()
    {
        var child = Path.Join(_scene.Root, "child");
        UseCommand($"sleep 600 & echo $! > {child}; wait");
        var refusal = await Should.ThrowAsync<VaultException>(
            _scene.Start(s => s.AddSingleton<TimeProvider>(new HastyTime())).UnlockAsync);

        refusal.Message.ShouldContain("10 seconds");
        var status = $"/proc/{(await File.ReadAllTextAsync(child, TestContext.Current.CancellationToken)).Trim()}/stat";
        await Eventually(() => !File.Exists(status) || File.ReadAllText(status).Contains(") Z ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/p a  b", new[] { "a", "b" })]
    [InlineData("/p 'a b' \"c d\"", new[] { "a b", "c d" })]
    [InlineData("/p a'b c'd \"it's\"", new[] { "ab cd", "it's" })]
    [InlineData("/p '' \"\"", new[] { "", "" })]
    [InlineData(" /p\t$HOME `x` \\n *", new[] { "$HOME", "`x`", "\\n", "*" })]
    public void A_command_line_is_split_at_blanks_outside_quotes(string line, string[] arguments)
    {
        var command = KeyCommandLine.Parse(line);
        command.Program.ShouldBe("/p");
        command.Arguments.ShouldBe(arguments);
    }

    private void UseCommand(string script) => _scene.Options = _scene.Options with { KeyCommand = $"/bin/sh -c \"{script}\"" };

    private static async Task Eventually(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition()) await Task.Delay(10, limit.Token);
    }

    private sealed class HastyTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime / 20, period);
    }
}
