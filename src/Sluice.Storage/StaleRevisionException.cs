namespace Sluice.Storage;

/// <summary>Somebody else has changed it since it was read: nothing was written.</summary>
/// <param name="what">What it is, for a log.</param>
public sealed class StaleRevisionException(string what) : Exception($"{what} has another revision by now.");
