using System.Diagnostics;
using Sluice.Bench.Reporting;
using Sluice.Core.Access;
using Sluice.Core.People;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Bench.Policies;

/// <summary>One changed person, table or policy in the large state, against deciding everything anew.</summary>
internal static class IncrementalBench
{
    private const int Rounds = 5;
    private const int PeopleAndTables = 100;
    private const int Policies = 30;
    private const double OneHundredth = 0.01;
    private const double OneTenth = 0.1;

    public static void Run(LargeState state, uint seed, Results results)
    {
        var random = new Random((int)seed);
        var index = CompileBench.Compile(state);
        var people = random.GetItems([.. state.World.People.People], PeopleAndTables).DistinctBy(static p => p.Id).ToArray();
        var tables = random.GetItems([.. state.World.Objects], PeopleAndTables).DistinctBy(static t => t.Path).ToArray();
        var policies = random.GetItems([.. state.World.Policies], Policies).DistinctBy(static p => p.Key).ToArray();
        var perPolicy = policies.Select(static _ => new List<double>()).ToArray();
        var round = 0;
        var seconds = Reporting.Rounds.Of(
            Rounds,
            () => CompileBench.Compile(state),
            () =>
            {
                foreach (var person in people) index.Audiences.Put(Changed(person, round));
            },
            () =>
            {
                foreach (var table in tables) index.Put(Changed(table, round));
            },
            () =>
            {
                for (var i = 0; i < policies.Length; i++)
                {
                    var started = Stopwatch.GetTimestamp();
                    index.Put(Changed(policies[i], round));
                    perPolicy[i].Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
                }

                round++;
            });

        var full = seconds[0];
        Add("incremental.attribute", seconds[1] / people.Length, OneHundredth, "one attribute of one person");
        Add("incremental.tag", seconds[2] / tables.Length, OneHundredth, "one tag of one table");
        var median = perPolicy.Select(Reporting.Rounds.Median).ToList();
        Add("incremental.policy", median.Average(), OneTenth, "the mean of some policies, each changed once a round", ("slowest_policy_ratio", median.Max() / full));

        void Add(string name, double one, double bar, string note, params IEnumerable<(string Name, double Value)> more)
        {
            var parts = new Dictionary<string, double> { ["change_ms"] = one * 1e3, ["full_ms"] = full * 1e3 };
            foreach (var (part, value) in more) parts[part] = value;
            results.Add(Figure.AtMost(name, one / full, "of a full compile", bar) with { Parts = parts, Note = note });
        }
    }

    private static Person Changed(Person person, int round) => round % 2 == 1 ? person : person with
    {
        Attributes = person.Attributes.Where(static a => a.Name != "Department").Append(new PersonAttribute("Department", "Department07")).ToHashSet(),
    };

    private static GovernedObject Changed(GovernedObject table, int round) => round % 2 == 1 ? table : table with
    {
        Tags = table.Tags.Append("Domain.D33").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToValueList(),
    };

    private static Policy Changed(Policy policy, int round) => round % 2 == 1 ? policy : policy switch
    {
        SubscriptionPolicy { Advanced: { } who } subscription => subscription with { Advanced = new Predicate.Any([who, new Predicate.InGroups(["Group07"])]) },
        DataPolicy data => data with { Rules = data.Rules.Select(static r => r with { Exceptions = new Entitlements(SetOperator.Any, ["Group07"], []) }).ToValueList() },
        _ => throw new InvalidOperationException($"The policy {policy.Key} is of a kind that this bench does not change."),
    };
}
