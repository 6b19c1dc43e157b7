using CsCheck;
using Sluice.Core.People;
using Sluice.Core.Policies;
using Sluice.Testing.Naive;

namespace Sluice.Testing.Cases;

/// <summary>
/// Makes small worlds in which policies matter: readers and others, exempt people and others, names and values that meet. As a CsCheck generator it shrinks
/// to cases of fewer policies and tables.
/// </summary>
public sealed class CaseGenerator(CaseOptions? options = null) : Gen<World>
{
    private readonly CaseOptions _options = options ?? new CaseOptions();

    /// <summary>The case of a seed, always the same.</summary>
    public World Of(uint seed) => Make(new Dice(new PCG(1, seed)));

    /// <inheritdoc/>
    public override World Generate(PCG pcg, Size? min, out Size size)
    {
        var made = Make(new Dice(pcg));
        size = new Size((ulong)((made.Policies.Count * 100) + (made.Tables.Count * 10) + made.People.People.Count + made.Subscriptions.Count));
        return made;
    }

    private World Make(Dice dice)
    {
        var cases = new PeopleCases(dice, _options);
        var people = cases.People();
        var tables = new TableCases(dice, _options).Tables();
        return new World
        {
            People = people,
            Tables = tables,
            Policies = new PolicyCases(dice, _options, tables).Policies(),
            Subscriptions = dice.Times(0, 6, _ => Subscription(dice, people, tables)).ToValueList(),
            Identities = cases.Identities(people),
            Now = Vocabulary.Now,
            Unregistered = dice.Chance(80) ? UnregisteredBehaviour.Protect : UnregisteredBehaviour.Pass,
        };
    }

    internal static Subscription Subscription(Dice dice, PeopleSnapshot people, ValueList<CaseTable> tables) => new(
        dice.From(people.People).Id, dice.From(tables).Object.Path, dice.OneOf(SubscriptionKind.Manual, SubscriptionKind.Approval),
        dice.Chance(85) ? AccessKind.Read : AccessKind.Write, Expiry(dice));

    private static DateTimeOffset? Expiry(Dice dice) => dice.Between(1, 10) switch
    {
        <= 4 => null,
        <= 7 => Vocabulary.Now.AddDays(dice.Between(1, 30)),
        8 => Vocabulary.Now,
        _ => Vocabulary.Now.AddSeconds(-dice.Between(1, 100000)),
    };
}
