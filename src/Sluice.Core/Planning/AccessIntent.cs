using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.People;
using Sluice.Core.Policies;

namespace Sluice.Core.Planning;

/// <summary>Everything that a connection's platform shall enforce, before it is put in the platform's terms.</summary>
public sealed record AccessIntent
{
    /// <summary>The prefix of every native object.</summary>
    public required string Prefix { get; init; }

    /// <summary>The database or catalog in which the connection keeps what is its own; null where the platform has none of that kind.</summary>
    public string? OwnContainer { get; init; }

    /// <summary>Whether people that are neither registered nor exempt are treated as not exempt.</summary>
    public bool ProtectsUnregistered { get; init; } = true;

    /// <summary>Native roles and users that row rules and masks leave alone.</summary>
    public IReadOnlyList<string> ExemptRoles { get; init; } = [];

    /// <summary>Whether a table with masks is shown masked in a view beside it; where a platform masks columns by itself, it says nothing.</summary>
    public bool MasksInView { get; init; }

    /// <summary>How many native groups may be made for audiences, where a platform grants to people themselves and may make groups besides.</summary>
    public int GroupBudget { get; init; }

    /// <summary>
    /// What tells the connection's own things from those of the instance's other connections where a platform has one place for all of them: letters and digits. Empty where
    /// that is not known; nothing is made in such a place then.
    /// </summary>
    public string Scope { get; init; } = "";

    /// <summary>The schemas whose functions custom masks may call, as the connection's settings spell them.</summary>
    public IReadOnlyList<string> MaskFunctionSchemas { get; init; } = [];

    /// <summary>The active objects. One that is not here is not enforced: what is ours on it goes.</summary>
    public required IReadOnlyList<IntendedObject> Objects { get; init; }

    /// <summary>Everybody with an identity on this platform, disabled people included.</summary>
    public required IReadOnlyList<IdentityHolders> Identities { get; init; }

    /// <summary>Every name by which a group can be meant, whoever is in it; null: those that the holders of the identities are in.</summary>
    public IReadOnlySet<string>? KnownGroups { get; init; }

    /// <summary>Every attribute's name, whoever has it; null: those that the holders of the identities have.</summary>
    public IReadOnlySet<string>? KnownAttributes { get; init; }

    /// <summary>Grants that are ours by what was done, where the platform itself does not tell: they are ours wherever they are.</summary>
    public IReadOnlySet<FactKey> OwnGrants { get; init; } = new HashSet<FactKey>();

    /// <summary>
    /// What was made on the platform and is in force, by <see cref="FactId"/>, where the platform copies protections with what they protect: on an object that is not asked for, or that
    /// nobody has looked at since it was found (<see cref="SystemTags.DiscoveredNew"/>), what is not among these came with a copy that somebody made, and stays. Null where a platform copies none, or everything is to go.
    /// </summary>
    public IReadOnlySet<Guid>? InForce { get; init; }

    /// <summary>The identities for which a rule holds: of a shared one, for all its holders. Sorted ordinally.</summary>
    public required Func<AccessRule, IReadOnlyList<string>> MembersOf { get; init; }

    /// <summary>The same, where it is known of some objects that the platform sets no masks and row rules on them.</summary>
    public AccessIntent Knowing(IReadOnlyDictionary<ObjectPath, Unprotectable> unprotectable) => unprotectable.Count == 0
        ? this
        : this with { Objects = [.. Objects.Select(o => unprotectable.TryGetValue(o.Object.Path, out var why) ? o with { Unprotectable = why } : o)] };
}

/// <summary>An active object and what is asked for on it.</summary>
public sealed record IntendedObject
{
    /// <summary>As policies see it.</summary>
    public required GovernedObject Object { get; init; }

    /// <summary>The platform's own id of it.</summary>
    public string? NativeId { get; init; }

    /// <summary>How Sluice can grant on it, where the platform has several ways; see <see cref="DiscoveredObject.GrantMethod"/>.</summary>
    public string? GrantMethod { get; init; }

    /// <summary>What is asked for.</summary>
    public required ObjectAccess Access { get; init; }

    /// <summary>Identities that may read by a subscription of their own and not by the rule; sorted ordinally.</summary>
    public ValueList<string> DirectReaders { get; init; } = [];

    /// <summary>Identities that may write by a subscription of their own; sorted ordinally.</summary>
    public ValueList<string> DirectWriters { get; init; } = [];

    /// <summary>Why the platform sets no masks and row rules on it now, though it does on objects of its kind; null where it does. Only an observation tells.</summary>
    public Unprotectable? Unprotectable { get; init; }
}

/// <summary>Why a platform sets no more masks and row rules on an object, or on some of its columns.</summary>
/// <param name="Reason">What keeps it from the object, as the end of a sentence; null where that is said of columns alone.</param>
/// <param name="Standing">Those of ours that are set on it all the same, as they are asked for.</param>
public sealed record Unprotectable(string? Reason, ValueList<FactKey> Standing)
{
    /// <summary>Those of ours that are set on it in the place of others that are asked for: they stay as they are.</summary>
    public ValueList<DesiredFact> Kept { get; init; } = [];

    /// <summary>The columns that the platform computes of others: it sets nothing on them, and what they show of a column that is masked is not known.</summary>
    public ValueList<ComputedColumn> Computed { get; init; } = [];
}

/// <summary>A column that a platform computes when it is read.</summary>
/// <param name="Name">The column.</param>
/// <param name="Of">All columns of the object that it may be computed of.</param>
public sealed record ComputedColumn(string Name, ValueList<string> Of);

/// <summary>A platform identity and who uses it.</summary>
/// <param name="Name">On the platform, in its own spelling.</param>
/// <param name="Holders">One person, or the several of a shared identity; it gets what all of them may, and sees what the least entitled of them sees.</param>
public sealed record IdentityHolders(string Name, ValueList<Person> Holders);
