using Sluice.Core.Access;
using Sluice.Core.People;
using Sluice.Core.Planning;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Platforms.LakeFormation.Tests.Enforcing;

/// <summary>People for whom rules about groups and attributes are decided by the book.</summary>
internal static class People
{
    public static Person Person(string name, string[]? groups = null, (string Name, string Value)[]? attributes = null) => new()
    {
        Id = name,
        Username = name,
        Groups = (groups ?? []).ToHashSet(StringComparer.Ordinal),
        Attributes = (attributes ?? []).Select(a => new PersonAttribute(a.Name, a.Value)).ToHashSet(),
    };

    public static IdentityHolders Alone(Person person) => new(person.Username, [person]);

    public static AccessRule Rule(params string[] groups) => AccessRule.Of(new Predicate.InGroups([.. groups]));

    public static Func<AccessRule, IReadOnlyList<string>> Decide(IReadOnlyList<IdentityHolders> identities) => rule =>
        [.. identities.Where(i => i.Holders.Count > 0 && i.Holders.All(p => p.IsEnabled && Holds(rule.Normal, p))).Select(i => i.Name).Order(StringComparer.Ordinal)];

    private static bool Holds(Predicate predicate, Person person) => predicate switch
    {
        Predicate.Constant constant => constant.Value,
        Predicate.All all => all.Terms.All(t => Holds(t, person)),
        Predicate.Any any => any.Terms.Any(t => Holds(t, person)),
        Predicate.Not not => !Holds(not.Term, person),
        Predicate.InGroups groups => groups.Groups.All(person.Groups.Contains),
        Predicate.HasAttribute attribute => person.Attributes.Contains(new PersonAttribute(attribute.Name, attribute.Value)),
        _ => throw new InvalidOperationException($"{predicate} is not a rule about people."),
    };
}
