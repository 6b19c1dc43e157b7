using Sluice.Core.Policies;

namespace Sluice.Core.Access;

/// <summary>What several masks on one cell come to: the strictest of them, or NULL where two of one kind can't both be met.</summary>
/// <remarks>
/// From strict to mild: null, constant, hash, regex, rounding, custom by rank. Two of one kind that differ: of roundings the coarser where it is a multiple of
/// the finer, else NULL. Such a pair is NULL though a stricter kind is there as well; otherwise a further mask could uncover what the pair hides.
/// </remarks>
public static class MaskComposition
{
    /// <summary>The composed mask; null where there is none, so that the value is seen as it is.</summary>
    public static MaskFunction? Of(IEnumerable<MaskFunction> masks)
    {
        var distinct = masks.Distinct().ToList();
        if (distinct.Count == 0) return null;
        MaskFunction? strictest = null;
        foreach (var kind in distinct.GroupBy(StrictnessOf).OrderByDescending(static k => k.Key))
        {
            if (OfKind([.. kind]) is not { } met) return new MaskFunction.Null();
            strictest ??= met;
        }

        return strictest;
    }

    /// <summary>How strict a mask's kind is; the higher, the stricter.</summary>
    internal static (int Kind, int Rank) StrictnessOf(MaskFunction mask) => mask switch
    {
        MaskFunction.Null => (5, 0),
        MaskFunction.Constant => (4, 0),
        MaskFunction.Hash => (3, 0),
        MaskFunction.Regex => (2, 0),
        MaskFunction.RoundNumber or MaskFunction.RoundTime => (1, 0),
        MaskFunction.Custom custom => (0, custom.Rank),
        _ => throw new NotSupportedException($"A {mask.GetType().Name} has no strictness."),
    };

    // Null where they contradict each other.
    private static MaskFunction? OfKind(IReadOnlyList<MaskFunction> masks)
    {
        if (masks.Count == 1) return masks[0] is MaskFunction.RoundNumber { BucketSize: <= 0 } ? null : masks[0];
        if (masks.All(static m => m is MaskFunction.RoundNumber)) return Coarsest([.. masks.Cast<MaskFunction.RoundNumber>().OrderBy(static m => m.BucketSize)]);
        // Each unit of time is made of whole ones of any finer.
        return masks.All(static m => m is MaskFunction.RoundTime) ? masks.Cast<MaskFunction.RoundTime>().MaxBy(static m => m.Precision) : null;
    }

    private static MaskFunction.RoundNumber? Coarsest(IReadOnlyList<MaskFunction.RoundNumber> fromFine)
    {
        if (fromFine[0].BucketSize <= 0) return null;
        for (var i = 1; i < fromFine.Count; i++)
            if (fromFine[i].BucketSize % fromFine[i - 1].BucketSize != 0) return null;
        return fromFine[^1];
    }
}
