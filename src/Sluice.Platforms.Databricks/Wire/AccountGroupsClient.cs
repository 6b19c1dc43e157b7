using Sluice.Platforms.Databricks.Connections;

namespace Sluice.Platforms.Databricks.Wire;

/// <summary>
/// Makes, changes and deletes groups of the account, through a workspace of it: workspace admins of an identity-federated workspace may, and account admins
/// (https://api-docs.databricks.com/rest/latest/account-scim-api.html, https://docs.databricks.com/admin/users-groups/groups.html).
/// </summary>
internal sealed class AccountGroupsClient(WorkspaceClient workspace)
{
    private const string Groups = $"{DirectoryClient.OfAccount}/Groups";

    /// <summary>Makes a group without members.</summary>
    public Task<DirectoryEntry> CreateAsync(string name, string externalId, CancellationToken cancellationToken) =>
        workspace.PostAsync("scim:CreateGroup", Groups, CreateBody(name, externalId), DirectoryClient.EntryOf, cancellationToken);

    /// <summary>Adds and removes members. Adding one who is there, or removing one who is not, changes nothing.</summary>
    public Task ChangeMembersAsync(string id, IReadOnlyList<string> added, IReadOnlyList<string> removed, CancellationToken cancellationToken) =>
        workspace.PatchAsync("scim:PatchGroup", PathOf(id), MembersBody(added, removed), cancellationToken);

    /// <summary>Deletes a group.</summary>
    public Task DeleteAsync(string id, CancellationToken cancellationToken) => workspace.DeleteAsync("scim:DeleteGroup", PathOf(id), cancellationToken);

    /// <summary>The body that makes a group (https://docs.databricks.com/api/scim/v1/create-account-group.md).</summary>
    public static byte[] CreateBody(string name, string externalId) => Json.Utf8(json =>
    {
        json.WriteStartArray("schemas");
        json.WriteStringValue("urn:ietf:params:scim:schemas:core:2.0:Group");
        json.WriteEndArray();
        json.WriteString("displayName", name);
        json.WriteString("externalId", externalId);
    });

    /// <summary>The body that changes members: one operation adds all, and each that goes has one of its own (https://docs.databricks.com/api/scim/v1/patch-account-group.md).</summary>
    public static byte[] MembersBody(IReadOnlyList<string> added, IReadOnlyList<string> removed) => Json.Utf8(json =>
    {
        json.WriteStartArray("schemas");
        json.WriteStringValue("urn:ietf:params:scim:api:messages:2.0:PatchOp");
        json.WriteEndArray();
        json.WriteStartArray("Operations");
        if (added.Count > 0)
        {
            json.WriteStartObject();
            json.WriteString("op", "add");
            json.WriteString("path", "members");
            json.WriteStartArray("value");
            foreach (var member in added)
            {
                json.WriteStartObject();
                json.WriteString("value", member);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        foreach (var member in removed)
        {
            json.WriteStartObject();
            json.WriteString("op", "remove");
            json.WriteString("path", $"members[value eq \"{member}\"]");
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static string PathOf(string id) => $"{Groups}/{Uri.EscapeDataString(id)}";
}
