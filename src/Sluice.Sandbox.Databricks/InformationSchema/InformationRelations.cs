using System.Collections.Frozen;
using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Execution;
using Sluice.Sandbox.Databricks.Privileges;

namespace Sluice.Sandbox.Databricks.InformationSchema;

/// <summary>
/// The views of the information schema, from https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-information-schema.
/// </summary>
internal static class InformationRelations
{
    public const string SchemaName = "information_schema";

    private const string SystemUser = "System user";

    private static readonly InformationRelation[] Common =
    [
        ObjectRelations.Catalogs, ObjectRelations.Schemata, ObjectRelations.Tables, ObjectRelations.Views, ObjectRelations.Metastores,
        ObjectRelations.Routines, ObjectRelations.Parameters, ColumnRelations.Columns,
        MarkRelations.CatalogTags, MarkRelations.SchemaTags, MarkRelations.TableTags, MarkRelations.ColumnTags,
        MarkRelations.CatalogPrivileges, MarkRelations.SchemaPrivileges, MarkRelations.TablePrivileges, MarkRelations.MetastorePrivileges,
        MarkRelations.RoutinePrivileges,
    ];

    private static readonly Layout AsRead = new(ColumnRelations.ColumnMasks, ColumnRelations.RowFilters);

    private static readonly Layout AsDocumented = new(ColumnRelations.DocumentedColumnMasks, ColumnRelations.DocumentedRowFilters);

    public static TableScan? Scan(DatabricksSandboxOptions options, WorkspaceState state, AccessRules access, CatalogObject of, string relation, RelationHints hints) =>
        LayoutOf(options).ByName.TryGetValue(relation, out var found) ? found.Scan(new(state, access, of, hints)) : null;

    /// <summary>The schema every catalog is born with; everybody who may use the catalog may read it.</summary>
    public static SchemaObject Schema(DatabricksSandboxOptions options, string catalog, long created) => new()
    {
        Name = SchemaName,
        Id = WorkspaceSeed.IdOf($"{catalog}/{SchemaName}"),
        Owner = SystemUser,
        Comment = "Information schema (auto-created)",
        CreatedAt = created,
        CreatedBy = SystemUser,
        UpdatedAt = created,
        UpdatedBy = SystemUser,
        Tables = LayoutOf(options).AsTables,
        Grants = SecurableObject.NoGrants.Add(Identity.SandboxCast.Everybody, new(Privilege.UseSchema | Privilege.Select, SystemUser)),
    };

    public static DateTime Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).UtcDateTime;

    private static Layout LayoutOf(DatabricksSandboxOptions options) => options.DocumentedGuardColumns ? AsDocumented : AsRead;

    private sealed class Layout
    {
        public Layout(params ReadOnlySpan<InformationRelation> guards)
        {
            ByName = ((InformationRelation[])[.. Common, .. guards]).ToFrozenDictionary(relation => relation.Name, StringComparer.Ordinal);
            AsTables = new(new ListedTables(ByName.Values.Select(relation => new TableObject
            {
                Name = relation.Name,
                Id = WorkspaceSeed.IdOf($"information_schema/{relation.Name}"),
                Owner = SystemUser,
                CreatedBy = SystemUser,
                UpdatedBy = SystemUser,
                Type = TableType.View,
                Format = "UNKNOWN_DATA_SOURCE_FORMAT",
                Columns = [.. relation.Columns.Select(column => new ColumnObject(column.Name, column.Type))],
            })));
        }

        public FrozenDictionary<string, InformationRelation> ByName { get; }

        /// <summary>The views as relations of a schema: every catalog has the same.</summary>
        public TableSet AsTables { get; }
    }
}
