using System.Collections.Concurrent;
using Sluice.Core.Access;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;
using Sluice.EndToEnd.Tests;
using Sluice.Platforms.PostgreSql.Enforcing;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>Pairs of states between which more than one thing changes for a person, who reads after each statement: what changes first must show nothing that neither state does.</summary>
public sealed class InBetweenTests
{
    private const string Ann = "ANN", OfPerson = "their own";

    private static readonly (string Id, string Region, string Amount)[] Rows = [("1", "EU", "1.50"), ("2", "US", "2.50"), ("3", "APAC", "3.50")];

    private static readonly string[] Shop =
    [
        "CREATE DATABASE SHOP", "CREATE SCHEMA SHOP.S", "CREATE TABLE SHOP.S.ORDERS (ID NUMBER(38,0), REGION VARCHAR, AMOUNT NUMBER(10,2))",
        $"INSERT INTO SHOP.S.ORDERS VALUES {string.Join(", ", Rows.Select(static r => $"({r.Id}, '{r.Region}', {r.Amount})"))}",
        .. EnforcedAccount.User(Ann), .. EnforcedAccount.User("BOB"),
    ];

    public static TheoryData<string, string, string> Pairs => new()
    {
        { "exempt from the row rule in place of the mask", "A P, EU, mask but P, rows their own but Q", "A Q, EU, mask but P, rows their own but Q" },
        { "exempt from the mask, and of another region", "A, EU, mask but P, rows their own but Q", "A P, US, mask but P, rows their own but Q" },
        { "exempt from another mask, and another row rule", "A Y, EU, mask but X, rows US but Q", "A Y, EU, mask but Y, rows EU but Q" },
        { "joins while the row rule is another", "B, EU, mask but P, rows US but Q", "A, EU, mask but P, rows EU but Q" },
        { "joins while the mask is another", "B X, EU, mask but X, rows EU but Q", "A X, EU, mask but Y, rows EU but Q" },
        { "joins, is exempt no more, and rows go", "B Q, EU, mask but P, rows US but Q", "A, EU, mask but P, rows EU but Q" },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Nothing_is_seen_that_neither_state_shows(string what, string first, string second)
    {
        for (var seed = 1; seed <= 2; seed++)
        {
            await using var account = await EnforcedAccount.StartAsync(Shop, gate: seed);
            account.Person("BOB", ["A"]);
            var (from, to) = (State.Parse(first), State.Parse(second));
            await account.EnforceAsync(from.In(account));
            await PassAsync(account, from, to, $"{what}, seed {seed}");
            await PassAsync(account, to, from, $"back: {what}, seed {seed}");
        }
    }

    private static async Task PassAsync(EnforcedAccount account, State from, State to, string about)
    {
        var seen = new ConcurrentQueue<(string Read, string After)>();
        using var session = await SnowflakeSql.LogInAsync(account.Sandbox, Ann, EnforcedAccount.Password);
        account.Gate!.After = async statement =>
        {
            var (error, rows) = await session.TryAsync("SELECT ID, AMOUNT FROM SHOP.S.ORDERS");
            foreach (var row in error is null ? rows : []) seen.Enqueue(($"{row["ID"]} {row["AMOUNT"] ?? "NULL"}", statement));
        };
        var plan = await account.EnforceAsync(to.In(account));
        account.Gate.After = null;
        var allowed = from.Shown.Concat(to.Shown).ToHashSet(StringComparer.Ordinal);
        // What one of them shows may be masked already, or still.
        allowed.UnionWith(allowed.Select(static s => $"{s.Split(' ')[0]} NULL").ToList());
        foreach (var (read, after) in seen) allowed.ShouldContain(read, $"{about}: after {after}\n{string.Join('\n', plan.Changes.Select(static c => $"{c.Phase} {c.Verb} {c.Key}"))}");
    }

    private sealed record State(string[] Groups, string Region, string MaskBut, string Rule, string RowsBut)
    {
        public IEnumerable<string> Shown => Groups.Contains("A")
            ? Rows.Where(r => Groups.Contains(RowsBut) || r.Region == (Rule == OfPerson ? Region : Rule)).Select(r => $"{r.Id} {(Groups.Contains(MaskBut) ? r.Amount : "NULL")}")
            : [];

        public static State Parse(string text)
        {
            var parts = text.Split(", ");
            var (mask, rows) = (parts[2].Split(" but "), parts[3]["rows ".Length..].Split(" but "));
            return new State(parts[0].Split(' '), parts[1], mask[1], rows[0], rows[1]);
        }

        public AccessIntent In(EnforcedAccount account)
        {
            account.Person(Ann, Groups, [("Region", Region)]);
            var region = new Operand.Column("REGION");
            Predicate predicate = Rule == OfPerson ? new Predicate.AttributeContains("Region", region) : new Predicate.Comparison(ComparisonOperator.Equal, region, new Operand.Text(Rule));
            var item = account.Table("ORDERS", People.Rule("A"), ["ID NUMBER(38,0)", "REGION VARCHAR(16777216)", "AMOUNT NUMBER(10,2)"]);
            return account.Intent(item with
            {
                Access = item.Access with
                {
                    Masks = [new ColumnMask("AMOUNT", new MaskFunction.Null(), People.Rule(MaskBut), null, "mask")],
                    RowRules = [new RowRule(predicate, People.Rule(RowsBut), "rows")],
                },
            });
        }
    }
}
