using Microsoft.EntityFrameworkCore;
using Sluice.Storage.Databases;
using Sluice.Storage.Jobs;

namespace Sluice.Storage.Tests.Databases;

/// <summary>What the pump asks every few seconds, and what people ask, reads no table of jobs or of crawl pages from end to end.</summary>
public sealed class JobQueryPlanTests
{
    private static readonly Guid Connection = Guid.NewGuid();

    public static TheoryData<string, string> Questions => new()
    {
        { "runnable", "ix_jobs_state_due_at" }, { "left active", "ix_jobs_connection_id_state" }, { "due", "ix_jobs_state_due_at" },
        { "looked at", "ix_jobs_created_at_number" }, { "looked at", "ix_jobs_state_due_at" }, { "expired", "ix_jobs_state_due_at" },
        { "ended", "ix_jobs_finished_at" }, { "of a connection", "ix_jobs_connection_key_normalized_created_at_number" },
        { "of a requester", "ix_jobs_requested_by_created_at_number" }, { "all", "ix_jobs_created_at_number" }, { "of a bulk", "ix_jobs_bulk_id" },
    };

    [Theory, MemberData(nameof(Questions))]
    public async Task SQLite_uses_the_index_meant_for_it(string question, string index)
    {
        await using var database = await TestDatabase.CreateAsync(TestDatabase.Sqlite);
        var plan = await PlanAsync(database, question, "EXPLAIN QUERY PLAN", 3);
        plan.ShouldContain(line => line.Contains(index), string.Join('\n', plan));
        plan.ShouldNotContain(line => line.StartsWith("SCAN j") && !line.Contains("USING INDEX"), string.Join('\n', plan));
    }

    [Fact]
    public async Task PostgreSQL_reads_no_table_of_jobs_from_end_to_end()
    {
        await using var database = await TestDatabase.CreateAsync(TestDatabase.PostgreSql);
        await database.ExecuteAsync(
            """
            INSERT INTO jobs (id, bulk_id, connection_key_normalized, type, path, depth, state, progress_done, progress_total, attempts, failures,
                requested_by, cancel_requested, claimed_epoch, created_at, due_at, finished_at, expires_at)
            SELECT gen_random_uuid(), gen_random_uuid(), 'key' || i % 50, 'crawl', '["k"]', 0, 2, 1, 1, 1, 0, 'u-' || i % 50, false, 1, i, i, i, i
            FROM generate_series(1, 30000) i
            """);
        await database.ExecuteAsync("ANALYZE jobs");
        foreach (var question in Questions.Select(row => row.Data.Item1).Distinct())
        {
            var plan = await PlanAsync(database, question, "EXPLAIN", 0);
            plan.ShouldNotContain(line => line.Contains("Seq Scan on jobs"), $"{question}:\n{string.Join('\n', plan)}");
        }
    }

    private static Task<List<string>> PlanAsync(TestDatabase database, string question, string explain, int column) => database.Database.ReadAsync(
        async (context, token) =>
        {
            // The command is EF's own, values as parameters.
            await using var command = Ask(context, question).CreateDbCommand();
            command.CommandText = $"{explain} {command.CommandText}";
            await using var reader = await command.ExecuteReaderAsync(token);
            var lines = new List<string>();
            while (await reader.ReadAsync(token)) lines.Add(reader.GetString(column));
            return lines;
        },
        TestDatabase.Ending);

    private static IQueryable Ask(SluiceContext context, string question)
    {
        var then = DateTimeOffset.UnixEpoch;
        return question switch
        {
            "runnable" => JobQueries.Runnable(context, then),
            "left active" => JobQueries.LeftActive(context, new WriteFence(Connection, 7)),
            "due" => JobQueries.Due(context, Connection, then),
            "looked at" => JobQueries.LookedAt(context, DateTimeOffset.MaxValue, ["crawl", "columnCheck"]),
            "expired" => JobQueries.Expired(context, then),
            "ended" => JobQueries.EndedBefore(context, DateTimeOffset.MinValue),
            "of a connection" => JobQueries.Matching(context, new JobQuery { ConnectionKey = "key7" }, null).Take(50),
            "of a requester" => JobQueries.Matching(context, new JobQuery { RequestedBy = "u-7" }, null).Take(50),
            "of a bulk" => JobQueries.Matching(context, new JobQuery { BulkId = Connection }, null).Take(50),
            _ => JobQueries.Matching(context, new JobQuery(), new JobPageToken(DateTimeOffset.MaxValue, 7)).Take(50),
        };
    }
}
