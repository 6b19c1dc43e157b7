using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Privileges;
using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.Execution;

/// <summary>Answers SHOW and DESCRIBE.</summary>
internal sealed class ShowCommands(WorkspaceState state, Session session)
{
    private readonly AccessRules access = new(state, session.Caller);

    public SqlResult Show(ShowStatement show)
    {
        var like = show.Like is null ? (_ => true) : LikePattern.Of(show.Like);
        switch (show.Kind)
        {
            case ShowKind.Catalogs:
                var catalogs = state.Metastore.Catalogs.Values.Where(catalog => access.On(catalog).Uses(Privilege.UseCatalog) || access.On(catalog).Browses);
                var names = catalogs.Select(catalog => catalog.Name).Append(WorkspaceSeed.HiveMetastore).Order(StringComparer.Ordinal);
                return Texts(["catalog"], names.Where(like).Select(name => new object?[] { name }));
            case ShowKind.Schemas:
                var within = Resolve.Target(state, session, new(SecurableKind.Catalog, show.In ?? new([session.Catalog])));
                Seen(within, Privilege.UseCatalog);
                var schemas = within.Catalog!.Schemas.Values.Where(schema => Visible(within.Catalog, schema) && like(schema.Name));
                return Texts(["databaseName"], schemas.Select(schema => new object?[] { schema.Name }));
            default:
                return InSchema(show, like);
        }
    }

    public SqlResult Grants(ShowGrants show)
    {
        var at = Resolve.Target(state, session, show.On);
        var holding = access.On(at);
        if (!holding.Manages && !Interacts(at, holding)) throw Demands.Lacks(holding, "MANAGE", at);
        var rows = from level in at.Upwards()
                   where level.Kind == at.Kind || level.Kind != SecurableKind.Metastore
                   from entry in level.Securable.Grants
                   where show.Principal is null || entry.Key == show.Principal
                   where access.MayGrant(at) || session.Caller.Names.Contains(entry.Key)
                   from privilege in PrivilegeNames.InSql(entry.Value.Held)
                   select new object?[] { entry.Key, privilege, level.Kind.ToString().ToUpperInvariant(), level.FullName };
        return Texts(["Principal", "ActionType", "ObjectType", "ObjectKey"], rows);
    }

    public SqlResult Describe(Describe describe)
    {
        var at = Resolve.Target(state, session, describe.Of);
        var holding = access.On(at);
        if (!holding.Manages && !holding.Browses && !Interacts(at, holding)) throw Demands.Lacks(holding, at.Kind == SecurableKind.Table ? "SELECT" : "USE", at);
        return at.Kind switch
        {
            SecurableKind.Catalog => Texts(["info_name", "info_value"], [["Catalog Name", at.Catalog!.Name], ["Comment", at.Catalog.Comment], ["Owner", at.Catalog.Owner]]),
            SecurableKind.Schema => Texts(["database_description_item", "database_description_value"], [["Catalog Name", at.Catalog!.Name], ["Namespace Name", at.Schema!.Name], ["Comment", at.Schema.Comment], ["Owner", at.Schema.Owner]]),
            SecurableKind.Function => Texts(["function_desc"], FunctionRows(at, describe.Extended).Select(line => new object?[] { line })),
            _ => Texts(["col_name", "data_type", "comment"], TableRows(at, describe.Extended)),
        };
    }

    private static IEnumerable<string> FunctionRows(Located at, bool extended)
    {
        var function = at.Function;
        yield return $"Function: {at.FullName}";
        yield return "Type:     SCALAR";
        if (function.Parameters.IsEmpty) yield return "Input:    ()";
        foreach (var (index, parameter) in function.Parameters.Index()) yield return $"{(index == 0 ? "Input:    " : "          ")}{parameter.Name} {parameter.Type.ResultText}{(parameter.Comment is { } said ? $" '{said}'" : "")}";
        yield return $"Returns:  {function.Returns.ResultText}";
        if (!extended) yield break;
        if (function.Comment is not null) yield return $"Comment:  {function.Comment}";
        yield return $"Deterministic: {(function.IsDeterministic ? "true" : "false")}";
        yield return $"Data Access: {(function.ReadsData ? "READS SQL DATA" : "CONTAINS SQL")}";
        yield return $"Owner: {function.Owner}";
        yield return $"Create Time: {DateTimeOffset.FromUnixTimeMilliseconds(function.CreatedAt).UtcDateTime.ToString("ddd MMM dd HH:mm:ss 'UTC' yyyy", System.Globalization.CultureInfo.InvariantCulture)}";
        yield return $"Body:     {function.Body}";
    }

