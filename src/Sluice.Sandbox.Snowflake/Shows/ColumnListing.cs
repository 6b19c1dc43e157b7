using System.Text.Json.Nodes;
using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Statements;
using static Sluice.Sandbox.Snowflake.Results.ResultColumn;

namespace Sluice.Sandbox.Snowflake.Shows;

/// <summary>SHOW COLUMNS: the type is a JSON object.</summary>
internal static class ColumnListing
{
    public static Listing Of(StatementContext context, IEnumerable<SchemaState> schemas, ShowScope scope)
    {
        IEnumerable<SchemaObject> tables = scope is { Domain: Domain.Table or Domain.View, Name: { } name }
            ? [context.Object(Domain.Table, name)]
            : schemas.SelectMany(schema => schema.Tables()).Where(table => context.Access.Sees(table));
        return new(
            [
                Text("table_name"), Text("schema_name"), Text("column_name"), Text("data_type"), Text("null?"), Text("default"), Text("kind"), Text("expression"), Text("comment"),
                Text("database_name"), Text("autoincrement"), Text("schema_evolution_record"),
            ],
            2,
            tables.SelectMany(table => table.Columns.Select(column => (object?[])
            [
                table.Name, table.Schema.Name, column.Name, Json(column), column.Nullable ? "true" : "NOT_NULL", column.Default ?? "", column.Kind, column.Expression ?? "", column.Comment ?? "",
                table.Database.Name, "", null,
            ])));
    }

    private static string Json(ColumnState column)
    {
        var type = column.Type;
        var json = new JsonObject { ["type"] = type.Wire.ToUpperInvariant() };
        switch (type.Kind)
        {
            case SqlKind.Fixed:
                (json["precision"], json["scale"]) = (type.Precision, type.Scale);
                break;
            case SqlKind.Text:
                (json["length"], json["byteLength"]) = (type.Length, Math.Min(type.Length * 4L, SqlType.LongestText));
                break;
            case SqlKind.Time or SqlKind.TimestampNtz or SqlKind.TimestampLtz or SqlKind.TimestampTz:
                (json["precision"], json["scale"]) = (0, type.Scale);
                break;
            case SqlKind.Binary:
                (json["length"], json["byteLength"]) = (type.Length, type.Length);
                break;
        }

        json["nullable"] = column.Nullable;
        if (type.Kind == SqlKind.Text) json["fixed"] = false;
        return json.ToJsonString();
    }
}
