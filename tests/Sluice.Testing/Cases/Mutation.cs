namespace Sluice.Testing.Cases;

/// <summary>One change of a world, in words, and the world before and after it.</summary>
public sealed record Mutation(string What, World Before, World After)
{
    /// <inheritdoc/>
    public override string ToString() => $"{What}, in:\n{Before}";
}
