namespace Sluice.Core.Planning;

/// <summary>An intent in a platform's terms.</summary>
/// <param name="Facts">What shall be so. No key twice.</param>
/// <param name="Shortfalls">What can't be enforced as asked.</param>
public sealed record DesiredState(IReadOnlyList<DesiredFact> Facts, IReadOnlyList<Shortfall> Shortfalls);
