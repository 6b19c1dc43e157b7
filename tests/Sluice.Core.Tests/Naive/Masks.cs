using CsCheck;
using Sluice.Core.Policies;

namespace Sluice.Core.Tests.Naive;

/// <summary>Masks of every kind, with parameters that often are the same and often conflict.</summary>
internal static class Masks
{
    internal static readonly Gen<MaskFunction> Any = Gen.OneOf(
        Gen.Const<MaskFunction>(new MaskFunction.Null()),
        Gen.OneOf("x", "1", "2000-01-01").Select(MaskFunction (v) => new MaskFunction.Constant(v)),
        Gen.Const<MaskFunction>(new MaskFunction.Hash()),
        Gen.Select(Gen.OneOf("a", "b"), Gen.Bool, MaskFunction (p, g) => new MaskFunction.Regex(p, "", IgnoresCase: false, g)),
        Gen.OneOf(10m, 15m, 30m, 0.5m).Select(MaskFunction (b) => new MaskFunction.RoundNumber(b)),
        Gen.Enum<TimePrecision>().Select(MaskFunction (p) => new MaskFunction.RoundTime(p)),
        Gen.Select(Gen.OneOf("f", "g"), Gen.Int[1, 2], MaskFunction (f, r) => new MaskFunction.Custom([new("Snowflake", f)], r)));
}
