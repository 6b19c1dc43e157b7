using Sluice.Storage.Vault;

namespace Sluice.Storage.Tests.Vault;

public sealed class PortableFilesTests : IDisposable
{
    private readonly string _root = PortableFiles.RealPath(Directory.CreateTempSubdirectory("sluice-files-").FullName);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Every_link_on_the_way_is_followed()
    {
        Directory.CreateDirectory(Path.Join(_root, "real", "deep"));
        Directory.CreateSymbolicLink(Path.Join(_root, "one"), "real");
        Directory.CreateSymbolicLink(Path.Join(_root, "real", "two"), Path.Join(_root, "one", "deep"));
        Directory.CreateSymbolicLink(Path.Join(_root, "real", "deep", "up"), "../..");

        PortableFiles.RealPath(Path.Join(_root, "one/two/up/one/two/x")).ShouldBe(Path.Join(_root, "real/deep/x"));
    }

    [Fact]
    public void Links_in_a_circle_end_with_an_error()
    {
        File.CreateSymbolicLink(Path.Join(_root, "a"), "b");
        File.CreateSymbolicLink(Path.Join(_root, "b"), "a");
        Should.Throw<IOException>(() => PortableFiles.RealPath(Path.Join(_root, "a")));
    }

    [Fact]
    public async Task Both_ways_of_opening_tell_the_same()
    {
        await File.WriteAllTextAsync(Path.Join(_root, "file"), "text");
        File.CreateSymbolicLink(Path.Join(_root, "link"), "file");
        foreach (var name in new[] { "file", "link", "", "nothing" })
        {
            using var portable = PortableFiles.Open(Path.Join(_root, name));
            using var opened = OpenedFile.Open(Path.Join(_root, name));
            portable?.RealPath.ShouldBe(opened?.RealPath);
            portable?.Kind.ShouldBe(opened!.Kind);
            (portable is null).ShouldBe(opened is null);
        }

        using var file = PortableFiles.Open(Path.Join(_root, "link"))!;
        var buffer = new byte[10];
        (await file.ReadAsync(buffer, TestContext.Current.CancellationToken)).ShouldBe(4);
    }
}
