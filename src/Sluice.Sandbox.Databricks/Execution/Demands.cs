using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.InformationSchema;
using Sluice.Sandbox.Databricks.Privileges;
using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.Execution;

/// <summary>Refuses, in SQL's words, what a caller may not do.</summary>
internal static class Demands
{
    public static void Manage(AccessRules access, Located at)
    {
        Changeable(access, at);
        var holding = access.On(at);
        if (!holding.Manages) throw Lacks(holding, "MANAGE", at);
    }

    public static void Tag(AccessRules access, Located at)
    {
        Changeable(access, at);
        var holding = access.On(at);
        if (!holding.Tags) throw Lacks(holding, "APPLY TAG", at);
    }

    /// <summary>A privilege put to use, such as CREATE TABLE on a schema.</summary>
    public static void Use(AccessRules access, Located at, Privilege privilege)
    {
        var holding = access.On(at);
        var own = at.Kind switch
        {
            SecurableKind.Catalog => Privilege.UseCatalog,
            SecurableKind.Schema => Privilege.UseSchema,
            _ => privilege,
        };
        if (!holding.Can(own)) throw Lacks(holding, PrivilegeNames.Sql(own), at);
        if (!holding.Can(privilege)) throw Lacks(holding, PrivilegeNames.Sql(privilege), at);
    }

    public static SqlException Lacks(Holding holding, string privilege, Located at) => holding.Missing is { } missing
        ? SqlException.Refused($"User does not have {PrivilegeNames.Sql(missing.Privilege)} on {missing.Kind} '{missing.Name}'.")
        : SqlException.Refused($"User does not have {privilege} on {GrantChanges.Label(at)} '{at.FullName}'.");

    // What the service itself keeps, nobody changes; the sandbox's own changes fill the system tables.
    private static void Changeable(AccessRules access, Located at)
    {
        if (access.Caller.IsSystem) return;
        if (at.Catalog?.Kind == CatalogKind.System || at.Schema?.Name == InformationRelations.SchemaName) throw SqlException.Refused($"{GrantChanges.Label(at)} '{at.FullName}' is read-only.");
    }
}
