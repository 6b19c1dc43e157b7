using System.Text.Json;
using Sluice.Core.Catalog;

namespace Sluice.Platforms.LakeFormation.Wire;

/// <summary>Reads Glue's databases and tables (Glue API reference, data types Database and Table). Unknown members are passed over.</summary>
internal sealed class GlueReading(LakePool pool)
{
    public Page<GlueDatabase> Databases(ref Utf8JsonReader reader)
    {
        var databases = new List<GlueDatabase>();
        string? token = null;
        reader.EnterAnswer();
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("DatabaseList"u8))
            {
                if (!reader.EnterList()) continue;
                while (reader.NextItem()) databases.Add(DatabaseItem(ref reader));
            }
            else if (reader.ValueTextEquals("NextToken"u8)) token = reader.NextToken();
            else reader.SkipValue();
        }

        return new Page<GlueDatabase>(databases, token);
    }

    public GlueDatabase Database(ref Utf8JsonReader reader)
    {
        GlueDatabase? database = null;
        reader.EnterAnswer();
        while (reader.NextMember())
        {
            if (!reader.ValueTextEquals("Database"u8)) reader.SkipValue();
            else if (reader.EnterObject()) database = DatabaseItem(ref reader);
        }

        return database ?? throw new JsonException();
    }

    public Page<GlueTable> Tables(ref Utf8JsonReader reader)
    {
        var tables = new List<GlueTable>(100);
        string? token = null;
        reader.EnterAnswer();
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("TableList"u8))
            {
                if (!reader.EnterList()) continue;
                while (reader.NextItem()) tables.Add(TableItem(ref reader));
            }
            else if (reader.ValueTextEquals("NextToken"u8)) token = reader.NextToken();
            else reader.SkipValue();
        }

        return new Page<GlueTable>(tables, token);
    }

    public GlueTable Table(ref Utf8JsonReader reader)
    {
        GlueTable? table = null;
        reader.EnterAnswer();
        while (reader.NextMember())
        {
            if (!reader.ValueTextEquals("Table"u8)) reader.SkipValue();
            else if (reader.EnterObject()) table = TableItem(ref reader);
        }

        return table ?? throw new JsonException();
    }

    private GlueDatabase DatabaseItem(ref Utf8JsonReader reader)
    {
        string? name = null, description = null, target = null;
        long? created = null;
        List<string>? defaults = null;
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("Name"u8)) name = reader.NextText();
            else if (reader.ValueTextEquals("Description"u8)) description = reader.NextText(pool);
            else if (reader.ValueTextEquals("CreateTime"u8)) created = reader.NextTime();
            else if (reader.ValueTextEquals("TargetDatabase"u8)) target = Target(ref reader);
            else if (reader.ValueTextEquals("CreateTableDefaultPermissions"u8)) defaults = DefaultPrincipals(ref reader);
            else reader.SkipValue();
        }

        return new GlueDatabase(name ?? throw new JsonException())
        {
            Description = description, CreateTime = created, Target = target, DefaultPrincipals = defaults ?? [],
        };
    }

    private GlueTable TableItem(ref Utf8JsonReader reader)
    {
        string? name = null, description = null, target = null, type = null;
        long? created = null;
        bool? registered = null;
        bool iceberg = false, federated = false, view = false;
        List<DiscoveredColumn>? columns = null, partitions = null;
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("Name"u8)) name = reader.NextText();
            else if (reader.ValueTextEquals("Description"u8)) description = reader.NextText(pool);
            else if (reader.ValueTextEquals("CreateTime"u8)) created = reader.NextTime();
            else if (reader.ValueTextEquals("StorageDescriptor"u8)) columns = StoredColumns(ref reader);
            else if (reader.ValueTextEquals("PartitionKeys"u8)) partitions = ColumnList(ref reader, isPartitionKey: true, partitions);
            else if (reader.ValueTextEquals("TableType"u8)) type = reader.NextText(pool);
            else if (reader.ValueTextEquals("Parameters"u8)) iceberg = IsIceberg(ref reader);
            else if (reader.ValueTextEquals("IsRegisteredWithLakeFormation"u8)) registered = reader.NextBoolean();
            else if (reader.ValueTextEquals("TargetTable"u8)) target = Target(ref reader);
            else if (reader.ValueTextEquals("FederatedTable"u8)) federated = IsPresent(ref reader);
            else if (reader.ValueTextEquals("ViewDefinition"u8)) view = IsPresent(ref reader);
            else reader.SkipValue();
        }

        if (columns is null) columns = partitions;
        else if (partitions is not null) columns.AddRange(partitions);
        return new GlueTable
        {
            Name = name ?? throw new JsonException(),
            Kind = Kind(type, target is not null, federated, iceberg, view),
            Description = description,
            CreateTime = created,
            Columns = columns ?? [],
            IsRegistered = registered,
            Target = target,
        };
    }

    private static ObjectKind Kind(string? type, bool link, bool federated, bool iceberg, bool view)
    {
        if (link) return ObjectKind.ResourceLink;
        if (type == "MATERIALIZED_VIEW") return ObjectKind.MaterializedView;
        if (view || type == "VIRTUAL_VIEW") return ObjectKind.View;
        if (federated) return ObjectKind.FederatedTable;
        return iceberg ? ObjectKind.IcebergTable : ObjectKind.Table;
    }

    private List<DiscoveredColumn>? StoredColumns(ref Utf8JsonReader reader)
    {
        List<DiscoveredColumn>? columns = null;
        if (!reader.EnterObject()) return null;
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("Columns"u8)) columns = ColumnList(ref reader, isPartitionKey: false, columns);
            else reader.SkipValue();
        }

        return columns;
    }

    private List<DiscoveredColumn>? ColumnList(ref Utf8JsonReader reader, bool isPartitionKey, List<DiscoveredColumn>? columns)
    {
        if (!reader.EnterList()) return columns;
        while (reader.NextItem())
        {
            string? name = null, type = null, comment = null;
            while (reader.NextMember())
            {
                if (reader.ValueTextEquals("Name"u8)) name = reader.NextText(pool);
                else if (reader.ValueTextEquals("Type"u8)) type = reader.NextText(pool);
                else if (reader.ValueTextEquals("Comment"u8)) comment = reader.NextText(pool);
                else reader.SkipValue();
            }

            (columns ??= new List<DiscoveredColumn>(10)).Add(
                pool.Column(name ?? throw new JsonException(), type ?? "", comment, isPartitionKey));
        }

        return columns;
    }

    // table_type is what Athena, Spark and Glue itself set on Iceberg tables, in either case.
    private static bool IsIceberg(ref Utf8JsonReader reader)
    {
        var iceberg = false;
        if (!reader.EnterObject()) return false;
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("table_type"u8)) iceberg = string.Equals(reader.NextText(), "ICEBERG", StringComparison.OrdinalIgnoreCase);
            else reader.SkipValue();
        }

        return iceberg;
    }

    private string? Target(ref Utf8JsonReader reader)
    {
        string? catalog = null, database = null, name = null;
        if (!reader.EnterObject()) return null;
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("CatalogId"u8)) catalog = reader.NextText(pool);
            else if (reader.ValueTextEquals("DatabaseName"u8)) database = reader.NextText(pool);
            else if (reader.ValueTextEquals("Name"u8)) name = reader.NextText();
            else reader.SkipValue();
        }

        return string.Join('/', new[] { catalog, database, name }.Where(n => n is not null));
    }

    private static bool IsPresent(ref Utf8JsonReader reader)
    {
        reader.SkipValue();
        return reader.TokenType != JsonTokenType.Null;
    }

    private List<string>? DefaultPrincipals(ref Utf8JsonReader reader)
    {
        if (!reader.EnterList()) return null;
        var principals = new List<string>();
        while (reader.NextItem())
        {
            string? principal = null;
            while (reader.NextMember())
            {
                if (reader.ValueTextEquals("Principal"u8)) principal = PermissionReading.Principal(ref reader, pool);
                else reader.SkipValue();
            }

            // Whom it names or not, an entry gives someone something.
            principals.Add(principal ?? "an unnamed principal");
        }

        return principals;
    }
}
