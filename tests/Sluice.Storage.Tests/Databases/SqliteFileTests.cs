using System.Runtime.Versioning;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Storage.Databases;

namespace Sluice.Storage.Tests.Databases;

[UnsupportedOSPlatform("windows")]
public sealed class SqliteFileTests
{
    private const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Fact]
    public async Task Nobody_else_can_read_the_directory_or_a_file_in_it()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("File modes are those of Unix.");
        await using var database = await TestDatabase.CreateNewAsync();
        await TestTree.CreateAsync(database);
        File.GetUnixFileMode(database.Options.DataDirectory).ShouldBe(Own | UnixFileMode.UserExecute);
        var files = Directory.GetFiles(database.Options.DataDirectory);
        files.Select(Path.GetFileName).ShouldBe(["sluice.db", "sluice.db-wal", "sluice.db-shm", "sluice.db.lock"], ignoreOrder: true);
        foreach (var file in files) File.GetUnixFileMode(file).ShouldBe(Own, file);
    }

    [Fact]
    public async Task A_directory_and_files_that_others_could_read_are_closed_at_the_start()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("File modes are those of Unix.");
        await using var database = await TestDatabase.CreateNewAsync();
        var everyone = (UnixFileMode)0b111_111_111;
        var directory = database.Options.DataDirectory;
        File.SetUnixFileMode(directory, everyone);
        foreach (var file in Directory.GetFiles(directory)) File.SetUnixFileMode(file, everyone);

        await database.StartServer().GetRequiredService<IDatabase>().MigrateAsync(TestDatabase.Ending);

        File.GetUnixFileMode(directory).ShouldBe(Own | UnixFileMode.UserExecute);
        foreach (var file in Directory.GetFiles(directory)) File.GetUnixFileMode(file).ShouldBe(Own, file);
    }

    [Fact]
    public async Task Every_connection_of_the_pool_is_set_up()
    {
        await using var database = await TestDatabase.CreateNewAsync();
        var all = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => database.Database.ReadAsync(
            async (context, token) => (
                await context.NumberAsync("PRAGMA synchronous", token),
                await context.NumberAsync("PRAGMA foreign_keys", token),
                await context.NumberAsync("SELECT count(*) FROM pragma_journal_mode WHERE journal_mode = 'wal'", token),
                await context.NumberAsync("PRAGMA busy_timeout", token)),
            TestDatabase.Ending))));
        foreach (var settings in all) settings.ShouldBe((1, 1, 1, 10000));
    }

    [Fact]
    public async Task Readers_do_not_wait_for_a_writer_and_see_nothing_of_it_before_it_commits()
    {
        await using var database = await TestDatabase.CreateNewAsync();
        await database.Database.WriteAsync(
            async (context, token) =>
            {
                await context.ExecuteAsync("INSERT INTO server_facts (name, value) VALUES ('a', 'b')", token);
                (await database.NumberAsync("SELECT count(*) FROM server_facts")).ShouldBe(0);
                (await database.Catalog.SearchAsync(new(), token)).Count.ShouldBe(0);
            },
            TestDatabase.Ending);
        (await database.NumberAsync("SELECT count(*) FROM server_facts")).ShouldBe(1);
    }

    [Fact]
    public async Task The_log_does_not_grow_for_ever()
    {
        await using var database = await TestDatabase.CreateNewAsync();
        var padding = new string('x', 100_000);
        for (var i = 0; i < 400; i++)
            await database.Facts.GetOrAddAsync($"fact {i}", () => padding, TestDatabase.Ending);
        new FileInfo(Path.Combine(database.Options.DataDirectory, "sluice.db-wal")).Length.ShouldBeLessThan(24 << 20);
    }

    [Fact]
    public async Task Servers_that_make_the_file_at_the_same_moment_wait_for_each_other()
    {
        var rounds = Environment.GetEnvironmentVariable("SLUICE_LONG") == "1" ? 3000 : 100;
        var parent = Directory.CreateTempSubdirectory("sluice-sqlite-file-").FullName;
        try
        {
            for (var round = 0; round < rounds; round++)
            {
                var folder = Path.Combine(parent, $"{round}");
                using var start = new Barrier(8);
                await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
                    async () =>
                    {
                        start.SignalAndWait(TestDatabase.Ending);
                        var file = new SqliteFile(folder);
                        file.Create();
                        await using (await file.LockAsync(TestDatabase.Ending)) File.Exists(file.Path).ShouldBeTrue();
                    },
                    TestDatabase.Ending)));
            }
        }
        finally
        {
            Directory.Delete(parent, recursive: true);
        }
    }
}
