using Sluice.Core.People;
using Sluice.Testing.Cases;

namespace Sluice.Testing.Large;

/// <summary>The people of a <see cref="LargeWorld"/>: of a few groups each, of one department, of the countries they work for.</summary>
internal static class LargePeople
{
    public static PeopleSnapshot Of(Dice dice, int count) => new(
        [.. Enumerable.Range(0, count).Select(i => Person(dice, i))],
        LargeNames.Groups.ToHashSet(StringComparer.Ordinal),
        new HashSet<string>(StringComparer.Ordinal) { "Region", "Country", "Department", "Clearance", "Project" });

    private static Person Person(Dice dice, int number)
    {
        var clearance = dice.Between(0, LargeNames.Levels.Length - 1);
        return new Person
        {
            Id = $"person-{number:D6}",
            Username = $"person{number:D6}@example.org",
            IsEnabled = dice.Chance(98),
            Groups = dice.Times(2, 6, _ => dice.From(LargeNames.Groups)).ToHashSet(StringComparer.Ordinal),
            Attributes = new HashSet<PersonAttribute>(
            [
                .. dice.Times(1, 2, _ => new PersonAttribute("Region", dice.From(LargeNames.Regions))),
                .. dice.Times(1, 4, _ => new PersonAttribute("Country", dice.From(LargeNames.Countries))),
                .. dice.Times(0, 2, _ => new PersonAttribute("Project", dice.From(LargeNames.Projects))),
                .. LargeNames.Levels.Take(clearance + 1).Select(static l => new PersonAttribute("Clearance", l)),
                new PersonAttribute("Department", dice.From(LargeNames.Departments)),
            ]),
        };
    }
}