    private static IEnumerable<object?[]> TableRows(Located at, bool extended)
    {
        foreach (var column in at.Table.Columns) yield return [column.Name, column.Type.Text, column.Comment];
        if (at.Table.Columns.Any(column => column.PartitionIndex is not null))
        {
            yield return ["# Partition Information", "", ""];
            yield return ["# col_name", "data_type", "comment"];
            foreach (var column in at.Table.Columns.Where(column => column.PartitionIndex is not null).OrderBy(column => column.PartitionIndex)) yield return [column.Name, column.Type.Text, column.Comment];
        }

        if (!extended) yield break;
        yield return ["", "", ""];
        yield return ["# Detailed Table Information", "", ""];
        yield return ["Catalog", at.Catalog!.Name, ""];
        yield return ["Database", at.Schema!.Name, ""];
        yield return ["Table", at.Table.Name, ""];
        yield return ["Type", TableTypes.Of(at.Table.Type), ""];
        if (at.Table.Comment is not null) yield return ["Comment", at.Table.Comment, ""];
        yield return ["Owner", at.Table.Owner, ""];
        yield return ["Provider", at.Table.Format.ToLowerInvariant(), ""];
        if (at.Table.RowFilter is { } filter) yield return ["Row Filter", $"{filter.Function} ON ({string.Join(", ", filter.On)})", ""];
        foreach (var column in at.Table.Columns.Where(column => column.Mask is not null)) yield return ["Column Mask", $"{column.Name}: {column.Mask!.Function}", ""];
    }

    private SqlResult InSchema(ShowStatement show, Func<string, bool> like)
    {
        var within = Resolve.Target(state, session, new(SecurableKind.Schema, show.In ?? new([session.Catalog, session.Schema])));
        Seen(within, Privilege.UseSchema);
        var above = access.On(access.On(within.Catalog!), within.Catalog!, within.Schema!);
        if (show.Kind == ShowKind.Functions)
        {
            var functions = within.Schema!.Functions.Values.Where(function => like(function.Name) && access.On(above, within.Catalog!, within.Schema, function) is { } holding && (holding.Manages || holding.Can(Privilege.Execute)));
            return Texts(["function"], functions.Select(function => new object?[] { $"{within.FullName}.{function.Name}" }));
        }

        var tables = within.Schema!.Tables.After(null).Where(table => like(table.Name) && access.On(above, within.Catalog!, within.Schema, table) is { } holding && (holding.Interacts || holding.Browses));
        if (show.Kind == ShowKind.Views)
        {
            return Mixed(["namespace", "viewName"], ["isTemporary", "isMaterialized"], tables.Where(table => table.IsView).Select(table => new object?[] { within.Schema.Name, table.Name, false, table.Type == TableType.MaterializedView }));
        }

        return Mixed(["database", "tableName"], ["isTemporary"], tables.Select(table => new object?[] { within.Schema.Name, table.Name, false }));
    }

    private bool Visible(CatalogObject catalog, SchemaObject schema) => access.On(access.On(catalog), catalog, schema) is { } holding && (holding.Uses(Privilege.UseSchema) || holding.Browses);

    private static bool Interacts(Located at, Holding holding) => at.Kind switch
    {
        SecurableKind.Metastore => true,
        SecurableKind.Catalog => holding.Uses(Privilege.UseCatalog),
        SecurableKind.Schema => holding.Uses(Privilege.UseSchema),
        SecurableKind.Function => holding.Can(Privilege.Execute),
        _ => holding.Interacts,
    };

    private void Seen(Located at, Privilege use)
    {
        var holding = access.On(at);
        if (!holding.Uses(use) && !holding.Browses) throw Demands.Lacks(holding, PrivilegeNames.Sql(use), at);
    }

    private static SqlResult Texts(string[] names, IEnumerable<object?[]> rows) => SqlResult.Of([.. names.Select(name => new ResultColumn(name, SqlType.String))], rows);

    private static SqlResult Mixed(string[] texts, string[] flags, IEnumerable<object?[]> rows) =>
        SqlResult.Of([.. texts.Select(name => new ResultColumn(name, SqlType.String)), .. flags.Select(name => new ResultColumn(name, SqlType.Boolean))], rows);
}
