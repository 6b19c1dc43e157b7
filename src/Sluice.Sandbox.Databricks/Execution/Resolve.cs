using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Privileges;
using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.Execution;

/// <summary>Finds what a statement names, filled up from the session.</summary>
internal static class Resolve
{
    /// <exception cref="SqlException">There is no such securable.</exception>
    public static Located Target(WorkspaceState state, Session session, Target target)
    {
        var found = Find(state, session, target) ?? throw Missing(target);
        if (target.IsView is not { } view || found.Leaf is not TableObject table || table.IsView == view) return found;
        throw view
            ? new SqlException("EXPECT_VIEW_NOT_TABLE.NO_ALTERNATIVE", "42809", $"{target.Name} is a table where a view is expected.")
            : new SqlException("EXPECT_TABLE_NOT_VIEW.NO_ALTERNATIVE", "42809", $"{target.Name} is a view where a table is expected.");
    }

    public static Located? Find(WorkspaceState state, Session session, Target target) => target.Kind switch
    {
        SecurableKind.Metastore => new(state.Metastore),
        SecurableKind.Catalog => state.Find(SecurableKind.Catalog, target.Name!.Under(session.Catalog, session.Schema, 1).AsSpan()),
        SecurableKind.Schema => state.Find(SecurableKind.Schema, target.Name!.Under(session.Catalog, session.Schema, 2).AsSpan()),
        _ => state.Find(target.Kind, target.Name!.Under(session.Catalog, session.Schema, 3).AsSpan()),
    };

    private static SqlException Missing(Target target) => target.Kind switch
    {
        SecurableKind.Catalog => SqlException.NoCatalog(target.Name!.Last),
        SecurableKind.Schema => SqlException.NoSchema(target.Name!.ToString()),
        SecurableKind.Function => SqlException.NoFunction(target.Name!.ToString()),
        _ => SqlException.NoRelation(target.Name!.ToString()),
    };
}
