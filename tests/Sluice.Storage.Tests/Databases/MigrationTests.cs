using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Storage.Databases;
using Sluice.Testing;

namespace Sluice.Storage.Tests.Databases;

public sealed class MigrationTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("sluice-storage-").FullName;

    private static CancellationToken Ending => TestDatabase.Ending;

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task The_model_has_no_change_that_a_migration_lacks(string provider)
    {
        await using SluiceContext context = provider == TestDatabase.Sqlite
            ? new SqliteDesignTime().CreateDbContext([])
            : new PostgreSqlDesignTime().CreateDbContext([]);
        context.Database.HasPendingModelChanges().ShouldBeFalse("run: dotnet ef migrations add");
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Servers_that_start_at_the_same_moment_migrate_once(string provider)
    {
        var options = await EmptyAsync(provider);
        var servers = Enumerable.Range(0, 4).Select(_ => new ServiceCollection().AddSluiceStorage(options).BuildServiceProvider()).ToList();
        await Task.WhenAll(servers.Select(s => Task.Run(() => s.GetRequiredService<IDatabase>().MigrateAsync(Ending))));
        foreach (var server in servers)
        {
            (await server.GetRequiredService<IDatabase>().IsReadyAsync(Ending)).ShouldBeTrue();
            await server.DisposeAsync();
        }
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_database_is_ready_once_it_is_migrated(string provider)
    {
        var options = await EmptyAsync(provider);
        await using var server = new ServiceCollection().AddSluiceStorage(options).BuildServiceProvider();
        var database = server.GetRequiredService<IDatabase>();
        database.Provider.ShouldBe(provider);
        (await database.IsReadyAsync(Ending)).ShouldBeFalse();
        await database.MigrateAsync(Ending);
        (await database.IsReadyAsync(Ending)).ShouldBeTrue();
        await database.MigrateAsync(Ending);

        await using var later = new ServiceCollection().AddSluiceStorage(options).BuildServiceProvider();
        (await later.GetRequiredService<IDatabase>().IsReadyAsync(Ending)).ShouldBeTrue("another server migrated it");
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Keys_from_before_speak_for_people_and_for_nobody_elses_service(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await database.Database.ReadAsync(
            async (context, token) =>
            {
                await context.GetService<IMigrator>().MigrateAsync("Initial", token);
                foreach (var (id, holder, permissions) in new[] { ("own", "oidc:ada", "[]"), ("plain", "service:ci", "[\"USER_ADMIN\"]"), ("admin", "service:ci", "[\"APPLICATION_ADMIN\"]") })
                {
                    await context.ExecuteAsync(
                        "INSERT INTO api_keys (id, hash, name, holder_id, permissions, created_at, created_by) VALUES (@id, @hash, @id, @holder, @permissions, 0, 'x')",
                        token, ("@id", id), ("@hash", new byte[32]), ("@holder", holder), ("@permissions", permissions));
                }

                return true;
            },
            Ending);

        await database.Database.MigrateAsync(Ending);

        foreach (var (id, speaks) in new[] { ("own", true), ("plain", false), ("admin", true) })
            (await database.ApiKeys.FindAsync(id, Ending)).ShouldNotBeNull().SpeaksForHolder.ShouldBe(speaks, id);
    }

    [Fact]
    public async Task A_start_that_was_killed_while_migrating_does_not_block_the_next()
    {
        await using var database = await TestDatabase.CreateAsync(TestDatabase.Sqlite);
        await database.ExecuteAsync("""CREATE TABLE IF NOT EXISTS "__EFMigrationsLock" ("Id" INTEGER PRIMARY KEY, "Timestamp" TEXT NOT NULL)""");
        await database.ExecuteAsync("""INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-01-01')""");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ending);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        await database.Database.MigrateAsync(patience.Token);
    }

    [Fact]
    public async Task Text_on_PostgreSQL_is_in_byte_order()
    {
        await using var database = await TestDatabase.CreateAsync(TestDatabase.PostgreSql);
        (await database.NumberAsync(
            """
            SELECT count(*) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_collation l ON l.oid = a.attcollation
            WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname !~ '^__EF' AND l.collname <> 'C'
            """)).ShouldBe(0);
    }

    [Fact]
    public async Task The_large_narrow_tables_of_SQLite_have_no_row_id()
    {
        await using var database = await TestDatabase.CreateAsync(TestDatabase.Sqlite);
        (await database.NumberAsync("SELECT count(*) FROM pragma_table_list WHERE name IN ('data_columns', 'object_tags') AND wr = 1")).ShouldBe(2);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private async Task<DatabaseOptions> EmptyAsync(string provider) => new()
    {
        DataDirectory = Path.Combine(_directory, "data"),
        PostgreSqlConnectionString = provider == TestDatabase.PostgreSql ? await (await Requires.PostgreSqlAsync()).CreateDatabaseAsync(Ending) : null,
    };
}
