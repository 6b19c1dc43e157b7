using System.Collections.Frozen;
using System.Security.Cryptography;
using Sluice.Engine.Callers;
using Sluice.Storage.Access;

namespace Sluice.Server.Authentication;

/// <summary>Finds whom an API key speaks for.</summary>
internal sealed class ApiKeyAuthenticator(IApiKeyStore keys, LastUse lastUse, TimeProvider time)
{
    // An unknown id is compared too, so that known and unknown ids take the same time.
    private static readonly byte[] NobodysHash = RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes);

    public async ValueTask<Authenticated> AuthenticateAsync(ApiKey key, CancellationToken cancellationToken)
    {
        var stored = await keys.FindAsync(key.Id, cancellationToken);
        var matches = CryptographicOperations.FixedTimeEquals(key.Hash, stored?.Hash ?? NobodysHash);
        var now = time.GetUtcNow();
        if (stored is null || !matches || stored.RevokedAt is not null || stored.ExpiresAt <= now) return Authenticated.Invalid;
        lastUse.Note(stored, now);
        var caller = new Caller(stored.HolderId, stored.Name, null, stored.Permissions.ToFrozenSet(StringComparer.Ordinal))
        {
            SpeaksForHolder = stored.SpeaksForHolder,
        };
        return new Authenticated(caller, Key: stored);
    }
}
