using CsCheck;
using Sluice.Core.Access;
using Sluice.Core.Policies;
using Sluice.Platforms.Compiling;

namespace Sluice.Platforms.Tests.Compiling;

/// <summary>The branches of a CASE come to what the composition of the masks that hold says, whichever of them do.</summary>
public sealed class MaskBranchesTests
{
    private static readonly Gen<MaskFunction> Mask = Gen.OneOf(
        Gen.Select(Gen.OneOf("A.B.F", "A.B.G", "A.C.F"), Gen.Int[0, 2], static MaskFunction (f, rank) => new MaskFunction.Custom([new("Snowflake", f)], rank)),
        Gen.Select(Gen.OneOf("A.B.F", "A.B.G"), Gen.Int[0, 2], static MaskFunction (f, rank) => new MaskFunction.Custom([new("Snowflake", f)], rank)),
        Gen.OneOf<MaskFunction>(
            new MaskFunction.Null(), new MaskFunction.Hash(), new MaskFunction.Constant("x"), new MaskFunction.Regex("a", "b", false, true), new MaskFunction.RoundNumber(10), new MaskFunction.RoundNumber(15)));

    private static readonly MaskFunctions Functions = new(Core.Connections.Technology.Snowflake, ["A.B"], "OWN");

    [Fact]
    public void The_first_branch_that_holds_is_the_composed_mask() => Gen.Select(Mask.Array[1, 5], Gen.Int[0, 31]).Sample((masks, holding) =>
    {
        var branches = MaskBranches.Of([.. masks.Select(static (m, i) => new PrintedMask(m, $"w{i}"))], CanApply);
        var met = masks.Where((_, i) => Holds($"w{i}", holding)).Select(static m => CanApply(m) ? m : new MaskFunction.Null());

        var shown = branches.NullWhen is { } when && Holds(when, holding) ? new MaskFunction.Null() : branches.Branches.FirstOrDefault(b => Holds(b.When, holding))?.Function;

        shown.ShouldBe(MaskComposition.Of(met));
    }, iter: 20_000);

    // A function that may not be called is NULL, the strictest there is.
    private static bool CanApply(MaskFunction mask) => mask is not MaskFunction.Custom custom || Functions.Of(custom, out _) is not null;

    // Of names joined by AND or OR in parentheses.
    private static bool Holds(string condition, int holding)
    {
        if (condition[0] != '(') return (holding >> (condition[1] - '0') & 1) == 1;
        var (parts, depth, start, isAll) = (new List<bool>(), 0, 1, false);
        for (var at = 1; at < condition.Length; at++)
        {
            if (condition[at] == '(') depth++;
            if (depth == 0 && condition[at] is ' ' or ')')
            {
                parts.Add(Holds(condition[start..at], holding));
                if (condition[at] == ')') break;
                isAll = condition[at + 1] == 'A';
                at = condition.IndexOf(' ', at + 1);
                start = at + 1;
            }
            else if (condition[at] == ')') depth--;
        }

        return isAll ? parts.TrueForAll(static p => p) : parts.Contains(true);
    }
}
