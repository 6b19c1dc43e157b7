using Sluice.Core.Access;
using Sluice.Core.Planning;

namespace Sluice.Platforms;

/// <summary>A platform that can be made to enforce policies: the pure half. No I/O, and no clock.</summary>
public interface ICompilesAccess
{
    /// <summary>Puts an intent in the platform's terms. What can't be expressed is narrowed and told, never widened.</summary>
    DesiredState Compile(AccessIntent intent);

    /// <summary>What kind of values a column's type holds, in the platform's own spelling of it.</summary>
    ColumnFamily FamilyOf(string type);

    /// <summary>Whether a native audience stands for one person's own subscriptions, and not for a rule.</summary>
    bool IsDirectAudience(string prefix, string subject);

    /// <summary>The statements, or calls, of a change as a person reads them in a plan: never a secret, salts as <c>&lt;salt&gt;</c>.</summary>
    IReadOnlyList<string> Describe(Change change);
}

/// <summary>A session that sees what is granted.</summary>
public interface IObservesAccess
{
    /// <summary>Reads what is so now on the objects of an intent, and everything with our mark.</summary>
    Task<ObservedState> ObserveAsync(AccessIntent intent, CancellationToken cancellationToken);
}

/// <summary>A session that changes what is granted.</summary>
public interface IAppliesChanges
{
    /// <summary>
    /// Makes the changes of one phase, in any order and at once where that is safe; yields an outcome for each, soon after it was made. Making one twice is
    /// making it once. The caller begins no further phase for an object, an audience or a person whose change failed.
    /// </summary>
    IAsyncEnumerable<ChangeOutcome> ApplyAsync(AccessIntent intent, IReadOnlyList<Change> phase, CancellationToken cancellationToken);
}

/// <summary>A platform on which grants of others that were taken away can be put back: the pure half.</summary>
public interface IPutsGrantsBack
{
    /// <summary>Whether the platform itself tells a grant of ours from another's. Where it doesn't, only what was done tells.</summary>
    bool IsMarked(FactKey grant);

    /// <summary>The change that puts a grant back as it was, with <see cref="Change.Restore"/> set.</summary>
    /// <param name="key">The grant.</param>
    /// <param name="restore">What was kept of it (<see cref="ObservedFact.Restore"/>).</param>
    /// <param name="madeBy">Who made it, where that is known.</param>
    /// <exception cref="FormatException">What was kept can't be read.</exception>
    Change PutBack(FactKey key, string restore, string? madeBy);
}
