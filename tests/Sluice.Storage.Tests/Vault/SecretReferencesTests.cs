using CsCheck;
using Sluice.Storage.Vault;

namespace Sluice.Storage.Tests.Vault;

public sealed class SecretReferencesTests : IDisposable
{
    private const int Limit = 64 * 1024;
    private readonly VaultScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task A_variable_is_read_as_it_stands()
    {
        _scene.Variables["SLUICE_SECRET_PG_1"] = " p\u00e4ss\n";
        (await _scene.Start().ResolveAsync("env:SLUICE_SECRET_PG_1")).ShouldBe(" p\u00e4ss\n");
    }

    [Theory]
    [InlineData("env:HOME")]
    [InlineData("env:SLUICE_VAULT_KEY")]
    [InlineData("env:SLUICE_ADMIN_KEY")]
    [InlineData("env:SLUICE_SECRET_")]
    [InlineData("env:SLUICE_SECRET")]
    [InlineData("env:sluice_secret_x")]
    [InlineData("env: SLUICE_SECRET_X")]
    [InlineData("env:SLUICE_SECRET_X ")]
    [InlineData("env:SLUICE_SECRET_X=")]
    [InlineData("env:SLUICE_SECRET_\u00c4")]
    [InlineData("env:SLUICE_SECRET_X\0")]
    [InlineData("env:")]
    [InlineData("ENV:SLUICE_SECRET_X")]
    [InlineData(" env:SLUICE_SECRET_X")]
    [InlineData("hunter2")]
    [InlineData("")]
    [InlineData("file:")]
    [InlineData("file:a\nb")]
    [InlineData("file:a\0")]
    [InlineData("https://example.com/x")]
    public async Task What_is_no_reference_is_refused_and_never_shown(string source)
    {
        _scene.Variables["SLUICE_SECRET_X"] = "planted";
        foreach (var name in new[] { "HOME", "SLUICE_VAULT_KEY", "SLUICE_ADMIN_KEY", "SLUICE_SECRET_", "SLUICE_SECRET", "sluice_secret_x" })
            _scene.Variables[name] = "planted";
        _scene.Variables.TryRemove("SLUICE_VAULT_KEY", out _);

        var refusal = await Should.ThrowAsync<SecretUnavailableException>(() => _scene.Start().ResolveAsync(source));

        refusal.ToString().ShouldNotContain("planted");
        if (source.Length > "file:".Length) refusal.ToString().ShouldNotContain(source);
        refusal.Message.ShouldNotContain("\n");
    }

    [Fact]
    public void Only_names_with_the_prefix_are_ever_read() => Gen.Char[' ', '~'].Array[0, 20].Select(c => new string(c)).Sample(name =>
    {
        var read = new List<string>();
        var references = new SecretReferences(_scene.Options, new EnvironmentVariables(n =>
        {
            read.Add(n);
            return null;
        }));
        _ = Should.Throw<SecretUnavailableException>(() => references.ResolveAsync("env:" + name, CancellationToken.None));
        read.ShouldAllBe(n => n.StartsWith("SLUICE_SECRET_", StringComparison.Ordinal));
    });

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task A_variable_without_a_value_is_named(string? value)
    {
        if (value is not null) _scene.Variables["SLUICE_SECRET_X"] = value;
        (await Should.ThrowAsync<SecretUnavailableException>(() => _scene.Start().ResolveAsync("env:SLUICE_SECRET_X")))
            .Message.ShouldContain("env:SLUICE_SECRET_X");
    }

    [Theory]
    [InlineData("s3cret", "s3cret")]
    [InlineData("s3cret\n", "s3cret")]
    [InlineData("s3cret\r\n", "s3cret")]
    [InlineData("s3cret\n\n", "s3cret\n")]
    [InlineData(" s3cret \n", " s3cret ")]
    [InlineData("\u00fc\U0001F511", "\u00fc\U0001F511")]
    public async Task A_file_is_read_less_one_line_end(string content, string secret)
    {
        var path = _scene.WriteSecret("deep/er/pw", content);
        var server = _scene.Start();
        (await server.ResolveAsync("file:deep/er/pw")).ShouldBe(secret);
        (await server.ResolveAsync($"file:{path}")).ShouldBe(secret);
        (await server.ResolveAsync("file:deep/../deep/./er/pw")).ShouldBe(secret);
    }

