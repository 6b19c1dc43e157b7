using System.Text;
using System.Text.Json;
using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.UnityCatalog;

/// <summary>Writes securables as the Unity Catalog API shows them, field by field as in the vendor's open SDK models.</summary>
internal static class ObjectWriting
{
    public static void Catalog(Call call, CatalogObject catalog, bool browseOnly)
    {
        var json = call.Json;
        json.WriteStartObject();
        Common(json, catalog, call.State.Metastore, browseOnly, omitUsers: false);
        json.WriteString("full_name", catalog.Name);
        json.WriteString("id", catalog.Id);
        json.WriteString("catalog_type", TableTypes.Of(catalog.Kind));
        json.WriteString("securable_type", "CATALOG");
        json.WriteString("securable_kind", $"CATALOG_{(catalog.Kind == CatalogKind.Managed ? "STANDARD" : catalog.Kind.ToString().ToUpperInvariant())}");
        json.WriteString("isolation_mode", "OPEN");
        Paging.Optional(json, "connection_name", catalog.ConnectionName);
        Paging.Optional(json, "provider_name", catalog.ProviderName);
        Paging.Optional(json, "share_name", catalog.ShareName);
        Properties(json, catalog, browseOnly);
        json.WriteEndObject();
    }

    public static void Schema(Call call, CatalogObject catalog, SchemaObject schema, bool browseOnly)
    {
        var json = call.Json;
        json.WriteStartObject();
        Common(json, schema, call.State.Metastore, browseOnly, omitUsers: false);
        json.WriteString("full_name", $"{catalog.Name}.{schema.Name}");
        json.WriteString("catalog_name", catalog.Name);
        json.WriteString("catalog_type", TableTypes.Of(catalog.Kind));
        json.WriteString("schema_id", schema.Id);
        Properties(json, schema, browseOnly);
        json.WriteEndObject();
    }

    public static void Table(Call call, CatalogObject catalog, SchemaObject schema, TableObject table, bool browseOnly, TableOmissions omit)
    {
        var json = call.Json;
        json.WriteStartObject();
        Common(json, table, call.State.Metastore, browseOnly, omit.Users);
        json.WriteString("full_name", $"{catalog.Name}.{schema.Name}.{table.Name}");
        json.WriteString("catalog_name", catalog.Name);
        json.WriteString("schema_name", schema.Name);
        json.WriteString("table_id", table.Id);
        json.WriteString("table_type", TableTypes.Of(table.Type));
        json.WriteString("data_source_format", table.Format);
        if (!browseOnly)
        {
            Paging.Optional(json, "storage_location", table.StorageLocation);
            Paging.Optional(json, "view_definition", table.ViewDefinition);
            Paging.Optional(json, "pipeline_id", table.PipelineId);
            if (table.RowFilter is { } filter) RowFilter(json, filter);
        }

        if (!omit.Columns)
        {
            json.WriteStartArray("columns");
            for (var index = 0; index < table.Columns.Length; index++) Column(json, table.Columns[index], index, browseOnly);
            json.WriteEndArray();
        }

        if (!omit.Properties) Properties(json, table, browseOnly);
        json.WriteEndObject();
    }

