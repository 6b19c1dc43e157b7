namespace Sluice.Storage;

/// <summary>Somebody else has changed the connection since it was read: nothing was written.</summary>
public sealed class StaleRevisionException(Guid connectionId) : Exception($"Connection {connectionId} has another revision by now.");
