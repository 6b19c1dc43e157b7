using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Core.Audit;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Storage.History;

namespace Sluice.Storage.Tests.History;

public sealed class HistoryTests
{
    private static readonly Guid Connection = new("0198d7a0-0000-7000-8000-0000000000c1");
    private static readonly Guid PlanId = new("0198d7a0-0000-7000-8000-0000000000b1");
    private static readonly ObjectPath[] Tables = [new("pg", "shop", "public", "customers"), new("pg", "shop", "public", "orders")];
    private static readonly string[] Audiences = ["aud_1", "aud_2"];
    private static readonly string[] Identities = ["ada", "bob", "eve"];

    private static readonly FactKey[] Facts =
    [
        .. Audiences.Select(a => new FactKey(FactKind.Audience, null, a)),
        .. Audiences.SelectMany(a => Identities.Select(i => new FactKey(FactKind.Member, null, a, i))),
        .. Tables.SelectMany(t => Audiences.Append("eve").Select(s => new FactKey(FactKind.Grant, t, s, "SELECT"))),
        new FactKey(FactKind.RowRule, Tables[0], "rule"),
        new FactKey(FactKind.Mask, Tables[1], "email", "aud_1"),
        new FactKey(FactKind.Entitlement, null, "ada", "known"),
    ];

