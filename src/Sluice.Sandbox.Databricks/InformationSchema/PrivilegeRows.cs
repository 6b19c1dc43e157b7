using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Privileges;

namespace Sluice.Sandbox.Databricks.InformationSchema;

/// <summary>
/// Grants, one privilege a row. Metastore admins and owners see all; everyone else, MANAGE or not, their own: the documented gap
/// of https://docs.databricks.com/aws/en/sql/language-manual/information-schema/table_privileges.
/// </summary>
internal static class PrivilegeRows
{
    public static IEnumerable<PrivilegeRow> OfMetastore(InformationScope scope) =>
        Rows(scope, new(scope.State.Metastore), scope.Access.OnMetastore());

    public static IEnumerable<PrivilegeRow> OfCatalogs(InformationScope scope) =>
        scope.VisibleCatalogs().SelectMany(row => Rows(scope, new(scope.State.Metastore, row.Catalog), row.Holding));

    public static IEnumerable<PrivilegeRow> OfSchemas(InformationScope scope) =>
        scope.VisibleSchemas().SelectMany(row => Rows(scope, new(scope.State.Metastore, row.Catalog, row.Schema), row.Holding));

    public static IEnumerable<PrivilegeRow> OfTables(InformationScope scope) =>
        scope.Tables().SelectMany(row => Rows(scope, new(scope.State.Metastore, row.Catalog, row.Schema, row.Table), row.Holding));

    public static IEnumerable<PrivilegeRow> OfRoutines(InformationScope scope) =>
        scope.Functions().SelectMany(row => Rows(scope, new(scope.State.Metastore, row.Catalog, row.Schema, row.Function), row.Holding));

    private static IEnumerable<PrivilegeRow> Rows(InformationScope scope, Located at, Holding holding)
    {
        var all = holding.IsMetastoreAdmin || holding.Owns || holding.OwnsAbove;
        var applicable = Applicability.Of(at.Kind, at.Securable);
        foreach (var from in at.Upwards())
        {
            if (from.Kind == SecurableKind.Metastore && at.Kind != SecurableKind.Metastore) continue;
            foreach (var (grantee, grant) in from.Securable.Grants)
            {
                if (!all && !scope.Access.Caller.Names.Contains(grantee)) continue;
                foreach (var privilege in PrivilegeNames.Of(grant.Held & applicable))
                {
                    yield return new(at.Catalog?.Name ?? "", at.Schema?.Name, at.Leaf?.Name, grant.Grantor, grantee, privilege, from.Kind == at.Kind ? "NONE" : from.Kind.ToString().ToUpperInvariant());
                }
            }
        }
    }
}
