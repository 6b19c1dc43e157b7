using Sluice.Server.Tests.Fakes;

namespace Sluice.Server.Tests;

public sealed class DataDirectoryTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Everybody = (UnixFileMode)0x1FF;

    private readonly string _directory = Directory.CreateTempSubdirectory("sluice-directory-").FullName;

    [Theory]
    [InlineData(0x1FF)]
    [InlineData(0x1ED)]
    [InlineData(0x1C0)]
    public async Task A_directory_that_is_there_is_closed_to_others(int mode)
    {
        SkipOnWindows();
        SetMode(_directory, (UnixFileMode)mode);

        await StartAsync(_directory);

        ModeOf(_directory).ShouldBe(OwnerOnly);
    }

    [Fact]
    public async Task It_is_closed_too_when_the_database_lies_elsewhere()
    {
        SkipOnWindows();
        SetMode(_directory, Everybody);

        await StartAsync(_directory, "--database", "Host=127.0.0.1;Database=x");

        ModeOf(_directory).ShouldBe(OwnerOnly);
    }

    [Fact]
    public async Task A_new_directory_is_made_closed()
    {
        SkipOnWindows();
        var inner = Path.Combine(_directory, "a", "b");

        await StartAsync(inner);

        ModeOf(inner).ShouldBe(OwnerOnly);
    }

    [Fact]
    public async Task A_link_is_followed_to_the_directory_it_means()
    {
        SkipOnWindows();
        var real = Directory.CreateDirectory(Path.Combine(_directory, "real")).FullName;
        SetMode(real, Everybody);
        var link = Directory.CreateSymbolicLink(Path.Combine(_directory, "link"), real).FullName;

        await StartAsync(link);

        ModeOf(real).ShouldBe(OwnerOnly);
    }

    [Fact]
    public async Task A_directory_that_everybody_shares_is_refused_and_left_as_it_is()
    {
        SkipOnWindows();
        const UnixFileMode Shared = Everybody | UnixFileMode.StickyBit;
        SetMode(_directory, Shared);

        var refused = await Should.ThrowAsync<IOException>(() => StartAsync(_directory));

        refused.Message.ShouldContain("--data");
        ModeOf(_directory).ShouldBe(Shared);
    }

    [Fact]
    public async Task Somebody_elses_directory_that_others_can_write_to_is_refused()
    {
        SkipOnWindows();
        // The one directory of another user that every machine has; its mode can't be changed but by root, whom the sticky bit stops.
        const string Foreign = "/tmp";
        if (!Directory.Exists(Foreign) || (ModeOf(Foreign) & UnixFileMode.OtherWrite) == 0) Assert.Skip("There is no shared /tmp.");
        var before = ModeOf(Foreign);

        await Should.ThrowAsync<IOException>(() => StartAsync(Foreign));

        ModeOf(Foreign).ShouldBe(before);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static async Task StartAsync(string directory, params string[] flags)
    {
        var settings = RunningServer.Settings(directory, flags);
        await using var server = await SluiceServer.StartAsync(settings, new FakeEngineRoom(), TestContext.Current.CancellationToken);
    }

    private static void SkipOnWindows() => Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");

    private static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, mode);
    }

    private static UnixFileMode ModeOf(string path) => OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(path);
}
