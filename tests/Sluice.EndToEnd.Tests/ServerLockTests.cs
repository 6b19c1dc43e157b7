using Npgsql;
using Sluice.Testing;

namespace Sluice.EndToEnd.Tests;

/// <summary>One server on a PostgreSQL database, as processes live and die.</summary>
public sealed class ServerLockTests
{
    [Fact]
    public async Task A_second_server_says_why_it_does_not_start_and_one_that_lost_its_database_ends()
    {
        var cluster = await Requires.PostgreSqlAsync();
        var database = await cluster.CreateDatabaseAsync(CancellationToken.None);
        var environment = new Dictionary<string, string> { ["SLUICE_DATABASE"] = database };
        await using var first = await ServerProcess.StartAsync(TestServer.NewDirectory(), environment: environment);

        var refusal = await Should.ThrowAsync<InvalidOperationException>(() => ServerProcess.StartAsync(TestServer.NewDirectory(), environment: environment));
        refusal.Message.ShouldContain("sluice: Another server runs on this database.");
        refusal.Message.ShouldNotContain("   at ", Case.Sensitive);

        // Another has the lock as soon as the session of the first is broken.
        await using var rival = new NpgsqlConnection($"{database};Pooling=false");
        await rival.OpenAsync();
        await using var take = new NpgsqlCommand(
            """
            SELECT pg_advisory_lock((classid::bigint << 32) | objid::bigint), pid FROM pg_locks
            WHERE locktype = 'advisory' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """, rival);
        var taking = take.ExecuteNonQueryAsync();
        await using var administrator = new NpgsqlConnection($"{database};Pooling=false");
        await administrator.OpenAsync();
        await using var end = new NpgsqlCommand(
            """
            SELECT count(pg_terminate_backend(held.pid)) FROM pg_locks held JOIN pg_locks waiting USING (classid, objid, database)
            WHERE held.locktype = 'advisory' AND held.granted AND NOT waiting.granted
            """, administrator);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await end.ExecuteScalarAsync() is not > 0L) await look.WaitForNextTickAsync();
        await taking;

        (await first.EndAsync()).ShouldBe(1);
        first.Output.ShouldContain(line => line.Contains("sluice: Another server has taken over", StringComparison.Ordinal));
    }
}
