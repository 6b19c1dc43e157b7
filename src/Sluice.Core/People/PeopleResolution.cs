namespace Sluice.Core.People;

/// <summary>Makes people as decisions see them out of what is registered.</summary>
public static class PeopleResolution
{
    private static readonly IReadOnlySet<string> NoGroups = new HashSet<string>();
    private static readonly IReadOnlySet<PersonAttribute> NoAttributes = new HashSet<PersonAttribute>();

    /// <summary>
    /// Resolves groups of groups, leaves out what has expired, and gives everything the names by which it can be meant. An attribute stays known while
    /// an expired value of it is registered: that nobody has it is then certain, not unknown.
    /// </summary>
    /// <param name="people">Everybody.</param>
    /// <param name="groups">Every group.</param>
    /// <param name="memberships">Who is in which.</param>
    /// <param name="attributes">Every value, expired ones too.</param>
    /// <param name="now">The time. What expires at it has expired.</param>
    public static PeopleSnapshot Resolve(
        IReadOnlyList<RegisteredPerson> people,
        IReadOnlyList<RegisteredGroup> groups,
        IReadOnlyList<Membership> memberships,
        IReadOnlyList<HeldAttribute> attributes,
        DateTimeOffset now)
    {
        var groupNames = new SourcedNames(groups.Select(g => (g.Source, g.Name)));
        var attributeNames = new SourcedNames(attributes.Select(a => (a.Source, a.Name)));
        var above = memberships.ToLookup(m => m.Member, m => m.Group);
        var namesAt = NamesAtAndAbove(groups, above, groupNames);
        var held = attributes.Where(a => a.ExpiresAt is not { } end || end > now).ToLookup(a => a.Person);
        var resolved = people.Select(p => new Person
        {
            Id = p.Id.ToString(),
            Username = p.Username,
            Source = p.Source,
            IsEnabled = p.IsEnabled,
            Groups = above.Contains(p.Id) ? above[p.Id].SelectMany(g => namesAt.GetValueOrDefault(g) ?? []).ToHashSet(StringComparer.Ordinal) : NoGroups,
            Attributes = held.Contains(p.Id)
                ? held[p.Id].SelectMany(a => attributeNames.Of(a.Source, a.Name).Select(n => new PersonAttribute(n, a.Value))).ToHashSet()
                : NoAttributes,
        });
        return new PeopleSnapshot([.. resolved], groupNames.Known, attributeNames.Known);
    }

    private static Dictionary<Guid, string[]> NamesAtAndAbove(IReadOnlyList<RegisteredGroup> groups, ILookup<Guid, Guid> above, SourcedNames names)
    {
        var byId = groups.ToDictionary(g => g.Id);
        return groups.ToDictionary(g => g.Id, g => AtAndAbove(g.Id, above).Where(byId.ContainsKey).SelectMany(id => names.Of(byId[id].Source, byId[id].Name)).ToArray());
    }

    private static HashSet<Guid> AtAndAbove(Guid group, ILookup<Guid, Guid> above)
    {
        var found = new HashSet<Guid> { group };
        var open = new Stack<Guid>(found);
        while (open.TryPop(out var next))
            foreach (var parent in above[next])
                if (found.Add(parent)) open.Push(parent);
        return found;
    }
}
