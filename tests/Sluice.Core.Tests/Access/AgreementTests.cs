using Sluice.Core.Access;
using Sluice.Core.People;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;
using Sluice.Testing.Cases;
using Sluice.Testing.Naive;

namespace Sluice.Core.Tests.Access;

/// <summary>The evaluator and the naive one, written apart from the same page, say the same of every generated world.</summary>
public sealed class AgreementTests
{
    private static readonly uint Worlds = Environment.GetEnvironmentVariable("SLUICE_LONG") == "1" ? 20_000u : 300u;

    // Each row and cell of them takes its time.
    private const uint MostWithRows = 2_000;

    private static readonly CaseGenerator Cases = new();

    [Fact]
    public void Both_say_who_may_read_and_write()
    {
        for (uint seed = 1; seed <= Worlds; seed++)
        {
            var world = Cases.Of(seed);
            var (naive, compiler, people) = (world.Naive(), new AccessCompiler(world.Policies), new AudienceIndex(world.People));
            foreach (var governed in world.Governed)
            {
                var access = compiler.Compile(governed);
                foreach (var person in world.People.People)
                {
                    foreach (var kind in (AccessKind[])[AccessKind.Read, AccessKind.Write])
                        May(people, access, person, kind, Held(world, person, governed, kind)).ShouldBe(
                            naive.IsSubscribed(person, governed, kind), $"seed {seed}: {kind} of {person.Username} on {governed.Path}\n{world}");
                }
            }
        }
    }

    [Fact]
    public void What_the_one_masks_in_any_row_the_other_masks_too()
    {
        for (uint seed = 1; seed <= Worlds; seed++)
        {
            var world = Cases.Of(seed);
            var (naive, compiler, people) = (world.Naive(), new AccessCompiler(world.Policies), new AudienceIndex(world.People));
            foreach (var (governed, column, row) in world.Cells())
            {
                var masks = compiler.Compile(governed).Masks.Where(m => m.Column == column).ToList();
                foreach (var person in world.People.People.Where(p => p.IsEnabled))
                {
                    var about = $"seed {seed}: {person.Username} on {governed.Path}, {column}\n{world}";
                    var isMasked = masks.Exists(m => !people.Of(m.Exempt).Contains(person.Id));
                    if (naive.MaskOf(person, governed, column, row) is not null) isMasked.ShouldBeTrue(about);
                    if (isMasked) naive.HasMasks(person, governed, column).ShouldBeTrue(about);
                }
            }
        }
    }

    [Fact]
    public void Both_say_which_rows_and_values_each_person_sees()
    {
        for (uint seed = 1; seed <= Math.Min(Worlds, MostWithRows); seed++)
        {
            var world = Cases.Of(seed);
            var (naive, compiler, people) = (world.Naive(), new AccessCompiler(world.Policies), new AudienceIndex(world.People));
            var explainer = new Explainer(compiler, world.People);
            foreach (var table in world.Tables.Where(static t => t.IsActive))
            {
                var access = compiler.Compile(table.Object.Typed());
                foreach (var person in world.People.People.Where(static p => p.IsEnabled))
                {
                    var explained = explainer.Explain(person, table.Object.Typed(), default, default);
                    var (compiledRows, explainedRows) = (
                        new Rows(world, access.RowRules.Where(r => !people.Of(r.Exempt).Contains(person.Id)).Select(static r => r.Predicate)), new Rows(world, [explained.RowFilter]));
                    var compiled = access.Masks.Where(m => !people.Of(m.Exempt).Contains(person.Id)).Select(m => new Masked(m.Column, m.Function, Rows.Unmasked(world, m.Condition))).ToList();
                    var told = explained.Columns.SelectMany(static c => c.Masks).Where(static m => !m.Exempt.IsExempt)
                        .Select(m => new Masked(m.Mask.Column, m.Mask.Function, Rows.Unmasked(world, m.Condition))).ToList();
                    foreach (var row in table.Rows)
                    {
                        var about = $"seed {seed}: {person.Username} on {table.Object.Path}, row {string.Join('|', row)}\n{world}";
                        var isVisible = naive.IsRowVisible(person, table.Object, row);
                        compiledRows.Show(person, table.Object, row).ShouldBe(isVisible, about);
                        if (IsOfTexts(explained.RowFilter, table.Object)) explainedRows.Show(person, table.Object, row).ShouldBe(isVisible, about);
                        foreach (var column in table.Object.Columns.Select(static c => c.Name))
                        {
                            var mask = naive.MaskOf(person, table.Object, column, row);
                            Of(compiled).ShouldBe(mask, $"{column}, {about}");
                            if (explained.Columns.SelectMany(static c => c.Masks).All(m => IsOfTexts(m.Condition, table.Object))) Of(told).ShouldBe(mask, $"{column}, {about}");

                            MaskFunction? Of(List<Masked> masks) => MaskComposition.Of(
                                masks.Where(m => m.Column == column && m.Unmasked?.Show(person, table.Object, row) != true).Select(static m => m.Function));
                        }
                    }
                }
            }
        }
    }

    // With a person put in, what an attribute contains is a list of texts, which the naive evaluator compares with texts alone.
    private static bool IsOfTexts(Predicate predicate, GovernedObject governed) => predicate switch
    {
        Predicate.All all => all.Terms.All(t => IsOfTexts(t, governed)),
        Predicate.Any any => any.Terms.All(t => IsOfTexts(t, governed)),
        Predicate.Not not => IsOfTexts(not.Term, governed),
        Predicate.In { Value: Operand.Column column } => ColumnKinds.Of(governed.Columns.Single(c => c.Name == column.Name).Type) == ColumnKind.Text,
        _ => true,
    };

    private sealed record Masked(string Column, MaskFunction Function, Rows? Unmasked);

    // Predicates as the rules of one policy, for the naive evaluator to say where they all hold.
    private sealed class Rows(World world, IEnumerable<Predicate> predicates)
    {
        private readonly NaiveEvaluator _naive = new(
            [new DataPolicy { Key = "rows", Name = "rows", Rules = predicates.Select(static DataRule (p) => new DataRule.RowsByPredicate(p)).ToValueList() }],
            world.People, [], world.Now, world.Unregistered);

        /// <summary>The rows where a mask with a condition does not mask; null: none.</summary>
        public static Rows? Unmasked(World world, Predicate? condition) => condition is null ? null : new Rows(world, [new Predicate.Not(condition)]);

        public bool Show(Person person, GovernedObject governed, IReadOnlyList<object?> row) => _naive.IsRowVisible(person, governed, row);
    }

    private static bool May(AudienceIndex people, ObjectAccess access, Person person, AccessKind kind, Subscriptions held)
    {
        var (rule, whole) = kind == AccessKind.Read ? (access.Read, access.ReadBySubscription) : (access.Write, access.WriteBySubscription);
        return people.Of(rule).Contains(person.Id) || (whole is not null && people.Holds(whole, person.Id, held));
    }

    private static Subscriptions Held(World world, Person person, GovernedObject governed, AccessKind kind)
    {
        var held = world.Subscriptions
            .Where(s => s.PersonId == person.Id && s.ObjectPath.Equals(governed.Path) && s.Access == kind && (s.ExpiresAt is null || s.ExpiresAt > world.Now)).ToList();
        return new Subscriptions(held.Exists(s => s.Kind == SubscriptionKind.Manual), held.Exists(s => s.Kind == SubscriptionKind.Approval));
    }
}
