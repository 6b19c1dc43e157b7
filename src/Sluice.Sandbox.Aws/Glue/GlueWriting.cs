using System.Text.Json;
using Sluice.Sandbox.Aws.Catalog;
using Sluice.Sandbox.Aws.LakeFormation;

namespace Sluice.Sandbox.Aws.Glue;

/// <summary>Writes databases and tables in the shapes of the Glue API.</summary>
internal static class GlueWriting
{
    public static void Write(Utf8JsonWriter json, DatabaseDefinition database, string accountId, bool nameOnly)
    {
        json.WriteStartObject();
        json.WriteString("Name", database.Name);
        if (!nameOnly)
        {
            if (database.Description is not null) json.WriteString("Description", database.Description);
            if (database.Location is not null) json.WriteString("LocationUri", database.Location);
            json.WriteStartObject("Parameters");
            foreach (var (key, value) in database.Parameters) json.WriteString(key, value);
            json.WriteEndObject();
            json.WriteNumber("CreateTime", database.CreateTime);
            json.WriteStartArray("CreateTableDefaultPermissions");
            if (database.UnderIam) WriteIamDefault(json);
            json.WriteEndArray();
            if (database.FederatedThrough is { } connection)
            {
                json.WriteStartObject("FederatedDatabase");
                json.WriteString("Identifier", $"arn:aws:redshift:us-east-1:{accountId}:datashare:{database.Name}");
                json.WriteString("ConnectionName", connection);
                json.WriteEndObject();
            }
        }

        json.WriteString("CatalogId", accountId);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, TableDefinition table, string database, string accountId, IReadOnlySet<string>? columns)
    {
        json.WriteStartObject();
        json.WriteString("Name", table.Name);
        json.WriteString("DatabaseName", database);
        if (table.Description is not null) json.WriteString("Description", table.Description);
        json.WriteString("Owner", "hadoop");
        json.WriteNumber("CreateTime", table.CreateTime);
        json.WriteNumber("UpdateTime", table.UpdateTime);
        json.WriteNumber("Retention", 0);
        if (table.Target is { } target) WriteTarget(json, target);
        else WriteStorage(json, table, database, columns);
        json.WriteStartArray("PartitionKeys");
        foreach (var column in table.PartitionKeys) WriteColumn(json, column, columns);
        json.WriteEndArray();
        if (table.ViewText is not null)
        {
            json.WriteString("ViewOriginalText", table.ViewText);
            json.WriteString("ViewExpandedText", table.ViewText);
        }

        if (table.StatesItsType && table.Kind != TableKind.ResourceLink) json.WriteString("TableType", TypeOf(table.Kind));
        WriteParameters(json, table, database);
        json.WriteString("CreatedBy", $"arn:aws:iam::{accountId}:role/lake-loader");
        json.WriteBoolean("IsRegisteredWithLakeFormation", table.Registered);
        json.WriteString("CatalogId", accountId);
        json.WriteString("VersionId", table.Version.ToString());
        if (table.Kind == TableKind.Federated) WriteFederation(json, table, database);
        if (table.Kind == TableKind.MultiDialectView) WriteDialects(json, table, accountId);
        json.WriteBoolean("IsMultiDialectView", table.Kind == TableKind.MultiDialectView);
        json.WriteEndObject();
    }

    private static string TypeOf(TableKind kind) =>
        kind is TableKind.View or TableKind.MultiDialectView ? "VIRTUAL_VIEW" : "EXTERNAL_TABLE";