    private static CancellationToken Ending => TestDatabase.Ending;

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task The_answer_at_any_time_is_the_state_then(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var services = database.StartServer();
        var (changes, history) = (services.GetRequiredService<IChangeHistory>(), services.GetRequiredService<IAccessHistory>());
        var connection = Connection;
        // Ten times steps of turns and holders, with times that may be equal.
        var steps = Gen.Select(
            Gen.Int[0, 2],
            Gen.Select(Gen.Int[0, Facts.Length - 1], Gen.Bool).Array[0, 6],
            Gen.Select(Gen.Int[0, Identities.Length - 1], Gen.Int[0, 2]).Array[0, 4]).Array[1, 12];
        var number = 0;
        await steps.SampleAsync(
            async world =>
            {
                connection = Guid.Parse($"0198d7a0-0000-7000-8000-{++number:x12}");
                var shop = $"pg{number}";
                var state = new HashSet<FactKey>();
                var holders = new HashSet<IdentityHolder>();
                var states = new Dictionary<DateTimeOffset, (HashSet<FactKey>, HashSet<IdentityHolder>)>();
                var now = Samples.At;
                foreach (var (later, turns, held) in world)
                {
                    now = now.AddMinutes(later);
                    FactTurn[] turned = [.. turns.Select(t => new FactTurn(Of(Facts[t.Item1], shop), t.Item2))];
                    foreach (var turn in turned)
                    {
                        if (turn.IsInForce) state.Add(turn.Key);
                        else state.Remove(turn.Key);
                    }

                    holders = [.. held.Select(h => new IdentityHolder(Identities[h.Item1], $"p-{h.Item2}", $"user{h.Item2}"))];
                    await changes.EndAsync(connection, PlanId, [], turned, now, Ending);
                    await changes.HoldAsync(connection, holders, now, Ending);
                    states[now] = ([.. state], holders);
                }

                (await changes.InForceAsync(connection, Ending)).ShouldBe(state.Where(f => FactAlignment.IsKept(f.Kind)).Select(FactId.Of), ignoreOrder: true);
                foreach (var (at, (facts, people)) in states)
                foreach (var table in Tables.Select(t => t.WithConnectionKey(shop)))
                {
                    Text(await history.AtAsync(table, at, Ending)).ShouldBe(Naive(table, facts, people), $"at {at:O}");
                    Text(await history.AtAsync(table, at.AddSeconds(30), Ending)).ShouldBe(Naive(table, facts, people), $"after {at:O}");
                }

                Text(await history.AtAsync(Tables[0].WithConnectionKey(shop), Samples.At.AddDays(-1), Ending)).ShouldBeEmpty();
            },
            iter: 40, threads: 1);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task An_outcome_and_its_facts_appear_together_and_a_failure_leaves_neither(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var changes = database.StartServer().GetRequiredService<IChangeHistory>();
        var outcome = Event(AuditAction.ChangeOutcome);
        await changes.IntendAsync(Connection, PlanId, [Event(AuditAction.ChangeIntended)], Ending);
        await changes.EndAsync(Connection, PlanId, [outcome], [new FactTurn(Facts[0], true)], Samples.At, Ending);
        (await changes.InForceAsync(Connection, Ending)).ShouldBe([FactId.Of(Facts[0])]);
        (await database.Audit.ReadAsync(AuditStream.Of(Connection), 0, 10, Ending)).Count.ShouldBe(2);

        database.AuditKeys.Fails = true;
        await Should.ThrowAsync<InvalidOperationException>(() => changes.EndAsync(Connection, PlanId, [outcome], [new FactTurn(Facts[0], false)], Samples.At.AddHours(1), Ending));
        database.AuditKeys.Fails = false;
        (await changes.InForceAsync(Connection, Ending)).ShouldBe([FactId.Of(Facts[0])]);
        (await database.Audit.ReadAsync(AuditStream.Of(Connection), 0, 10, Ending)).Count.ShouldBe(2);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_run_is_open_from_its_first_intent_until_it_is_completed(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var changes = database.StartServer().GetRequiredService<IChangeHistory>();
        await database.Audit.AppendAsync([Event(AuditAction.CrawlAsked)], Ending);
        await changes.IntendAsync(Connection, PlanId, [Event(AuditAction.ChangeIntended)], Ending);
        await changes.IntendAsync(Connection, PlanId, [Event(AuditAction.ChangeIntended)], Ending);
        var run = (await changes.RunsAsync(Connection, Ending)).ShouldHaveSingleItem();
        run.ShouldBe(new ChangeRun(Connection, PlanId, 1));
        await changes.MoveOnAsync(run, 3, Ending);
        (await changes.RunsAsync(Connection, Ending)).ShouldBe([run with { AfterSequence = 3 }]);
        await changes.CompleteAsync(Connection, PlanId, Ending);
        (await changes.RunsAsync(Connection, Ending)).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task What_was_in_force_of_a_connection_that_is_gone_ends_and_is_still_told(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var services = database.StartServer();
        var (changes, history) = (services.GetRequiredService<IChangeHistory>(), services.GetRequiredService<IAccessHistory>());
        var kept = Samples.Connection("kept");
        await database.Connections.AddAsync(kept, true, [], null, Ending);
        var grant = new FactKey(FactKind.Grant, Tables[0], "eve", "SELECT");
        foreach (var id in new[] { Connection, kept.Id }) await changes.EndAsync(id, PlanId, [], [new FactTurn(grant, true)], Samples.At, Ending);
        (await history.EndGoneAsync(Samples.At.AddHours(1), Ending)).ShouldBe(1);
        (await changes.InForceAsync(Connection, Ending)).ShouldBeEmpty();
        (await changes.InForceAsync(kept.Id, Ending)).Count.ShouldBe(1);
        (await history.AtAsync(Tables[0], Samples.At.AddMinutes(1), Ending)).Readers.Count.ShouldBe(2);
        (await history.AtAsync(Tables[0], Samples.At.AddHours(2), Ending)).Readers.Count.ShouldBe(1);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_platform_ahead_of_the_database_is_marked_until_somebody_confirms_and_the_count_outlives_its_connection(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var restores = database.StartServer().GetRequiredService<IRestoreStore>();
        var connection = Samples.Connection("lake", "glue:1");
        await database.Connections.AddAsync(connection, true, [], null, Ending);
        (await restores.EpochAsync(connection, Ending)).ShouldBe(0);
        (await restores.RaiseAsync(connection, Ending)).ShouldBe(1);
        (await restores.RaiseAsync(connection, Ending)).ShouldBe(2);
        (await restores.EpochAsync(connection with { Id = Guid.NewGuid() }, Ending)).ShouldBe(2);
        (await restores.ConfirmAsync(connection, Samples.Ada, Ending)).ShouldBeFalse();

        var fence = (await database.Connections.TakeLeaseAsync(connection.Id, Ending)).ShouldNotBeNull();
        (await restores.MarkAheadAsync(connection, fence, 7, Ending)).ShouldBeTrue();
        (await restores.MarkAheadAsync(connection, fence, 7, Ending)).ShouldBeFalse();
        (await restores.AheadAsync(connection.Id, Ending)).ShouldBe(7);
        (await restores.ConfirmAsync(connection, Samples.Ada, Ending)).ShouldBeTrue();
        (await restores.AheadAsync(connection.Id, Ending)).ShouldBeNull();
        (await restores.RaiseAsync(connection, Ending)).ShouldBe(8);
        (await database.Audit.ReadAsync(AuditStream.Of(connection.Id), 0, 10, Ending)).Select(r => (r.Event.Action, r.Event.ActorId))
            .ShouldBe([(AuditAction.RestoreSeen, "system"), (AuditAction.RestoreConfirmed, Samples.Ada.Id)]);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_hundred_thousand_grants_are_written_and_asked_quickly(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var services = database.StartServer();
        var (changes, history) = (services.GetRequiredService<IChangeHistory>(), services.GetRequiredService<IAccessHistory>());
        FactTurn[] turns = [.. Enumerable.Range(0, 100_000).Select(i => new FactTurn(new FactKey(FactKind.Grant, new ObjectPath("pg", "shop", "public", $"t{i}"), Audiences[i % 2], "SELECT"), true))];
        var started = TimeProvider.System.GetTimestamp();
        foreach (var some in turns.Chunk(5000)) await changes.EndAsync(Connection, PlanId, [], some, Samples.At, Ending);
        await changes.EndAsync(Connection, PlanId, [], [.. Enumerable.Range(0, 10_000).Select(i => new FactTurn(new FactKey(FactKind.Member, null, "aud_1", $"user{i}"), true))], Samples.At, Ending);
        Tell("written", started);
        started = TimeProvider.System.GetTimestamp();
        (await changes.InForceAsync(Connection, Ending)).Count.ShouldBe(110_000);
        Tell("in force", started);
        started = TimeProvider.System.GetTimestamp();
        (await history.AtAsync(new ObjectPath("pg", "shop", "public", "t500"), Samples.At, Ending)).Readers.Count.ShouldBe(10_000);
        Tell("asked", started);

        void Tell(string what, long since) =>
            TestContext.Current.TestOutputHelper?.WriteLine($"{provider}, {what}: {TimeProvider.System.GetElapsedTime(since).TotalMilliseconds:0} ms");
    }

    private static FactKey Of(FactKey key, string connection) => key.Object is { } on ? key with { Object = on.WithConnectionKey(connection) } : key;

    // One line for each identity, without the times: who reads by what, and who used it.
    private static List<string> Naive(ObjectPath table, HashSet<FactKey> facts, HashSet<IdentityHolder> holders)
    {
        var audiences = facts.Where(f => f.Kind is FactKind.Audience or FactKind.Member).Select(f => f.Subject).ToHashSet();
        var ways = facts.Where(f => f.Kind == FactKind.Grant && Equals(f.Object, table)).SelectMany(g => audiences.Contains(g.Subject)
            ? facts.Where(m => m.Kind == FactKind.Member && m.Subject == g.Subject).Select(m => (Identity: m.Detail, Way: $"{g.Detail} {g.Subject}"))
            : [(Identity: g.Subject, Way: $"{g.Detail} ")]);
        return
        [
            .. ways.GroupBy(w => w.Identity).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g =>
                $"{g.Key}: {string.Join(", ", holders.Where(h => h.Identity == g.Key).Select(h => h.Username).Order(StringComparer.Ordinal))}: {string.Join(", ", g.Select(w => w.Way).Order(StringComparer.Ordinal))}"),
            .. facts.Where(f => f.Kind == FactKind.Mask && Equals(f.Object, table)).Select(f => $"mask {f.Subject}"),
            .. facts.Where(f => f.Kind == FactKind.RowRule && Equals(f.Object, table)).Select(_ => "rule"),
        ];
    }

    private static List<string> Text(HistoricAccess access) =>
    [
        .. access.Readers.Select(r =>
            $"{r.Identity}: {string.Join(", ", r.People.Select(p => p.Username))}: {string.Join(", ", r.Grants.Select(g => $"{g.Privilege} {g.Audience}"))}"),
        .. access.MaskedColumns.Select(c => $"mask {c}"),
        .. Enumerable.Repeat("rule", access.RowRules),
    ];

    private static AuditEvent Event(string action) => new()
    {
        Stream = AuditStream.Of(Connection), Time = Samples.At, ActorId = "system", ActorName = "Sluice", Action = action, PlanId = PlanId,
    };
}
