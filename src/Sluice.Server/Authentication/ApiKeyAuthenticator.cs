using System.Collections.Frozen;
using System.Security.Cryptography;
using Sluice.Engine.Callers;
using Sluice.Engine.People;
using Sluice.Storage.Access;

namespace Sluice.Server.Authentication;

/// <summary>Finds whom an API key speaks for.</summary>
internal sealed class ApiKeyAuthenticator(IApiKeyStore keys, ICallerPeople people, LastUse lastUse, TimeProvider time)
{
    // An unknown id is compared too, so that known and unknown ids take the same time.
    private static readonly byte[] NobodysHash = RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes);

    public async ValueTask<Authenticated> AuthenticateAsync(ApiKey key, CancellationToken cancellationToken)
    {
        var stored = await keys.FindAsync(key.Id, cancellationToken);
        var matches = CryptographicOperations.FixedTimeEquals(key.Hash, stored?.Hash ?? NobodysHash);
        var now = time.GetUtcNow();
        if (stored is null || !matches || stored.RevokedAt is not null || stored.ExpiresAt <= now) return Authenticated.Invalid;
        var holder = await people.FindAsync(stored.HolderId, email: null, cancellationToken);
        if (holder.IsShutOut) return Authenticated.Invalid;
        lastUse.Note(stored, now);
        var caller = new Caller(stored.HolderId, stored.Name, null, PermissionsOf(stored, holder).ToFrozenSet(StringComparer.Ordinal))
        {
            SpeaksForHolder = stored.SpeaksForHolder,
            KeyId = stored.Id,
            PersonId = holder.Person?.Id,
            Groups = holder.Groups,
        };
        return new Authenticated(caller, Key: stored);
    }

    // What a registered person may is known and can be taken away; what the issuer says of a subject is known only when they come with a token.
    private static IEnumerable<string> PermissionsOf(StoredApiKey key, CallerLink holder) =>
        holder.Person is { } person && key.HolderId == person.Id.ToString() ? key.Permissions.Intersect(person.Permissions, StringComparer.Ordinal) : key.Permissions;
}
