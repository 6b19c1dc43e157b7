using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Execution;
using Sluice.Sandbox.Databricks.Privileges;

namespace Sluice.Sandbox.Databricks.InformationSchema;

/// <summary>What of the metastore a query of the information schema is about, and who asks.</summary>
internal sealed class InformationScope(WorkspaceState state, AccessRules access, CatalogObject of, RelationHints hints)
{
    public WorkspaceState State => state;

    public AccessRules Access => access;

    public RelationHints Hints => hints;

    /// <summary>The catalogs the caller sees: all for system.information_schema, its own for another catalog's.</summary>
    public IEnumerable<CatalogRow> Catalogs()
    {
        var catalogs = of.Kind == CatalogKind.System ? state.Metastore.Catalogs.Values : [of];
        foreach (var catalog in catalogs)
        {
            if (!Meets(catalog.Name, "table_catalog", "catalog_name", "routine_catalog")) continue;
            yield return new(catalog, access.On(catalog));
        }
    }

    public IEnumerable<CatalogRow> VisibleCatalogs() => Catalogs().Where(row => row.Holding.Uses(Privilege.UseCatalog) || row.Holding.Browses);

    public IEnumerable<SchemaRow> Schemas()
    {
        foreach (var catalog in Catalogs())
        {
            foreach (var schema in catalog.Catalog.Schemas.Values)
            {
                if (!Meets(schema.Name, "table_schema", "schema_name", "routine_schema")) continue;
                yield return new(catalog.Catalog, schema, access.On(catalog.Holding, catalog.Catalog, schema));
            }
        }
    }

    public IEnumerable<SchemaRow> VisibleSchemas() => Schemas().Where(row => row.Holding.Uses(Privilege.UseSchema) || row.Holding.Browses);

    public IEnumerable<TableRow> Tables()
    {
        foreach (var row in Schemas())
        {
            foreach (var table in Listed(row.Schema))
            {
                var holding = access.On(row.Holding, row.Catalog, row.Schema, table);
                if (holding.Interacts || holding.Browses) yield return new(row.Catalog, row.Schema, table, holding);
            }
        }
    }

    public IEnumerable<ColumnRow> Columns()
    {
        foreach (var row in Tables())
        {
            for (var index = 0; index < row.Table.Columns.Length; index++) yield return new(row, row.Table.Columns[index], index);
        }
    }

    public IEnumerable<FunctionRow> Functions() =>
        from row in Schemas()
        from function in row.Schema.Functions.Values
        let holding = access.On(row.Holding, row.Catalog, row.Schema, function)
        where holding.Manages || holding.Can(Privilege.Execute) || holding.Browses
        select new FunctionRow(row.Catalog, row.Schema, function, holding);

    private IEnumerable<TableObject> Listed(SchemaObject schema)
    {
        if (!hints.Equal.TryGetValue("table_name", out var name)) return schema.Tables.After(null);
        return schema.Tables.Find(name) is { } table ? [table] : [];
    }

    private bool Meets(string name, params ReadOnlySpan<string> columns)
    {
        foreach (var column in columns)
        {
            if (hints.Equal.TryGetValue(column, out var wanted) && wanted != name) return false;
        }

        return true;
    }
}

internal readonly record struct CatalogRow(CatalogObject Catalog, Holding Holding);

internal readonly record struct SchemaRow(CatalogObject Catalog, SchemaObject Schema, Holding Holding);

internal readonly record struct TableRow(CatalogObject Catalog, SchemaObject Schema, TableObject Table, Holding Holding);

internal readonly record struct ColumnRow(TableRow In, ColumnObject Column, int Index);

internal readonly record struct FunctionRow(CatalogObject Catalog, SchemaObject Schema, FunctionObject Function, Holding Holding);

/// <summary>A tag on a securable, or on a column of it.</summary>
internal readonly record struct TagRow(string Catalog, string? Schema, string? Table, string? Column, string Key, string Value);

/// <summary>A privilege of a grantee, with the kind of container it comes from, or NONE.</summary>
internal readonly record struct PrivilegeRow(string Catalog, string? Schema, string? Name, string Grantor, string Grantee, string Privilege, string InheritedFrom);
