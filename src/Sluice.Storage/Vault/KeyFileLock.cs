namespace Sluice.Storage.Vault;

/// <summary>Holds writers of one key file apart, in this process and in others. Ends with its holder, however that ends.</summary>
internal sealed class KeyFileLock : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly FileStream _held;

    private KeyFileLock(FileStream held) => _held = held;

    public static async Task<KeyFileLock> TakeAsync(KeyFile file, TimeProvider time, CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new KeyFileLock(new FileStream(file.Path + ".lock", KeyFile.PrivateFile(FileMode.OpenOrCreate)));
            }
            catch (UnauthorizedAccessException)
            {
                throw new VaultException($"The vault's key file {file.Path} can't be written by this user.");
            }
            catch (IOException) when (time.GetElapsedTime(since) < Patience)
            {
                await Task.Delay(Pause, time, cancellationToken);
            }
            catch (IOException)
            {
                throw new VaultException($"The vault's key file {file.Path} can't be locked for writing: another process holds it, or its directory is read-only.");
            }
        }
    }

    public void Dispose() => _held.Dispose();
}
