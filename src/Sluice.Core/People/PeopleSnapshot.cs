namespace Sluice.Core.People;

/// <summary>All people at one moment.</summary>
/// <param name="People">Enabled and disabled ones.</param>
/// <param name="KnownGroups">Every name by which a group can be meant; a predicate about another is unknown.</param>
/// <param name="KnownAttributes">Every attribute's name; likewise.</param>
public sealed record PeopleSnapshot(IReadOnlyList<Person> People, IReadOnlySet<string> KnownGroups, IReadOnlySet<string> KnownAttributes);
