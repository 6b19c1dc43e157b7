using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Sluice.Engine.Callers;
using Sluice.Storage.Access;
using Sluice.Storage.Server;

namespace Sluice.Server.Authentication;

/// <summary>Sees to it that a new server has one administrator's key: the operator's own, or a new one in a file only they can read.</summary>
internal sealed partial class FirstKeyMaker(IApiKeyStore keys, IServerFacts facts, TimeProvider time, ILogger<FirstKeyMaker> logger)
{
    /// <summary>Whom the first key speaks for.</summary>
    public const string HolderId = "administrator";

    private const string FileName = "admin.key";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes the key where one is needed.</summary>
    /// <param name="given">The operator's key (SLUICE_ADMIN_KEY), or null.</param>
    /// <param name="directory">Where the file goes.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The key that was made, or null when none was.</returns>
    public async Task<FirstKey?> EnsureAsync(string? given, string directory, CancellationToken cancellationToken)
    {
        if (given is not null)
        {
            await AddGivenAsync(ApiKey.Read(given)!, cancellationToken);
            return null;
        }

        if (await keys.AnyAsync(cancellationToken)) return null;
        // Servers that start at once on one database agree on the id, so that one of them makes the key.
        var key = ApiKey.New(await facts.GetOrAddAsync("admin.keyId", ApiKey.NewId, cancellationToken));
        var file = Path.Combine(directory, FileName);
        // The file comes first: a key that is stored but was never written down would lock everybody out.
        await WriteAsync(file, key, cancellationToken);
        try
        {
            await keys.AddAsync(NewAdministrator(key), Caller.System.AsActor(), cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            if (await keys.FindAsync(key.Id, cancellationToken) is not { } stored) throw;
            if (!CryptographicOperations.FixedTimeEquals(stored.Hash, key.Hash))
            {
                // Another server's, which has its own file.
                File.Delete(file);
                return null;
            }

            // Ours: it was stored, only the database's answer was lost.
        }

        return new FirstKey(file, key.Text);
    }

    // An operator who has lost every key gets in again with a new one: they hold the machine anyway.
    private async Task AddGivenAsync(ApiKey key, CancellationToken cancellationToken)
    {
        if (await keys.FindAsync(key.Id, cancellationToken) is { } stored)
        {
            if (!CryptographicOperations.FixedTimeEquals(stored.Hash, key.Hash)) Log.OtherSecret(logger, key.Id);
            else if (stored.RevokedAt is not null) Log.Revoked(logger, key.Id);
            return;
        }

        if (await keys.AnyAsync(cancellationToken)) Log.Added(logger, key.Id);
        await keys.AddAsync(NewAdministrator(key), Caller.System.AsActor(), cancellationToken);
    }

    private StoredApiKey NewAdministrator(ApiKey key) => new()
    {
        Id = key.Id,
        Hash = key.Hash,
        Name = "Administrator",
        HolderId = HolderId,
        Permissions = Permission.All,
        SpeaksForHolder = true,
        CreatedAt = time.GetUtcNow(),
        CreatedBy = Caller.System.Id,
    };

    private static async Task WriteAsync(string file, ApiKey key, CancellationToken cancellationToken)
    {
        var written = $"{file}.{ApiKey.NewId()}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        await using (var stream = new FileStream(written, options))
        await using (var writer = new StreamWriter(stream))
        {
            await writer.WriteLineAsync(key.Text.AsMemory(), cancellationToken);
            await writer.FlushAsync(cancellationToken);
            stream.Flush(flushToDisk: true);
        }

        File.Move(written, file, overwrite: true);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "SLUICE_ADMIN_KEY was added as administrator's key {Id} beside the keys there are; keys given before stay valid until they are revoked.")]
        public static partial void Added(ILogger logger, string id);

        [LoggerMessage(2, LogLevel.Error, "SLUICE_ADMIN_KEY has the id {Id} of another key and is not valid: give it an id of its own.")]
        public static partial void OtherSecret(ILogger logger, string id);

        [LoggerMessage(3, LogLevel.Warning, "SLUICE_ADMIN_KEY {Id} was revoked and stays so.")]
        public static partial void Revoked(ILogger logger, string id);
    }
}
