namespace Sluice.Storage;

/// <summary>The database's disk is full or fails: nothing was written. Goes away when somebody makes room.</summary>
public sealed class DatabaseDiskException(string message, Exception inner) : Exception(message, inner);
