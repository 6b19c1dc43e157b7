using Sluice.Core.Access;
using Sluice.Core.People;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Sandbox.Aws;
using Sluice.Sandbox.Aws.Catalog;
using Sluice.Testing;
using Sluice.Testing.Cases;
using Sluice.Testing.Naive;

namespace Sluice.Platforms.LakeFormation.Tests.Enforcing;

/// <summary>
/// Generated people, policies and tables at the stand-in: everybody gets exactly the columns that the naive evaluator says, and after every change again. Lake
/// Formation has neither masks nor row rules here: a column that would be masked is refused, and who would see some rows sees no table.
/// </summary>
public sealed class GeneratedLakeTests(ITestOutputHelper output)
{
    private const int Changes = 4;

    // So many tables and identities of one kind that LF-Tags take fewer calls.
    private const int TablesOfOne = 6;
    private const int IdentitiesOfOne = 16;

    private static readonly CaseOptions Options = new() { ConnectionKey = "lake", Databases = ["sales", "hr"], HasSchemas = false, HasOddNames = false };
    private static readonly Capabilities Capabilities = new(HasNativeMasks: false, HasRowFilters: false);

    // The demo has a table of that name, whose place the case's takes.
    private const string InTheDemo = "sales/orders";

    [Fact]
    public async Task By_name_everybody_gets_what_the_naive_evaluator_says()
    {
        var seen = new Tally();
        foreach (var seed in Seeds.Of(1, few: 15, many: 300))
            await RunAsync(seed, new CaseGenerator(Options).Of(seed), ServiceGrants.LFTag, identitiesOfOne: 1, seen);

        seen.ShouldSatisfyAllConditions(
            s => s.Read.ShouldBeGreaterThan(0), s => s.Refused.ShouldBeGreaterThan(0), s => s.ColumnsRefused.ShouldBeGreaterThan(0), s => s.Tagged.ShouldBe(0));
    }

    [Fact]
    public async Task By_LF_Tags_everybody_gets_what_the_naive_evaluator_says()
    {
        var seen = new Tally();
        foreach (var seed in Seeds.Of(5001, few: 3, many: 100))
            await RunAsync(seed, Multiplied(new CaseGenerator(Options).Of(seed)), ServiceGrants.Super, IdentitiesOfOne, seen);

        seen.ShouldSatisfyAllConditions(
            s => s.Read.ShouldBeGreaterThan(0), s => s.Refused.ShouldBeGreaterThan(0), s => s.ColumnsRefused.ShouldBeGreaterThan(0), s => s.Tagged.ShouldBeGreaterThan(0));
    }

    private sealed record Tally
    {
        public int Read { get; set; }
        public int Refused { get; set; }
        public int ColumnsRefused { get; set; }

        /// <summary>Tables and columns that got an LF-Tag.</summary>
        public int Tagged { get; set; }
    }

