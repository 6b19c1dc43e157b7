namespace Sluice.Core.Planning;

/// <summary>One order of facts everywhere: by kind, object, subject, detail.</summary>
public sealed class FactKeyOrder : IComparer<FactKey>
{
    /// <summary>The order.</summary>
    public static readonly FactKeyOrder Instance = new();

    private FactKeyOrder()
    {
    }

    /// <inheritdoc/>
    public int Compare(FactKey x, FactKey y)
    {
        var order = x.Kind.CompareTo(y.Kind);
        if (order == 0) order = CompareObjects(x, y);
        if (order == 0) order = string.CompareOrdinal(x.Subject, y.Subject);
        return order != 0 ? order : string.CompareOrdinal(x.Detail, y.Detail);
    }

    private static int CompareObjects(FactKey x, FactKey y)
    {
        if (x.Object is null || y.Object is null) return (x.Object is null ? 0 : 1) - (y.Object is null ? 0 : 1);
        var (left, right) = (x.Object.Names, y.Object.Names);
        for (var i = 0; i < Math.Min(left.Length, right.Length); i++)
        {
            var order = string.CompareOrdinal(left[i], right[i]);
            if (order != 0) return order;
        }

        return left.Length.CompareTo(right.Length);
    }
}
