using System.Net;
using Sluice.Engine.Callers;
using Sluice.Server.Authentication;
using Sluice.Server.Configuration;
using Sluice.Server.Tests.Fakes;
using Sluice.Storage.Access;

namespace Sluice.Server.Tests.Authentication;

public sealed class FirstKeyTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("sluice-first-").FullName;

    [Fact]
    public async Task The_first_start_writes_one_key_that_only_its_owner_can_read()
    {
        await using var server = await RunningServer.StartAsync();
        var file = Path.Combine(server.Directory, "admin.key");

        server.Server.FirstKey!.File.ShouldBe(file);
        (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Trim().ShouldBe(server.AdminKey);
        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.GetFiles(server.Directory, "admin.key*").ShouldBe([file]);
        server.Room.Keys.Stored.Values.Single().Permissions.ShouldBe(Permission.All);
        (await server.SendAsync("GET", "/jobs")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_log_names_the_file_and_never_the_key()
    {
        await using var server = await RunningServer.StartAsync();
        var log = string.Join('\n', server.Room.Log.Lines);

        log.ShouldContain("admin.key");
        log.ShouldNotContain(server.AdminKey);
        log.ShouldNotContain(server.AdminKey.Split('_', 3)[2]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_key_itself_goes_to_a_terminal_only(bool isTerminal)
    {
        using var output = new StringWriter();

        new FirstKey("/data/admin.key", "slu_id_secret").Announce(output, isTerminal);

        output.ToString().ShouldContain("/data/admin.key");
        output.ToString().Contains("slu_id_secret", StringComparison.Ordinal).ShouldBe(isTerminal);
        new FirstKey("/data/admin.key", "slu_id_secret").ToString().ShouldNotContain("secret");
    }

    [Fact]
    public async Task A_second_start_makes_no_key()
    {
        var room = new FakeEngineRoom();
        await using (await StartAsync(room, adminKey: null)) { }
        var before = await File.ReadAllTextAsync(Path.Combine(_directory, "admin.key"), TestContext.Current.CancellationToken);

        await using var again = await StartAsync(room, adminKey: null);

        again.FirstKey.ShouldBeNull();
        room.Keys.Stored.Count.ShouldBe(1);
        (await File.ReadAllTextAsync(Path.Combine(_directory, "admin.key"), TestContext.Current.CancellationToken)).ShouldBe(before);
    }

    [Fact]
    public async Task The_operators_own_key_is_taken_and_no_file_is_written()
    {
        var room = new FakeEngineRoom();
        var key = ApiKey.New();

        await using var server = await StartAsync(room, key.Text);

        server.FirstKey.ShouldBeNull();
        File.Exists(Path.Combine(_directory, "admin.key")).ShouldBeFalse();
        room.Keys.Stored.Values.Single().Hash.ShouldBe(key.Hash);
        string.Join('\n', room.Log.Lines).ShouldNotContain(key.Text);
    }

    [Fact]
    public async Task An_operators_key_given_later_is_added_and_a_revoked_one_stays_revoked()
    {
        var room = new FakeEngineRoom();
        await using (await StartAsync(room, adminKey: null)) { }
        var key = ApiKey.New();
        await using (await StartAsync(room, key.Text)) { }
        room.Keys.Stored.Count.ShouldBe(2);
        await room.Keys.RevokeAsync(key.Id, Caller.System.AsActor(), room.Time.Now, TestContext.Current.CancellationToken);

        await using var server = await StartAsync(room, key.Text);

        room.Keys.Stored[key.Id].RevokedAt.ShouldNotBeNull();
        string.Join('\n', room.Log.Lines).ShouldContain("was revoked and stays so");
    }

    [Fact]
    public async Task A_start_that_broke_off_before_the_key_was_stored_makes_another_the_next_time()
    {
        var room = new FakeEngineRoom();
        await room.Facts.GetOrAddAsync("admin.keyId", () => "0123456789abcdef", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_directory, "admin.key"), "slu_lost", TestContext.Current.CancellationToken);

        await using var server = await StartAsync(room, adminKey: null);

        var stored = room.Keys.Stored.Values.Single();
        stored.Id.ShouldBe("0123456789abcdef");
        ApiKey.Read((await File.ReadAllTextAsync(server.FirstKey!.File, TestContext.Current.CancellationToken)).Trim())!.Hash.ShouldBe(stored.Hash);
    }

    [Fact]
    public async Task A_key_that_was_stored_although_the_database_did_not_say_so_stays_in_its_file()
    {
        var room = new FakeEngineRoom();
        room.Keys.Added = static () => throw new IOException("The connection broke before the answer.");

        await using var server = await StartAsync(room, adminKey: null);

        var file = server.FirstKey.ShouldNotBeNull().File;
        ApiKey.Read((await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Trim())!.Hash.ShouldBe(room.Keys.Stored.Values.Single().Hash);
    }

    [Fact]
    public async Task A_key_that_another_server_made_meanwhile_leaves_no_file_here()
    {
        var room = new FakeEngineRoom();
        room.Keys.Adding = async () =>
        {
            room.Keys.Adding = null;
            var other = ApiKey.New(await room.Facts.GetOrAddAsync("admin.keyId", ApiKey.NewId, TestContext.Current.CancellationToken));
            room.Keys.Stored[other.Id] = new StoredApiKey
            {
                Id = other.Id, Hash = other.Hash, Name = "Administrator", HolderId = "administrator", Permissions = Permission.All, CreatedAt = room.Time.Now, CreatedBy = "system",
            };
        };

        await using var server = await StartAsync(room, adminKey: null);

        server.FirstKey.ShouldBeNull();
        File.Exists(Path.Combine(_directory, "admin.key")).ShouldBeFalse();
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private Task<SluiceServer> StartAsync(FakeEngineRoom room, string? adminKey)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        if (adminKey is not null) environment["SLUICE_ADMIN_KEY"] = adminKey;
        var settings = ServerSettings.Parse(["--data", _directory, "--urls", "http://127.0.0.1:0"], environment, out _)!;
        return SluiceServer.StartAsync(settings, room, TestContext.Current.CancellationToken);
    }
}
