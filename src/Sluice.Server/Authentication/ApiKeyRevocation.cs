using Sluice.Storage.Access;
using Sluice.Storage.Connections;

namespace Sluice.Server.Authentication;

/// <summary>
/// Revokes a key with every key that was made with it, for whoever stole a key may have made another. Who replaces a key by one that was made
/// with it asks for the made ones to be kept.
/// </summary>
internal sealed class ApiKeyRevocation(IApiKeyStore keys)
{
    /// <summary>How a key records that it was made with another.</summary>
    public static string MadeWith(string id) => StoredApiKey.MadeWithKey + id;

    /// <summary>Revokes; again is no harm, and ends what an earlier call left undone.</summary>
    /// <param name="id">The key.</param>
    /// <param name="keepMade">Whether the keys made with it stay valid.</param>
    /// <param name="by">Whose doing.</param>
    /// <param name="at">The time.</param>
    /// <param name="cancellationToken">Stops it before it begins: a revocation is not left half done because its caller hung up.</param>
    public async Task RevokeAsync(string id, bool keepMade, Actor by, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await keys.RevokeAsync(id, by, at, cancellationToken);
        // Each round finds what the keys of the round before made until they were revoked.
        while (!keepMade)
        {
            var valid = (await MadeWithAsync(id)).Where(k => k.RevokedAt is null).ToList();
            if (valid.Count == 0) return;
            foreach (var key in valid) await keys.RevokeAsync(key.Id, by, at, CancellationToken.None);
        }
    }

    // Directly, and by keys that were made with it.
    private async Task<List<StoredApiKey>> MadeWithAsync(string id)
    {
        var byMaker = (await keys.ListAsync(holderId: null, CancellationToken.None)).ToLookup(k => k.CreatedBy, StringComparer.Ordinal);
        var found = byMaker[MadeWith(id)].ToList();
        for (var i = 0; i < found.Count; i++) found.AddRange(byMaker[MadeWith(found[i].Id)]);
        return found;
    }
}
