using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>What is granted on one object, to which audiences and to which people by themselves.</summary>
/// <param name="OfAudiences">By rule, none of them nobody's.</param>
/// <param name="OfPeople">By platform identity, of subscriptions of their own.</param>
/// <param name="Shortfalls">What can't be enforced as asked.</param>
internal sealed record ObjectGrants(
    IReadOnlyList<(AccessRule Rule, IReadOnlyList<Privilege> Privileges)> OfAudiences,
    IReadOnlyList<(string Identity, IReadOnlyList<Privilege> Privileges)> OfPeople,
    IReadOnlyList<string> Shortfalls)
{
    /// <summary>
    /// The grants of an object. A masked column is left out of what its audience may read, for PostgreSQL masks nothing by itself; who is exempt from every
    /// mask on it is another audience, which gets the column.
    /// </summary>
    public static ObjectGrants Of(AccessIntent intent, IntendedObject item)
    {
        var shortfalls = new List<string>();
        var access = item.Access;
        var narrowing = UnfilteredTo(item, shortfalls);
        var masks = MasksOf(item);
        // A view beside a table shows what the masks leave.
        if (!intent.MasksInView || !FiltersRows(item.Object.Kind)) shortfalls.AddRange(Unmasked(item, masks));

        var audiences = new Dictionary<AudienceId, (AccessRule Rule, List<Privilege> Privileges)>();
        foreach (var (privilege, exempt) in Readable(item, masks)) Add(AccessRule.All([access.Read, .. exempt, .. narrowing]), privilege);
        foreach (var privilege in Privilege.Writing) Add(access.Write, new Privilege(privilege));

        var people = new SortedDictionary<string, List<Privilege>>(StringComparer.Ordinal);
        foreach (var identity in item.DirectReaders)
        {
            foreach (var (privilege, exempt) in Readable(item, masks))
                if (exempt.Concat(narrowing).All(rule => intent.MembersOf(rule).Contains(identity, StringComparer.Ordinal))) AddOwn(identity, privilege);
        }

        foreach (var identity in item.DirectWriters)
            foreach (var privilege in Privilege.Writing) AddOwn(identity, new Privilege(privilege));

        return new ObjectGrants(
            [.. audiences.Values.Select(a => (a.Rule, (IReadOnlyList<Privilege>)a.Privileges))],
            [.. people.Select(p => (p.Key, (IReadOnlyList<Privilege>)p.Value))],
            shortfalls);

        void Add(AccessRule rule, Privilege privilege)
        {
            if (rule.Equals(AccessRule.Nobody)) return;
            if (!audiences.TryGetValue(rule.Id, out var audience)) audiences[rule.Id] = audience = (rule, []);
            if (!audience.Privileges.Contains(privilege)) audience.Privileges.Add(privilege);
        }

        void AddOwn(string identity, Privilege privilege)
        {
            if (Statements.RoleProblem(identity) is { } problem)
            {
                var told = $"{identity} can't be granted anything: as the name of a role it {problem}";
                if (!shortfalls.Contains(told)) shortfalls.Add(told);
                return;
            }

            if (!people.TryGetValue(identity, out var privileges)) people[identity] = privileges = [];
            if (!privileges.Contains(privilege)) privileges.Add(privilege);
        }
    }

    /// <summary>Whether PostgreSQL filters the rows of such an object: it keeps policies on tables alone.</summary>
    public static bool FiltersRows(ObjectKind kind) => kind == ObjectKind.Table;

    /// <summary>What there is to read, and who has to be exempt from what for it.</summary>
    private static IEnumerable<(Privilege Privilege, IReadOnlyList<AccessRule> Exempt)> Readable(
        IntendedObject item, IReadOnlyDictionary<string, IReadOnlyList<ColumnMask>> masks)
    {
        if (masks.Count == 0) return [(new Privilege(Privilege.Select), [])];
        return item.Object.Columns.Select(column => (
            new Privilege(Privilege.Select, column.Name),
            (IReadOnlyList<AccessRule>)(masks.TryGetValue(column.Name, out var of) ? [.. of.Select(m => m.Exempt)] : [])));
    }

    /// <summary>Where rows can't be filtered, who has to be exempt from every row rule to read at all.</summary>
    private static IReadOnlyList<AccessRule> UnfilteredTo(IntendedObject item, List<string> shortfalls)
    {
        if (FiltersRows(item.Object.Kind) || item.Access.RowRules.Count == 0) return [];
        shortfalls.Add("row rules can't be enforced on what is no table: only those who are exempt from all of them may read it");
        return [.. item.Access.RowRules.Select(r => r.Exempt)];
    }

    private static IEnumerable<string> Unmasked(IntendedObject item, Dictionary<string, IReadOnlyList<ColumnMask>> masks)
    {
        if (masks.Count == 0) yield break;
        var columns = item.Object.Columns.Select(static c => c.Name).Where(masks.ContainsKey).ToList();
        yield return $"PostgreSQL masks no values: who isn't exempt from the masks of {string.Join(", ", masks.Values.SelectMany(static m => m).Select(static m => m.PolicyKey).Distinct().Order(StringComparer.Ordinal))} "
            + $"is not granted the column{(columns.Count == 1 ? "" : "s")} {string.Join(", ", columns)}{(FiltersRows(item.Object.Kind) ? "; with settings.masks: view a view shows them masked" : "")}";
        foreach (var column in columns.Where(c => masks[c].Any(static m => m.Condition is not null)))
            yield return $"the mask on column {column} is conditional: PostgreSQL can only keep the column from those it would mask in some rows";
    }

    private static Dictionary<string, IReadOnlyList<ColumnMask>> MasksOf(IntendedObject item) => item.Access.Masks
        .Where(m => !m.Exempt.Equals(AccessRule.Everybody))
        .GroupBy(m => m.Column, StringComparer.Ordinal)
        .ToDictionary(g => g.Key, g => (IReadOnlyList<ColumnMask>)[.. g], StringComparer.Ordinal);
}
