using System.Text.Json;
using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Privileges;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.Identity;

/// <summary>
/// Makes, changes and deletes groups. Who may is told by https://docs.databricks.com/aws/en/admin/users-groups/groups: account admins, and
/// workspace admins of a workspace of identity federation, make account groups; a group's managers, its maker among them, and account
/// admins change and delete it.
/// </summary>
internal static class ScimGroups
{
    /// <summary>In the account, a group that Unity Catalog knows; in the workspace, a local one that it doesn't.</summary>
    public static void Create(Call call)
    {
        DemandMaker(call);
        DemandFewMembers(call);
        var name = NeedName(call.Text("displayName"));
        SandboxPrincipal? created = null;
        call.Runtime.Change(state =>
        {
            DemandFree(state, name);
            created = new()
            {
                Name = name,
                Id = PrincipalDirectory.ScimId(RandomId.New().ToString()),
                ExternalId = call.Text("externalId"),
                Kind = ScimOperations.IsOfAccount(call) ? SandboxPrincipalKind.Group : SandboxPrincipalKind.WorkspaceGroup,
                CreatedBy = call.Caller.Name,
            };
            created = created with { Members = GroupMembers.Read(state.Principals, created, call.Input) };
            return state with { Principals = GroupLimits.Checked(state.Principals.With(created), created, call.Options) };
        });
        call.Status = 201;
        ScimWriting.Principal(call, created!, full: true);
    }

    /// <summary>
    /// What the group was granted stays, by its id: https://docs.databricks.com/api/workspace/grants/update has privileges of deleted principals,
    /// whose name is empty. A group that is made anew under the name is another one and has none of it.
    /// </summary>
    public static void Delete(Call call)
    {
        call.Runtime.Change(state =>
        {
            var group = Managed(call, state.Principals);
            if (group.Kind == SandboxPrincipalKind.WorkspaceGroup && group.Name == SandboxCast.WorkspaceAdministrators) throw DatabricksException.Scim(403, $"{group.Name} is a system group: it can't be deleted.");
            return GranteeNames.Renamed(state with { Principals = state.Principals.Without(group) }, group, PrincipalDirectory.IdOf(group));
        });
        call.Status = 204;
    }

    /// <summary>Puts a group in the place of the one of the id: what isn't given is taken away.</summary>
    public static void Update(Call call)
    {
        DemandFewMembers(call);
        call.Runtime.Change(state =>
        {
            var group = Managed(call, state.Principals);
            return Put(call, state, group, NeedName(call.Text("displayName")), group with { ExternalId = call.Text("externalId"), Members = GroupMembers.Read(state.Principals, group, call.Input) });
        });
        call.WriteEmpty();
    }

    /// <summary>All operations or none.</summary>
    public static void Patch(Call call)
    {
        DemandFewMembers(call);
        call.Runtime.Change(state =>
        {
            var group = Managed(call, state.Principals);
            var (name, patched) = (group.Name, group);
            foreach (var operation in Call.Items(call.Input, "Operations", JsonValueKind.Object)) (name, patched) = GroupPatch.Apply(state.Principals, (name, patched), operation);
            return Put(call, state, group, NeedName(name), patched);
        });
        call.Status = 204;
    }

    private static void DemandFewMembers(Call call) => GroupMembers.DemandFew(
        call,
        Call.Items(call.Input, "members", JsonValueKind.Object).Count() + Call.Items(call.Input, "Operations", JsonValueKind.Object).Sum(GroupPatch.Named));

    private static WorkspaceState Put(Call call, WorkspaceState state, SandboxPrincipal old, string name, SandboxPrincipal by)
    {
        var principals = state.Principals.With(by);
        if (name != old.Name)
        {
            DemandFree(state, name);
            principals = principals.Renamed(by, name);
        }

        var changed = state with { Principals = GroupLimits.Checked(principals, principals.Find(name)!, call.Options) };
        return name == old.Name ? changed : GranteeNames.Renamed(changed, old, name);
    }

    private static string NeedName(string? name) => string.IsNullOrWhiteSpace(name) ? throw DatabricksException.Scim(400, "displayName must be set.") : name;

    private static void DemandFree(WorkspaceState state, string name)
    {
        // A number that is what was left of a deleted group names nobody else.
        if (state.Principals.Find(name) is not null || state.Principals.Gone.Contains(name) || name is SandboxCast.Everybody or SandboxCast.WorkspaceUsers) throw DatabricksException.Scim(409, $"Group with name {name} already exists.");
    }

    private static void DemandMaker(Call call)
    {
        // The account's own host asks for an account admin; a workspace's for an admin of it.
        if (call.Caller.IsAccountAdmin || (call.Caller.IsWorkspaceAdmin && call.FindRoute("account_id") is null)) return;
        throw DatabricksException.Scim(403, "Only admins can manage groups.");
    }

    /// <summary>A group the caller may change; the workspace's API changes no account group.</summary>
    private static SandboxPrincipal Managed(Call call, PrincipalDirectory principals)
    {
        var group = ScimOperations.Find(call, principals, SandboxPrincipalKind.Group);
        if (group.Kind == SandboxPrincipalKind.WorkspaceGroup) return ScimOperations.IsAdmin(call) ? group : throw DatabricksException.Scim(403, "Only admins can manage groups.");
        if (!ScimOperations.IsOfAccount(call)) throw DatabricksException.Scim(403, $"{group.Name} is an account group: it's changed by the account's API alone.");
        if (call.Caller.IsAccountAdmin || group.CreatedBy == call.Caller.Name || group.Managers.Any(call.Caller.Names.Contains)) return group;
        throw DatabricksException.Scim(403, $"{call.Caller.Name} is no manager of the group {group.Name}.");
    }
}
