using System.Numerics;
using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;

namespace Sluice.Platforms.Databricks.Enforcing;

/// <summary>
/// Which audiences are account groups. One is where that takes fewer entries than grants to its members: members and securables together against members times
/// securables. Where more would than the budget allows, the largest have it. They are told apart by size in powers of two, and one that has a group already counts as twice as large: a
/// group that comes or goes is much work on the platform, and audiences of about one size shall not take turns.
/// </summary>
internal sealed class GroupPlan
{
    private readonly GroupNames _names;
    private readonly HashSet<AudienceId> _chosen;

    private GroupPlan(GroupNames names, IEnumerable<AudienceId> chosen) => (_names, _chosen) = (names, [.. chosen]);

    /// <summary>Decides for all objects of an intent. The same for the same intent, in whatever order its objects come.</summary>
    public static GroupPlan Of(AccessIntent intent, IEnumerable<(ObjectPath Path, AccessShape Shape)> objects)
    {
        var names = GroupNames.Of(intent);
        if (intent.GroupBudget == 0 || !names.AreKnown) return new GroupPlan(names, []);
        var uses = new Dictionary<AudienceId, Use>();
        foreach (var (path, shape) in objects)
        {
            Count(uses, shape.Read, shape.Readers, path);
            Count(uses, shape.Write, shape.Writers, path);
        }

        var there = intent.OwnGrants.Select(static g => g.Subject).Where(names.IsAudience).ToHashSet(StringComparer.Ordinal);
        return new GroupPlan(names, Choose(intent.GroupBudget, uses.Select(u => new Candidate(u.Key, u.Value.Members, u.Value.Securables, there.Contains(names.Audience(u.Key))))));
    }

    /// <summary>Who gets the places.</summary>
    public static IEnumerable<AudienceId> Choose(int budget, IEnumerable<Candidate> candidates) => candidates
        .Where(static c => IsShorter(c.Members, c.Securables))
        .OrderByDescending(static c => BitOperations.Log2((uint)c.Members) + (c.IsThere ? 1 : 0))
        .ThenByDescending(static c => c.IsThere)
        .ThenBy(static c => c.Id.Value, StringComparer.Ordinal)
        .Take(budget)
        .Select(static c => c.Id);

    /// <summary>Whether a group takes fewer entries than grants to its members.</summary>
    public static bool IsShorter(long members, long securables) => members + securables < members * securables;

    /// <summary>The group of an audience; null where its members are granted by name.</summary>
    public string? NameOf(AccessRule rule) => _chosen.Contains(rule.Id) ? _names.Audience(rule.Id) : null;

    /// <summary>Those of an audience that can be members: of names that differ in their case alone, which are one user's, the first.</summary>
    public static IEnumerable<string> MembersOf(IReadOnlyList<string> principals) => principals.Distinct(StringComparer.OrdinalIgnoreCase);

    private static void Count(Dictionary<AudienceId, Use> uses, AccessRule rule, IReadOnlyList<string> members, ObjectPath path)
    {
        if (members.Count == 0) return;
        if (!uses.TryGetValue(rule.Id, out var use)) uses[rule.Id] = use = new Use(MembersOf(members).Count());
        use.Grants++;
        use.Above.Add(Places.SchemaOf(path));
        use.Above.Add(Places.CatalogOf(path));
    }

    /// <summary>An audience that may have a group.</summary>
    /// <param name="Id">Which.</param>
    /// <param name="Members">How many belong to it.</param>
    /// <param name="Securables">What is granted to it: privileges on tables, and those on the way.</param>
    /// <param name="IsThere">Whether it has a group already.</param>
    internal readonly record struct Candidate(AudienceId Id, int Members, int Securables, bool IsThere);

    private sealed class Use(int members)
    {
        public int Members { get; } = members;

        public int Grants { get; set; }

        public HashSet<ObjectPath> Above { get; } = [];

        public int Securables => Grants + Above.Count;
    }
}
