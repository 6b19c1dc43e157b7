namespace Sluice.Testing.Naive;

/// <summary>What a platform can enforce.</summary>
/// <param name="HasNativeMasks">Otherwise a column that would be masked is refused.</param>
/// <param name="HasRowFilters">Otherwise an object whose rows would be filtered can't be read at all.</param>
public sealed record Capabilities(bool HasNativeMasks = true, bool HasRowFilters = true)
{
    /// <summary>Everything.</summary>
    public static Capabilities All { get; } = new();
}
