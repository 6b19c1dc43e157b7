namespace Sluice.Core.Tests.Catalog.Merge;

/// <summary>What can happen to a container between, or during, two crawls.</summary>
internal enum Happening
{
    Add,
    Drop,
    Rename,
    Swap,
    Rotate,
    Replace,
    Change,
    Return,
    ReturnElsewhere,
    LoseId,
    GainId,
}

/// <summary>One happening; the numbers pick its objects and names.</summary>
internal readonly record struct Step(Happening What, int First, int Second);

/// <summary>Whether a platform has ids of its own.</summary>
internal enum Ids
{
    Always,
    Never,
    Mixed,
}
