using System.Collections.Frozen;
using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Execution.Dialect;
using Sluice.Sandbox.Databricks.Identity;
using Sluice.Sandbox.Databricks.InformationSchema;
using Sluice.Sandbox.Databricks.Privileges;
using Sluice.Sandbox.Databricks.Sql;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.Execution;

/// <summary>Binds the relations of a query: checks what the reader may see and answers SQL that reads it.</summary>
internal sealed class RelationBinder(SandboxRuntime runtime, WorkspaceState state, AccessRules access, Session session, RewriteOutput output, int depth)
{
    /// <summary>How deep views may stand on views.</summary>
    public const int Deepest = 24;

    /// <exception cref="SqlException">There is no such relation, or the reader may not select from it.</exception>
    public string Bind(SqlName name, RelationHints hints)
    {
        var parts = name.Under(session.Catalog, session.Schema, 3);
        if (string.Equals(parts[1], InformationRelations.SchemaName, StringComparison.OrdinalIgnoreCase)) return Information(name, parts[0], parts[2], hints);
        var found = state.Find(SecurableKind.Table, parts.AsSpan()) ?? throw SqlException.NoRelation(name.ToString());
        Demand(found, Privilege.Select);
        if (found.Catalog!.Kind == CatalogKind.System) runtime.SystemLog.Deliver();
        else session.Activity?.Reads(found, hints.Columns);
        return Guarded(found, found.Table.ViewDefinition is { } definition ? View(found, definition) : runtime.Engine.Ensure(found.Table));
    }

    /// <summary>The engine's name of a table that a statement changes: whoever changes rows must be able to read them.</summary>
    public string BindTarget(SqlName name, string verb)
    {
        var parts = name.Under(session.Catalog, session.Schema, 3);
        var found = state.Find(SecurableKind.Table, parts.AsSpan()) ?? throw SqlException.NoRelation(name.ToString());
        Demand(found, Privilege.Select);
        Demand(found, Privilege.Modify);
        if (found.Table.ViewDefinition is not null || found.Table.Type == TableType.StreamingTable || found.Catalog!.Kind is not CatalogKind.Managed && !access.Caller.IsSystem)
        {
            throw new SqlException("UNSUPPORTED_FEATURE.TABLE_OPERATION", "0A000", $"Table {name} does not support this operation.");
        }

        // These read rows to change them, past the filter and the masks; the sandbox's own changes may.
        if (verb != "INSERT" && IsGuarded(found.Table) && !access.Caller.IsSystem) throw SqlException.Unsupported($"Table {name} has a row filter or column mask: {verb} on it is not supported by this stand-in yet.");
        session.Activity?.Writes(found.FullName, found.Table);
        return runtime.Engine.Ensure(found.Table);
    }

    /// <summary>Views and functions read with the privileges of their owner, a group perhaps.</summary>
    public static Caller OwnerOf(WorkspaceState state, string owner)
    {
        if (owner == Caller.System.Name) return Caller.System;
        return state.Principals.Find(owner) is { } principal
            ? state.Principals.CallerOf(principal)
            : new(owner, FrozenSet.Create(StringComparer.Ordinal, owner, SandboxCast.Everybody));
    }

    private static bool IsGuarded(TableObject table) => table.RowFilter is not null || table.Columns.Any(column => column.Mask is not null);

    /// <summary>
    /// A table as its row filter and masks let it be read, the reader being who they ask about: the filter first, and nothing of the reader's
    /// query before it, then the masks in their columns' places.
    /// </summary>
    private string Guarded(Located at, string rows)
    {
        var table = at.Table;
        if (!IsGuarded(table)) return rows;
        var functions = new FunctionBinder(runtime, state, access, session, output, depth + 1);
        var columns = string.Join(", ", table.Columns.Select(column => column.Mask is { } mask
            ? $"{CastForms.Cast(functions.Guard(mask.Function, [Argument(GuardArgument.Of(column.Name)), .. mask.Using.Select(Argument)]), column.Type)} AS {EngineQuoting.Identifier(column.Name)}"
            : Argument(GuardArgument.Of(column.Name))));
        if (table.RowFilter is not { } on) return $"(SELECT {columns} FROM {rows} AS guarded)";
        var filter = functions.Guard(on.Function, [.. on.On.Select(Argument)]);
        return $"(WITH kept AS MATERIALIZED (SELECT * FROM {rows} AS guarded WHERE {filter}) SELECT {columns} FROM kept AS guarded)";
    }

    // Qualified: what a mask answers must not be read in place of the column.
    private static string Argument(GuardArgument argument) => argument switch
    {
        { Column: { } column } => $"guarded.{EngineQuoting.Identifier(column)}",
        { IsText: true } => EngineQuoting.Literal(argument.Constant),
        _ => argument.Constant!,
    };

    private void Demand(Located at, Privilege privilege)
    {
        var holding = access.On(at);
        if (holding.Missing is { } missing) throw SqlException.Refused($"User does not have {PrivilegeNames.Sql(missing.Privilege)} on {missing.Kind} '{missing.Name}'.");
        if (!holding.Has(privilege)) throw SqlException.Refused($"User does not have {PrivilegeNames.Sql(privilege)} on {GrantChanges.Label(at)} '{at.FullName}'.");
    }

    private string View(Located at, string definition)
    {
        if (depth > Deepest) throw new SqlException("VIEW_EXCEED_MAX_NESTED_DEPTH", "54K00", $"The depth of view `{at.FullName}` exceeds the maximum view resolution depth.");
        var owner = new AccessRules(state, OwnerOf(state, at.Leaf!.Owner));
        // A materialized view holds what its refresh saw, which runs as its owner.
        var reader = at.Table.Type == TableType.MaterializedView ? owner.Caller : session.Caller;
        var inner = new Session(reader, at.Table.Properties.GetValueOrDefault("view.catalogAndNamespace.part.0") ?? at.Catalog!.Name, at.Table.Properties.GetValueOrDefault("view.catalogAndNamespace.part.1") ?? at.Schema!.Name);
        var query = new QueryRewriter(
            definition,
            new RelationBinder(runtime, state, owner, inner, output, depth + 1),
            new FunctionBinder(runtime, state, owner, inner, output, depth + 1)).Query();
        var columns = string.Join(", ", at.Table.Columns.Select(column => EngineQuoting.Identifier(column.Name)));
        return $"(SELECT * FROM ({query}) AS v({columns}))";
    }

    private string Information(SqlName name, string catalog, string relation, RelationHints hints)
    {
        var found = state.Catalog(catalog) ?? throw SqlException.NoRelation(name.ToString());
        if (found.Kind != CatalogKind.System && !access.On(found).Uses(Privilege.UseCatalog) && !access.On(found).Browses)
        {
            throw SqlException.Refused($"User does not have USE CATALOG on Catalog '{found.Name}'.");
        }

        var scan = InformationRelations.Scan(runtime.Options, state, access, found, relation.ToLowerInvariant(), hints) ?? throw SqlException.NoRelation(name.ToString());
        var (sql, ticket) = runtime.Engine.Offer(scan);
        output.Scans.Add(ticket);
        return sql;
    }
}
