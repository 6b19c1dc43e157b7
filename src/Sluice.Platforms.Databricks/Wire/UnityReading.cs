using System.Text.Json;
using Sluice.Core.Catalog;

namespace Sluice.Platforms.Databricks.Wire;

/// <summary>Reads the answers of the Unity Catalog API.</summary>
internal sealed class UnityReading(TextPool pool)
{
    public static MetastoreAssignment Assignment(ref Utf8JsonReader reader)
    {
        string? metastore = null, workspace = null;
        reader.EnterAnswer();
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("metastore_id"u8)) metastore = reader.NextText();
            else if (reader.ValueTextEquals("workspace_id"u8)) workspace = reader.NextId();
            else reader.SkipValue();
        }

        return new MetastoreAssignment(metastore is { Length: > 0 } ? metastore : throw new JsonException(), workspace);
    }

    public static MetastoreSummary Summary(ref Utf8JsonReader reader)
    {
        string? name = null, cloud = null, region = null;
        reader.EnterAnswer();
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("name"u8)) name = reader.NextText();
            else if (reader.ValueTextEquals("cloud"u8)) cloud = reader.NextText();
            else if (reader.ValueTextEquals("region"u8)) region = reader.NextText();
            else reader.SkipValue();
        }

        return new MetastoreSummary(name, cloud, region);
    }

    public static Principal Me(ref Utf8JsonReader reader)
    {
        string? name = null, shown = null;
        reader.EnterAnswer();
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("userName"u8)) name = reader.NextText();
            else if (reader.ValueTextEquals("displayName"u8)) shown = reader.NextText();
            else reader.SkipValue();
        }

        return new Principal(name ?? throw new JsonException(), shown);
    }

    public static WarehouseEntry Warehouse(ref Utf8JsonReader reader)
    {
        string? name = null, state = null, trouble = null;
        reader.EnterAnswer();
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("name"u8)) name = reader.NextText();
            else if (reader.ValueTextEquals("state"u8)) state = reader.NextText();
            else if (reader.ValueTextEquals("health"u8)) trouble = Health(ref reader);
            else reader.SkipValue();
        }

        return new WarehouseEntry(name, state, trouble);
    }

    /// <summary>The privileges that a page of effective-permissions lists, whoever they come from.</summary>
    public static Page<string> Privileges(ref Utf8JsonReader reader)
    {
        var privileges = new List<string>();
        string? token = null;
        reader.EnterAnswer();
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("next_page_token"u8)) token = reader.NextToken();
            else if (!reader.ValueTextEquals("privilege_assignments"u8)) reader.SkipValue();
            else if (reader.EnterList())
                while (reader.NextItem()) AddAssignment(ref reader, privileges);
        }

        return new Page<string>(privileges, token);
    }

    public Page<CatalogEntry> Catalogs(ref Utf8JsonReader reader)
    {
        var items = new List<CatalogEntry>();
        string? token = null;
        reader.EnterAnswer();
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("next_page_token"u8)) token = reader.NextToken();
            else if (!reader.ValueTextEquals("catalogs"u8)) reader.SkipValue();
            else if (reader.EnterList())
                while (reader.NextItem()) items.Add(CatalogMembers(ref reader));
        }

        return new Page<CatalogEntry>(items, token);
    }

    public CatalogEntry Catalog(ref Utf8JsonReader reader)
    {
        reader.EnterAnswer();
        return CatalogMembers(ref reader);
    }

    public Page<SchemaEntry> Schemas(ref Utf8JsonReader reader)
    {
        var items = new List<SchemaEntry>();
        string? token = null;
        reader.EnterAnswer();
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("next_page_token"u8)) token = reader.NextToken();
            else if (!reader.ValueTextEquals("schemas"u8)) reader.SkipValue();
            else if (reader.EnterList())
                while (reader.NextItem()) items.Add(SchemaMembers(ref reader));
        }

        return new Page<SchemaEntry>(items, token);
    }

    public SchemaEntry Schema(ref Utf8JsonReader reader)
    {
        reader.EnterAnswer();
        return SchemaMembers(ref reader);
    }

    public Page<TableEntry> Tables(ref Utf8JsonReader reader)
    {
        var items = new List<TableEntry>();
        string? token = null;
        reader.EnterAnswer();
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("next_page_token"u8)) token = reader.NextToken();
            else if (!reader.ValueTextEquals("tables"u8)) reader.SkipValue();
            else if (reader.EnterList())
                while (reader.NextItem()) items.Add(TableMembers(ref reader));
        }

        return new Page<TableEntry>(items, token);
    }

    public TableEntry Table(ref Utf8JsonReader reader)
    {
        reader.EnterAnswer();
        return TableMembers(ref reader);
    }

    private static string? Health(ref Utf8JsonReader reader)
    {
        string? status = null, summary = null;
        if (!reader.EnterObject()) return null;
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("status"u8)) status = reader.NextText();
            else if (reader.ValueTextEquals("summary"u8)) summary = reader.NextText();
            else reader.SkipValue();
        }

        return status is "DEGRADED" or "FAILED" ? ForeignWords.Bounded(summary is { Length: > 0 } ? summary : status) : null;
    }

    private static void AddAssignment(ref Utf8JsonReader reader, List<string> privileges)
    {
        while (reader.NextMember())
        {
            if (!reader.ValueTextEquals("privileges"u8))
            {
                reader.SkipValue();
                continue;
            }

            if (!reader.EnterList()) continue;
            while (reader.NextItem())
            {
                while (reader.NextMember())
                {
                    if (!reader.ValueTextEquals("privilege"u8)) reader.SkipValue();
                    else if (reader.NextText() is { } privilege) privileges.Add(privilege);
                }
            }
        }
    }

    private CatalogEntry CatalogMembers(ref Utf8JsonReader reader)
    {
        string? name = null, id = null, comment = null, type = null, owner = null;
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("name"u8)) name = reader.NextText();
            else if (reader.ValueTextEquals("id"u8)) id = reader.NextText();
            else if (reader.ValueTextEquals("comment"u8)) comment = reader.NextText(pool);
            else if (reader.ValueTextEquals("catalog_type"u8)) type = reader.NextText(pool);
            else if (reader.ValueTextEquals("owner"u8)) owner = reader.NextText(pool);
            else reader.SkipValue();
        }

        return new CatalogEntry(Named(name), id, comment, type, owner);
    }

    private SchemaEntry SchemaMembers(ref Utf8JsonReader reader)
    {
        string? name = null, id = null, comment = null;
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("name"u8)) name = reader.NextText();
            else if (reader.ValueTextEquals("schema_id"u8)) id = reader.NextText();
            else if (reader.ValueTextEquals("comment"u8)) comment = reader.NextText(pool);
            else reader.SkipValue();
        }

        return new SchemaEntry(Named(name), id, comment);
    }

    private TableEntry TableMembers(ref Utf8JsonReader reader)
    {
        string? name = null, id = null, type = null, format = null, comment = null;
        IReadOnlyList<DiscoveredColumn> columns = [];
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("name"u8)) name = reader.NextText();
            else if (reader.ValueTextEquals("table_id"u8)) id = reader.NextText();
            else if (reader.ValueTextEquals("table_type"u8)) type = reader.NextText(pool);
            else if (reader.ValueTextEquals("data_source_format"u8)) format = reader.NextText(pool);
            else if (reader.ValueTextEquals("comment"u8)) comment = reader.NextText(pool);
            else if (reader.ValueTextEquals("columns"u8)) columns = Columns(ref reader);
            else reader.SkipValue();
        }

        return new TableEntry(Named(name), id, TableKinds.Of(type, format), comment, columns);
    }

    private List<DiscoveredColumn> Columns(ref Utf8JsonReader reader)
    {
        var columns = new List<(long Position, DiscoveredColumn Column)>();
        if (!reader.EnterList()) return [];
        while (reader.NextItem())
        {
            string? name = null, type = null, comment = null;
            long? position = null;
            while (reader.NextMember())
            {
                if (reader.ValueTextEquals("name"u8)) name = reader.NextText(pool);
                else if (reader.ValueTextEquals("type_text"u8)) type = reader.NextText(pool);
                else if (reader.ValueTextEquals("comment"u8)) comment = reader.NextText(pool);
                else if (reader.ValueTextEquals("position"u8)) position = reader.NextNumber();
                else reader.SkipValue();
            }

            columns.Add((position ?? columns.Count, pool.Column(Named(name), type ?? "", comment)));
        }

        // OrderBy is stable: equal positions keep the order of the answer.
        return [.. columns.OrderBy(c => c.Position).Select(c => c.Column)];
    }

    // A name that can't be stored, or can't be a path, is no name of Databricks'.
    private static string Named(string? name) => ObjectPath.NameProblem(name) is null ? name! : throw new JsonException();
}
