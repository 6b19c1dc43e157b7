using Sluice.Storage.Databases;

namespace Sluice.Storage.Tests.Databases;

/// <summary>A disk without room, played by SQLite's own limit of pages.</summary>
public sealed class DiskTests
{
    private static CancellationToken Ending => TestDatabase.Ending;

    [Fact]
    public async Task A_full_disk_is_told_as_such_and_the_database_is_ready_again_once_there_is_room()
    {
        await using var database = await TestDatabase.CreateAsync(TestDatabase.Sqlite);
        var pages = (await database.NumberAsync("PRAGMA page_count"))!.Value;
        await LimitAsync(database, pages);

        (await FillAsync(database)).Message.ShouldContain("full");
        await Should.ThrowAsync<DatabaseDiskException>(() => database.Database.IsReadyAsync(Ending));
        (await database.Facts.GetOrAddAsync("fact-0", () => "", Ending)).Length.ShouldBe(3000, "reading goes on");

        await LimitAsync(database, pages + 1000);
        (await database.Database.IsReadyAsync(Ending)).ShouldBeTrue();
        await database.Facts.GetOrAddAsync("later", () => "x", Ending);
    }

    private static async Task<DatabaseDiskException> FillAsync(TestDatabase database)
    {
        for (var i = 0; i < 10_000; i++)
        {
            try
            {
                await database.Facts.GetOrAddAsync($"fact-{i}", () => new string('x', 3000), Ending);
            }
            catch (DatabaseDiskException e)
            {
                return e;
            }
        }

        throw new InvalidOperationException("30 MB were written to a full disk.");
    }

    // It holds for a connection, and writers have one that they share.
    private static Task<long?> LimitAsync(TestDatabase database, long pages) =>
        database.Database.WriteAsync((context, token) => context.NumberAsync($"PRAGMA max_page_count = {pages}", token), Ending);
}
