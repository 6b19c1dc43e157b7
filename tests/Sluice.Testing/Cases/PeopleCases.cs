using Sluice.Core.People;
using Sluice.Core.Policies;

namespace Sluice.Testing.Cases;

/// <summary>People of a case.</summary>
internal sealed class PeopleCases(Dice dice, CaseOptions options)
{
    internal PeopleSnapshot People()
    {
        var count = dice.Between(3, 8);
        var people = Enumerable.Range(0, count).Select(Person).ToList();
        var groups = Vocabulary.Groups.Concat(Vocabulary.Above.Values.SelectMany(a => a)).ToHashSet();
        return new PeopleSnapshot(people, groups, Vocabulary.Attributes.Select(a => a.Name).ToHashSet());
    }

    private Person Person(int number) => new()
    {
        Id = $"p{number}",
        Username = Vocabulary.Usernames[number],
        Source = dice.OneOf(null, "okta", "entra"),
        IsEnabled = !dice.Chance(8),
        Groups = Groups(),
        Attributes = Attributes(),
    };

    /// <summary>Memberships resolved: who is in a group is in what that lies in.</summary>
    internal IReadOnlySet<string> Groups() =>
        dice.Some(Vocabulary.Groups, 0, 4).SelectMany(g => Vocabulary.Above.TryGetValue(g, out var above) ? [g, .. above] : new[] { g }).ToHashSet();

    internal IReadOnlySet<PersonAttribute> Attributes() => dice.Some(Vocabulary.Attributes, 0, 3)
        .SelectMany(a => dice.Some(a.Values, 1, 2).Select(v => new PersonAttribute(a.Name, v))).ToHashSet();

    internal ValueList<CaseIdentity> Identities(PeopleSnapshot people)
    {
        var identities = new List<CaseIdentity>();
        foreach (var person in people.People)
        {
            if (options.HasSharedIdentities && identities.Count > 0 && dice.Chance(15))
            {
                var shared = dice.Between(0, identities.Count - 1);
                identities[shared] = identities[shared] with { PersonIds = [.. identities[shared].PersonIds, person.Id] };
            }
            else identities.Add(new CaseIdentity(person.Username, [person.Id]));
        }

        return identities.ToValueList();
    }
}
