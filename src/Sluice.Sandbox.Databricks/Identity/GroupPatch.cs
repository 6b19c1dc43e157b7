using System.Text.Json;
using System.Text.RegularExpressions;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.Identity;

/// <summary>
/// One operation of PATCH on a group, from RFC 7644, 3.5.2, and https://docs.databricks.com/api/account/accountgroups/patch: add, remove and
/// replace, of members, the display name and the external id.
/// </summary>
internal static partial class GroupPatch
{
    private const string Members = "members";
    private const string DisplayName = "displayName";
    private const string ExternalId = "externalId";

    public static (string Name, SandboxPrincipal Group) Apply(PrincipalDirectory principals, (string Name, SandboxPrincipal Group) before, JsonElement operation)
    {
        var path = Call.Text(operation, "path");
        var value = operation.TryGetProperty("value", out var given) ? given : default;
        var verb = Call.Text(operation, "op")?.ToLowerInvariant();
        if (verb is not ("add" or "replace" or "remove")) throw DatabricksException.Scim(400, "invalidSyntax: op is one of add, remove and replace.");
        if (path is not null) return (verb == "remove" ? Removed(principals, before, path, value) : Set(principals, before, verb, path, value));
        if (verb == "remove") throw DatabricksException.Scim(400, "noTarget: remove needs a path.");
        // Without a path the value names what it sets.
        if (value.ValueKind == JsonValueKind.Array) return Set(principals, before, verb, Members, value);
        if (value.ValueKind != JsonValueKind.Object) throw DatabricksException.Scim(400, "invalidSyntax: without a path, value is an object.");
        return value.EnumerateObject().Aggregate(before, (group, part) => Set(principals, group, verb, part.Name, part.Value));
    }

    /// <summary>How many members an operation names.</summary>
    public static int Named(JsonElement operation) => !operation.TryGetProperty("value", out var value) ? 0
        : value.ValueKind == JsonValueKind.Array ? value.GetArrayLength()
        : value.ValueKind == JsonValueKind.Object && value.TryGetProperty(Members, out var members) && members.ValueKind == JsonValueKind.Array ? members.GetArrayLength()
        : 0;

    private static (string Name, SandboxPrincipal Group) Set(PrincipalDirectory principals, (string Name, SandboxPrincipal Group) before, string verb, string path, JsonElement value)
    {
        switch (path)
        {
            case Members:
                var named = Ids(value).Select(id => GroupMembers.Need(principals, before.Group, id));
                return before with { Group = before.Group with { Members = [.. verb == "add" ? before.Group.Members.Union(named) : named.Distinct()] } };
            case DisplayName:
                return before with { Name = value.ValueKind == JsonValueKind.String ? value.GetString()! : "" };
            case ExternalId:
                return before with { Group = before.Group with { ExternalId = value.ValueKind == JsonValueKind.String ? value.GetString() : null } };
            default:
                throw DatabricksException.Scim(400, $"invalidPath: the sandbox knows {Members}, {DisplayName} and {ExternalId}, and not {path}.");
        }
    }

    /// <summary>Who is no member, or nobody any more, is removed without a word.</summary>
    private static (string Name, SandboxPrincipal Group) Removed(PrincipalDirectory principals, (string Name, SandboxPrincipal Group) before, string path, JsonElement value)
    {
        if (path == ExternalId) return before with { Group = before.Group with { ExternalId = null } };
        var one = OneMember().Match(path);
        if (!one.Success && path != Members) throw DatabricksException.Scim(400, $"invalidPath: the sandbox removes {Members} and {ExternalId}, and not {path}.");
        string?[] ids = one.Success ? [one.Groups["id"].Value] : [.. Ids(value)];
        var leaving = ids.Select(principals.FindById).OfType<SandboxPrincipal>().Select(principal => principal.Name).ToHashSet(StringComparer.Ordinal);
        return before with { Group = before.Group with { Members = ids.Length == 0 ? [] : [.. before.Group.Members.Where(member => !leaving.Contains(member))] } };
    }

    private static IEnumerable<string?> Ids(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array when value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object) => value.EnumerateArray().Select(item => Call.Text(item, "value")),
        JsonValueKind.Object => [Call.Text(value, "value")],
        JsonValueKind.Undefined or JsonValueKind.Null => [],
        _ => throw DatabricksException.Scim(400, "invalidSyntax Request is unparsable, syntactically incorrect, or violates schema."),
    };

    [GeneratedRegex("""^members\[value eq "(?<id>[^"]+)"\]$""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OneMember();
}
