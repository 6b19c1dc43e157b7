namespace Sluice.Core.QueryAudit;

/// <summary>The objects of a statement that a platform shows in pieces. What was shown once is not taken back.</summary>
public static class ObjectPieces
{
    /// <summary>What was told that is not known yet: objects, and of known ones their columns.</summary>
    public static IReadOnlyList<QueriedObject> New(IReadOnlyList<QueriedObject> told, IReadOnlyList<QueriedObject> known)
    {
        var fresh = new List<QueriedObject>();
        foreach (var each in told)
        {
            var before = known.FirstOrDefault(k => IsSame(k, each));
            var columns = before is null ? each.Columns : [.. each.Columns.Except(before.Columns, StringComparer.Ordinal)];
            if (before is null || columns.Count > 0) fresh.Add(each with { Columns = columns });
        }

        return fresh;
    }

    /// <summary>What is known with what was told: known objects in their order, new ones behind them, and so with columns.</summary>
    public static IReadOnlyList<QueriedObject> Joined(IReadOnlyList<QueriedObject> known, IReadOnlyList<QueriedObject> told)
    {
        var joined = known.ToList();
        foreach (var each in told)
        {
            var at = joined.FindIndex(k => IsSame(k, each));
            if (at < 0) joined.Add(each);
            else joined[at] = joined[at] with { Columns = [.. joined[at].Columns.Union(each.Columns, StringComparer.Ordinal)] };
        }

        return joined;
    }

    private static bool IsSame(QueriedObject one, QueriedObject other) => one.IsWritten == other.IsWritten && one.Path.Equals(other.Path);
}
