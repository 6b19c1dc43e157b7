using System.Collections.Concurrent;
using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Core.Policies.Predicates;
using Sluice.Platforms.LakeFormation.Tests.Enforcing;
using ColumnFamilies = Sluice.Platforms.Databricks.Enforcing.ColumnFamilies;

namespace Sluice.Platforms.Databricks.Tests.Enforcing;

/// <summary>Pairs of states between which more than one thing changes for a person, who reads after each request: what changes first must show nothing that neither state does.</summary>
public sealed class InBetweenTests
{
    private const string Ann = "ann@acme.example", Bob = "bob@acme.example", OfPerson = "their own";

    private static readonly ObjectPath Orders = new("unity", "cases", "s", "orders");
    private static readonly (string Id, string Region, string Amount)[] Rows = [("1", "EU", "1.50"), ("2", "US", "2.50"), ("3", "APAC", "3.50")];

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
            await using var unity = await EnforcedUnity.StartAsync([Ann, Bob], gate: seed);
            unity.Sandbox.Change("CREATE SCHEMA cases.s");
            unity.Sandbox.Change("CREATE TABLE cases.s.orders (id BIGINT, region STRING, amount STRING)");
            unity.Sandbox.Change($"INSERT INTO cases.s.orders VALUES {string.Join(", ", Rows.Select(static r => $"({r.Id}, '{r.Region}', '{r.Amount}')"))}");
            var (from, to) = (State.Parse(first), State.Parse(second));
            await unity.EnforceAsync(from.Intent, what);
            await PassAsync(unity, from, to, $"{what}, seed {seed}");
            await PassAsync(unity, to, from, $"back: {what}, seed {seed}");
        }
    }

    private static async Task PassAsync(EnforcedUnity unity, State from, State to, string about)
    {
        var seen = new ConcurrentQueue<(string Read, string After)>();
        unity.Gate!.After = async statement =>
        {
            var (rows, _) = await unity.ReadAsAsync(Ann, "SELECT id, amount FROM cases.s.orders");
            foreach (var row in rows) seen.Enqueue(($"{row[0]} {row[1] ?? "NULL"}", statement));
        };
        await unity.EnforceAsync(to.Intent, about);
        unity.Gate.After = null;
        var allowed = from.Shown.Concat(to.Shown).ToHashSet(StringComparer.Ordinal);
        // What one of them shows may be masked already, or still.
        allowed.UnionWith(allowed.Select(static s => $"{s.Split(' ')[0]} NULL").ToList());
        foreach (var (read, after) in seen) allowed.ShouldContain(read, $"{about}: after {after}");
    }

    private sealed record State(string[] Groups, string Region, string MaskBut, string Rule, string RowsBut)
    {
        public IEnumerable<string> Shown => Groups.Contains("A")
            ? Rows.Where(r => Groups.Contains(RowsBut) || r.Region == (Rule == OfPerson ? Region : Rule)).Select(r => $"{r.Id} {(Groups.Contains(MaskBut) ? r.Amount : "NULL")}")
            : [];

        public AccessIntent Intent
        {
            get
            {
                var region = new Operand.Column("region");
                Predicate predicate = Rule == OfPerson ? new Predicate.AttributeContains("Region", region) : new Predicate.Comparison(ComparisonOperator.Equal, region, new Operand.Text(Rule));
                var access = Governed.Readable(People.Rule("A"), masks: [Governed.Mask("amount", People.Rule(MaskBut))], rows: [new RowRule(predicate, People.Rule(RowsBut), "rows")]);
                GovernedColumn[] columns = [.. ((string[])["id bigint", "region string", "amount string"]).Select(static c => c.Split(' ')).Select(static c => new GovernedColumn(c[0], c[1], [], ColumnFamilies.Of(c[1])))];
                return Governed.Intent([People.Alone(People.Person(Ann, Groups, [("Region", Region)])), Governed.Person(Bob, "A")], Governed.Object(access, Orders, columns: columns));
            }
        }

        public static State Parse(string text)
        {
            var parts = text.Split(", ");
            var (mask, rows) = (parts[2].Split(" but "), parts[3]["rows ".Length..].Split(" but "));
            return new State(parts[0].Split(' '), parts[1], mask[1], rows[0], rows[1]);
        }
    }
}
