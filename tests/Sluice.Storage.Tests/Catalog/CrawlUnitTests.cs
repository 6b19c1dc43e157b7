using Sluice.Core.Catalog;
using Sluice.Storage.Catalog;

namespace Sluice.Storage.Tests.Catalog;

public sealed class CrawlUnitTests
{
    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_restarted_server_goes_on_where_the_last_page_was_stored(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        var d = await tree.AddDatabaseAsync("d");
        var root = tree.Connection.RootObjectId;
        await database.Catalog.AddUnitsAsync(tree.Fence, tree.JobId, [root, d], TestDatabase.Ending);
        await database.Catalog.AddUnitsAsync(tree.Fence, tree.JobId, [d], TestDatabase.Ending);

        var first = new CrawlCounts(500, 400, 3, 2, 1, 0);
        await tree.ApplyAsync(w => w with { UnitContainerId = d, Seen = [5, 7, 1_000_000_007], Cursor = "page 2", Counts = first });
        await tree.ApplyAsync(w => w with { UnitContainerId = d, Seen = [6], Cursor = "page 3", Counts = first });
        await tree.ApplyAsync(w => w with { UnitContainerId = d, Cursor = null, IsDone = true, Counts = new CrawlCounts(0, 0, 0, 0, 0, 9) });

        await using var restarted = database.StartServer();
        var units = await ((ICatalogStore)restarted.GetService(typeof(ICatalogStore))!).UnitsAsync(tree.JobId, TestDatabase.Ending);
        units.Select(u => u.ContainerId).ShouldBe([root, d]);
        units[0].IsDone.ShouldBeFalse();
        units[1].Seen.ShouldBe([5, 7, 1_000_000_007, 6]);
        units[1].IsDone.ShouldBeTrue();
        units[1].Cursor.ShouldBeNull();
        units[1].Counts.ShouldBe(new CrawlCounts(1000, 800, 6, 4, 2, 9));
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Adding_units_again_keeps_what_they_have_done(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        var root = tree.Connection.RootObjectId;
        await tree.ApplyAsync(w => w with { Seen = [1, 2], Cursor = "2" });
        await database.Catalog.AddUnitsAsync(tree.Fence, tree.JobId, [root, root, 99], TestDatabase.Ending);
        var units = await database.Catalog.UnitsAsync(tree.JobId, TestDatabase.Ending);
        units.Count.ShouldBe(2);
        units.Single(u => u.ContainerId == root).Cursor.ShouldBe("2");
        (await database.Catalog.UnitsAsync(Guid.NewGuid(), TestDatabase.Ending)).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_run_that_starts_over_forgets_what_the_one_before_had_met_and_counted(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        await tree.ApplyAsync(w => w with { UnitContainerId = 99, Seen = [9], Counts = Samples.Counts(1) });
        await tree.ApplyAsync(w => w with { Seen = [1, 2], Counts = Samples.Counts(2) });
        await tree.ApplyAsync(w => w with { Seen = [3], Counts = Samples.Counts(1), Cursor = "c" });
        await tree.ApplyAsync(w => w with { StartsOver = true, Seen = [4], Counts = Samples.Counts(5) });
        await tree.ApplyAsync(w => w with { Seen = [5], Counts = Samples.Counts(1), IsDone = true });

        var units = await database.Catalog.UnitsAsync(tree.JobId, TestDatabase.Ending);
        var unit = units.Single(u => u.ContainerId == tree.Connection.RootObjectId);
        unit.Seen.ShouldBe([4, 5]);
        unit.Counts.ShouldBe(Samples.Counts(6));
        unit.IsDone.ShouldBeTrue();
        unit.Cursor.ShouldBeNull();
        units.Single(u => u.ContainerId == 99).Seen.ShouldBe([9]);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_crawl_without_changes_writes_no_row_of_objects_columns_or_tags(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        await tree.AddDatabaseAsync("d");
        DiscoveredObject[] found =
        [
            .. Enumerable.Range(0, 50).Select(i => new DiscoveredObject
            {
                Path = tree.Path("d", $"t{i}"), Kind = ObjectKind.Table, Comment = "c", Columns = [new("id", "int"), new("x", "text")], Tags = [new(null, "a", "b")],
            }),
        ];
        await CrawlAsync();
        await WriteCountAsync();
        var before = await CountAsync();

        var changes = await CrawlAsync();
        changes.ShouldBe(0);
        (await CountAsync()).ShouldBe(before);

        found[3] = new DiscoveredObject { Path = found[3].Path, Kind = ObjectKind.Table, Comment = "other", Columns = found[3].Columns, Tags = found[3].Tags };
        (await CrawlAsync()).ShouldBe(1);
        (await CountAsync()).ShouldBe(before + 1, "one object's row, and neither its columns nor its tags");

        async Task<int> CrawlAsync()
        {
            var container = await tree.GetAsync("d");
            var merge = new ContainerMerge(await database.Catalog.ChildrenAsync(container.Id, TestDatabase.Ending));
            var written = 0;
            foreach (var page in found.Chunk(20)) written += await WriteAsync([.. merge.Merge(page)], false);
            return written + await WriteAsync([.. merge.Complete()], true);

            async Task<int> WriteAsync(List<CatalogChange> merged, bool isDone)
            {
                var inserts = new List<ObjectInsert>();
                foreach (var add in merged.OfType<CatalogChange.Add>()) inserts.Add(await tree.InsertAsync(add.Found, add.Replaces));
                await tree.ApplyAsync(w => w with
                {
                    UnitContainerId = container.Id, Inserts = inserts, Updates = [.. merged.OfType<CatalogChange.Update>()],
                    Missing = [.. merged.OfType<CatalogChange.MarkMissing>().Select(m => m.Id)], Seen = [.. merge.Seen], Cursor = "c", IsDone = isDone,
                });
                return merged.Count;
            }
        }

        Task<long?> CountAsync() => database.NumberAsync("SELECT n FROM row_writes");

        async Task WriteCountAsync()
        {
            await database.ExecuteAsync("CREATE TABLE row_writes (n bigint)");
            await database.ExecuteAsync("INSERT INTO row_writes VALUES (0)");
            if (!database.IsSqlite)
                await database.ExecuteAsync(
                    "CREATE FUNCTION count_write() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE row_writes SET n = n + 1; RETURN NULL; END $$");
            foreach (var table in new[] { "data_objects", "data_columns", "object_tags" })
            foreach (var what in new[] { "INSERT", "UPDATE", "DELETE" })
                await database.ExecuteAsync(database.IsSqlite
                    ? $"CREATE TRIGGER count_{table}_{what} AFTER {what} ON {table} BEGIN UPDATE row_writes SET n = n + 1; END"
                    : $"CREATE TRIGGER count_{table}_{what} AFTER {what} ON {table} FOR EACH ROW EXECUTE FUNCTION count_write()");
        }
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_finished_crawl_dates_its_object_and_what_is_below_and_nothing_beside(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        var d = await tree.AddDatabaseAsync("d");
        await tree.AddDatabaseAsync("e");
        await tree.AddTableAsync("d", "t");
        (await tree.GetAsync("d", "t")).LastCrawledAt.ShouldBeNull();
        var first = database.Clock.Now;
        await database.Jobs.CompleteAsync(tree.Fence, tree.JobId, null, [tree.Connection.RootObjectId], first, TestDatabase.Ending);
        (await tree.GetAsync("d", "t")).LastCrawledAt.ShouldBe(first);

        var second = first.AddHours(1);
        var job = Samples.Job(tree.Connection.Id, tree.Connection.Key) with { Path = tree.Path("d") };
        await database.Jobs.AddAsync(job, TestDatabase.Ending);
        (await database.Jobs.ClaimAsync(tree.Fence, second, TestDatabase.Ending)).ShouldBeNull("it expired: its hour is over");
        await database.Jobs.AddAsync(job with { Id = Guid.NewGuid(), ExpiresAt = second.AddHours(1) }, TestDatabase.Ending);
        var claimed = (await database.Jobs.ClaimAsync(tree.Fence, second, TestDatabase.Ending)).ShouldNotBeNull();
        await database.Jobs.CompleteAsync(tree.Fence, claimed.Id, null, [d, 99], second, TestDatabase.Ending);

        (await tree.GetAsync("d", "t")).LastCrawledAt.ShouldBe(second);
        (await tree.GetAsync("d")).LastCrawledAt.ShouldBe(second);
        (await tree.GetAsync("e")).LastCrawledAt.ShouldBe(first);
        (await tree.GetAsync()).LastCrawledAt.ShouldBe(first);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task The_warnings_of_a_unit_survive_a_restart_and_go_when_it_starts_over(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        await database.Catalog.AddUnitsAsync(tree.Fence, tree.JobId, [tree.Connection.RootObjectId], TestDatabase.Ending);
        await tree.ApplyAsync(w => w with { Warnings = ["one\nline", "\0 and \ud800"], Cursor = "2" });
        await tree.ApplyAsync(w => w with { Cursor = "3" });
        await tree.ApplyAsync(w => w with { Warnings = ["three"], Cursor = "4" });
        (await WarningsAsync()).ShouldBe(["one\nline", "\0 and \ufffd", "three"]);

        await tree.ApplyAsync(w => w with { StartsOver = true, Cursor = "2" });
        (await WarningsAsync()).ShouldBeEmpty();

        async Task<IReadOnlyList<string>> WarningsAsync() => (await database.Catalog.UnitsAsync(tree.JobId, TestDatabase.Ending)).Single().Warnings;
    }
}
