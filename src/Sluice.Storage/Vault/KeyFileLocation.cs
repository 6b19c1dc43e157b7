using System.Security.Cryptography;
using Sluice.Storage.Server;

namespace Sluice.Storage.Vault;

/// <summary>Where the key file lies: where the operator says, else below the user's configuration directory, under the instance's id.</summary>
internal sealed class KeyFileLocation(VaultOptions options, EnvironmentVariables environment, IServerFacts facts)
{
    private const int InstanceIdBytes = 16;
    private const string DefaultFix = "Name a key file outside of it, or ask for the key in the data directory, or bring the key by variable or command.";

    /// <summary>The path.</summary>
    /// <exception cref="VaultException">There is no fit place by default.</exception>
    public async Task<string> PathAsync(CancellationToken cancellationToken)
    {
        if (options.KeyInDataDirectory) return Path.GetFullPath("vault.key", Path.GetFullPath(options.DataDirectory));
        if (options.KeyFile is "") throw new VaultException("The vault's key file is named by an empty path.");
        if (options.KeyFile is { } file) return Path.GetFullPath(file);

        var root = ConfigurationRoot() ?? throw new VaultException(
            "There is no configuration directory for the vault's key: neither XDG_CONFIG_HOME nor HOME is set. Name a key file, or bring the key "
            + "by variable or command.");
        var path = Path.Join(root, "sluice", "keys", $"{await InstanceIdAsync(cancellationToken)}.key");
        return IsInDataDirectory(path)
            ? throw new VaultException($"The vault's key file would be {path}, in the data directory, where one copy holds both lock and key. {DefaultFix}")
            : path;
    }

    /// <summary>Whether a path lies in the data directory once links are followed.</summary>
    public bool IsInDataDirectory(string path)
    {
        var data = PortableFiles.RealPath(options.DataDirectory).TrimEnd(Path.DirectorySeparatorChar);
        return PortableFiles.RealPath(path).StartsWith(data + Path.DirectorySeparatorChar, StringComparison.Ordinal);
    }

    private string? ConfigurationRoot()
    {
        // A relative XDG_CONFIG_HOME is invalid by its specification, and ignored.
        if (environment["XDG_CONFIG_HOME"] is { } xdg && Path.IsPathFullyQualified(xdg)) return xdg;
        if (OperatingSystem.IsWindows()) return environment["APPDATA"];
        return environment["HOME"] is { } home && Path.IsPathFullyQualified(home) ? Path.Join(home, ".config") : null;
    }

    private async Task<string> InstanceIdAsync(CancellationToken cancellationToken)
    {
        var id = await facts.GetOrAddAsync("instanceId", static () => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(InstanceIdBytes)), cancellationToken);
        return id.Length is > 0 and <= 64 && id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
            ? id
            : throw new VaultException("The instance's id in the database can't name a file: it was altered.");
    }
}
