using Sluice.Platforms.Databricks.Enforcing;
using Sluice.Platforms.Databricks.Wire;

namespace Sluice.Platforms.Databricks.Checks;

/// <summary>Tries whether account groups can be made, where the connection has a budget of them: makes one with this instance's mark, and deletes it.</summary>
internal sealed class GroupChecks(AccountGroupsClient groups, DirectoryClient account, GroupNames names, InstanceMark instance, int budget)
{
    private const string Name = "account groups";

    private const string Rights =
        "Make the service principal an admin of this workspace, which has to have identity federation, or of the account (https://docs.databricks.com/admin/users-groups/groups). Or set settings.groupBudget to 0: "
        + "everything is granted to people themselves then";

    private const string NoMark =
        "The mark of Sluice is a group's externalId, and without it no group is used. With automatic identity management an account takes none: set settings.groupBudget to 0";

    private readonly GroupMark _mark = new(instance);

    /// <summary>Tries it; nothing without a budget.</summary>
    public async Task<IReadOnlyList<Check>> RunAsync(CancellationToken cancellationToken)
    {
        if (budget == 0 || !names.AreKnown) return [];
        try
        {
            return [await TryAsync(cancellationToken)];
        }
        catch (PlatformException e) when (Verdicts.IsAnswer(e))
        {
            return [Verdicts.Of(Name, e, CheckStatus.Failed, Rights)];
        }
    }

    private async Task<Check> TryAsync(CancellationToken cancellationToken)
    {
        // What an earlier check could not delete goes now.
        if (await FindAsync(cancellationToken) is { } before)
        {
            if (!_mark.IsOn(names.Tried, before.ExternalId))
                return Verdicts.Failed(Name, $"A group {names.Tried} is there that this instance of Sluice did not make", "Delete it, or let it have another name");
            await groups.DeleteAsync(before.Id, cancellationToken);
        }

        var made = await MakeAsync(cancellationToken);
        try
        {
            // What is answered need not be what is kept.
            var kept = await account.GroupAsync(made.Id, cancellationToken);
            await groups.DeleteAsync(made.Id, cancellationToken);
            return _mark.IsOn(names.Tried, kept.ExternalId)
                ? Verdicts.Passed(Name, $"A group was made and deleted; {budget} may be made")
                : Verdicts.Failed(Name, $"Group {names.Tried} was made without the mark that was asked for, and deleted", NoMark);
        }
        catch (PlatformException e) when (e.Failure == PlatformFailure.NotFound)
        {
            // Another check has deleted it.
            return Verdicts.NotJustNow(Name, e);
        }
    }

    private async Task<DirectoryEntry> MakeAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await groups.CreateAsync(names.Tried, _mark.Of(names.Tried), cancellationToken);
        }
        catch (PlatformException e) when (!e.IsTransient && e.Failure != PlatformFailure.AccessDenied)
        {
            // Another check that runs just now, or an attempt whose answer never came.
            if (await FindAsync(cancellationToken) is { } there && _mark.IsOn(names.Tried, there.ExternalId)) return there;
            throw;
        }
    }

    private async Task<DirectoryEntry?> FindAsync(CancellationToken cancellationToken) =>
        (await account.GroupsOfAsync(names.Tried, cancellationToken)).FirstOrDefault(g => g.Name == names.Tried);
}
