using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Privileges;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.UnityCatalog;

/// <summary>Finds the securable a path or query names, and refuses as REST does.</summary>
internal static class RestLookup
{
    public static Located Find(WorkspaceState state, SecurableKind kind, string fullName)
    {
        if (kind == SecurableKind.Metastore)
        {
            return fullName == state.Metastore.Id || fullName == state.Metastore.Name ? new(state.Metastore) : throw DatabricksException.NotFound("Metastore", fullName);
        }

        var parts = fullName.Split('.');
        if (parts.Length != (int)kind && !(kind == SecurableKind.Function && parts.Length == 3)) throw DatabricksException.Invalid($"'{fullName}' is not a valid name of a {kind.ToString().ToLowerInvariant()}.");
        _ = state.Catalog(parts[0]) ?? throw DatabricksException.NotFound("Catalog", parts[0]);
        if (parts.Length > 1 && state.Find(SecurableKind.Schema, parts[0], parts[1]) is null) throw DatabricksException.NotFound("Schema", $"{parts[0]}.{parts[1]}");
        return state.Find(kind, parts) ?? throw new DatabricksException(
            kind == SecurableKind.Function ? "ROUTINE_DOES_NOT_EXIST" : "TABLE_DOES_NOT_EXIST",
            $"{(kind == SecurableKind.Function ? "Routine or Model" : "Table")} '{fullName}' does not exist.",
            404);
    }

    public static SecurableKind Kind(string type) => type.ToUpperInvariant() switch
    {
        "METASTORE" => SecurableKind.Metastore,
        "CATALOG" => SecurableKind.Catalog,
        "SCHEMA" => SecurableKind.Schema,
        "TABLE" => SecurableKind.Table,
        "FUNCTION" => SecurableKind.Function,
        _ => throw DatabricksException.Invalid($"'{type}' is not a securable type that the sandbox knows."),
    };

    /// <summary>Whether the caller sees it: fully, only by BROWSE, or not, which refuses.</summary>
    public static bool BrowseOnly(AccessRules access, Located at, bool includeBrowse)
    {
        var holding = access.On(at);
        if (Sees(at.Kind, holding)) return false;
        if (includeBrowse && holding.Browses) return true;
        throw Lacks(at, holding, at.Kind switch { SecurableKind.Catalog => "USE CATALOG", SecurableKind.Schema => "USE SCHEMA", SecurableKind.Function => "EXECUTE", _ => "SELECT" });
    }

    public static bool Sees(SecurableKind kind, Holding holding) => kind switch
    {
        SecurableKind.Metastore => true,
        SecurableKind.Catalog => holding.Uses(Privilege.UseCatalog),
        SecurableKind.Schema => holding.Uses(Privilege.UseSchema),
        SecurableKind.Function => holding.Manages || holding.Can(Privilege.Execute),
        _ => holding.Reads,
    };

    /// <summary>Whether the caller has to do with it at all, and so sees its tags and their own grants on it.</summary>
    public static bool Knows(SecurableKind kind, Holding holding) =>
        Sees(kind, holding) || holding.Browses || (kind == SecurableKind.Table ? holding.Interacts : holding.Tags);

    public static DatabricksException Lacks(Located at, Holding holding, string privilege) => holding.Missing is { } missing
        ? DatabricksException.Lacks(PrivilegeNames.Sql(missing.Privilege), missing.Kind, missing.Name)
        : DatabricksException.Lacks(privilege, GrantChanges.Label(at), at.FullName);
}
