using CsCheck;
using Sluice.Core.Access;
using Sluice.Core.People;
using Sluice.Core.Policies;
using Sluice.Testing.Cases;

namespace Sluice.Testing.Large;

/// <summary>
/// A company of the size that the performance design sets its bars for: people, tables and policies that differ as they do where many teams share a catalog.
/// The same for the same seed and size.
/// </summary>
public sealed class LargeWorld
{
    private LargeWorld(PeopleSnapshot people, IReadOnlyList<Policy> policies, IReadOnlyList<GovernedObject> objects) =>
        (People, Policies, Objects) = (people, policies, objects);

    /// <summary>Everybody.</summary>
    public PeopleSnapshot People { get; }

    /// <summary>Always 200.</summary>
    public IReadOnlyList<Policy> Policies { get; }

    /// <summary>Tables; one in twenty has tags of its own beside those of its schema.</summary>
    public IReadOnlyList<GovernedObject> Objects { get; }

    /// <summary>Makes one.</summary>
    /// <param name="people">How many people.</param>
    /// <param name="tables">How many tables; a database for each thousand, but ten at least.</param>
    /// <param name="seed">Chooses all else.</param>
    public static LargeWorld Of(int people, int tables, uint seed)
    {
        var objects = LargeTables.Of(DiceOf(seed, 1), tables);
        return new LargeWorld(LargePeople.Of(DiceOf(seed, 2), people), LargePolicies.Of(DiceOf(seed, 3)), objects);
    }

    // Each part has a sequence of its own, so that more tables don't change the people.
    private static Dice DiceOf(uint seed, uint part) => new(new PCG(part, seed));
}