    public static void Function(Call call, CatalogObject catalog, SchemaObject schema, FunctionObject function, bool browseOnly)
    {
        var json = call.Json;
        json.WriteStartObject();
        Common(json, function, call.State.Metastore, browseOnly, omitUsers: false);
        json.WriteString("full_name", $"{catalog.Name}.{schema.Name}.{function.Name}");
        json.WriteString("catalog_name", catalog.Name);
        json.WriteString("schema_name", schema.Name);
        json.WriteString("function_id", function.Id);
        json.WriteString("specific_name", function.Name);
        json.WriteString("data_type", function.Returns.ApiName);
        json.WriteString("full_data_type", function.Returns.ResultText);
        json.WriteString("routine_body", "SQL");
        if (!browseOnly) json.WriteString("routine_definition", function.Body);
        json.WriteString("parameter_style", "S");
        json.WriteBoolean("is_deterministic", function.IsDeterministic);
        json.WriteString("sql_data_access", function.ReadsData ? "READS_SQL_DATA" : "CONTAINS_SQL");
        json.WriteBoolean("is_null_call", true);
        json.WriteString("security_type", "DEFINER");
        json.WriteStartObject("input_params");
        json.WriteStartArray("parameters");
        foreach (var (position, parameter) in function.Parameters.Index())
        {
            json.WriteStartObject();
            json.WriteString("name", parameter.Name);
            json.WriteString("type_text", parameter.Type.Text);
            json.WriteString("type_json", TypeJson(new(parameter.Name, parameter.Type)));
            json.WriteString("type_name", parameter.Type.ApiName);
            json.WriteNumber("position", position);
            json.WriteString("parameter_mode", "IN");
            json.WriteString("parameter_type", "PARAM");
            Paging.Optional(json, "parameter_default", parameter.Default);
            Paging.Optional(json, "comment", parameter.Comment);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Column(Utf8JsonWriter json, ColumnObject column, int position, bool browseOnly)
    {
        json.WriteStartObject();
        json.WriteString("name", column.Name);
        json.WriteString("type_text", column.Type.Text);
        json.WriteString("type_json", TypeJson(column));
        json.WriteString("type_name", column.Type.ApiName);
        json.WriteNumber("type_precision", column.Type.Base == "decimal" ? column.Type.Precision ?? 10 : 0);
        json.WriteNumber("type_scale", column.Type.Base == "decimal" ? column.Type.Scale ?? 0 : 0);
        json.WriteNumber("position", position);
        Paging.Optional(json, "comment", column.Comment);
        json.WriteBoolean("nullable", column.Nullable);
        if (column.PartitionIndex is { } partition) json.WriteNumber("partition_index", partition);
        if (column.Mask is { } mask && !browseOnly)
        {
            json.WriteStartObject("mask");
            json.WriteString("function_name", mask.Function);
            if (!mask.Using.IsEmpty)
            {
                Names(json, "using_column_names", mask.Columns);
                Arguments(json, "using_arguments", mask.Using);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void RowFilter(Utf8JsonWriter json, RowFilter filter)
    {
        json.WriteStartObject("row_filter");
        json.WriteString("function_name", filter.Function);
        Names(json, "input_column_names", filter.Columns);
        Arguments(json, "input_arguments", filter.On);
        json.WriteEndObject();
    }

    private static void Common(Utf8JsonWriter json, SecurableObject securable, MetastoreObject metastore, bool browseOnly, bool omitUsers)
    {
        json.WriteString("name", securable.Name);
        Paging.Optional(json, "comment", securable.Comment);
        json.WriteString("metastore_id", metastore.Id);
        json.WriteNumber("created_at", securable.CreatedAt);
        json.WriteNumber("updated_at", securable.UpdatedAt);
        if (!omitUsers)
        {
            json.WriteString("owner", securable.Owner);
            json.WriteString("created_by", securable.CreatedBy);
            json.WriteString("updated_by", securable.UpdatedBy);
        }

        if (browseOnly) json.WriteBoolean("browse_only", true);
    }

    private static void Properties(Utf8JsonWriter json, SecurableObject securable, bool browseOnly)
    {
        if (browseOnly || securable.Properties.IsEmpty) return;
        json.WriteStartObject("properties");
        foreach (var (name, value) in securable.Properties) json.WriteString(name, value);
        json.WriteEndObject();
    }

    private static void Names(Utf8JsonWriter json, string member, IEnumerable<string> names)
    {
        json.WriteStartArray(member);
        foreach (var name in names) json.WriteStringValue(name);
        json.WriteEndArray();
    }

    private static void Arguments(Utf8JsonWriter json, string member, IEnumerable<GuardArgument> arguments)
    {
        json.WriteStartArray(member);
        foreach (var argument in arguments)
        {
            json.WriteStartObject();
            json.WriteString(argument.Column is null ? "constant" : "column", argument.Column ?? argument.Constant);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string TypeJson(ColumnObject column)
    {
        using var buffer = ResponseBuffer.Rent();
        column.Type.WriteField(buffer.Json, column.Name, column.Nullable);
        return Encoding.UTF8.GetString(buffer.Written.Span);
    }
}

/// <summary>What a tables list leaves out on request.</summary>
internal readonly record struct TableOmissions(bool Columns, bool Properties, bool Users)
{
    public static TableOmissions Of(Call call) => new(call.Flag("omit_columns"), call.Flag("omit_properties"), call.Flag("omit_username"));
}
