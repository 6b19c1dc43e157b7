using System.Text.Json;

namespace Sluice.Platforms.Databricks.Tests.Fakes;

/// <summary>What a fake workspace holds.</summary>
internal sealed class FakeMetastore
{
    public List<FakeCatalog> Catalogs { get; } = [];

    public List<(string Catalog, string Tag, string Value)> CatalogTags { get; } = [];

    public List<(string Catalog, string Schema, string Tag, string Value)> SchemaTags { get; } = [];

    public List<(string Catalog, string Schema, string Table, string Tag, string Value)> TableTags { get; } = [];

    public List<(string Catalog, string Schema, string Table, string Column, string Tag, string Value)> ColumnTags { get; } = [];

    public FakeCatalog Add(string name, params FakeSchema[] schemas)
    {
        var catalog = new FakeCatalog(name, [.. schemas]);
        Catalogs.Add(catalog);
        return catalog;
    }

    /// <summary>The views of system.information_schema.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Dictionary<string, string?>>> Views()
    {
        var tables = from c in Catalogs from s in c.Schemas from t in s.Tables select (c, s, t);
        return new Dictionary<string, IReadOnlyList<Dictionary<string, string?>>>(StringComparer.Ordinal)
        {
            ["system.information_schema.catalogs"] = [.. Catalogs.Select(c => Row(("catalog_name", c.Name), ("comment", c.Comment)))],
            ["system.information_schema.catalog_tags"] = [.. CatalogTags.Select(t => Row(("catalog_name", t.Catalog), ("tag_name", t.Tag), ("tag_value", t.Value)))],
            ["system.information_schema.schema_tags"] =
                [.. SchemaTags.Select(t => Row(("catalog_name", t.Catalog), ("schema_name", t.Schema), ("tag_name", t.Tag), ("tag_value", t.Value)))],
            ["system.information_schema.table_tags"] =
                [.. TableTags.Select(t => Row(("catalog_name", t.Catalog), ("schema_name", t.Schema), ("table_name", t.Table), ("tag_name", t.Tag), ("tag_value", t.Value)))],
            ["system.information_schema.column_tags"] =
            [
                .. ColumnTags.Select(t => Row(
                    ("catalog_name", t.Catalog), ("schema_name", t.Schema), ("table_name", t.Table), ("column_name", t.Column), ("tag_name", t.Tag), ("tag_value", t.Value))),
            ],
            ["system.information_schema.tables"] =
            [
                .. tables.Select(x => Row(
                    ("table_catalog", x.c.Name), ("table_schema", x.s.Name), ("table_name", x.t.Name), ("table_type", x.t.Type), ("data_source_format", x.t.Format), ("comment", x.t.Comment),
                    ("last_altered", x.t.LastAltered))),
            ],
            ["system.information_schema.columns"] =
            [
                .. tables.SelectMany(x => x.t.Columns.Select((c, i) => Row(
                    ("table_catalog", x.c.Name), ("table_schema", x.s.Name), ("table_name", x.t.Name), ("ordinal_position", $"{i}"), ("column_name", c.Name),
                    ("full_data_type", c.Type), ("comment", c.Comment)))),
            ],
        };
    }

    private static Dictionary<string, string?> Row(params (string Name, string? Value)[] values) => values.ToDictionary(v => v.Name, v => v.Value, StringComparer.Ordinal);
}

internal sealed record FakeCatalog(string Name, List<FakeSchema> Schemas)
{
    public string? Comment { get; set; }

    public string Type { get; set; } = "MANAGED_CATALOG";

    public string Owner { get; set; } = "admins";

    public string ToJson() => JsonSerializer.Serialize(new { name = Name, id = $"id-{Name}", comment = Comment, catalog_type = Type, owner = Owner, metastore_id = FakeWorkspace.Metastore });
}

internal sealed record FakeSchema(string Name, params FakeTable[] Tables)
{
    public string ToJson(string catalog) => JsonSerializer.Serialize(new { name = Name, catalog_name = catalog, schema_id = $"id-{catalog}.{Name}" });
}

internal sealed record FakeColumn(string Name, string Type, string? Comment = null, bool IsPartition = false);

internal sealed record FakeTable(string Name, params FakeColumn[] Columns)
{
    public string Type { get; init; } = "MANAGED";

    public string Format { get; init; } = "DELTA";

    public string? Comment { get; set; }

    public string? LastAltered { get; set; } = "2026-11-01T00:00:00.000Z";

    public string ToJson(string catalog, string schema, bool withColumns) => JsonSerializer.Serialize(new
    {
        name = Name,
        catalog_name = catalog,
        schema_name = schema,
        table_id = $"id-{catalog}.{schema}.{Name}",
        table_type = Type,
        data_source_format = Format,
        comment = Comment,
        columns = withColumns
            ? Columns.Select((c, i) => new { name = c.Name, type_text = c.Type, comment = c.Comment, position = i, partition_index = c.IsPartition ? 0 : (int?)null }).Reverse()
            : null,
    });
}
