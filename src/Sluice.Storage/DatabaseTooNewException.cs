namespace Sluice.Storage;

/// <summary>The database's schema is that of a newer version.</summary>
public sealed class DatabaseTooNewException(string message) : Exception(message);
