namespace Sluice.Platforms.Snowflake.Connections;

/// <summary>Something an object of a payload says, which another object must not contradict.</summary>
/// <param name="Path">The JSON path of the member.</param>
/// <param name="Canonical">The value in the one form in which equal values are equal.</param>
internal sealed record Fact(string Path, string Canonical);
