using System.Collections.Concurrent;
using Sluice.Core.Planning;
using Sluice.Platforms.Databricks.Wire;

namespace Sluice.Platforms.Databricks.Enforcing;

/// <summary>
/// Reads the account groups of a connection: their list in pages of a hundred, the members of each in one request, and, where there are any, who they are. A list of an account's
/// groups has no members (https://docs.databricks.com/api/scim/v1/list-account-groups.md).
/// </summary>
internal sealed class GroupReader(DirectoryClient account, InstanceMark instance, DatabricksOptions options)
{
    private readonly GroupMark _mark = new(instance);

    /// <summary>Reads them.</summary>
    /// <exception cref="PlatformException">They can't be read, and there are some, or there shall be.</exception>
    public async Task<OwnGroups> ReadAsync(AccessIntent intent, DesiredState desired, CancellationToken cancellationToken)
    {
        var names = GroupNames.Of(intent);
        if (!names.AreKnown) return OwnGroups.None;
        var isNeeded = intent.GroupBudget > 0 || intent.OwnGrants.Any(g => names.IsAudience(g.Subject));
        try
        {
            var groups = await ReadAsync(names, intent, cancellationToken);
            var shall = desired.Facts.Where(static f => f.Key.Kind == FactKind.Audience).Select(static f => f.Key.Subject);
            var isAnyMissing = shall.Except(groups.Ours.Select(static g => g.Name), StringComparer.Ordinal).Any();
            return isAnyMissing ? groups with { InAccount = await account.CountGroupsAsync(cancellationToken) } : groups;
        }
        catch (PlatformException) when (!isNeeded)
        {
            // Without the rights that groups ask for, nobody made one.
            return OwnGroups.None;
        }
        catch (PlatformException e) when (e.Failure is PlatformFailure.AccessDenied or PlatformFailure.NotFound or PlatformFailure.Refused)
        {
            throw new PlatformException(
                e.Failure,
                $"The account groups of this connection can't be read: {e.Message.TrimEnd('.')}. Nothing is changed. Make Sluice's service principal an admin of this workspace, which has to have identity "
                + "federation, or of the account; once nothing is to be granted by groups any more (settings.groupBudget: 0), it needs that until they are deleted.",
                e)
            {
                Code = e.Code, Status = e.Status,
            };
        }
    }

    private async Task<OwnGroups> ReadAsync(GroupNames names, AccessIntent intent, CancellationToken cancellationToken)
    {
        // The group by which a check tries is its own, unless nobody checks any more.
        var isTriedLeft = intent.GroupBudget == 0 || intent.Objects.Count == 0;
        var listed = (await account.GroupsOfAsync(names.Start, cancellationToken))
            .Where(g => g.Name is { } name && name.StartsWith(names.Start, StringComparison.Ordinal) && (isTriedLeft || name != names.Tried)).ToList();
        if (listed.Count == 0) return OwnGroups.None;
        var people = await PeopleAsync(cancellationToken);
        var marked = listed.ToLookup(g => _mark.IsOn(g.Name!, g.ExternalId));
        var members = await MembersAsync([.. marked[true].Select(static g => g.Id)], cancellationToken);
        return new OwnGroups
        {
            // What was deleted since it was listed is no more.
            Ours = [.. marked[true].Where(g => members.ContainsKey(g.Id)).Select(g => new OwnGroup(g.Name!, g.Id, [.. members[g.Id].Select(id => people.GetValueOrDefault(id) ?? OwnGroups.Unnamed(id))]))],
            Others = marked[false].Select(static g => g.Name!).ToHashSet(StringComparer.Ordinal),
        };
    }

    private async Task<ConcurrentDictionary<string, IReadOnlyList<string>>> MembersAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var members = new ConcurrentDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(ids, new ParallelOptions { MaxDegreeOfParallelism = options.MostRequests, CancellationToken = cancellationToken }, async (id, token) =>
        {
            try
            {
                members[id] = (await account.GroupAsync(id, token)).Members ?? [];
            }
            catch (PlatformException e) when (e.Failure == PlatformFailure.NotFound)
            {
                // Deleted meanwhile.
            }
        });
        return members;
    }

    // Who is no admin is shown groups without marks and without members, and people without names: nothing may be concluded from that.
    private async Task<Dictionary<string, string>> PeopleAsync(CancellationToken cancellationToken)
    {
        var users = await account.UsersAsync(cancellationToken);
        if (users.Any(static u => !u.IsNamed)) throw new PlatformException(PlatformFailure.AccessDenied, "Neither marks nor members of groups are shown, nor the names of users");
        var services = await account.ServicePrincipalsAsync(cancellationToken);
        return users.Concat(services).Where(static p => p.IsNamed).ToDictionary(static p => p.Id, static p => p.Name!, StringComparer.Ordinal);
    }
}
