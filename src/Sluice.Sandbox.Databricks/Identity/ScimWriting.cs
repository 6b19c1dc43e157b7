using System.Text.Json;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.Identity;

/// <summary>Writes principals as SCIM shows them.</summary>
internal static class ScimWriting
{
    /// <param name="call">The call to answer.</param>
    /// <param name="principal">Whom to write.</param>
    /// <param name="full">With groups, members and roles; else names and id alone.</param>
    /// <param name="asUser">As /Me has it, which shows a service principal as a user of its application id's name.</param>
    /// <param name="withMembers">A group's members too; lists of the account leave them out.</param>
    public static void Principal(Call call, SandboxPrincipal principal, bool full, bool asUser = false, bool withMembers = true)
    {
        var json = call.Json;
        call.ContentType = "application/scim+json";
        json.WriteStartObject();
        json.WriteStartArray("schemas");
        json.WriteStringValue($"urn:ietf:params:scim:schemas:core:2.0:{(asUser ? "User" : Type(principal.Kind))}");
        json.WriteEndArray();
        json.WriteString("id", PrincipalDirectory.IdOf(principal));
        if (principal.ExternalId is { } external) json.WriteString("externalId", external);
        json.WriteString("displayName", principal.DisplayName ?? principal.Name);
        switch (principal.Kind)
        {
            case SandboxPrincipalKind.User:
                json.WriteString("userName", principal.Name);
                json.WriteBoolean("active", principal.IsActive);
                if (full) Emails(json, principal);
                break;
            case SandboxPrincipalKind.ServicePrincipal:
                json.WriteString(asUser ? "userName" : "applicationId", principal.Name);
                json.WriteBoolean("active", principal.IsActive);
                break;
            default:
                json.WriteStartObject("meta");
                json.WriteString("resourceType", principal.Kind == SandboxPrincipalKind.Group ? "Group" : "WorkspaceGroup");
                json.WriteEndObject();
                if (full && withMembers) References(json, "members", principal.Members.Select(member => call.State.Principals.Find(member)).OfType<SandboxPrincipal>());
                break;
        }

        if (full) References(json, "groups", call.State.Principals.GroupsOf(principal.Name));
        if (full && principal.IsAccountAdmin)
        {
            json.WriteStartArray("roles");
            json.WriteStartObject();
            json.WriteString("value", "account_admin");
            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void Emails(Utf8JsonWriter json, SandboxPrincipal principal)
    {
        json.WriteStartArray("emails");
        json.WriteStartObject();
        json.WriteString("type", "work");
        json.WriteString("value", principal.Name);
        json.WriteBoolean("primary", true);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartObject("name");
        var names = (principal.DisplayName ?? principal.Name).Split(' ', 2);
        json.WriteString("givenName", names[0]);
        if (names.Length > 1) json.WriteString("familyName", names[1]);
        json.WriteEndObject();
    }

    private static void References(Utf8JsonWriter json, string member, IEnumerable<SandboxPrincipal> principals)
    {
        json.WriteStartArray(member);
        foreach (var principal in principals)
        {
            var id = PrincipalDirectory.IdOf(principal);
            json.WriteStartObject();
            json.WriteString("display", principal.DisplayName ?? principal.Name);
            json.WriteString("value", id);
            json.WriteString("$ref", $"{Type(principal.Kind)}s/{id}");
            json.WriteString("type", "direct");
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Type(SandboxPrincipalKind kind) => kind switch
    {
        SandboxPrincipalKind.User => "User",
        SandboxPrincipalKind.ServicePrincipal => "ServicePrincipal",
        _ => "Group",
    };
}
