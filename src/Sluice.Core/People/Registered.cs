namespace Sluice.Core.People;

/// <summary>A person as registered: without what follows from memberships.</summary>
/// <param name="Id">Stable.</param>
/// <param name="Username">Unique ignoring case.</param>
/// <param name="Source">The identity provider; null for one kept here.</param>
/// <param name="IsEnabled">Whether they may do anything at all.</param>
public sealed record RegisteredPerson(Guid Id, string Username, string? Source, bool IsEnabled);

/// <summary>A group as registered.</summary>
/// <param name="Id">Stable.</param>
/// <param name="Source">The identity provider; null for one kept here.</param>
/// <param name="Name">Unique within its source.</param>
public sealed record RegisteredGroup(Guid Id, string? Source, string Name);

/// <summary>A person or a group in a group.</summary>
/// <param name="Group">The group.</param>
/// <param name="Member">Who is in it.</param>
public readonly record struct Membership(Guid Group, Guid Member);

/// <summary>A value of an attribute as registered.</summary>
/// <param name="Person">Whose it is.</param>
/// <param name="Name">The attribute.</param>
/// <param name="Value">The value.</param>
/// <param name="Source">Who says so; null: kept here.</param>
/// <param name="ExpiresAt">From when on it no longer counts; null: never.</param>
public sealed record HeldAttribute(Guid Person, string Name, string Value, string? Source, DateTimeOffset? ExpiresAt);
