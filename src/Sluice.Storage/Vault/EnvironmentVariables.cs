namespace Sluice.Storage.Vault;

/// <summary>How the vault reads the environment.</summary>
internal sealed class EnvironmentVariables(Func<string, string?> read)
{
    public static EnvironmentVariables OfThisProcess { get; } = new(Environment.GetEnvironmentVariable);

    /// <summary>Null when it is not set. A variable set to nothing is an empty string.</summary>
    public string? this[string name] => read(name);
}
