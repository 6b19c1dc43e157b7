using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.Identity;

/// <summary>
/// SCIM: of the workspace below /api/2.0/preview/scim/v2, of the account below /api/2.0/account/scim/v2 and
/// /api/2.0/accounts/{id}/scim/v2. Those who are no admins read names and ids alone.
/// </summary>
internal static partial class ScimOperations
{
    /// <summary>https://github.com/databricks/terraform-provider-databricks, scim/data_current_user.go: whoever asks is a user, a service principal one whose name is a UUID.</summary>
    public static void Me(Call call) => ScimWriting.Principal(call, call.State.Principals.Find(call.Caller.Name)!, full: true, asUser: true);

    public static void ListUsers(Call call) => List(call, SandboxPrincipalKind.User);

    public static void ListServicePrincipals(Call call) => List(call, SandboxPrincipalKind.ServicePrincipal);

    public static void ListGroups(Call call) => List(call, SandboxPrincipalKind.Group);

    public static void GetUser(Call call) => Get(call, SandboxPrincipalKind.User);

    public static void GetServicePrincipal(Call call) => Get(call, SandboxPrincipalKind.ServicePrincipal);

    public static void GetGroup(Call call) => Get(call, SandboxPrincipalKind.Group);

    /// <summary>In the account, a group that Unity Catalog knows; in the workspace, a local one that it doesn't.</summary>
    public static void CreateGroup(Call call)
    {
        Demand(call);
        var name = call.Text("displayName");
        if (string.IsNullOrWhiteSpace(name)) throw DatabricksException.Scim(400, "displayName must be set.");
        SandboxPrincipal? created = null;
        call.Runtime.Change(state =>
        {
            if (state.Principals.Find(name) is not null || name == SandboxCast.Everybody) throw DatabricksException.Scim(409, $"Group with name {name} already exists.");
            created = new()
            {
                Name = name,
                Kind = IsAccount(call) ? SandboxPrincipalKind.Group : SandboxPrincipalKind.WorkspaceGroup,
                CreatedBy = call.Caller.Name,
                Members = [.. Call.Items(call.Input, "members", JsonValueKind.Object).Select(member => Member(state.Principals, Call.Text(member, "value")))],
            };
            return state with { Principals = state.Principals.With(created) };
        });
        call.Status = 201;
        ScimWriting.Principal(call, created!, full: true);
    }

    public static void DeleteGroup(Call call)
    {
        Demand(call);
        call.Runtime.Change(state => state with { Principals = state.Principals.Without(Managed(call, state.Principals).Name) });
        call.Status = 204;
    }

    public static void PatchGroup(Call call)
    {
        Demand(call);
        call.Runtime.Change(state =>
        {
            var group = Managed(call, state.Principals);
            foreach (var operation in Call.Items(call.Input, "Operations", JsonValueKind.Object)) group = Patched(state.Principals, group, operation);
            return state with { Principals = state.Principals.With(group) };
        });
        call.Status = 204;
    }

    private static SandboxPrincipal Patched(PrincipalDirectory principals, SandboxPrincipal group, JsonElement operation)
    {
        var path = Call.Text(operation, "path") ?? "members";
        var values = operation.TryGetProperty("value", out var value) ? value : default;
        if (values.ValueKind == JsonValueKind.Object && values.TryGetProperty("members", out var members)) values = members;
        string[] named = values.ValueKind == JsonValueKind.Array ? [.. values.EnumerateArray().Select(item => Member(principals, Call.Text(item, "value")))] : [];
        switch (Call.Text(operation, "op")?.ToLowerInvariant())
        {
            case "add" when path == "members":
                return group with { Members = [.. group.Members.Union(named)] };
            case "replace" when path == "members":
                return group with { Members = named };
            case "remove":
                var one = OneMember().Match(path);
                string[] leaving = one.Success ? [Member(principals, one.Groups["id"].Value)] : path == "members" && named.Length > 0 ? named : [.. group.Members];
                return group with { Members = [.. group.Members.Except(leaving)] };
            default:
                throw DatabricksException.Scim(400, "The sandbox patches members alone.");
        }
    }