    private async Task RunAsync(uint seed, World world, ServiceGrants grants, int identitiesOfOne, Tally seen)
    {
        var names = world.Identities.Select(static i => i.Name).ToList();
        var users = names.ToDictionary(static n => n, n => Enumerable.Range(0, identitiesOfOne).Select(i => $"u{names.IndexOf(n)}-{i}").ToList(), StringComparer.Ordinal);
        await using var lake = await EnforcedLake.StartAsync(grants, [.. users.Values.SelectMany(static u => u)], [.. world.Tables.SelectMany(Made)]);
        var own = new HashSet<FactKey>();
        var since = "begin";

        await ReconcileAsync();
        for (uint i = 1; i <= Changes; i++)
        {
            var mutation = new MutationGenerator(Options).Mutate(world, (seed * 1000) + i);
            (world, since) = (mutation.After, mutation.ToString().Split('\n')[0]);
            await ReconcileAsync();
        }

        // What somebody grants by hand, in places where it may be nobody's or somebody's already.
        foreach (var table in world.Tables.Where(static t => t.IsActive).Take(2))
        {
            await lake.Lake.GrantAsync(
                EnforcedLake.Arn(users[names[(int)(seed % (uint)names.Count)]][0]),
                $$$"""{"Table":{"DatabaseName":"{{{table.Object.Path.Names[1]}}}","Name":"{{{table.Object.Path.Name}}}"}}""", """["SELECT"]""");
        }

        since = "a grant by hand";
        await ReconcileAsync();
        output.WriteLine($"seed {seed}: {seen}");

        since = "nothing is active";
        world = world with { Tables = world.Tables.Select(static t => t with { IsActive = false }).ToValueList() };
        await ReconcileAsync();
        var nothing = Intent();
        (await ((IObservesAccess)lake.Session).ObserveAsync(nothing, TestContext.Current.CancellationToken)).Facts.ShouldBeEmpty(About());

        async Task ReconcileAsync()
        {
            var plan = await lake.PlanAsync(Intent());
            var outcomes = await lake.ApplyAsync(Intent(), plan);
            outcomes.Where(static o => o.Error is not null).Select(static o => $"{o.Change.Key}: {o.Error}").ShouldBeEmpty(About());
            foreach (var change in plan.Changes.Where(c => c.Key.Kind == FactKind.Grant && !lake.Platform.IsMarked(c.Key)))
            {
                if (change.Verb == ChangeVerb.Remove) own.Remove(change.Key);
                else own.Add(change.Key);
            }

            seen.Tagged += plan.Changes.Count(c => c.Verb == ChangeVerb.Add && c.Key.Object is not null && (c.Key.Kind == FactKind.Mask || lake.Platform.IsMarked(c.Key)));
            (await lake.PlanAsync(Intent())).Changes.ShouldBeEmpty($"a second plan, {About()}");
            await CompareAsync();
        }

        async Task CompareAsync()
        {
            var naive = world.Naive();
            foreach (var holders in world.Holders())
                foreach (var table in world.Tables)
                {
                    var (database, name) = (table.Object.Path.Names[1], table.Object.Path.Name);
                    var (least, most) = Expected(naive, holders.Holders, table);
                    foreach (var user in users[holders.Name])
                    {
                        var read = lake.Sandbox.ColumnsSeenBy(user, database, name) ?? [];
                        var about = $"{user} ({holders.Name}) on {table.Object.Path}, {About()}";
                        least.Except(read).ShouldBeEmpty(about);
                        read.Except(most).ShouldBeEmpty(about);
                    }

                    // Under their own key the columns' names; who writes is shown the table for that.
                    var shown = await lake.ColumnsOfAsync(users[holders.Name][0], $"{database}/{name}");
                    if (IsWriter(naive, holders.Holders, table)) shown.ShouldNotBeNull($"{holders.Name} on {table.Object.Path}, {About()}");
                    else (shown ?? []).ShouldBe(lake.Sandbox.ColumnsSeenBy(users[holders.Name][0], database, name) ?? [], $"{holders.Name} on {table.Object.Path}, {About()}");
                    if (most.Count == 0) seen.Refused++;
                    if (least.Count == 0) continue;
                    seen.Read++;
                    seen.ColumnsRefused += table.Object.Columns.Count - most.Count;
                }
        }

        AccessIntent Intent() => WorldIntent.Of(
            world, "SLUICE", name => [.. users[name].Select(EnforcedLake.Arn)], governed => Typed(lake.Platform, governed), g => lake.GrantMethodOf($"{g.Path.Names[1]}/{g.Path.Name}"))
            with { OwnGrants = own.ToHashSet() };

        string About() => $"seed {seed}, {since}\n{world}";
    }

    private static bool IsWriter(NaiveEvaluator naive, ValueList<Person> holders, CaseTable table) =>
        table.IsActive && holders.Count > 0 && holders.All(h => naive.IsSubscribed(h, table.Object, AccessKind.Write, Capabilities));

    // Least: no mask is on the column. Most: no row of the table shows one, nor would a row of nothing; where a condition can't be true, no mask need be.
    private static (IReadOnlyList<string> Least, IReadOnlyList<string> Most) Expected(NaiveEvaluator naive, ValueList<Person> holders, CaseTable table)
    {
        if (!table.IsActive || holders.Count == 0 || holders.Any(h => !naive.IsSubscribed(h, table.Object, AccessKind.Read, Capabilities))) return ([], []);
        var columns = table.Object.Columns.Select(static c => c.Name).ToList();
        IReadOnlyList<object?>[] rows = [.. table.Rows, new object?[columns.Count]];
        return (
            [.. columns.Where(c => !holders.Any(h => naive.HasMasks(h, table.Object, c)))],
            [.. columns.Where(c => !rows.Any(row => holders.Any(h => naive.MaskOf(h, table.Object, c, row) is not null)))]);
    }

    private static World Multiplied(World world) => world with
    {
        Tables = world.Tables.SelectMany(static t => Enumerable.Range(0, TablesOfOne)
            .Select(i => i == 0 ? t : t with { Object = t.Object with { Path = t.Object.Path.Parent!.Child($"{t.Object.Path.Name}_{i}") } })).ToValueList(),
    };

    private static IEnumerable<CatalogChange> Made(CaseTable table)
    {
        var (database, name) = (table.Object.Path.Names[1], table.Object.Path.Name);
        if ($"{database}/{name}" == InTheDemo) yield return new CatalogChange(CatalogChangeKind.DropTable, database) { Table = name };
        yield return new CatalogChange(CatalogChangeKind.CreateTable, database)
        {
            Table = name, Columns = [.. table.Object.Columns.Select(static c => new CatalogColumn(c.Name, GlueTypeOf(c.Type)))],
        };
    }

    private static GovernedObject Typed(ICompilesAccess platform, GovernedObject governed) =>
        governed with { Columns = governed.Columns.Select(c => c with { Family = platform.FamilyOf(GlueTypeOf(c.Type)) }).ToValueList() };

    private static string GlueTypeOf(string type) => type switch
    {
        "text" => "string",
        "numeric(20,4)" => "decimal(20,4)",
        _ => type,
    };
}