    [Fact]
    public async Task A_file_of_64_KiB_is_read_and_one_byte_more_is_not()
    {
        var server = _scene.Start();
        _scene.WriteSecret("fits", new string('x', Limit));
        (await server.ResolveAsync("file:fits")).Length.ShouldBe(Limit);
        _scene.WriteSecret("larger", new string('x', Limit + 1));
        (await Refused("file:larger")).ShouldContain("65536");
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    public async Task An_empty_file_is_no_secret(string content)
    {
        _scene.WriteSecret("empty", content);
        (await Refused("file:empty")).ShouldContain("empty");
    }

    [Fact]
    public async Task A_file_that_is_no_text_is_refused_without_its_bytes()
    {
        await File.WriteAllBytesAsync(Path.Join(_scene.Secrets, "binary"), [0x68, 0x69, 0xFF, 0xFE]);
        (await Refused("file:binary")).ShouldContain("UTF-8");
    }

    [Theory]
    [InlineData("file:/etc/hostname")]
    [InlineData("file:../outside")]
    [InlineData("file:a/../../outside")]
    [InlineData("file:..")]
    [InlineData("file:.")]
    [InlineData("file:/")]
    [InlineData("file:../secrets-too/pw")]
    [InlineData("file:../../../../../../../../../etc/hostname")]
    [InlineData("file:/proc/self/environ")]
    public async Task A_path_that_is_not_below_the_secret_directory_is_refused(string source)
    {
        await File.WriteAllTextAsync(Path.Join(_scene.Root, "outside"), "planted");
        Directory.CreateDirectory(_scene.Secrets + "-too");
        await File.WriteAllTextAsync(Path.Join(_scene.Secrets + "-too", "pw"), "planted");
        (await Refused(source)).ShouldContain("not below");
    }

    [Fact]
    public async Task Nobody_learns_what_exists_outside()
    {
        var there = await Refused("file:/etc/hostname");
        var notThere = await Refused("file:/etc/hostnamf");
        notThere.Replace("hostnamf", "hostname", StringComparison.Ordinal).ShouldBe(there);
    }

    [Fact]
    public async Task Links_that_lead_out_are_refused_however_they_do_it()
    {
        await File.WriteAllTextAsync(Path.Join(_scene.Root, "outside"), "planted");
        Link("direct", Path.Join(_scene.Root, "outside"));
        Link("relative", "../outside");
        Link("chain", "direct");
        Link("directory", _scene.Root, directory: true);
        Link("root", "/", directory: true);
        Link("process", "/proc/self", directory: true);
        Link("twin", _scene.Secrets + "-too", directory: true);
        Directory.CreateDirectory(_scene.Secrets + "-too");
        await File.WriteAllTextAsync(Path.Join(_scene.Secrets + "-too", "pw"), "planted");

        foreach (var path in new[] { "direct", "relative", "chain", "directory/outside", "root/etc/passwd", "process/environ", "twin/pw" })
            (await Refused($"file:{path}")).ShouldContain("leads out", customMessage: path);
    }

    [Fact]
    public async Task Links_that_stay_below_are_followed()
    {
        _scene.WriteSecret("..2026_01/pw", "s3cret");
        Link("..data", "..2026_01", directory: true);
        Link("pw", "..data/pw");
        Link("absolute", Path.Join(_scene.Secrets, "pw"));
        Link("around", "../secrets/pw");
        foreach (var path in new[] { "pw", "absolute", "around", "..data/pw" })
            (await _scene.Start().ResolveAsync($"file:{path}")).ShouldBe("s3cret", path);
    }

    [Fact]
    public async Task A_secret_directory_that_is_a_link_itself_is_as_good_as_any()
    {
        _scene.WriteSecret("pw", "s3cret");
        var linked = Path.Join(_scene.Root, "linked");
        Directory.CreateSymbolicLink(linked, _scene.Secrets);
        _scene.Options = _scene.Options with { SecretDirectory = linked + "/" };
        (await _scene.Start().ResolveAsync("file:pw")).ShouldBe("s3cret");
        (await _scene.Start().ResolveAsync($"file:{linked}/pw")).ShouldBe("s3cret");
        (await _scene.Start().ResolveAsync($"file:{_scene.Secrets}/pw")).ShouldBe("s3cret");
    }

    [Fact]
    public async Task A_link_without_an_end_and_a_dangling_one_are_refused()
    {
        Link("loop", "loop");
        Link("dangling", "nowhere");
        await Refused("file:loop");
        (await Refused("file:dangling")).ShouldContain("does not exist");
        (await Refused("file:missing")).ShouldContain("does not exist");
    }

    [Fact]
    public async Task Only_regular_files_are_read_and_a_pipe_holds_nobody_up()
    {
        VaultScene.MakePipe(Path.Join(_scene.Secrets, "pipe"));
        Directory.CreateDirectory(Path.Join(_scene.Secrets, "folder"));
        _scene.WriteSecret("file", "x");
        (await Refused("file:pipe")).ShouldContain("regular");
        (await Refused("file:folder")).ShouldContain("regular");
        (await Refused("file:file/below")).ShouldContain("does not exist");
    }

    [Fact]
    public async Task A_link_that_is_swapped_all_the_while_never_leads_out()
    {
        await File.WriteAllTextAsync(Path.Join(_scene.Root, "outside"), "planted");
        _scene.WriteSecret("inside", "s3cret");
        var server = _scene.Start();
        using var stop = new CancellationTokenSource();
        var swaps = 0;
        var swapping = Task.Run(() =>
        {
            for (var n = 0; !stop.IsCancellationRequested; n++)
            {
                File.CreateSymbolicLink(Path.Join(_scene.Secrets, "next"), n % 2 == 0 ? "inside" : "../outside");
                File.Move(Path.Join(_scene.Secrets, "next"), Path.Join(_scene.Secrets, "pw"), overwrite: true);
                Volatile.Write(ref swaps, n);
            }
        });

        var (read, refused) = (0, 0);
        while (read < 200 || refused < 200)
        {
            try
            {
                (await server.ResolveAsync("file:pw")).ShouldBe("s3cret");
                read++;
            }
            catch (SecretUnavailableException)
            {
                refused++;
            }
        }

        await stop.CancelAsync();
        await swapping;
        swaps.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_file_is_read_as_it_is_now()
    {
        var server = _scene.Start();
        _scene.WriteSecret("pw", "first");
        var secret = await server.SealReferenceAsync("file:pw");
        (await server.OpenAsync(secret)).ShouldBe("first");
        _scene.WriteSecret("pw", "second");
        (await server.OpenAsync(secret)).ShouldBe("second");
    }

    [Fact]
    public async Task Without_a_secret_directory_no_file_is_read()
    {
        var path = _scene.WriteSecret("pw", "planted");
        _scene.Options = _scene.Options with { SecretDirectory = null };
        (await Refused($"file:{path}")).ShouldContain("no secret directory");
        _scene.Options = _scene.Options with { SecretDirectory = Path.Join(_scene.Root, "gone") };
        (await Refused("file:pw")).ShouldContain("missing");
    }

    [Fact]
    public void Below_is_what_the_real_path_says_for_any_tangle_of_links() => Gen.Select(
        Gen.OneOf(Gen.Const("a"), Gen.Const("b"), Gen.Const("c")).Array[1, 4],
        Gen.Select(Gen.OneOf(Gen.Const("a"), Gen.Const("b"), Gen.Const("c")), Gen.OneOf(Gen.Const("a"), Gen.Const("b"), Gen.Const("."), Gen.Const(".."), Gen.Const("../outside"), Gen.Const("/"), Gen.Const("a/b"), Gen.Const("../secrets"))).Array[0, 4]).Sample(
        (path, links) =>
        {
            using var scene = new VaultScene();
            File.WriteAllText(Path.Join(scene.Root, "outside"), "planted");
            foreach (var (name, target) in links)
            {
                if (Path.Exists(Path.Join(scene.Secrets, name)) || new FileInfo(Path.Join(scene.Secrets, name)).LinkTarget is not null) continue;
                File.CreateSymbolicLink(Path.Join(scene.Secrets, name), target);
            }

            var refusal = Should.Throw<SecretUnavailableException>(() => scene.Start().ResolveAsync($"file:{string.Join('/', path)}/outside"));
            refusal.ToString().ShouldNotContain("planted");
        },
        iter: 300);

    private void Link(string name, string target, bool directory = false)
    {
        if (directory) Directory.CreateSymbolicLink(Path.Join(_scene.Secrets, name), target);
        else File.CreateSymbolicLink(Path.Join(_scene.Secrets, name), target);
    }

    private async Task<string> Refused(string source)
    {
        var refusal = await Should.ThrowAsync<SecretUnavailableException>(() => _scene.Start().ResolveAsync(source), source);
        refusal.ToString().ShouldNotContain("planted");
        refusal.Message.ShouldContain(source);
        return refusal.Message;
    }
}
