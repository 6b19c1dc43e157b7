using Npgsql;
using Sluice.Core.Access;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>Whatever comes in between, the next run ends where it should.</summary>
public sealed class ConvergenceTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly RowRule Rows =
        new(new Predicate.AttributeContains("Region", new Operand.Column("region")), People.Rule("X"), "rows");

    [Fact]
    public async Task What_is_dropped_while_it_is_looked_at_is_no_strange_answer()
    {
        var database = await EnforcedDatabase.MakeAsync(postgres, "CREATE TABLE orders (id int, region text)");
        await database.PersonAsync("ada", ["Sales"]);
        var table = database.Table("orders", People.Rule("Sales"), ["id", "region"]);
        var rules = table with { Access = table.Access with { RowRules = [new RowRule(new Predicate.Constant(false), People.Rule("Privacy"), "rows")] } };
        var changing = ChangeAsync();

        while (!changing.IsCompleted) await database.ObserveAsync(database.Intent(table));
        await changing;

        async Task ChangeAsync()
        {
            for (var round = 0; round < 10; round++)
            {
                await database.ApplyAsync(database.Intent(rules), await database.PlanAsync(database.Intent(rules)));
                await database.ApplyAsync(database.Intent(table), await database.PlanAsync(database.Intent(table)));
            }
        }
    }

    [Fact]
    public async Task Applied_twice_is_applied_once()
    {
        var database = await EnforcedDatabase.MakeAsync(postgres, "CREATE TABLE t (id int, region text)");
        var ann = await database.PersonAsync("ann", ["A", "X"], [("Region", "EU")]);
        await database.AsSuperuserAsync($"SET ROLE {database.Owner}; GRANT SELECT ON t TO {ann}");
        var intent = database.Intent(GrantTests.Masked(
            RowRuleTests.Filtered(database.Table("t", People.Rule("A"), ["id int", "region text"]), Rows), "region", People.Rule("X"))) with { ProtectsUnregistered = false };

        foreach (var next in new[] { intent, database.Intent() })
        {
            var changes = await database.PlanAsync(next);
            changes.ShouldNotBeEmpty();
            for (var i = 0; i < 2; i++)
                (await database.ApplyAsync(next, changes)).Where(o => o.Error is not null).Select(o => $"{o.Change.Key}: {o.Error}").ShouldBeEmpty();
            (await database.PlanAsync(next)).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task A_run_that_stopped_after_any_change_is_finished_by_the_next()
    {
        var database = await EnforcedDatabase.MakeAsync(postgres, "CREATE TABLE t (id int, region text); INSERT INTO t VALUES (1, 'EU'), (2, 'US')");
        var ann = await database.PersonAsync("ann", ["A"], [("Region", "EU")]);
        var intent = database.Intent(RowRuleTests.Filtered(database.Table("t", People.Rule("A"), ["id int", "region text"]), Rows));
        while (await database.PlanAsync(intent) is { Count: > 0 } changes)
        {
            (await database.ApplyAsync(intent, [changes[0]])).ShouldHaveSingleItem().Error.ShouldBeNull();

            // At no moment does anybody see more than in the end.
            await SeesNoMoreAsync();
        }

        (await database.ReadAsync(ann, "SELECT id FROM t")).ShouldBe("1");

        async Task SeesNoMoreAsync()
        {
            try
            {
                (await database.ReadAsync(ann, "SELECT id FROM t")).ShouldBeOneOf("1", "");
            }
            catch (PostgresException e)
            {
                e.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
            }
        }
    }

    [Fact]
    public async Task A_table_in_use_is_waited_for_and_tried_again()
    {
        var database = await EnforcedDatabase.MakeAsync(postgres, "CREATE TABLE t (id int, region text)");
        var ann = await database.PersonAsync("ann", ["A"], [("Region", "EU")]);
        var intent = database.Intent(RowRuleTests.Filtered(database.Table("t", People.Rule("A"), ["id int", "region text"]), Rows));
        await using var reader = new NpgsqlConnection($"{postgres.Cluster.ConnectionString(database.Name)};Pooling=false");
        await reader.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await reader.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var command = new NpgsqlCommand("SELECT * FROM t", reader, transaction)) await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var enforcing = database.EnforceAsync(intent);
        while ((await database.ReadAsync(ann, "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 't'::regclass")) == "0") enforcing.IsCompleted.ShouldBeFalse();
        while ((await database.ReadAsync(ann, "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 't'::regclass")) != "0") enforcing.IsCompleted.ShouldBeFalse();

        // The lock was given up, for those who wait behind it; once the reader is gone it is had.
        await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        await enforcing;
    }

    [Fact]
    public async Task Many_people_and_one_unknown_among_them_are_a_few_transactions()
    {
        var database = await EnforcedDatabase.MakeAsync(postgres, "CREATE TABLE t (id int)");
        var logins = string.Join(", ", Enumerable.Range(0, 500).Select(i => $"p{i}_{database.Name[^6..]}"));
        foreach (var login in logins.Split(", ")) database.Change(login, ["A"]);
        await database.AsSuperuserAsync(string.Join(' ', logins.Split(", ").Select(l => $"CREATE ROLE {l} LOGIN;")));
        database.Change("unknown", ["A"]);
        var intent = database.Intent(database.Table("t", People.Rule("A")));

        var outcomes = await database.ApplyAsync(intent, await database.PlanAsync(intent));

        outcomes.Where(o => o.Error is not null).ShouldHaveSingleItem().Change.Key.Detail.ShouldBe("unknown");
        (await database.PlanAsync(intent)).ShouldHaveSingleItem().Key.Detail.ShouldBe("unknown");
    }
}
