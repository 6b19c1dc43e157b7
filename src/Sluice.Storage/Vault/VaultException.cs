namespace Sluice.Storage.Vault;

/// <summary>
/// The vault can't be opened, or a secret in it can't. The message is for the operator and holds no secret and no key; there is no inner
/// exception, because nobody has proven that one's text.
/// </summary>
public sealed class VaultException(string message) : Exception(message);
