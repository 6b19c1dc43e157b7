using Sluice.Core.Planning;
using Sluice.Platforms.Databricks.Wire;

namespace Sluice.Platforms.Databricks.Enforcing;

/// <summary>Makes and deletes account groups, and changes who is in them. Each step looks first which groups carry our mark: no other is touched.</summary>
internal sealed class GroupWriter(AccountGroupsClient groups, DirectoryClient account, InstanceMark instance, DatabricksOptions options)
{
    private readonly GroupMark _mark = new(instance);

    private ParallelOptions AtOnce(CancellationToken cancellationToken) => new() { MaxDegreeOfParallelism = options.GroupWritesAtOnce, CancellationToken = cancellationToken };

    /// <summary>Makes or deletes groups, and tells how each ended.</summary>
    public Task WriteGroupsAsync(AccessIntent intent, IReadOnlyList<Change> changes, Action<ChangeOutcome> tell, CancellationToken cancellationToken) =>
        WithThoseThereAsync(intent, changes, tell, there => Parallel.ForEachAsync(changes, AtOnce(cancellationToken), async (change, token) =>
        {
            var name = change.Key.Subject;
            await TryAsync(change, tell, async () =>
            {
                if (!there.TryGetValue(name, out var group))
                {
                    if (change.Verb != ChangeVerb.Remove) await MakeAsync(name, token);
                }
                else if (Refusal(group) is { } refusal) throw refusal;
                else if (change.Verb == ChangeVerb.Remove) await groups.DeleteAsync(group.Id, token);
            });
        }), cancellationToken);

    /// <summary>Changes who is in groups: many members of a group in one request, several groups at once.</summary>
    public Task WriteMembersAsync(AccessIntent intent, IReadOnlyList<Change> changes, Action<ChangeOutcome> tell, CancellationToken cancellationToken) =>
        WithThoseThereAsync(intent, changes, tell, async there =>
        {
            var ids = await IdsAsync(changes, cancellationToken);
            await Parallel.ForEachAsync(changes.GroupBy(static c => c.Key.Subject, StringComparer.Ordinal), AtOnce(cancellationToken), async (group, token) =>
            {
                if (!there.TryGetValue(group.Key, out var found))
                {
                    // Who is in a group that is not there has left it.
                    foreach (var change in group) tell(new ChangeOutcome(change, change.Verb == ChangeVerb.Remove ? null : $"There is no account group {group.Key}. The next reconcile makes it."));
                }
                else if (Refusal(found) is { } refusal) foreach (var change in group) tell(new ChangeOutcome(change, refusal.Message));
                else await WriteMembersAsync(found.Id, [.. group], ids, tell, token);
            });
        }, cancellationToken);

    private async Task WriteMembersAsync(string group, IReadOnlyList<Change> changes, IReadOnlyDictionary<string, string> ids, Action<ChangeOutcome> tell, CancellationToken cancellationToken)
    {
        foreach (var known in changes.ToLookup(c => ids.ContainsKey(c.Key.Detail)))
        {
            if (known.Key) foreach (var some in known.Chunk(options.MembersPerChange)) await PatchAsync(group, some, ids, tell, cancellationToken);
            else foreach (var change in known) tell(new ChangeOutcome(change, change.Verb == ChangeVerb.Remove ? null : $"The account has neither a user nor a service principal {change.Key.Detail}."));
        }
    }

    // One member that can't be added refuses all of a request: it is halved until that one stands alone.
    private async Task PatchAsync(string group, IReadOnlyList<Change> changes, IReadOnlyDictionary<string, string> ids, Action<ChangeOutcome> tell, CancellationToken cancellationToken)
    {
        var byVerb = changes.ToLookup(static c => c.Verb == ChangeVerb.Remove, c => ids[c.Key.Detail]);
        try
        {
            await groups.ChangeMembersAsync(group, [.. byVerb[false]], [.. byVerb[true]], cancellationToken);
            foreach (var change in changes) tell(new ChangeOutcome(change, null));
        }
        catch (PlatformException e) when (changes.Count > 1 && e.Failure is PlatformFailure.NotFound or PlatformFailure.Refused)
        {
            var half = changes.Count / 2;
            await PatchAsync(group, [.. changes.Take(half)], ids, tell, cancellationToken);
            await PatchAsync(group, [.. changes.Skip(half)], ids, tell, cancellationToken);
        }
        catch (PlatformException e)
        {
            foreach (var change in changes)
                tell(e.Failure == PlatformFailure.NotFound && change.Verb == ChangeVerb.Remove ? new ChangeOutcome(change, null) : new ChangeOutcome(change, e.Message, e.IsTransient));
        }
    }

    private async Task MakeAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await groups.CreateAsync(name, _mark.Of(name), cancellationToken);
        }
        catch (PlatformException e) when (!e.IsTransient)
        {
            // It may be there by now, by an attempt whose answer never came.
            var there = (await account.GroupsOfAsync(name, cancellationToken)).FirstOrDefault(g => g.Name == name);
            if (there is null || !_mark.IsOn(name, there.ExternalId)) throw;
        }
    }

    private async Task WithThoseThereAsync(
        AccessIntent intent, IReadOnlyList<Change> changes, Action<ChangeOutcome> tell, Func<IReadOnlyDictionary<string, DirectoryEntry>, Task> make, CancellationToken cancellationToken)
    {
        try
        {
            var there = new Dictionary<string, DirectoryEntry>(StringComparer.Ordinal);
            foreach (var group in await account.GroupsOfAsync(GroupNames.Of(intent).Start, cancellationToken))
                if (group.Name is { } name) there[name] = group;
            await make(there);
        }
        catch (PlatformException e)
        {
            foreach (var change in changes) tell(new ChangeOutcome(change, e.Message, e.IsTransient));
        }
    }

    private PlatformException? Refusal(DirectoryEntry group) => _mark.IsOn(group.Name!, group.ExternalId)
        ? null
        : new PlatformException(PlatformFailure.Refused, $"Account group {group.Name} does not carry the mark (externalId) of this instance of Sluice: it is not changed. Delete it, or let it have another name.");

    // By name, ignoring case. Of few each is asked for, of many all are listed.
    private async Task<IReadOnlyDictionary<string, string>> IdsAsync(IReadOnlyList<Change> changes, CancellationToken cancellationToken)
    {
        var ids = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var wanted = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var member in changes.Select(static c => c.Key.Detail))
        {
            if (OwnGroups.IdOf(member) is { } id) ids[member] = id;
            else wanted.Add(member);
        }

        var people = wanted.Count > options.PeopleAskedSingly
            ? [.. await account.UsersAsync(cancellationToken), .. await account.ServicePrincipalsAsync(cancellationToken)]
            : await Task.WhenAll(wanted.Select(name => Guid.TryParseExact(name, "D", out _) ? account.ServicePrincipalAsync(name, cancellationToken) : account.UserAsync(name, cancellationToken)));
        foreach (var person in people)
            if (person is { Name: { } name } && wanted.Contains(name)) ids[name] = person.Id;
        return ids;
    }

    private static async Task TryAsync(Change change, Action<ChangeOutcome> tell, Func<Task> make)
    {
        try
        {
            await make();
            tell(new ChangeOutcome(change, null));
        }
        catch (PlatformException e)
        {
            var isGone = e.Failure == PlatformFailure.NotFound && change.Verb == ChangeVerb.Remove;
            tell(isGone ? new ChangeOutcome(change, null) : new ChangeOutcome(change, e.Message, e.IsTransient));
        }
    }
}
