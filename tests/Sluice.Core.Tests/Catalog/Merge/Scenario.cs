using CsCheck;

namespace Sluice.Core.Tests.Catalog.Merge;

/// <summary>The life of a container: what happens, a crawl, what happens, a crawl, and so on.</summary>
internal sealed record Scenario(Ids Ids, (Step[] Steps, CrawlPlan Plan)[] Rounds)
{
    private static readonly Gen<Step> AnyStep = Gen.Select(
        Gen.Frequency(
            (5, Gen.Const(Happening.Add)), (2, Gen.Const(Happening.Drop)), (2, Gen.Const(Happening.Rename)), (2, Gen.Const(Happening.Swap)),
            (1, Gen.Const(Happening.Rotate)), (2, Gen.Const(Happening.Replace)), (2, Gen.Const(Happening.Change)),
            (2, Gen.Const(Happening.Return)), (2, Gen.Const(Happening.ReturnElsewhere)), (1, Gen.Const(Happening.LoseId)),
            (1, Gen.Const(Happening.GainId))),
        Gen.Int[0, 60],
        Gen.Int[0, 60],
        (what, first, second) => new Step(what, first, second));

    internal static readonly Gen<Step[]> Steps = AnyStep.Array[0, 10];

    internal static readonly Gen<CrawlPlan> AnyPlan = Gen.Select(
        Gen.Int[0, 100].Array[1, 8], Gen.Int[1, 4], Gen.Int[0, 10].Array[0, 2], Gen.Int[0, 6].Array[0, 2], Gen.Bool,
        (order, size, again, dies, keepsSeen) => new CrawlPlan(order, size, again, dies, keepsSeen));

    internal static readonly Gen<Scenario> Any = Gen.Select(
        Gen.OneOf(Ids.Always, Ids.Never, Ids.Mixed), Gen.Select(Steps, AnyPlan).Array[1, 5],
        (ids, rounds) => new Scenario(ids, rounds));

    public override string ToString() =>
        string.Join('\n', Rounds.Select(r => $"{Ids}: {string.Join(", ", r.Steps)}; read [{string.Join(' ', r.Plan.Order)}] by {r.Plan.PageSize}, "
            + $"again [{string.Join(' ', r.Plan.Again)}], dies after [{string.Join(' ', r.Plan.DiesAfter)}], keeps seen {r.Plan.KeepsSeen}"));
}
