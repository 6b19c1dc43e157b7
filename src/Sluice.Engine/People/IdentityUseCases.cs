using System.Text.Json;
using Sluice.Core.Problems;
using Sluice.Engine.Callers;
using Sluice.Engine.Errors;
using Sluice.Storage.Connections;
using Sluice.Storage.People;

namespace Sluice.Engine.People;

/// <summary>Who a user is on platforms, and the user's revision.</summary>
/// <param name="Revision">The ETag.</param>
/// <param name="Identities">By connection and name.</param>
public sealed record UserIdentities(long Revision, IReadOnlyList<StoredIdentity> Identities);

/// <summary>/api/v1/users/{id}/identities.</summary>
public sealed class IdentityUseCases(IPeopleStore people, IConnectionStore connections, ICallerPeople callers)
{
    /// <summary>The identities; needs USER_ADMIN, GOVERNANCE or AUDIT.</summary>
    public async Task<UserIdentities> ReadAsync(string idOrUsername, Caller caller, CancellationToken cancellationToken)
    {
        caller.RequireReading();
        var person = await people.PersonAsync(idOrUsername, cancellationToken);
        return new UserIdentities(person.Revision, await people.IdentitiesAsync(person.Id, cancellationToken));
    }

    /// <summary>Replaces all; needs USER_ADMIN, as every change does.</summary>
    public async Task<UserIdentities> ReplaceAsync(
        string idOrUsername, JsonElement body, IReadOnlyList<long>? ifRevision, Caller caller, CancellationToken cancellationToken)
    {
        caller.RequireKeeping();
        var identities = await LocateAsync(PeopleReader.ReadIdentities(body), i => $"$.identities[{i}].connectionKey", cancellationToken);
        return await ChangeAsync(idOrUsername, _ => identities, ifRevision, caller, cancellationToken);
    }

    /// <summary>Adds one, or changes whether it is shared.</summary>
    public async Task<UserIdentities> AddAsync(
        string idOrUsername, JsonElement body, IReadOnlyList<long>? ifRevision, Caller caller, CancellationToken cancellationToken)
    {
        caller.RequireKeeping();
        var identity = (await LocateAsync([PeopleReader.ReadIdentity(body)], _ => "$.connectionKey", cancellationToken))[0];
        return await ChangeAsync(
            idOrUsername,
            before => before.Count < PeopleReader.MostIdentities || before.Any(i => IsSame(i, identity))
                ? [.. before.Where(i => !IsSame(i, identity)), identity]
                : throw new RequestRefusedException(new ProblemList { { "$", $"would be more than {PeopleReader.MostIdentities} identities for one user" } }),
            ifRevision, caller, cancellationToken);
    }

    /// <summary>Takes one away.</summary>
    public Task<UserIdentities> RemoveAsync(
        string idOrUsername, string connectionKey, string name, IReadOnlyList<long>? ifRevision, Caller caller, CancellationToken cancellationToken)
    {
        caller.RequireKeeping();
        return ChangeAsync(
            idOrUsername,
            before => before.Any(Goes)
                ? [.. before.Where(i => !Goes(i))]
                : throw new RequestRefusedException(ErrorCode.NotFound, "The user has no such identity."),
            ifRevision, caller, cancellationToken);

        bool Goes(StoredIdentity identity) => identity.Name == name && string.Equals(identity.ConnectionKey, connectionKey, StringComparison.OrdinalIgnoreCase);
    }

    private async Task<IReadOnlyList<StoredIdentity>> LocateAsync(
        IReadOnlyList<NamedIdentity> identities, Func<int, string> path, CancellationToken cancellationToken)
    {
        var known = new Dictionary<string, StoredConnection?>(StringComparer.OrdinalIgnoreCase);
        var problems = new ProblemList();
        var located = new List<StoredIdentity>();
        for (var i = 0; i < identities.Count; i++)
        {
            var key = identities[i].ConnectionKey;
            if (!known.TryGetValue(key, out var connection)) known[key] = connection = await connections.FindAsync(key, cancellationToken);
            if (connection is null) problems.Add(path(i), "is no registered connection");
            else located.Add(new StoredIdentity(connection.Id, connection.Key, identities[i].Name, identities[i].IsShared));
        }

        return problems.Any ? throw new RequestRefusedException(problems) : located;
    }

    private async Task<UserIdentities> ChangeAsync(
        string idOrUsername, Func<IReadOnlyList<StoredIdentity>, IReadOnlyList<StoredIdentity>> change, IReadOnlyList<long>? ifRevision, Caller caller,
        CancellationToken cancellationToken)
    {
        var person = await people.PersonAsync(idOrUsername, cancellationToken);
        var behind = await callers.BehindAsync(caller, cancellationToken);
        var changed = await PeopleRefusals.ToldAsync(() => people.As(caller.AsActor()).ChangeIdentitiesAsync(person.Id, change, ifRevision, behind.People, cancellationToken));
        return new UserIdentities(changed.Revision, await people.IdentitiesAsync(person.Id, cancellationToken));
    }

    private static bool IsSame(StoredIdentity a, StoredIdentity b) => a.ConnectionId == b.ConnectionId && a.Name == b.Name;
}
