using System.Globalization;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.Identity;

/// <summary>
/// Reads principals by SCIM: of the workspace below /api/2.0/preview/scim/v2; of the account below /api/2.0/account/scim/v2, which is the
/// account's API at the host of a workspace of identity federation, and /api/2.0/accounts/{id}/scim/v2:
/// https://api-docs.databricks.com/rest/latest/account-scim-api.html. Those who are no admins read names and ids alone.
/// </summary>
internal static class ScimOperations
{
    private const int UsualPage = 100;
    private const int LargestPage = 10_000;

    /// <summary>https://github.com/databricks/terraform-provider-databricks, scim/data_current_user.go: whoever asks is a user, a service principal one whose name is a UUID.</summary>
    public static void Me(Call call) => ScimWriting.Principal(call, call.State.Principals.Find(call.Caller.Name)!, full: true, asUser: true);

    public static void ListUsers(Call call) => List(call, SandboxPrincipalKind.User);

    public static void ListServicePrincipals(Call call) => List(call, SandboxPrincipalKind.ServicePrincipal);

    public static void ListGroups(Call call) => List(call, SandboxPrincipalKind.Group);

    public static void GetUser(Call call) => Get(call, SandboxPrincipalKind.User);

    public static void GetServicePrincipal(Call call) => Get(call, SandboxPrincipalKind.ServicePrincipal);

    public static void GetGroup(Call call) => Get(call, SandboxPrincipalKind.Group);

    /// <summary>The account's API: what it makes is known to Unity Catalog.</summary>
    public static bool IsOfAccount(Call call) => call.Operation.Name.StartsWith("account.", StringComparison.Ordinal);

    public static SandboxPrincipal Find(Call call, PrincipalDirectory principals, SandboxPrincipalKind kind)
    {
        var id = call.Route("id");
        var kinds = kind == SandboxPrincipalKind.Group && !IsOfAccount(call) ? [kind, SandboxPrincipalKind.WorkspaceGroup] : new[] { kind };
        return principals.FindById(id) is { } found && kinds.Contains(found.Kind) ? found
            : throw DatabricksException.Scim(404, $"{(kind == SandboxPrincipalKind.Group ? "Group" : kind == SandboxPrincipalKind.User ? "User" : "ServicePrincipal")} with id {id} not found.");
    }

    private static void List(Call call, SandboxPrincipalKind kind)
    {
        var all = call.State.Principals.Of(kind);
        if (kind == SandboxPrincipalKind.Group && !IsOfAccount(call)) all = all.Concat(call.State.Principals.Of(SandboxPrincipalKind.WorkspaceGroup));
        var found = all.Where(ScimFilter.Parse(call.Query("filter"))).ToArray();
        var first = Math.Max(1, Number(call, "startIndex") ?? 1);
        var count = Math.Clamp(Number(call, "count") ?? UsualPage, 0, LargestPage);
        var page = found.Skip(first - 1).Take(count).ToArray();
        var full = IsAdmin(call);
        // https://docs.databricks.com/api/account/accountgroups/list: since 2025-08-22 but for accounts that relied on it.
        var withMembers = !IsOfAccount(call) || call.Options.ListsAccountGroupMembers;
        call.ContentType = "application/scim+json";
        call.Json.WriteStartObject();
        call.Json.WriteStartArray("schemas");
        call.Json.WriteStringValue("urn:ietf:params:scim:api:messages:2.0:ListResponse");
        call.Json.WriteEndArray();
        call.Json.WriteNumber("totalResults", found.Length);
        call.Json.WriteNumber("startIndex", first);
        call.Json.WriteNumber("itemsPerPage", page.Length);
        call.Json.WriteStartArray("Resources");
        foreach (var principal in page) ScimWriting.Principal(call, principal, full, withMembers: withMembers);
        call.Json.WriteEndArray();
        call.Json.WriteEndObject();
    }

    private static void Get(Call call, SandboxPrincipalKind kind) => ScimWriting.Principal(call, Find(call, call.State.Principals, kind), IsAdmin(call));

    public static bool IsAdmin(Call call) => call.Caller.IsAccountAdmin || call.Caller.IsWorkspaceAdmin;

    private static int? Number(Call call, string name) => call.Query(name) is not { } text ? null
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
        : throw DatabricksException.Scim(400, $"{name} is no number.");
}
