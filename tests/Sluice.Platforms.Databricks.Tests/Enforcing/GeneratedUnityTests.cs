using Sluice.Core.Connections;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;
using Sluice.Testing;
using Sluice.Testing.Cases;
using Sluice.Testing.Naive;

namespace Sluice.Platforms.Databricks.Tests.Enforcing;

/// <summary>
/// Generated people, policies and tables on the stand-in: whoever reads sees exactly what the naive evaluator says, and after every change again; what Databricks can't do is left to the
/// exempt, and to nobody else. Some worlds grant to people alone, others to account groups within a budget, which changes.
/// </summary>
public sealed class GeneratedUnityTests(ITestOutputHelper output)
{
    private static readonly int Changes = Seeds.IsLong ? 3 : 1;

    [Fact]
    public async Task Everybody_reads_what_the_naive_evaluator_says()
    {
        var seen = new Tally();
        foreach (var seed in Seeds.Of(85, few: 14, many: 200))
        {
            var asked = GeneratedUnity.Of(seed);
            var world = GeneratedUnity.Typed(asked);
            await using var unity = await GeneratedUnity.StartAsync(world, Intent(world, seed, 0), MayMakeGroups(seed));
            await EnforceAndCompareAsync(unity, world, seed, 0, $"seed {seed}", seen);
            for (uint change = 1; change <= Changes; change++)
            {
                var mutation = new MutationGenerator(GeneratedUnity.Options).Mutate(asked, (seed * 1000) + change);
                asked = mutation.After;
                await EnforceAndCompareAsync(unity, GeneratedUnity.Typed(asked), seed, change, $"seed {seed}, {mutation.ToString()!.Split('\n')[0]}", seen);
            }

            output.WriteLine($"seed {seed}: {seen}");
        }

        // A run in which nobody reads, or nothing is hidden, proves nothing.
        seen.Read.ShouldBeGreaterThan(0);
        seen.Refused.ShouldBeGreaterThan(0);
        seen.Narrowed.ShouldBeGreaterThan(0);
        seen.Exempt.ShouldBeGreaterThan(0);
        seen.RowsHidden.ShouldBeGreaterThan(0);
        seen.Masked.ShouldBeGreaterThan(0, $"{seen}");
        seen.Custom.ShouldBeGreaterThan(0);
        seen.Groups.ShouldBeGreaterThan(0);
        seen.ByName.ShouldBeGreaterThan(0);
        seen.Protected.ShouldBeGreaterThan(0);
        seen.Passed.ShouldBeGreaterThan(0);
        seen.PassedOver.ShouldBeGreaterThan(0);
    }

    // One world in four never has groups; the others have another budget after each change, and two names for everybody: so few people are seldom worth a group.
    private static bool MayMakeGroups(uint seed) => seed % 4 != 0;

    private static AccessIntent Intent(World world, uint seed, uint change) => GeneratedUnity.Intent(world, MayMakeGroups(seed), GeneratedUnity.HasExempt(seed)).Grouped(BudgetOf(seed, change));

    private static int BudgetOf(uint seed, uint change) => MayMakeGroups(seed) ? ((int[])[1000, 1, 3, 0])[(seed + change) % 4] : 0;

    private sealed record Tally
    {
        public int Read { get; set; }

        /// <summary>Readings that were refused to who is not subscribed.</summary>
        public int Refused { get; set; }

        /// <summary>Readings that were refused to who is subscribed, and not exempt from what can't be put on the table.</summary>
        public int Narrowed { get; set; }

        /// <summary>Readings of who is exempt from that.</summary>
        public int Exempt { get; set; }

        public int RowsHidden { get; set; }
        public int Masked { get; set; }
        public int Custom { get; set; }
        public int Groups { get; set; }
        public int ByName { get; set; }

        /// <summary>Readings of an identity of several people that showed less than the least entitled of them sees.</summary>
        public int Stricter { get; set; }

        /// <summary>Cells that the stranger met otherwise than they are.</summary>
        public int Protected { get; set; }

        /// <summary>Cells that others met otherwise than they are, and the stranger did not.</summary>
        public int Passed { get; set; }

        /// <summary>Cells that somebody would have met otherwise than they are, were they not in a group that policies pass over.</summary>
        public int PassedOver { get; set; }
    }

    private static async Task EnforceAndCompareAsync(EnforcedUnity unity, World world, uint seed, uint change, string step, Tally seen)
    {
        var intent = Intent(world, seed, change);
        var about = $"{step}, {intent.GroupBudget} groups\n{world}";
        await unity.EnforceAsync(intent, about);
        var desired = unity.Platform.Compile(intent with { OwnContainer = EnforcedUnity.Own });
        seen.Groups += desired.Facts.Count(static f => f.Key.Kind == FactKind.Audience);
        seen.ByName += desired.Facts.Count(static f => f.Key is { Kind: FactKind.Grant, Object.Depth: 3 } && f.Key.Subject.Contains('@', StringComparison.Ordinal));
        var salt = await GeneratedUnity.SaltAsync(unity) ?? "";
        foreach (var table in world.Tables.Where(static t => t.Rows.Count > 0))
        {
            foreach (var stranger in GeneratedUnity.Strangers) await CompareStrangerAsync(unity, world, intent, stranger, table, salt, seen, about);
            if (!table.IsActive) continue;
            foreach (var identity in intent.Identities) await CompareAsync(unity, world, intent, identity, table, salt, seen, about);
        }
    }

