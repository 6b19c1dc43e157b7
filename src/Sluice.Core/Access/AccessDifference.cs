using Sluice.Core.Catalog;
using Sluice.Core.Policies;

namespace Sluice.Core.Access;

/// <summary>What a change of people, policies or tags does to who reaches and sees what.</summary>
/// <param name="Gained">Who may do what they could not.</param>
/// <param name="Lost">Who may no longer do what they could.</param>
/// <param name="Uncovered">Who reads an object before and after, and sees cells that were masked, or masked more, or rows that were hidden.</param>
/// <param name="Covered">Who reads an object before and after, and no longer sees cells as they did, or some rows.</param>
/// <param name="Changed">The objects whose masks or row rules are others.</param>
public sealed record AccessDifference(
    Counted<ReachChange> Gained, Counted<ReachChange> Lost, Counted<SightChange> Uncovered, Counted<SightChange> Covered, Counted<ObjectPath> Changed);

/// <summary>Some of many.</summary>
/// <param name="Count">How many there are.</param>
/// <param name="First">The first of them.</param>
public sealed record Counted<T>(long Count, IReadOnlyList<T> First);

/// <summary>One person who begins or ceases to have access to an object.</summary>
/// <param name="PersonId">Who.</param>
/// <param name="Path">To what.</param>
/// <param name="Access">To read or to write.</param>
public sealed record ReachChange(string PersonId, ObjectPath Path, AccessKind Access);

/// <summary>One person who sees more, or less, of an object they read.</summary>
/// <param name="PersonId">Who.</param>
/// <param name="Path">Of what.</param>
/// <param name="Columns">In which columns, in the object's order.</param>
/// <param name="HasRows">Whether by rows as well.</param>
public sealed record SightChange(string PersonId, ObjectPath Path, ValueList<string> Columns, bool HasRows);
