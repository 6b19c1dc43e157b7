using Microsoft.Extensions.Logging;

namespace Sluice.Storage.Vault;

/// <summary>The source the settings name. Two of them named at once are refused: which keys count must never be a matter of order.</summary>
internal sealed class ChosenKeySource(
    VaultOptions options, EnvironmentVariables environment, KeyFileLocation location, TimeProvider time, ILogger<FileKeySource> logger) : IKeySource
{
    private IKeySource? _chosen;

    public Task PrepareAsync(bool mayCreate, CancellationToken cancellationToken) => Chosen().PrepareAsync(mayCreate, cancellationToken);

    public Task<KeyRing> ReadAsync(CancellationToken cancellationToken) => Chosen().ReadAsync(cancellationToken);

    public Task<bool> TryAddAsync(CancellationToken cancellationToken) => Chosen().TryAddAsync(cancellationToken);

    private IKeySource Chosen() => _chosen ??= Choose();

    private IKeySource Choose()
    {
        var variable = options.KeyEnvironmentVariable ?? VaultOptions.UsualVariable;
        var fromVariable = options.KeyEnvironmentVariable is not null || environment[variable] is not null;
        var named = new List<string>();
        if (options.KeyFile is not null) named.Add("a key file");
        if (options.KeyInDataDirectory) named.Add("a key file in the data directory");
        if (options.KeyCommand is not null) named.Add("a key command");
        if (fromVariable) named.Add($"the environment variable {variable}");
        if (named.Count > 1)
            throw new VaultException($"The vault's key can come from one source only, and {string.Join(" and ", named)} are set.");
        if (fromVariable) return new EnvironmentKeySource(variable, options.PreviousKeysEnvironmentVariable, environment);
        if (environment[options.PreviousKeysEnvironmentVariable] is not null)
            throw new VaultException($"{options.PreviousKeysEnvironmentVariable} is set, but {variable}, which holds the current key, is not.");
        return options.KeyCommand is { } command
            ? new CommandKeySource(KeyCommandLine.Parse(command), time)
            : new FileKeySource(location, time, logger);
    }
}
