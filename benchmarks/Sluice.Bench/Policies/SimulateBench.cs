using Sluice.Bench.Processes;
using Sluice.Bench.Reporting;
using Sluice.Core.Access;
using Sluice.Core.People;
using Sluice.Core.Policies;

namespace Sluice.Bench.Policies;

/// <summary>What somebody waits for who asks what a change would do in the large state, against deciding everything anew.</summary>
internal static class SimulateBench
{
    private const int Rounds = 3;
    private const int MostListed = 100;
    private static readonly Dictionary<string, (Subscriptions Reading, Subscriptions Writing)> NobodyByHand = [];

    public static void Run(LargeState state, Results results)
    {
        var world = state.World;
        var one = world.People.People[0];
        var changed = one with { Attributes = one.Attributes.Append(new PersonAttribute("Department", "Department07")).ToHashSet() };
        var otherPeople = world.People with { People = [changed, .. world.People.People.Skip(1)] };
        var newName = one with { Attributes = one.Attributes.Append(new PersonAttribute("NewHere", "1")).ToHashSet() };
        var newNames = world.People with { People = [newName, .. world.People.People.Skip(1)], KnownAttributes = world.People.KnownAttributes.Append("NewHere").ToHashSet() };
        Policy[] widest = [.. world.Policies.OfType<DataPolicy>().OrderByDescending(CountOf).Take(1), .. world.Policies.OfType<SubscriptionPolicy>().OrderByDescending(CountOf).Take(1)];

        Add("simulate.attribute", "one attribute of one person", otherPeople, world.Policies);
        Add("simulate.new_attribute", "one attribute of one person, which nobody had", newNames, world.Policies);
        Add("simulate.data_policy", "the data policy that holds on most tables goes", world.People, [.. world.Policies.Where(p => p != widest[0])]);
        Add("simulate.subscription", "the subscription policy that holds on most tables goes", world.People, [.. world.Policies.Where(p => p != widest[1])]);

        int CountOf(Policy policy)
        {
            var compiler = new AccessCompiler([policy]);
            return world.Objects.Count(o => compiler.Compile(o) is var access && (access.SubscriptionPolicies.Count > 0 || access.Masks.Count > 0 || access.RowRules.Count > 0));
        }

        void Add(string name, string note, PeopleSnapshot people, IReadOnlyList<Policy> policies)
        {
            AccessDifference difference = null!;
            Proc.ForgetPeak(Environment.ProcessId);
            var seconds = Reporting.Rounds.Of(Rounds, () => CompileBench.Compile(state), () =>
            {
                var comparison = new AccessComparison(world.People, world.Policies, people, policies, MostListed);
                foreach (var governed in world.Objects) comparison.Add(governed, governed, NobodyByHand);
                difference = comparison.Difference;
            });
            results.Add(Figure.Plain(name, seconds[1], "s") with
            {
                Parts = new Dictionary<string, double>
                {
                    ["full_s"] = seconds[0], ["peak_mib"] = Proc.PeakMemory(Environment.ProcessId), ["gained"] = difference.Gained.Count, ["lost"] = difference.Lost.Count,
                    ["uncovered"] = difference.Uncovered.Count, ["covered"] = difference.Covered.Count, ["changed"] = difference.Changed.Count,
                },
                Note = note,
            });
        }
    }
}
