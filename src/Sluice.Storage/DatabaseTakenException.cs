namespace Sluice.Storage;

/// <summary>Another server runs on the database.</summary>
public sealed class DatabaseTakenException(string message) : Exception(message);
