using Sluice.Core.Policies;

namespace Sluice.Testing.Naive;

/// <summary>How masks compose, and how strict they are.</summary>
public static class NaiveMasks
{
    /// <summary>Null &gt; Constant &gt; Hash &gt; Regex &gt; Rounding &gt; Custom by declared rank; no mask is below them all.</summary>
    public static (int Kind, int Rank) Strictness(MaskFunction? function) => function switch
    {
        null => (0, 0),
        MaskFunction.Custom custom => (1, custom.Rank),
        MaskFunction.RoundNumber or MaskFunction.RoundTime => (2, 0),
        MaskFunction.Regex => (3, 0),
        MaskFunction.Hash => (4, 0),
        MaskFunction.Constant => (5, 0),
        MaskFunction.Null => (6, 0),
        _ => throw new NaiveFaultException($"No mask: {function}."),
    };

    /// <summary>
    /// The strictest of the masks on a column of a kind; null of none. Two of one kind that can't be reconciled make NULL even where a stricter kind is
    /// there too: otherwise adding a policy (a Hash to two Regex) would lower the cell, which the law forbids, and the order would matter.
    /// </summary>
    public static MaskFunction? Compose(ColumnKind kind, IEnumerable<MaskFunction> functions, string? technology = null)
    {
        var masks = functions.Select(f => CanApply(f, kind, technology) ? f : new MaskFunction.Null()).ToList();
        if (masks.Count == 0) return null;
        foreach (var one in masks)
        {
            foreach (var other in masks)
                if (Conflict(one, other)) return new MaskFunction.Null();
        }

        var strictest = masks[0];
        foreach (var mask in masks)
            if (IsStricter(mask, strictest)) strictest = mask;
        return strictest;
    }

    private static bool Conflict(MaskFunction one, MaskFunction other) => (one, other) switch
    {
        (MaskFunction.Constant a, MaskFunction.Constant b) => a != b,
        (MaskFunction.Regex a, MaskFunction.Regex b) => a != b,
        (MaskFunction.RoundNumber a, MaskFunction.RoundNumber b) => Math.Max(a.BucketSize, b.BucketSize) % Math.Min(a.BucketSize, b.BucketSize) != 0,
        // Each unit of time is made of whole units of every finer one.
        (MaskFunction.RoundTime, MaskFunction.RoundTime) => false,
        // Custom masks are ordered by their rank: only two of one rank leave it open which is the stricter.
        (MaskFunction.Custom a, MaskFunction.Custom b) => a.Rank == b.Rank && a != b,
        _ => false,
    };

    private static bool IsStricter(MaskFunction one, MaskFunction other) => (one, other) switch
    {
        (MaskFunction.RoundNumber a, MaskFunction.RoundNumber b) => a.BucketSize > b.BucketSize,
        (MaskFunction.RoundTime a, MaskFunction.RoundTime b) => a.Precision > b.Precision,
        _ => Strictness(one).CompareTo(Strictness(other)) > 0,
    };

    /// <summary>Whether a mask can apply to a column's type; one that can't becomes NULL. Where no technology is given, any custom mask can.</summary>
    public static bool CanApply(MaskFunction function, ColumnKind kind, string? technology = null) => function switch
    {
        MaskFunction.Null => true,
        MaskFunction.Constant(var text) => IsValue(text, kind),
        MaskFunction.Hash => kind is ColumnKind.Text or ColumnKind.Integer,
        MaskFunction.Regex => kind is ColumnKind.Text,
        MaskFunction.RoundNumber(var size) => size > 0 && (kind == ColumnKind.Numeric || (kind == ColumnKind.Integer && decimal.IsInteger(size))),
        // A date has no hours: rounded down to one it would be as it was, which is no mask.
        MaskFunction.RoundTime(var precision) => kind == ColumnKind.Timestamp || (kind == ColumnKind.Date && precision >= TimePrecision.Day),
        MaskFunction.Custom(var functions, _) => technology is null || functions.Any(f => f.Key == technology),
        _ => throw new NaiveFaultException($"No mask: {function}."),
    };

    private static bool IsValue(string text, ColumnKind kind)
    {
        try
        {
            return MaskValues.Constant(text, kind) is not null;
        }
        catch (FormatException)
        {
            return false;
        }
        catch (OverflowException)
        {
            return false;
        }
    }
}
