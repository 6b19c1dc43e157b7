using System.Text.Json;
using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Engine.Callers;

namespace Sluice.Engine.Access;

/// <summary>Why somebody sees of an object what they see.</summary>
/// <param name="Username">Who.</param>
/// <param name="Path">Of what.</param>
/// <param name="IsEnabled">Whether the person may do anything at all.</param>
/// <param name="Explanation">By the policies.</param>
/// <param name="Identities">Who they are on the object's platform; none: nothing can be granted to them there.</param>
/// <param name="Shortfalls">What the object's platform can't enforce as asked, and what it does instead; nothing where policies are not enforced at all.</param>
/// <param name="Platform">What the platform says right now; null when it was not asked.</param>
public sealed record ExplainedAccess(
    string Username, ObjectPath Path, bool IsEnabled, Explanation Explanation, IReadOnlyList<string> Identities, IReadOnlyList<Shortfall> Shortfalls, PlatformAccess? Platform)
{
    /// <summary>The object's platform, by which a custom mask's function is chosen; null for one whose connection is just gone.</summary>
    public Technology? Technology { get; init; }

    /// <summary>What they have to do on the platform to read it, where they may; null where that is nothing.</summary>
    public string? HowToRead { get; init; }

    /// <summary>Whom masks and row rules leave alone by the connection's settings; null where none hold on the object, or nobody is left alone.</summary>
    public LeftAloneBySettings? LeftAlone { get; init; }
}

/// <summary>Whom masks and row rules leave alone, whatever policies say.</summary>
/// <param name="Names">Whoever is a user of that name, or has such a role or is in such a group.</param>
/// <param name="IsPerson">Whether the person who is asked about is such a user. By a role or group they may be left alone all the same: that only the platform knows.</param>
public sealed record LeftAloneBySettings(IReadOnlyList<string> Names, bool IsPerson);

/// <summary>What a platform says of one person and one object, beside what the policies say.</summary>
/// <param name="Residuals">Ways by which they read the object though no policy allows it.</param>
/// <param name="Pending">What a reconcile would change on the object, or in the person's audiences.</param>
/// <param name="Shortfalls">What can't be enforced there as asked.</param>
public sealed record PlatformAccess(IReadOnlyList<Residual> Residuals, IReadOnlyList<Change> Pending, IReadOnlyList<Shortfall> Shortfalls);

/// <summary>A yes or no.</summary>
/// <param name="IsAllowed">Whether the policies let the person.</param>
/// <param name="Way">By which way.</param>
public sealed record AccessCheck(bool IsAllowed, AccessWay Way);

/// <summary>Somebody who reads or writes an object.</summary>
/// <param name="PersonId">Who.</param>
/// <param name="Username">By name.</param>
/// <param name="Way">By a rule, or by a subscription.</param>
/// <param name="Identities">Who they are on the platform; none: can't be granted there.</param>
public sealed record PersonWithAccess(string PersonId, string Username, AccessWay Way, IReadOnlyList<string> Identities);

/// <summary>An object that somebody reads or writes.</summary>
public sealed record ObjectWithAccess(ObjectPath Path, AccessWay Read, AccessWay Write);

/// <summary>One person and one object whose access a simulation changes.</summary>
/// <param name="Username">Who.</param>
/// <param name="Path">What.</param>
/// <param name="Access">To read or to write.</param>
public sealed record SimulatedPair(string Username, ObjectPath Path, AccessKind Access);

/// <summary>One person who would see more, or less, of an object that they read before and after.</summary>
/// <param name="Username">Who.</param>
/// <param name="Path">Of what.</param>
/// <param name="Columns">In which columns.</param>
/// <param name="HasRows">Whether by rows as well.</param>
public sealed record SimulatedSight(string Username, ObjectPath Path, IReadOnlyList<string> Columns, bool HasRows);

/// <summary>What would come of a change, with nothing touched.</summary>
/// <param name="Gained">Pairs of a person and an object that begin.</param>
/// <param name="Lost">Pairs that end.</param>
/// <param name="Uncovered">Who would see cells that are masked, or masked more, or rows that are hidden.</param>
/// <param name="Covered">Who would no longer see cells as they do, or some rows.</param>
/// <param name="Changed">Objects whose masks or row rules would be others.</param>
public sealed record Simulation(
    Counted<SimulatedPair> Gained, Counted<SimulatedPair> Lost, Counted<SimulatedSight> Uncovered, Counted<SimulatedSight> Covered, Counted<ObjectPath> Changed);

/// <summary>Questions about access.</summary>
public interface IAccessUseCases
{
    /// <summary>Explains (<c>{user, objectPath, column, observe}</c>).</summary>
    Task<ExplainedAccess> ExplainAsync(JsonElement body, Caller caller, CancellationToken cancellationToken);

    /// <summary>Answers yes or no (<c>{user, objectPath, access}</c>).</summary>
    Task<AccessCheck> CheckAsync(JsonElement body, Caller caller, CancellationToken cancellationToken);

    /// <summary>Who reads or writes an object, by username.</summary>
    Task<IReadOnlyList<PersonWithAccess>> PeopleAsync(ObjectPath path, AccessKind access, Caller caller, CancellationToken cancellationToken);

    /// <summary>What somebody reads or writes, by path.</summary>
    Task<IReadOnlyList<ObjectWithAccess>> ObjectsAsync(string idOrUsername, Caller caller, CancellationToken cancellationToken);

    /// <summary>What would come of policies, removed policies, attributes and tags (<c>{policies, remove, attributes, tags}</c>).</summary>
    Task<Simulation> SimulateAsync(JsonElement body, Caller caller, CancellationToken cancellationToken);
}
