using Sluice.Core.Planning;
using Sluice.Platforms.Databricks.Wire;

namespace Sluice.Platforms.Databricks.Enforcing;

/// <summary>
/// Groups that are called as users or service principals are: a group's name is any text of up to 255 characters (https://docs.databricks.com/api/scim/v1/group.md), and a grant names its
/// principal by text alone. So only a list of groups tells.
/// </summary>
internal sealed class Namesakes(DirectoryClient account, DirectoryClient workspace)
{
    // A filter may have 200 nodes (https://docs.databricks.com/aws/en/reference/scim-2-1), and it travels in the address.
    private const int NamesAtOnce = 40;

    /// <summary>
    /// The names with an @, and those of an intent's application ids, that are groups'. The workspace lists its groups to everybody, the account those that are in no workspace as well, to whom it lists any.
    /// </summary>
    /// <exception cref="PlatformException">The workspace lists none: a group could be taken for a person.</exception>
    public async Task<IReadOnlySet<string>> ReadAsync(AccessIntent intent, CancellationToken cancellationToken)
    {
        // Nobody is granted anything, nor was.
        if (intent.Identities.Count == 0 && intent.OwnGrants.Count == 0) return new HashSet<string>();
        var applications = intent.Identities.Select(static i => i.Name).Where(static n => Guid.TryParseExact(n, "D", out _)).Chunk(NamesAtOnce);
        var found = new HashSet<string>(Identities.Comparer);
        foreach (var some in applications.DefaultIfEmpty([]))
        {
            found.UnionWith(await workspace.GroupsLikePeopleAsync(some, cancellationToken));
            try
            {
                found.UnionWith(await account.GroupsLikePeopleAsync(some, cancellationToken));
            }
            catch (PlatformException e) when (e.Failure is PlatformFailure.AccessDenied or PlatformFailure.NotFound or PlatformFailure.Refused)
            {
                // It lists them to administrators, and only where it is asked through a workspace of identity federation.
            }
        }

        return found;
    }
}
