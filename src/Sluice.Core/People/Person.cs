namespace Sluice.Core.People;

/// <summary>A person or service account as decisions see it: memberships resolved, what has expired left out.</summary>
public sealed record Person
{
    /// <summary>Stable, never shown as a name.</summary>
    public required string Id { get; init; }

    /// <summary><c>@username</c>; unique.</summary>
    public required string Username { get; init; }

    /// <summary><c>@iam</c>: the identity provider the person comes from; null for one kept here.</summary>
    public string? Source { get; init; }

    /// <summary>Whether they may do anything at all. A disabled person is entitled to nothing.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>All groups, groups of groups included: by full name (<c>okta:Analysts</c>, local ones <c>Analysts</c>), and by bare name where that is unique.</summary>
    public required IReadOnlySet<string> Groups { get; init; }

    /// <summary>All values of all attributes.</summary>
    public required IReadOnlySet<PersonAttribute> Attributes { get; init; }
}

/// <summary>One value of an attribute.</summary>
/// <param name="Name">The attribute.</param>
/// <param name="Value">The value. Compared exactly.</param>
public readonly record struct PersonAttribute(string Name, string Value);
