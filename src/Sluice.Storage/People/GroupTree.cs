using Sluice.Storage.Databases;

namespace Sluice.Storage.People;

/// <summary>Groups in groups, followed up and down.</summary>
internal static class GroupTree
{
    private const string Below =
        """
        WITH RECURSIVE below (id, is_group) AS (
            SELECT member_id, is_group FROM group_members WHERE group_id = @id
            UNION SELECT m.member_id, m.is_group FROM below b JOIN group_members m ON m.group_id = b.id WHERE b.is_group)
        """;

    private const string Above =
        """
        WITH RECURSIVE above (id) AS (
            SELECT group_id FROM group_members WHERE member_id = @id
            UNION SELECT m.group_id FROM above a JOIN group_members m ON m.member_id = a.id)
        """;

    /// <summary>The people in a group, through groups in it too.</summary>
    public static Task<List<Guid>> PeopleInAsync(SluiceContext context, Guid group, CancellationToken cancellationToken) =>
        context.QueryAsync($"{Below} SELECT id FROM below WHERE NOT is_group", row => row.GetGuid(0), cancellationToken, ("@id", group));

    /// <summary>The groups in a group, through groups in it too.</summary>
    public static Task<List<Guid>> GroupsInAsync(SluiceContext context, Guid group, CancellationToken cancellationToken) =>
        context.QueryAsync($"{Below} SELECT id FROM below WHERE is_group", row => row.GetGuid(0), cancellationToken, ("@id", group));

    /// <summary>The groups that somebody or a group is in, through other groups too.</summary>
    public static Task<List<Guid>> GroupsAboveAsync(SluiceContext context, Guid member, CancellationToken cancellationToken) =>
        context.QueryAsync($"{Above} SELECT id FROM above", row => row.GetGuid(0), cancellationToken, ("@id", member));

    /// <summary>The way from a group down to another; null: there is none.</summary>
    public static async Task<IReadOnlyList<Guid>?> WayAsync(SluiceContext context, Guid from, Guid to, CancellationToken cancellationToken)
    {
        if (from == to) return [from];
        var edges = (await context.QueryAsync(
            "SELECT group_id, member_id FROM group_members WHERE is_group", row => (Group: row.GetGuid(0), Member: row.GetGuid(1)), cancellationToken))
            .ToLookup(e => e.Group, e => e.Member);
        var cameFrom = new Dictionary<Guid, Guid> { [from] = from };
        var open = new Queue<Guid>([from]);
        while (open.TryDequeue(out var next))
        {
            foreach (var below in edges[next].Where(b => cameFrom.TryAdd(b, next)))
            {
                if (below != to)
                {
                    open.Enqueue(below);
                    continue;
                }

                var way = new List<Guid> { to };
                while (way[^1] != from) way.Add(cameFrom[way[^1]]);
                way.Reverse();
                return way;
            }
        }

        return null;
    }
}