    private static void WriteIamDefault(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartObject("Principal");
        json.WriteString("DataLakePrincipalIdentifier", AccessRules.IamAllowedPrincipals);
        json.WriteEndObject();
        json.WriteStartArray("Permissions");
        json.WriteStringValue("ALL");
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTarget(Utf8JsonWriter json, (string Account, string Database, string Table) target)
    {
        json.WriteStartObject("TargetTable");
        json.WriteString("CatalogId", target.Account);
        json.WriteString("DatabaseName", target.Database);
        json.WriteString("Name", target.Table);
        json.WriteEndObject();
    }

    private static void WriteStorage(Utf8JsonWriter json, TableDefinition table, string database, IReadOnlySet<string>? columns)
    {
        json.WriteStartObject("StorageDescriptor");
        json.WriteStartArray("Columns");
        foreach (var column in table.Columns) WriteColumn(json, column, columns);
        json.WriteEndArray();
        if (table.Kind is TableKind.External or TableKind.Iceberg) json.WriteString("Location", $"s3://acme-data-lake/{database}/{table.Name}/");
        json.WriteBoolean("Compressed", value: false);
        json.WriteNumber("NumberOfBuckets", 0);
        if (table.Kind == TableKind.External) WriteFormat(json, table.Format);
        json.WriteStartArray("SortColumns");
        json.WriteEndArray();
        json.WriteBoolean("StoredAsSubDirectories", value: false);
        json.WriteEndObject();
    }

    private static void WriteFormat(Utf8JsonWriter json, string format)
    {
        var (input, output, library) = format switch
        {
            "json" => ("org.apache.hadoop.mapred.TextInputFormat", "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat", "org.openx.data.jsonserde.JsonSerDe"),
            "csv" => ("org.apache.hadoop.mapred.TextInputFormat", "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat", "org.apache.hadoop.hive.serde2.OpenCSVSerde"),
            "orc" => ("org.apache.hadoop.hive.ql.io.orc.OrcInputFormat", "org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat", "org.apache.hadoop.hive.ql.io.orc.OrcSerde"),
            _ => ("org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat", "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat", "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"),
        };
        json.WriteString("InputFormat", input);
        json.WriteString("OutputFormat", output);
        json.WriteStartObject("SerdeInfo");
        json.WriteString("SerializationLibrary", library);
        json.WriteStartObject("Parameters");
        json.WriteString("serialization.format", "1");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteColumn(Utf8JsonWriter json, ColumnDefinition column, IReadOnlySet<string>? columns)
    {
        if (columns is not null && !columns.Contains(column.Name)) return;
        json.WriteStartObject();
        json.WriteString("Name", column.Name);
        json.WriteString("Type", column.Type);
        if (column.Comment is not null) json.WriteString("Comment", column.Comment);
        json.WriteEndObject();
    }

    private static void WriteParameters(Utf8JsonWriter json, TableDefinition table, string database)
    {
        json.WriteStartObject("Parameters");
        switch (table.Kind)
        {
            case TableKind.Iceberg:
                json.WriteString("table_type", "ICEBERG");
                json.WriteString("metadata_location", $"s3://acme-data-lake/{database}/{table.Name}/metadata/{table.Version:D5}.metadata.json");
                break;
            case TableKind.View:
                json.WriteString("presto_view", "true");
                json.WriteString("comment", "Presto View");
                break;
            case TableKind.External:
                json.WriteString("classification", table.Format);
                json.WriteString("EXTERNAL", "TRUE");
                break;
        }

        json.WriteEndObject();
    }

    private static void WriteFederation(Utf8JsonWriter json, TableDefinition table, string database)
    {
        json.WriteStartObject("FederatedTable");
        json.WriteString("Identifier", table.Name);
        json.WriteString("DatabaseIdentifier", database);
        json.WriteString("ConnectionName", "crm-redshift-connection");
        json.WriteEndObject();
    }

    private static void WriteDialects(Utf8JsonWriter json, TableDefinition table, string accountId)
    {
        json.WriteStartObject("ViewDefinition");
        json.WriteBoolean("IsProtected", value: true);
        json.WriteString("Definer", $"arn:aws:iam::{accountId}:role/lake-view-definer");
        json.WriteStartArray("Representations");
        json.WriteStartObject();
        json.WriteString("Dialect", "ATHENA");
        json.WriteString("DialectVersion", "3");
        json.WriteString("ViewOriginalText", table.ViewText ?? "");
        json.WriteBoolean("IsStale", value: false);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
