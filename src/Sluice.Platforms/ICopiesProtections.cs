namespace Sluice.Platforms;

/// <summary>
/// A platform on which a copy of an object, or what was renamed, has the masks and row rules of what it was before, and is known to Sluice as something new. They go on protecting it, whoever made it.
/// </summary>
public interface ICopiesProtections;