    private static void List(Call call, SandboxPrincipalKind kind)
    {
        var all = call.State.Principals.Of(kind);
        if (kind == SandboxPrincipalKind.Group && !IsAccount(call)) all = all.Concat(call.State.Principals.Of(SandboxPrincipalKind.WorkspaceGroup));
        var found = all.Where(ScimFilter.Parse(call.Query("filter"))).ToArray();
        var first = Math.Max(1, Number(call, "startIndex") ?? 1);
        var count = Math.Clamp(Number(call, "count") ?? 100, 0, 10_000);
        var page = found.Skip(first - 1).Take(count).ToArray();
        var full = IsAdmin(call);
        call.ContentType = "application/scim+json";
        call.Json.WriteStartObject();
        call.Json.WriteStartArray("schemas");
        call.Json.WriteStringValue("urn:ietf:params:scim:api:messages:2.0:ListResponse");
        call.Json.WriteEndArray();
        call.Json.WriteNumber("totalResults", found.Length);
        call.Json.WriteNumber("startIndex", first);
        call.Json.WriteNumber("itemsPerPage", page.Length);
        call.Json.WriteStartArray("Resources");
        foreach (var principal in page) ScimWriting.Principal(call, principal, full);
        call.Json.WriteEndArray();
        call.Json.WriteEndObject();
    }

    private static void Get(Call call, SandboxPrincipalKind kind) => ScimWriting.Principal(call, Find(call, call.State.Principals, kind), IsAdmin(call));

    private static SandboxPrincipal Find(Call call, PrincipalDirectory principals, SandboxPrincipalKind kind)
    {
        var id = call.Route("id");
        var kinds = kind == SandboxPrincipalKind.Group && !IsAccount(call) ? [kind, SandboxPrincipalKind.WorkspaceGroup] : new[] { kind };
        return kinds.SelectMany(principals.Of).FirstOrDefault(principal => PrincipalDirectory.ScimId(principal.Name) == id)
            ?? throw DatabricksException.Scim(404, $"{(kind == SandboxPrincipalKind.Group ? "Group" : kind == SandboxPrincipalKind.User ? "User" : "ServicePrincipal")} with id {id} not found.");
    }

    /// <summary>
    /// A group the caller may change. The roles are those of https://docs.databricks.com/aws/en/admin/users-groups/groups: account
    /// admins manage every account group, anyone else those they made, and the workspace's API changes none.
    /// </summary>
    private static SandboxPrincipal Managed(Call call, PrincipalDirectory principals)
    {
        var group = Find(call, principals, SandboxPrincipalKind.Group);
        if (group.Kind == SandboxPrincipalKind.WorkspaceGroup) return group;
        if (!IsAccount(call)) throw DatabricksException.Scim(403, $"{group.Name} is an account group: it's changed by the account's API alone.");
        if (!call.Caller.IsAccountAdmin && group.CreatedBy != call.Caller.Name) throw DatabricksException.Scim(403, $"{call.Caller.Name} is no manager of the group {group.Name}.");
        return group;
    }

    private static string Member(PrincipalDirectory principals, string? id) =>
        Enum.GetValues<SandboxPrincipalKind>().SelectMany(principals.Of).FirstOrDefault(principal => PrincipalDirectory.ScimId(principal.Name) == id)?.Name
        ?? throw DatabricksException.Scim(404, $"The member {id} was not found.");

    private static bool IsAccount(Call call) => call.Http.Request.Path.StartsWithSegments("/api/2.0/account", StringComparison.Ordinal) || call.Http.Request.Path.StartsWithSegments("/api/2.0/accounts", StringComparison.Ordinal);

    private static bool IsAdmin(Call call) => call.Caller.IsAccountAdmin || call.Caller.IsWorkspaceAdmin;

    private static void Demand(Call call)
    {
        if (!IsAdmin(call)) throw DatabricksException.Scim(403, "Only admins can manage groups.");
    }

    private static int? Number(Call call, string name) => call.Query(name) is not { } text ? null
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
        : throw DatabricksException.Scim(400, $"{name} is no number.");

    [GeneratedRegex("""^members\[value eq "(?<id>[^"]+)"\]$""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OneMember();
}
