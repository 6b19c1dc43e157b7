using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.InformationSchema;
using Sluice.Sandbox.Databricks.Privileges;
using Sluice.Sandbox.Databricks.Sql;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.UnityCatalog;

/// <summary>
/// Gives catalogs and schemas another name, owner or comment: https://docs.databricks.com/api/uc-catalogs/v1/update-catalog.md and …/uc-schemas/v1/update-schema.md. No SQL of Databricks renames
/// them. What is in one stays what it was, with ids, grants, tags, masks and row filters; a view, mask or row filter that names what was there by its old name finds it no more.
/// </summary>
internal static class ContainerUpdates
{
    public static void UpdateCatalog(Call call) =>
        ObjectWriting.Catalog(call, Updated(call, SecurableKind.Catalog, call.Route("name")).Catalog!, browseOnly: false);

    public static void UpdateSchema(Call call)
    {
        var after = Updated(call, SecurableKind.Schema, call.Route("full_name"));
        ObjectWriting.Schema(call, after.Catalog!, after.Schema!, browseOnly: false);
    }

    private static Located Updated(Call call, SecurableKind kind, string fullName)
    {
        Located? after = null;
        call.Runtime.Change(state =>
        {
            var at = RestLookup.Find(state, kind, fullName);
            Demand(call, new(state, call.Caller), at);
            var name = NameOf(call, state, at);
            var owner = call.Text("owner") ?? at.Securable.Owner;
            if (!state.Principals.IsGrantable(owner) && owner != at.Securable.Owner) throw new DatabricksException("PRINCIPAL_DOES_NOT_EXIST", $"Could not find principal with name {owner}", 404);
            var changed = state.Replace(at, at.Securable with { Name = name, Owner = owner, Comment = call.Text("comment") ?? at.Securable.Comment, UpdatedAt = call.Now, UpdatedBy = call.Caller.Name });
            after = kind == SecurableKind.Catalog ? changed.Find(kind, name) : changed.Find(kind, at.Catalog!.Name, name);
            return changed;
        });
        return after!;
    }

    // Whoever may manage it; of a schema's name, whoever might have made one there, besides.
    private static void Demand(Call call, AccessRules access, Located at)
    {
        if (at.Catalog!.Kind == CatalogKind.System || at.Schema?.Name == InformationRelations.SchemaName) throw DatabricksException.Denied($"{at.FullName} is read-only.");
        var holding = access.On(at);
        if (!holding.Manages) throw RestLookup.Lacks(at, holding, "MANAGE");
        if (at.Schema is null || call.Text("new_name") is null) return;
        var above = at with { Schema = null };
        var inCatalog = access.On(above);
        if (!inCatalog.Manages && !inCatalog.Can(Privilege.CreateSchema)) throw RestLookup.Lacks(above, inCatalog, "CREATE SCHEMA");
    }

    private static string NameOf(Call call, WorkspaceState state, Located at)
    {
        if (call.Text("new_name") is not { } text) return at.Securable.Name;
        try
        {
            var name = ObjectNames.Check(text);
            var taken = at.Schema is null ? state.Find(at.Kind, name) : state.Find(at.Kind, at.Catalog!.Name, name);
            return taken is null || name == at.Securable.Name ? name : throw new DatabricksException($"{at.Kind.ToString().ToUpperInvariant()}_ALREADY_EXISTS", $"{at.Kind} '{taken.FullName}' already exists.");
        }
        catch (SqlException problem)
        {
            throw DatabricksException.Invalid(problem.Message);
        }
    }
}
