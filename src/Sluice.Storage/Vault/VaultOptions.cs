namespace Sluice.Storage.Vault;

/// <summary>
/// Where the key-encryption key comes from, and where referenced secrets may lie. At most one source may be named; with none it is a file of
/// this server's own below the user's configuration directory.
/// </summary>
public sealed record VaultOptions
{
    /// <summary>The environment variable that brings the key without being asked for.</summary>
    public const string UsualVariable = "SLUICE_VAULT_KEY";

    /// <summary>The database's directory, which a key should lie outside of: one copy of it would hold both lock and key.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>A key file. Made on the first start.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Keeps the key file in <see cref="DataDirectory"/>, as <c>vault.key</c>. Warned about at every start.</summary>
    public bool KeyInDataDirectory { get; init; }

    /// <summary>
    /// A command that prints the keys, one a line, the current one first. An absolute path with arguments; split at spaces outside quotes, run
    /// without a shell and without this server's own <c>SLUICE_…</c> variables, for at most 10 seconds.
    /// </summary>
    public string? KeyCommand { get; init; }

    /// <summary>
    /// The environment variable that holds the current key (base64 of 32 bytes). Named here, it must be set; null: <see cref="UsualVariable"/>,
    /// whenever that is set.
    /// </summary>
    public string? KeyEnvironmentVariable { get; init; }

    /// <summary>The environment variable that holds older keys, with spaces or commas between them.</summary>
    public string PreviousKeysEnvironmentVariable { get; init; } = "SLUICE_VAULT_PREVIOUS_KEYS";

    /// <summary>The only directory that <c>file:</c> references may lead into. Null: none may.</summary>
    public string? SecretDirectory { get; init; }

    /// <summary>
    /// Starts although keys are lost. The secrets sealed under them stay unreadable until they are brought again; everything else works.
    /// </summary>
    public bool AcceptLostKeys { get; init; }
}