    // Grants of who is not registered stay, and masks and row rules meet them or not, as `unregistered` says.
    private static async Task CompareStrangerAsync(EnforcedUnity unity, World world, AccessIntent intent, string stranger, CaseTable table, string salt, Tally seen, string about)
    {
        var rows = await GeneratedUnity.ReadAsync(unity, stranger, table);
        rows.ShouldNotBeNull($"a grant of somebody who is not registered is gone: {table.Object.Path}; {about}");
        var expected = new GeneratedSight(world, intent).Of(stranger, table, salt).Rows!;
        Texts(rows).ShouldBe(Texts(expected), $"{stranger} on {table.Object.Path}; {about}");
        var protects = new GeneratedSight(world with { Unregistered = UnregisteredBehaviour.Protect }, intent with { ExemptRoles = [] }).Of(stranger, table, salt).Rows!;
        var (met, all) = (OtherwiseIn(expected, table), OtherwiseIn(protects, table));
        seen.Protected += met;
        if (GeneratedUnity.PassedOver(intent).Contains(stranger, StringComparer.Ordinal)) seen.PassedOver += all - met;
        else seen.Passed += all - met;
    }

    private static int OtherwiseIn(IReadOnlyList<IReadOnlyList<string>?> rows, CaseTable table) =>
        GeneratedSight.PlainOf(table).Select((plain, r) => plain.Where((text, c) => rows[r]?[c] != text).Count()).Sum();

    private static async Task CompareAsync(EnforcedUnity unity, World world, AccessIntent intent, IdentityHolders identity, CaseTable table, string salt, Tally seen, string step)
    {
        var about = $"{identity.Name} on {table.Object.Path}; {step}";
        var sight = new GeneratedSight(world, intent);
        var expected = sight.Of(identity.Name, table, salt).Rows;
        var rows = await GeneratedUnity.ReadAsync(unity, identity.Name, table);
        (rows is null).ShouldBe(expected is null, $"whether it is refused: {about}");
        var outcomes = OutcomesOf(world, identity, table);
        if (rows is null || expected is null)
        {
            if (outcomes[0] is CellOutcome.NotSubscribed) seen.Refused++;
            else seen.Narrowed++;
            return;
        }

        if (identity.Holders.Count > 1 && !Texts(rows).SequenceEqual(Texts(expected), StringComparer.Ordinal))
        {
            ShouldShowNoMore(world, intent, identity, table, rows, salt, about);
            seen.Stricter++;
            return;
        }

        Texts(rows).ShouldBe(Texts(expected), about);
        seen.Read++;
        if (sight.IsNarrowed(table)) seen.Exempt++;
        if (GeneratedUnity.PassedOver(intent).Contains(identity.Name, StringComparer.Ordinal))
        {
            seen.PassedOver += OtherwiseIn(new GeneratedSight(world, intent with { ExemptRoles = [] }).Of(identity.Name, table, salt).Rows!, table);
            return;
        }

        seen.RowsHidden += table.Rows.Count - rows.Count;
        seen.Masked += outcomes.Count(static o => o is CellOutcome.Masked);
        seen.Custom += outcomes.Count(static o => o is CellOutcome.Masked(MaskFunction.Custom));
    }

    // Of an identity of several people it is known what all of them are, and what some are: where one is exempt from a mask and its condition spares another, it masks all the same, and so do
    // row rules hide. No row or cell is shown that a mask or row rule of any of them hides.
    private static void ShouldShowNoMore(World world, AccessIntent intent, IdentityHolders identity, CaseTable table, IReadOnlyList<string[]> rows, string salt, string about)
    {
        // Not without its condition: a mask whose condition names a tag that is missing may have no place in the composition.
        var always = world with { Policies = world.Policies.Select(static p => p is DataPolicy data ? data with { Rules = data.Rules.Select(Always).ToValueList() } : p).ToValueList() };
        TableSight.FaultOf(
                rows, new GeneratedSight(world, intent).Of(identity.Name, table, salt), new GeneratedSight(always, intent).Of(identity.Name, table, salt), GeneratedSight.PlainOf(table),
                new Between(IsRefused: false, HidesRows: true, new HashSet<int>()))
            .ShouldBeNull(about);

        static DataRule Always(DataRule rule) => rule is DataRule.Masking { Condition: { } condition } mask
            ? mask with { Condition = new Predicate.Any([condition, new Predicate.Comparison(ComparisonOperator.Equal, new Operand.Number(1), new Operand.Number(1))]) }
            : rule;
    }

    // By row and column.
    private static List<CellOutcome> OutcomesOf(World world, IdentityHolders identity, CaseTable table)
    {
        var naive = world.Naive(Technology.Databricks.Name);
        return [.. table.Rows.SelectMany(row => table.Object.Columns.Select(c => naive.OutcomeOf([.. identity.Holders], table.Object, c.Name, row, Capabilities.All)))];
    }

    private static IEnumerable<string> Texts(IEnumerable<IReadOnlyList<string>?> rows) => rows.OfType<IReadOnlyList<string>>().Select(static r => string.Join('|', r)).Order(StringComparer.Ordinal);
}
