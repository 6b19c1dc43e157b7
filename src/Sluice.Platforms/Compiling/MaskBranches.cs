using Sluice.Core.Access;
using Sluice.Core.Policies;

namespace Sluice.Platforms.Compiling;

/// <summary>A mask, and when it masks.</summary>
/// <param name="Function">What a value becomes.</param>
/// <param name="When">SQL that is true or false, never NULL, for a row and whoever reads it.</param>
public sealed record PrintedMask(MaskFunction Function, string When);

/// <summary>
/// The masks of a column as the branches of a CASE, first match wins: of the masks that mask in a row the strictest decides, and NULL where two of one kind
/// can't both be met (<see cref="MaskComposition"/>).
/// </summary>
/// <param name="NullWhen">SQL that is true where the value is NULL, whatever else; null where it never is for that reason.</param>
/// <param name="Branches">The other masks from the strictest to the mildest, none of them <see cref="MaskFunction.Null"/>.</param>
public sealed record MaskBranches(string? NullWhen, IReadOnlyList<PrintedMask> Branches)
{
    /// <summary>The branches of a column's masks.</summary>
    /// <param name="masks">At least one.</param>
    /// <param name="canApply">Whether a mask can apply to the column: one that can't becomes NULL.</param>
    public static MaskBranches Of(IReadOnlyList<PrintedMask> masks, Func<MaskFunction, bool> canApply)
    {
        var kinds = masks
            .GroupBy(m => canApply(m.Function) ? m.Function : new MaskFunction.Null(), m => m.When)
            .Select(g => new PrintedMask(g.Key, Any([.. g.Distinct(StringComparer.Ordinal)])))
            .OrderByDescending(k => StrictnessOf(k.Function)).ToList();
        var nulls = kinds.Where(k => k.Function is MaskFunction.Null).Select(k => k.When).Concat(Conflicts(kinds)).ToList();
        return new MaskBranches(nulls.Count == 0 ? null : Any(nulls), [.. kinds.Where(k => k.Function is not MaskFunction.Null)]);
    }

    private static IEnumerable<string> Conflicts(List<PrintedMask> kinds)
    {
        for (var i = 0; i < kinds.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (kinds[i].Function is MaskFunction.Null || kinds[j].Function is MaskFunction.Null) continue;
                if (MaskComposition.Of([kinds[i].Function, kinds[j].Function]) is MaskFunction.Null) yield return $"({kinds[j].When} AND {kinds[i].When})";
            }
        }
    }

    // The coarser of two roundings is the stricter; of others of one kind only one is left where they don't contradict each other.
    private static (int Kind, decimal Order) StrictnessOf(MaskFunction mask) => mask switch
    {
        MaskFunction.Null => (5, 0),
        MaskFunction.Constant => (4, 0),
        MaskFunction.Hash => (3, 0),
        MaskFunction.Regex => (2, 0),
        MaskFunction.RoundNumber round => (1, round.BucketSize),
        MaskFunction.RoundTime round => (1, (int)round.Precision),
        MaskFunction.Custom custom => (0, custom.Rank),
        _ => throw new ArgumentException($"A {mask.GetType().Name} has no strictness.", nameof(mask)),
    };

    private static string Any(IReadOnlyList<string> conditions) => conditions.Count == 1 ? conditions[0] : $"({string.Join(" OR ", conditions)})";
}
