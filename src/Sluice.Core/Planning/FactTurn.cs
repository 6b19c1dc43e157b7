namespace Sluice.Core.Planning;

/// <summary>A fact that came to be, or went.</summary>
/// <param name="Key">Which.</param>
/// <param name="IsInForce">Whether it is so from then on.</param>
public readonly record struct FactTurn(FactKey Key, bool IsInForce)
{
    /// <summary>What a change that was made leaves.</summary>
    public static FactTurn Of(Change change) => new(change.Key, change.Verb != ChangeVerb.Remove);
}
