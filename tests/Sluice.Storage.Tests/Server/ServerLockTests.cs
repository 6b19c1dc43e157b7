using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Storage.Databases;

namespace Sluice.Storage.Tests.Server;

public sealed class ServerLockTests
{
    private const string Holders = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

    private static CancellationToken Ending => TestDatabase.Ending;

    [Fact]
    public async Task A_second_server_is_refused_until_the_first_is_gone()
    {
        await using var database = await TestDatabase.CreateAsync(TestDatabase.PostgreSql);
        await using var second = Lock(database);
        await using (var first = Lock(database))
        {
            first.IsHeld.ShouldBeFalse("who has not asked has nothing");
            await first.TakeAsync(Ending);
            first.IsHeld.ShouldBeTrue();
            (await Should.ThrowAsync<DatabaseTakenException>(() => second.TakeAsync(Ending))).Message.ShouldContain("Another server runs on this database");
            second.IsHeld.ShouldBeFalse();
        }

        await second.TakeAsync(Ending);
        second.IsHeld.ShouldBeTrue();
    }

    [Fact]
    public async Task A_server_that_stops_keeps_the_lock_until_its_last_page_is_written()
    {
        await using var database = await TestDatabase.CreateAsync(TestDatabase.PostgreSql);
        await using var second = Lock(database);
        await using var first = Lock(database);
        await first.TakeAsync(Ending);
        using var stop = new CancellationTokenSource();
        var kept = first.KeepAsync(stop.Token);

        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => kept);

        first.IsHeld.ShouldBeTrue();
        await Should.ThrowAsync<DatabaseTakenException>(() => second.TakeAsync(Ending));
    }

    [Fact]
    public async Task A_lock_that_went_with_its_connection_is_taken_again()
    {
        await using var database = await TestDatabase.CreateAsync(TestDatabase.PostgreSql);
        await using var first = Lock(database);
        await first.TakeAsync(Ending);
        using var stop = new CancellationTokenSource();
        var kept = first.KeepAsync(stop.Token);
        var before = await HolderAsync(database);

        await TerminateAsync(database, before);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (await HolderAsync(database) is var now && (now is null || now == before || !first.IsHeld)) await look.WaitForNextTickAsync(Ending);

        await using var second = Lock(database);
        await Should.ThrowAsync<DatabaseTakenException>(() => second.TakeAsync(Ending));
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => kept);
    }

    [Fact]
    public async Task Who_lost_the_lock_to_another_server_has_it_no_more_and_says_so()
    {
        await using var database = await TestDatabase.CreateAsync(TestDatabase.PostgreSql);
        await using var first = Lock(database);
        await first.TakeAsync(Ending);
        var holder = await HolderAsync(database);
        var kept = first.KeepAsync(Ending);
        await using var rival = Lock(database, patience: TimeSpan.FromMinutes(1));
        var taking = rival.TakeAsync(Ending);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (await database.NumberAsync($"SELECT count(*) FROM ({Holders} AND NOT granted) w") == 0) await look.WaitForNextTickAsync(Ending);

        await TerminateAsync(database, holder);

        await Should.ThrowAsync<DatabaseTakenException>(() => kept);
        first.IsHeld.ShouldBeFalse();
        first.IsLost.ShouldBeTrue();
        await taking;
        rival.IsHeld.ShouldBeTrue();
    }

    [Fact]
    public async Task Whoever_runs_no_jobs_needs_no_lock()
    {
        await using var database = await TestDatabase.CreateAsync(TestDatabase.PostgreSql);
        await using var first = Lock(database);
        await first.TakeAsync(Ending);

        await database.Database.MigrateAsync(Ending);
        (await database.Database.IsReadyAsync(Ending)).ShouldBeTrue();
    }

    private static PostgreSqlServerLock Lock(TestDatabase database, TimeSpan? patience = null) =>
        new(database.Options.PostgreSqlConnectionString!, NullLogger<PostgreSqlServerLock>.Instance)
        {
            PatienceAtStart = patience ?? TimeSpan.FromMilliseconds(50), PatienceOnceLost = TimeSpan.FromMilliseconds(50),
        };

    private static Task<long?> HolderAsync(TestDatabase database) => database.NumberAsync($"{Holders} AND granted");

    private static Task TerminateAsync(TestDatabase database, long? pid) => database.NumberAsync("SELECT pg_terminate_backend(@pid)::int", ("@pid", (int)pid!.Value));
}
