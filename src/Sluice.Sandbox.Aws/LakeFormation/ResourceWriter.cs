using System.Text.Json;
using Tags = System.Collections.Immutable.ImmutableSortedDictionary<string, string>;

namespace Sluice.Sandbox.Aws.LakeFormation;

/// <summary>Writes the Resource union and the shapes around LF-Tags.</summary>
internal static class ResourceWriter
{
    public static void Write(Utf8JsonWriter json, LakeResource resource, string accountId, bool asColumns)
    {
        switch (resource)
        {
            case WholeCatalog:
                json.WriteStartObject("Catalog");
                json.WriteString("Id", accountId);
                break;
            case NamedDatabase database:
                Start(json, "Database", accountId);
                json.WriteString("Name", database.Name);
                break;
            case NamedTable table:
                Table(json, table.Database, table.Name, accountId, asColumns);
                break;
            case AllTables tables:
                Table(json, tables.Database, AllTables.WireName, accountId, asColumns);
                if (!asColumns) Empty(json, "TableWildcard");
                break;
            case TableColumns columns:
                Columns(json, columns, accountId);
                break;
            case DataLocation location:
                Start(json, "DataLocation", accountId);
                json.WriteString("ResourceArn", location.Arn);
                break;
            case TagValues tag:
                Start(json, "LFTag", accountId);
                json.WriteString("TagKey", tag.TagKey);
                Names(json, "TagValues", tag.Values);
                break;
            case TagPolicy policy:
                Policy(json, policy, accountId);
                break;
        }

        json.WriteEndObject();
    }

    public static void WriteTags(Utf8JsonWriter json, string name, Tags tags, string accountId, Func<string, string, bool> shown)
    {
        json.WriteStartArray(name);
        foreach (var (key, value) in tags)
        {
            if (!shown(key, value)) continue;
            json.WriteStartObject();
            json.WriteString("CatalogId", accountId);
            json.WriteString("TagKey", key);
            json.WriteStartArray("TagValues");
            json.WriteStringValue(value);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public static void Names(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static void Start(Utf8JsonWriter json, string name, string accountId)
    {
        json.WriteStartObject(name);
        json.WriteString("CatalogId", accountId);
    }

    private static void Table(Utf8JsonWriter json, string database, string name, string accountId, bool asColumns)
    {
        Start(json, asColumns ? "TableWithColumns" : "Table", accountId);
        json.WriteString("DatabaseName", database);
        json.WriteString("Name", name);
        if (asColumns) Empty(json, "ColumnWildcard");
    }

    private static void Columns(Utf8JsonWriter json, TableColumns columns, string accountId)
    {
        Start(json, "TableWithColumns", accountId);
        json.WriteString("DatabaseName", columns.Database);
        json.WriteString("Name", columns.Table);
        if (!columns.Excluded)
        {
            Names(json, "ColumnNames", columns.Columns);
            return;
        }

        json.WriteStartObject("ColumnWildcard");
        Names(json, "ExcludedColumnNames", columns.Columns);
        json.WriteEndObject();
    }

    private static void Policy(Utf8JsonWriter json, TagPolicy policy, string accountId)
    {
        Start(json, "LFTagPolicy", accountId);
        json.WriteString("ResourceType", policy.OnTables ? "TABLE" : "DATABASE");
        json.WriteStartArray("Expression");
        foreach (var (key, values) in policy.Expression.Conditions)
        {
            json.WriteStartObject();
            json.WriteString("TagKey", key);
            Names(json, "TagValues", values);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Empty(Utf8JsonWriter json, string name)
    {
        json.WriteStartObject(name);
        json.WriteEndObject();
    }
}
