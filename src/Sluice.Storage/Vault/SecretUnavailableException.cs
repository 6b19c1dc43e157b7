namespace Sluice.Storage.Vault;

/// <summary>A reference leads to no secret. The message names the reference where it is well-formed, and never what it leads to.</summary>
public sealed class SecretUnavailableException(string message) : Exception(message);
