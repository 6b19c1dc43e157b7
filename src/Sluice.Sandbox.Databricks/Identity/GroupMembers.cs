using System.Text.Json;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.Identity;

/// <summary>Members of a group as SCIM names them: [{"value": "&lt;id&gt;"}].</summary>
internal static class GroupMembers
{
    /// <exception cref="DatabricksException">A request names more members than one may.</exception>
    public static void DemandFew(Call call, int named)
    {
        if (named > call.Options.MembersPerRequest) throw DatabricksException.Scim(400, $"A request names at most {call.Options.MembersPerRequest} members.");
    }

    /// <summary>The members of a request's body.</summary>
    public static IReadOnlyList<string> Read(PrincipalDirectory principals, SandboxPrincipal of, JsonElement from) =>
        [.. Call.Items(from, "members", JsonValueKind.Object).Select(member => Need(principals, of, Call.Text(member, "value"))).Distinct()];

    /// <summary>Whoever has the id; an account group has no members of one workspace alone.</summary>
    public static string Need(PrincipalDirectory principals, SandboxPrincipal of, string? id) =>
        principals.FindById(id) is { } member && (of.Kind == SandboxPrincipalKind.WorkspaceGroup || member.Kind != SandboxPrincipalKind.WorkspaceGroup)
            ? member.Name
            : throw DatabricksException.Scim(404, $"The member {id} was not found.");
}
