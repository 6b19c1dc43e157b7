using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Identity;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.Privileges;

/// <summary>Grants and revokes, all of a request or none of it.</summary>
internal static class GrantChanges
{
    /// <exception cref="DatabricksException">Someone may not, does not exist, or the privilege doesn't fit.</exception>
    public static WorkspaceState Apply(WorkspaceState state, Caller caller, Located at, IEnumerable<GrantEdit> edits)
    {
        var access = new AccessRules(state, caller);
        Demand(access, at);
        var grants = at.Securable.Grants;
        foreach (var asked in edits)
        {
            var edit = asked with { Principal = state.Principals.Meant(asked.Principal) };
            Check(state, at, edit);
            if (edit.Add.HasFlag(Privilege.ExternalUseSchema) && !access.MayGrantExternalUse(at)) throw DatabricksException.Denied($"User is not an owner of Catalog '{at.Catalog!.Name}'.");
            var held = grants.TryGetValue(edit.Principal, out var grant) ? grant.Held : Privilege.None;
            // Removed first: a privilege in both lists stays.
            var after = (held & ~edit.Remove) | edit.Add;
            grants = after == Privilege.None ? grants.Remove(edit.Principal) : grants.SetItem(edit.Principal, new(after, edit.Add == Privilege.None && grant is not null ? grant.Grantor : caller.Name));
        }

        return ReferenceEquals(grants, at.Securable.Grants) ? state : state.Replace(at, at.Securable with { Grants = grants });
    }

    public static void Demand(AccessRules access, Located at)
    {
        if (access.MayGrant(at)) return;
        var holding = access.On(at);
        if (holding.Missing is { } missing) throw DatabricksException.Lacks(PrivilegeNames.Sql(missing.Privilege), missing.Kind, missing.Name);
        throw DatabricksException.Lacks("MANAGE", Label(at), at.FullName);
    }

    public static string Label(Located at) => at.Kind switch
    {
        SecurableKind.Metastore => "Metastore",
        SecurableKind.Catalog => "Catalog",
        SecurableKind.Schema => "Schema",
        SecurableKind.Function => "Routine or Model",
        _ => at.Table.IsView ? "View" : "Table",
    };

    private static void Check(WorkspaceState state, Located at, GrantEdit edit)
    {
        if (!state.Principals.IsGrantable(edit.Principal) && (edit.Add != Privilege.None || !at.Securable.Grants.ContainsKey(edit.Principal)))
        {
            throw new DatabricksException("PRINCIPAL_DOES_NOT_EXIST", $"Could not find principal with name {edit.Principal}", 404);
        }

        var allowed = Applicability.Of(at.Kind, at.Securable);
        var misfit = PrivilegeNames.Of((edit.Add | edit.Remove) & ~allowed).FirstOrDefault();
        if (misfit is null) return;
        throw DatabricksException.Invalid($"Privilege {misfit.Replace('_', ' ')} is not applicable to this entity [{at.FullName}:{Label(at).ToUpperInvariant()}]. If this seems unexpected, please check the privilege version of the metastore in use [1.0].");
    }
}
