using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sluice.Storage.Server;
using Sluice.Storage.Vault;

namespace Sluice.Storage.Tests.Vault;

/// <summary>A machine with a data directory, a home, an environment and a database of data keys, on which servers start and end.</summary>
internal sealed class VaultScene : IDisposable, IServerFacts
{
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly ConcurrentDictionary<string, string> _facts = new(StringComparer.Ordinal);
    private readonly List<VaultServer> _servers = [];

    public VaultScene()
    {
        Root = Directory.CreateTempSubdirectory("sluice-vault-").FullName;
        Data = Directory.CreateDirectory(Path.Join(Root, "data")).FullName;
        Secrets = Directory.CreateDirectory(Path.Join(Root, "secrets")).FullName;
        Home = Directory.CreateDirectory(Path.Join(Root, "home")).FullName;
        Variables["HOME"] = Home;
        Options = new VaultOptions { DataDirectory = Data, SecretDirectory = Secrets };
    }

    public string Root { get; }

    public string Data { get; }

    public string Secrets { get; }

    public string Home { get; }

    public ConcurrentDictionary<string, string> Variables { get; } = new(StringComparer.Ordinal);

    public MemoryVaultStore Store { get; } = new();

    public CapturedLogs Logs { get; } = new();

    public VaultOptions Options { get; set; }

    public string KeyDirectory => Path.Join(Home, ".config", "sluice", "keys");

    /// <summary>The default key file of this scene's instance.</summary>
    public string KeyPath => Path.Join(KeyDirectory, $"{_facts["instanceId"]}.key");

    public static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    public static string IdOf(string key) => KeyEncryptionKey.IdOf(Convert.FromBase64String(key));

    /// <summary>A server process: nothing it holds in memory is shared with another.</summary>
    public VaultServer Start(Action<IServiceCollection>? change = null)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(Logs));
        services.AddSingleton(new EnvironmentVariables(name => Variables.GetValueOrDefault(name)));
        services.AddSingleton<IVaultStore>(Store);
        services.AddSingleton<IServerFacts>(this);
        services.AddSluiceVault(Options);
        change?.Invoke(services);
        var server = new VaultServer(services.BuildServiceProvider());
        _servers.Add(server);
        return server;
    }

    public Task<string?> FindAsync(string name, CancellationToken cancellationToken) => Task.FromResult(_facts.GetValueOrDefault(name));

    public Task<string> GetOrAddAsync(string name, Func<string> create, CancellationToken cancellationToken) =>
        Task.FromResult(_facts.GetOrAdd(name, _ => create()));

    public Task SetAsync(string name, string value, CancellationToken cancellationToken)
    {
        _facts[name] = value;
        return Task.CompletedTask;
    }

    public string WriteSecret(string name, string text)
    {
        var path = Path.Join(Secrets, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public static void MakePipe(string path)
    {
        using var process = Process.Start("mkfifo", [path]);
        process.WaitForExit();
        process.ExitCode.ShouldBe(0);
    }

    public void Dispose()
    {
        foreach (var server in _servers) server.Dispose();
        Directory.Delete(Root, recursive: true);
    }
}
