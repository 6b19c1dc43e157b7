using Sluice.Core.Catalog;

namespace Sluice.Core.Planning;

/// <summary>What is so on a platform now: of the objects that were asked for and of everything with our mark.</summary>
/// <param name="Facts">No key twice.</param>
/// <param name="Residuals">Ways that stay open.</param>
/// <param name="Conflicts">What keeps objects from being enforced: another instance's mark, somebody else's row rules.</param>
/// <param name="UnregisteredReaders">Principals that read an object today and are nobody registered, by name, with the object.</param>
public sealed record ObservedState(
    IReadOnlyList<ObservedFact> Facts,
    IReadOnlyList<Residual> Residuals,
    IReadOnlyList<Shortfall> Conflicts,
    IReadOnlyList<Residual> UnregisteredReaders)
{
    /// <summary>Of <see cref="AccessIntent.OwnGrants"/> those that are there no more, whoever took them: what others grant anew is theirs.</summary>
    public IReadOnlyList<FactKey> Gone { get; init; } = [];

    /// <summary>What is not done of what is asked for, on objects that are enforced otherwise.</summary>
    public IReadOnlyList<Shortfall> Shortfalls { get; init; } = [];

    /// <summary>Objects that are asked to be protected, and on which the platform sets no masks and row rules. What is asked for has to be compiled anew, knowing it.</summary>
    public IReadOnlyDictionary<ObjectPath, Unprotectable> Unprotectable { get; init; } = new Dictionary<ObjectPath, Unprotectable>();

    /// <summary>Of the objects with a conflict those that something else than what is granted decides about.</summary>
    public IReadOnlyList<Shortfall> Ungoverned { get; init; } = [];

    /// <summary>What protections of Sluice's own do that stay, whether anybody asks for them or not, and of which no fact tells.</summary>
    public IReadOnlyList<string> KeptProtections { get; init; } = [];

    /// <summary>What of Sluice's own can't stand beside what is asked for: a conflict where the mode takes nothing away, and gone in time where it does.</summary>
    public IReadOnlyList<Shortfall> ConflictsWithOlder { get; init; } = [];
}
