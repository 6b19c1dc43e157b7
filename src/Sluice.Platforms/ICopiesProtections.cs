namespace Sluice.Platforms;

/// <summary>A platform on which a copy of an object has the masks and row rules of what it was copied from. They go on protecting it, whoever made it.</summary>
public interface ICopiesProtections;
