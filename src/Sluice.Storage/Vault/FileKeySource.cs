using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Sluice.Storage.Vault;

/// <summary>The keys in a file. It is made once, when nothing was ever sealed; a file that is missing later is an error, never a new key.</summary>
internal sealed partial class FileKeySource(KeyFileLocation location, TimeProvider time, ILogger<FileKeySource> logger) : IKeySource
{
    private const string Header = """
        # The keys of a Sluice vault. The first one is current; older ones open what is still sealed under them, in backups too.
        # Without this file no stored secret can be read again. Back it up, apart from the data directory, and keep it private (0600).

        """;

    public async Task PrepareAsync(bool mayCreate, CancellationToken cancellationToken)
    {
        var file = await FileAsync(cancellationToken);
        if (!file.Exists) await CreateAsync(file, mayCreate, cancellationToken);
        if (location.IsInDataDirectory(file.Path)) Log.InDataDirectory(logger, file.Path);
    }

    public async Task<KeyRing> ReadAsync(CancellationToken cancellationToken)
    {
        var file = await FileAsync(cancellationToken);
        var text = await file.ReadAsync(cancellationToken);
        try
        {
            return KeyRingText.Read(text, $"the key file {file.Path}");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    public async Task<bool> TryAddAsync(CancellationToken cancellationToken)
    {
        var file = await FileAsync(cancellationToken);
        using var turn = await KeyFileLock.TakeAsync(file, time, cancellationToken);
        file.RefuseOtherOwner();
        var text = await file.ReadAsync(cancellationToken);
        try
        {
            // A file that can't be read to the end is left for a person to mend.
            KeyRingText.Read(text, $"the key file {file.Path}").Dispose();
            WriteWithNewKey(file, text, replace: true);
            return true;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    private async Task CreateAsync(KeyFile file, bool mayCreate, CancellationToken cancellationToken)
    {
        if (!mayCreate)
        {
            throw new VaultException(
                $"The vault's key file {file.Path} is missing, and the database holds secrets sealed under it. Restore the file from your backup; if it is "
                + "lost, accept the loss and bring those secrets again.");
        }

        file.MakeDirectory();
        using var turn = await KeyFileLock.TakeAsync(file, time, cancellationToken);
        if (file.Exists) return;
        WriteWithNewKey(file, Encoding.UTF8.GetBytes(Header), replace: false);
        Log.Created(logger, file.Path);
    }

    private static void WriteWithNewKey(KeyFile file, ReadOnlySpan<byte> text, bool replace)
    {
        var key = RandomNumberGenerator.GetBytes(AeadKey.KeySize);
        var line = KeyRingText.LineOf(key);
        var whole = KeyRingText.WithFirst(text, line);
        try
        {
            file.Write(whole, replace);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(line);
            CryptographicOperations.ZeroMemory(whole);
        }
    }

    private async Task<KeyFile> FileAsync(CancellationToken cancellationToken) => new(await location.PathAsync(cancellationToken));

    private static partial class Log
    {
        [LoggerMessage(
            EventId = 2111, Level = LogLevel.Warning,
            Message = "The vault's key lies in the data directory ({Path}): whoever has a copy of that directory can read every secret in it")]
        public static partial void InDataDirectory(ILogger logger, string path);

        [LoggerMessage(
            EventId = 2112, Level = LogLevel.Information,
            Message = "Made the vault's key file {Path}. Back it up, apart from the data directory: without it no stored secret can be read")]
        public static partial void Created(ILogger logger, string path);
    }
}
