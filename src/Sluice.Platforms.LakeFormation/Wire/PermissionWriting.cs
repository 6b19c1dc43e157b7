using System.Text.Json;

namespace Sluice.Platforms.LakeFormation.Wire;

/// <summary>Writes permissions as entries of a batch. CatalogId is given on each resource.</summary>
internal static class PermissionWriting
{
    /// <summary>An entry; without an id it is what restores a grant.</summary>
    public static void Write(Utf8JsonWriter json, LakePermission entry, string catalogId, string? id)
    {
        json.WriteStartObject();
        if (id is not null) json.WriteString("Id", id);
        json.WriteStartObject("Principal");
        json.WriteString("DataLakePrincipalIdentifier", entry.Principal);
        json.WriteEndObject();
        json.WriteStartObject("Resource");
        Write(json, entry.Resource, catalogId);
        json.WriteEndObject();
        Write(json, "Permissions", entry.Granted);
        if (entry.Grantable != LakePermissions.None) Write(json, "PermissionsWithGrantOption", entry.Grantable);
        json.WriteEndObject();
    }

    /// <summary>The one member of a Resource.</summary>
    /// <exception cref="ArgumentException">Sluice grants nothing on such a resource.</exception>
    public static void Write(Utf8JsonWriter json, LakeResource resource, string catalogId)
    {
        switch (resource)
        {
            case LakeResource.Database database:
                Start(json, "Database", catalogId);
                json.WriteString("Name", database.Name);
                break;
            case LakeResource.Table { Name: { } name } table:
                Start(json, "Table", catalogId);
                json.WriteString("DatabaseName", table.DatabaseName);
                json.WriteString("Name", name);
                break;
            case LakeResource.SomeColumns { Name: { } name } some:
                Start(json, "TableWithColumns", catalogId);
                json.WriteString("DatabaseName", some.DatabaseName);
                json.WriteString("Name", name);
                Write(json, some);
                break;
            case LakeResource.TagPolicy policy:
                Start(json, "LFTagPolicy", catalogId);
                json.WriteString("ResourceType", policy.OfTables ? "TABLE" : "DATABASE");
                Write(json, "Expression", policy.Expression);
                break;
            default:
                throw new ArgumentException($"Sluice grants nothing on a resource of kind {resource.GetType().Name}.", nameof(resource));
        }

        json.WriteEndObject();
    }

    /// <summary>LF-Tags with their values.</summary>
    public static void Write(Utf8JsonWriter json, string member, IReadOnlyList<LFTag> tags)
    {
        json.WriteStartArray(member);
        foreach (var tag in tags)
        {
            json.WriteStartObject();
            json.WriteString("TagKey", tag.Key);
            Write(json, "TagValues", tag.Values);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>A list of texts.</summary>
    public static void Write(Utf8JsonWriter json, string member, IEnumerable<string> texts)
    {
        json.WriteStartArray(member);
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, LakeResource.SomeColumns some)
    {
        if (!some.IsExcluding)
        {
            Write(json, "ColumnNames", some.Columns);
            return;
        }

        json.WriteStartObject("ColumnWildcard");
        Write(json, "ExcludedColumnNames", some.Columns);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string member, LakePermissions permissions) => Write(json, member, permissions.Each().Select(LakePermissionNames.Name));

    private static void Start(Utf8JsonWriter json, string member, string catalogId)
    {
        json.WriteStartObject(member);
        json.WriteString("CatalogId", catalogId);
    }
}
