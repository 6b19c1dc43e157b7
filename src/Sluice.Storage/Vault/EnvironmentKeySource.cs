using System.Security.Cryptography;
using System.Text;

namespace Sluice.Storage.Vault;

/// <summary>The keys in two environment variables: the current one, and the older ones.</summary>
internal sealed class EnvironmentKeySource(string current, string previous, EnvironmentVariables environment) : IKeySource
{
    public Task PrepareAsync(bool mayCreate, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<KeyRing> ReadAsync(CancellationToken cancellationToken)
    {
        Read(current).Dispose();
        return Task.FromResult(Read(current, previous));
    }

    public Task<bool> TryAddAsync(CancellationToken cancellationToken) => Task.FromResult(false);

    // The current key is also read alone: were its variable empty, the first of the older keys would pass for it.
    private KeyRing Read(params ReadOnlySpan<string> names)
    {
        var text = new StringBuilder();
        foreach (var name in names) text.Append(environment[name]).Append('\n');
        text.Replace(',', '\n').Replace(' ', '\n');
        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        try
        {
            return KeyRingText.Read(bytes, $"the environment variable {string.Join(" with ", names!)}");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }
}
