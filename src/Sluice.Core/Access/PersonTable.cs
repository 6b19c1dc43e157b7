using Sluice.Core.People;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Core.Access;

/// <summary>People by number, who has which group or value, and which names are known.</summary>
internal sealed class PersonTable
{
    private readonly List<Person?> people = [];
    private readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal);
    private readonly Stack<int> free = new();
    private readonly Dictionary<string, List<int>> byGroup = new(StringComparer.Ordinal);
    private readonly Dictionary<PersonAttribute, List<int>> byAttribute = [];

    public PersonTable(PeopleSnapshot snapshot)
    {
        Snapshot = snapshot with { People = [] };
        foreach (var person in snapshot.People) Put(person);
    }

    /// <summary>The names that are known; its list of people is empty.</summary>
    public PeopleSnapshot Snapshot { get; private set; }

    public ulong[] Enabled { get; private set; } = [];

    public int Capacity => people.Count;

    public int Words => Enabled.Length;

    public Person this[int number] => people[number] ?? throw new InvalidOperationException($"Nobody has the number {number}.");

    public Person? Find(int number) => people[number];

    public bool TryGetNumber(string personId, out int number) => numbers.TryGetValue(personId, out number);

    /// <summary>Their number.</summary>
    public int Put(Person person)
    {
        if (numbers.TryGetValue(person.Id, out var number)) Forget(number);
        else
        {
            if (!free.TryPop(out number))
            {
                number = people.Count;
                people.Add(null);
                if (Bits.Words(people.Count) > Words) Enabled = ConditionColumn.Grown(Enabled, Math.Max(4, Words * 2));
            }

            numbers.Add(person.Id, number);
        }

        people[number] = person;
        Bits.Set(Enabled, number, person.IsEnabled);
        foreach (var group in person.Groups) Add(byGroup, group, number);
        foreach (var attribute in person.Attributes) Add(byAttribute, attribute, number);
        return number;
    }

    /// <summary>The number they had; null where nobody has this id.</summary>
    public int? Remove(string personId)
    {
        if (!numbers.Remove(personId, out var number)) return null;
        Forget(number);
        Bits.Set(Enabled, number, false);
        free.Push(number);
        return number;
    }

    public void PutKnown(IReadOnlySet<string> groups, IReadOnlySet<string> attributes) => Snapshot = new PeopleSnapshot([], groups, attributes);

    /// <summary>Who has the group or value that a condition is about; null for other conditions.</summary>
    public IReadOnlyList<int>? Having(Predicate leaf) => leaf switch
    {
        Predicate.InGroups { Groups: [var group] } => byGroup.GetValueOrDefault(group) ?? [],
        Predicate.HasAttribute attribute => byAttribute.GetValueOrDefault(new PersonAttribute(attribute.Name, attribute.Value)) ?? [],
        _ => null,
    };

    private void Forget(int number)
    {
        if (people[number] is not { } person) return;
        foreach (var group in person.Groups) Drop(byGroup, group, number);
        foreach (var attribute in person.Attributes) Drop(byAttribute, attribute, number);
        people[number] = null;
    }

    private static void Add<T>(Dictionary<T, List<int>> index, T key, int number)
        where T : notnull
    {
        if (!index.TryGetValue(key, out var having)) index.Add(key, having = []);
        having.Add(number);
    }

    private static void Drop<T>(Dictionary<T, List<int>> index, T key, int number)
        where T : notnull
    {
        if (!index.TryGetValue(key, out var having) || !having.Remove(number)) return;
        if (having.Count == 0) index.Remove(key);
    }
}
