using System.Globalization;
using System.Text.Json;
using Sluice.Sandbox.Aws.Wire;

namespace Sluice.Sandbox.Aws.LakeFormation;

/// <summary>ListPermissions.</summary>
internal static class PermissionListing
{
    private const int LargestPage = 1000;

    private static readonly string[] Types =
    [
        "CATALOG", "DATABASE", "TABLE", "DATA_LOCATION", "LF_TAG", "LF_TAG_POLICY", "LF_TAG_POLICY_DATABASE", "LF_TAG_POLICY_TABLE",
        "LF_NAMED_TAG_EXPRESSION",
    ];

    public static void ListPermissions(Call call)
    {
        var size = call.Input.PageSize(LargestPage);
        var type = call.Input.Text("ResourceType");
        var principal = call.Input.Object("Principal") is { } identifier ? GrantRequest.PrincipalOf(identifier) : null;
        var resourceInput = call.Input.Object("Resource");
        var related = string.Equals(call.Input.Text("IncludeRelated"), "TRUE", StringComparison.OrdinalIgnoreCase);
        if (type is not null && !Types.Contains(type)) call.Input.Violate(type, "ResourceType", $"Member must satisfy enum value set: [{string.Join(", ", Types)}]");
        LakeInput.Check(call);
        if (principal is not null && resourceInput is null) throw AwsException.InvalidInput("Resource is mandatory if Principal is set in the input.");
        if (principal?.Contains(":identitystore:::user/", StringComparison.Ordinal) == true) throw AwsException.InvalidInput("AccountId cannot be null or empty");
        if (resourceInput is { } given && given.TryGetProperty("TableWithColumns", out _)) throw AwsException.InvalidInput("ListPermissions does not support TableWithColumns; call it on the table.");
        var resource = resourceInput is { } element ? ResourceReader.Read(element, call.Options.AccountId) : null;
        if (resource is not null && Holdings.DatabaseOf(resource) is not null) LakeInput.Find(call, resource);

        var scope = $"ListPermissions/{principal}/{resource?.Key}/{type}/{related}";
        var start = call.Position(scope) is { } position ? long.Parse(position, CultureInfo.InvariantCulture) : 0;
        var about = Related(call, related ? resource : null);
        var visible = call.Account.Grants.After(start)
            .Where(grant => principal is null || grant.Principal == principal)
            .Where(grant => resource is null || grant.Resource.Scope == resource.Scope || about(grant.Resource))
            .Where(grant => type is null || grant.Resource.Type == type || (type == "LF_TAG_POLICY" && grant.Resource is TagPolicy))
            .Select(grant => (Grant: grant, Shown: Shown(call, grant)))
            .Where(found => found.Shown != default);

        long last = 0;
        var count = 0;
        var more = false;
        call.Json.WriteStartObject();
        call.Json.WriteStartArray("PrincipalResourcePermissions");
        foreach (var (grant, shown) in visible)
        {
            var lines = PermissionLine.Of(grant, shown).ToArray();
            // A grant isn't torn over two pages, so a page may come out one short, but never empty.
            if (count > 0 && count + lines.Length > size)
            {
                more = true;
                break;
            }

            foreach (var line in lines) line.Write(call.Json, grant, call.Options.AccountId);
            count += lines.Length;
            last = grant.Sequence;
        }

        call.Json.WriteEndArray();
        if (more) call.WriteNextToken(scope, last.ToString(CultureInfo.InvariantCulture));
        call.Json.WriteEndObject();
    }

    /// <summary>
    /// What of a grant the caller is shown. AWS: an administrator sees all; others their own, and those of others on a resource
    /// where they hold a permission with the grant option, filtered to the permissions they hold; of LF-Tags only their own.
    /// </summary>
    private static LakePermissions Shown(Call call, Grant grant)
    {
        var all = grant.Granted | grant.Grantable;
        var access = call.Access;
        if (access.IsAdministrator || grant.Principal == call.Caller.PrincipalArn) return all;
        var on = grant.Resource switch
        {
            WholeCatalog => access.OnCatalog(),
            NamedDatabase database => call.Account.Catalog.Find(database.Name) is { } found ? access.On(found) : default,
            AllTables tables => new(access.HeldOn(tables), access.HeldOn(tables), null),
            TagPolicy policy => new(access.HeldOn(policy), access.HeldOn(policy), null),
            NamedTable table => OnTable(call, table.Database, table.Name),
            TableColumns columns => OnTable(call, columns.Database, columns.Table),
            TagValues tag => OwnTag(call, tag),
            _ => default,
        };
        return on.Grantable == default ? default : all & on.Granted;
    }

    private static Access OnTable(Call call, string database, string table) =>
        call.Account.Catalog.Find(database)?.Find(table) is { } found ? call.Access.On(found) : default;

    private static Access OwnTag(Call call, TagValues on) =>
        call.Account.Tags.Find(on.TagKey)?.Creator == call.Caller.PrincipalArn ? Access.Full : default;

    /// <summary>IncludeRelated: grants that reach the resource by way of all tables or a tag expression.</summary>
    private static Func<LakeResource, bool> Related(Call call, LakeResource? resource)
    {
        if (resource is null || Holdings.DatabaseOf(resource) is not { } name || call.Account.Catalog.Find(name) is not { } database) return _ => false;
        var table = resource is NamedTable named ? database.Find(named.Name) : null;
        return other => other switch
        {
            AllTables tables => table is not null && tables.Database == name,
            TagPolicy { OnTables: true } policy => table is { } found && policy.Expression.Matches(database.Tags, found.Assigned.Table),
            TagPolicy policy => table is null && policy.Expression.Matches(database.Tags, database.Tags),
            _ => false,
        };
    }
}

/// <summary>One entry of the answer. AWS lists a SELECT on a table apart, as one on all of its columns.</summary>
internal readonly record struct PermissionLine(LakePermissions Permissions, LakePermissions Grantable, bool AsColumns)
{
    public static IEnumerable<PermissionLine> Of(Grant grant, LakePermissions shown)
    {
        var (granted, grantable) = (grant.Granted & shown, grant.Grantable & shown);
        if (grant.Resource is not (NamedTable or AllTables))
        {
            yield return new(granted, grantable, AsColumns: false);
            yield break;
        }

        const LakePermissions Others = LakePermissions.OnTable & ~LakePermissions.Select;
        if (((granted | grantable) & Others) != default) yield return new(granted & Others, grantable & Others, AsColumns: false);
        if (((granted | grantable) & LakePermissions.Select) != default) yield return new(granted & LakePermissions.Select, grantable & LakePermissions.Select, AsColumns: true);
    }

    public void Write(Utf8JsonWriter json, Grant grant, string accountId)
    {
        json.WriteStartObject();
        json.WriteStartObject("Principal");
        json.WriteString("DataLakePrincipalIdentifier", grant.Principal);
        json.WriteEndObject();
        json.WriteStartObject("Resource");
        ResourceWriter.Write(json, grant.Resource, accountId, AsColumns);
        json.WriteEndObject();
        WriteNames(json, "Permissions", Permissions);
        WriteNames(json, "PermissionsWithGrantOption", Grantable);
        json.WriteNumber("LastUpdated", grant.LastUpdated);
        json.WriteString("LastUpdatedBy", grant.LastUpdatedBy);
        json.WriteEndObject();
    }

    private static void WriteNames(Utf8JsonWriter json, string name, LakePermissions permissions)
    {
        json.WriteStartArray(name);
        foreach (var permission in LakePermissionNames.Of(permissions)) json.WriteStringValue(permission);
        json.WriteEndArray();
    }
}
