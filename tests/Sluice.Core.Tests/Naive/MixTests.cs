using Sluice.Core.Access;
using Sluice.Core.People;
using Sluice.Core.Policies;
using Sluice.Testing.Cases;
using Sluice.Testing.Naive;

namespace Sluice.Core.Tests.Naive;

/// <summary>A generator of dull cases proves nothing: what comes of 500 of them is counted.</summary>
public sealed class MixTests
{
    private const int Seeds = 500;

    private static readonly World[] Cases = [.. Enumerable.Range(0, Seeds).Select(seed => new CaseGenerator().Of((uint)seed))];

    [Fact]
    public void Readers_and_others_are_both_frequent()
    {
        var pairs = Cases.SelectMany(c => Pairs(c).Select(p => c.Naive().IsSubscribed(p.Person, p.Object, AccessKind.Read))).ToList();

        Share(pairs, isReader => isReader, "subscribed").ShouldBeInRange(0.2, 0.8);
    }

    [Fact]
    public void Every_outcome_of_a_cell_is_frequent_among_what_readers_meet()
    {
        var cells = Cases.SelectMany(c => Cells(c, Capabilities.All)).Where(o => o is not CellOutcome.NotSubscribed).ToList();

        Share(cells, o => o is CellOutcome.Clear, "clear").ShouldBeGreaterThan(0.1);
        Share(cells, o => o is CellOutcome.Masked, "masked").ShouldBeGreaterThan(0.05);
        Share(cells, o => o is CellOutcome.RowAbsent, "absent").ShouldBeGreaterThan(0.1);

        var refused = Cases.SelectMany(c => Cells(c, new Capabilities(HasNativeMasks: false))).Where(o => o is not CellOutcome.NotSubscribed).ToList();
        Share(refused, o => o is CellOutcome.ColumnRefused, "refused").ShouldBeGreaterThan(0.05);
    }

    [Theory]
    [InlineData("a mask on a reader's cell", 0.1)]
    [InlineData("a row hidden from a reader", 0.1)]
    [InlineData("a row filter that shows some rows and hides some", 0.03)]
    [InlineData("an unbound rule", 0.1)]
    [InlineData("an exempt reader beside one who isn't", 0.1)]
    [InlineData("a conditional mask that masks some rows only", 0.03)]
    [InlineData("masks that compose", 0.03)]
    [InlineData("a subscription that decides", 0.05)]
    [InlineData("a shared identity", 0.1)]
    public void What_matters_occurs_in_a_share_of_the_cases(string what, double least) =>
        Share(Cases, c => Occurs(what, c), what).ShouldBeGreaterThan(least);

    [Fact]
    public void A_seed_is_the_same_case_every_time() =>
        new CaseGenerator().Of(17).ToString().ShouldBe(new CaseGenerator().Of(17).ToString());

    [Fact]
    public void A_mutation_changes_what_somebody_meets_in_a_share_of_the_cases()
    {
        var mutations = Enumerable.Range(0, Seeds).Select(seed => new MutationGenerator().Of((uint)seed)).ToList();

    }

    private static bool Occurs(string what, World world) => what switch
    {
        "a mask on a reader's cell" => Cells(world, Capabilities.All).Any(o => o is CellOutcome.Masked),
        "a row hidden from a reader" => Cells(world, Capabilities.All).Any(o => o is CellOutcome.RowAbsent),
        "a row filter that shows some rows and hides some" => Pairs(world).Any(p => Visible(world, p.Person, p.Object) is var v && v.Contains(true) && v.Contains(false)),
        "an unbound rule" => HasUnbound(world),
        "an exempt reader beside one who isn't" => HasExempt(world),
        "a conditional mask that masks some rows only" => HasConditional(world),
        "masks that compose" => HasComposed(world),
        "a subscription that decides" => HasDecidingSubscription(world),
        "a shared identity" => world.Identities.Any(i => i.PersonIds.Count > 1),
        _ => throw new ArgumentOutOfRangeException(nameof(what)),
    };

    private static bool HasUnbound(World world) => Pairs(world).Any(p =>
        world.Naive().HasUnboundRules(p.Object));

    private static bool HasExempt(World world) => world.Governed.Any(governed =>
    {
        var readers = world.People.People.Where(p => world.Naive().IsSubscribed(p, governed, AccessKind.Read)).ToList();
        return governed.Columns.Any(c => readers.Select(r => world.Naive().HasMasks(r, governed, c.Name)).Distinct().Count() > 1)
            || readers.Select(r => world.Naive().HasRowRules(r, governed)).Distinct().Count() > 1;
    });

    private static bool HasConditional(World world) => world.Tables.Where(t => t.IsActive).Any(table => world.People.People.Any(person =>
        table.Object.Columns.Any(c => table.Rows.Select(r => world.Naive().MaskOf(person, table.Object, c.Name, r)).Distinct().Count() > 1)));

    private static bool HasComposed(World world) => world.Tables.Where(t => t.IsActive).Any(table => world.People.People.Any(person =>
        table.Object.Columns.Any(c => table.Rows.Any(r => world.Naive().MasksOn(person, table.Object, c.Name, r).Distinct().Count() > 1))));

    private static bool HasDecidingSubscription(World world)
    {
        var without = world with { Subscriptions = [] };
        return Pairs(world).Any(p => Enum.GetValues<AccessKind>().Any(a =>
            world.Naive().IsSubscribed(p.Person, p.Object, a) != without.Naive().IsSubscribed(p.Person, p.Object, a)));
    }

    private static List<bool> Visible(World world, Person person, GovernedObject governed) =>
        [.. world.Tables.Single(t => t.Object.Path.Equals(governed.Path)).Rows.Select(row => world.Naive().IsRowVisible(person, governed, row))];

    private static IEnumerable<(Person Person, GovernedObject Object)> Pairs(World world) =>
        world.People.People.SelectMany(person => world.Governed.Select(governed => (person, governed)));

    private static IEnumerable<CellOutcome> Cells(World world, Capabilities capabilities) => world.Cells()
        .SelectMany(cell => world.People.People.Select(person => world.Naive().OutcomeOf(person, cell.Object, cell.Column, cell.Row, capabilities)));

    private static string View(World world) => string.Join('\n', Pairs(world).Select(p => $"{p.Person.Id} {p.Object.Path} "
        + string.Join(' ', Enum.GetValues<AccessKind>().Select(a => world.Naive().IsSubscribed(p.Person, p.Object, a))))
        .Concat(Cells(world, Capabilities.All).Select(o => o.ToString())));

    private static double Share<T>(IReadOnlyCollection<T> all, Func<T, bool> isSuch, string what)
    {
        var share = all.Count(isSuch) / (double)all.Count;
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}: {share:P1} of {all.Count}");
        return share;
    }
}
