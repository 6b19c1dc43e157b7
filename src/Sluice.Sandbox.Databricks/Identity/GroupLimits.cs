using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.Identity;

/// <summary>What an account holds at most, from https://docs.databricks.com/aws/en/resources/limits: groups, layers of nested groups, and groups one is directly in.</summary>
internal static class GroupLimits
{
    /// <exception cref="DatabricksException">The group as it now is goes beyond a limit, or is in itself.</exception>
    public static PrincipalDirectory Checked(PrincipalDirectory principals, SandboxPrincipal group, DatabricksSandboxOptions options)
    {
        if (principals.Of(SandboxPrincipalKind.Group).Count() > options.LargestGroupCount) throw Beyond($"The account has {options.LargestGroupCount} groups already.");
        foreach (var member in group.Members)
        {
            if (principals.GroupsOf(member).Count() > options.LargestMembershipCount) throw Beyond($"{member} is a direct member of {options.LargestMembershipCount} groups already.");
        }

        var layers = Layers(principals, group, [], Above) + Layers(principals, group, [], Below) - 1;
        if (layers > options.DeepestGroupNesting) throw Beyond($"Groups are nested in at most {options.DeepestGroupNesting} layers.");
        return principals;
    }

    private static IEnumerable<SandboxPrincipal> Above(PrincipalDirectory principals, SandboxPrincipal group) => principals.GroupsOf(group.Name);

    private static IEnumerable<SandboxPrincipal> Below(PrincipalDirectory principals, SandboxPrincipal group) =>
        group.Members.Select(principals.Find).OfType<SandboxPrincipal>().Where(member => member.Kind is SandboxPrincipalKind.Group or SandboxPrincipalKind.WorkspaceGroup);

    private static int Layers(PrincipalDirectory principals, SandboxPrincipal group, HashSet<string> path, Func<PrincipalDirectory, SandboxPrincipal, IEnumerable<SandboxPrincipal>> next)
    {
        if (!path.Add(group.Name)) throw Beyond($"The group {group.Name} would be a member of itself.");
        var deepest = next(principals, group).Select(other => Layers(principals, other, path, next)).DefaultIfEmpty(0).Max();
        path.Remove(group.Name);
        return deepest + 1;
    }

    private static DatabricksException Beyond(string text) => DatabricksException.Scim(400, text);
}
