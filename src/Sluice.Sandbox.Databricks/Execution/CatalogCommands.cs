using System.Collections.Immutable;
using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Privileges;
using Sluice.Sandbox.Databricks.Sql;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.Execution;

/// <summary>Runs CREATE.</summary>
internal sealed class CatalogCommands(SandboxRuntime runtime, Session session)
{
    private readonly string who = session.Caller.Name;
    private readonly long now = runtime.Now;

    public SqlResult Create(Statement statement, CancellationToken cancellationToken)
    {
        switch (statement)
        {
            case CreateCatalog create:
                runtime.Change(state => Catalog(state, create));
                break;
            case CreateSchema create:
                runtime.Change(state => Schema(state, create));
                break;
            case CreateTable create:
                Table(create, cancellationToken);
                break;
            case CreateView create:
                View(create);
                break;
            case CreateFunction create:
                Function(create);
                break;
            default:
                throw SqlException.Unsupported($"The sandbox doesn't run {statement.Verb}.");
        }

        return SqlResult.Nothing();
    }

    private WorkspaceState Catalog(WorkspaceState state, CreateCatalog create)
    {
        var name = Named(create.Name.Under("", "", 1)[0]);
        if (state.Catalog(name) is not null || name == WorkspaceSeed.HiveMetastore) return create.IfNotExists ? state : throw Exists("CATALOG_ALREADY_EXISTS", create.Name);
        var access = new AccessRules(state, session.Caller);
        if (!access.OnMetastore().Can(Privilege.CreateCatalog)) throw Demands.Lacks(access.OnMetastore(), "CREATE CATALOG", new(state.Metastore));
        var catalog = new CatalogObject { Name = name, Id = NewId(), Owner = who, Comment = create.Comment, CreatedAt = now, CreatedBy = who, UpdatedAt = now, UpdatedBy = who };
        return Counted(state with { Metastore = state.Metastore.With(WorkspaceSeed.Complete(catalog, runtime.Options)) }, "Catalog", name);
    }

    private WorkspaceState Schema(WorkspaceState state, CreateSchema create)
    {
        var full = create.Name.Under(session.Catalog, "", 2);
        var name = Named(full[1]);
        if (state.Find(SecurableKind.Schema, full.AsSpan()) is not null) return create.IfNotExists ? state : throw Exists("SCHEMA_ALREADY_EXISTS", create.Name);
        var parent = Resolve.Target(state, session, new(SecurableKind.Catalog, new([full[0]])));
        Demands.Use(new(state, session.Caller), parent, Privilege.CreateSchema);
        var changed = state.Replace(
            parent,
            parent.Catalog!.With(new SchemaObject { Name = name, Id = NewId(), Owner = who, Comment = create.Comment, Properties = create.Properties, CreatedAt = now, CreatedBy = who, UpdatedAt = now, UpdatedBy = who }));
        return Counted(changed, "Schema", full[0]);
    }

    private void Table(CreateTable create, CancellationToken cancellationToken)
    {
        if (create.CloneOf is { } source) create = Clone(create, source);
        var query = create.Query is null || create.CloneOf is not null ? null : new QueryRunner(runtime, session).Describe(create.Query);
        var columns = query is null ? create.Columns : [.. query.Select(column => new ColumnObject(column.Name, column.Type))];
        if (columns.IsEmpty) throw SqlException.Unsupported("A table needs columns or a query.");
        // What is read is read as it is before it is replaced.
        Action<TableObject>? fill = create.Query is { } filled ? made => new QueryRunner(runtime, session).Fill(made, filled, cancellationToken) : null;
        var guards = new TableAlterations(runtime, session, runtime.State, new(runtime.State, session.Caller));
        Put(create.Name, create.IfNotExists, create.OrReplace, Privilege.CreateTable, (name, at) => guards.Resolved(new()
        {
            Name = name,
            Id = NewId(),
            Owner = who,
            Comment = create.Comment,
            Columns = columns,
            Format = create.Format,
            Type = create.IsShallow ? TableType.ManagedShallowClone : create.Location is null ? TableType.Managed : TableType.External,
            StorageLocation = create.Location ?? $"s3://acme-metastore/tables/{at.FullName}/{name}",
            Properties = create.Properties,
            RowFilter = create.RowFilter,
            CreatedAt = now,
            CreatedBy = who,
            UpdatedAt = now,
            UpdatedBy = who,
        }), fill);
    }

    /// <summary>
    /// A clone has the source's columns and rows and none of its privileges; tables with row filters or column masks are not cloned:
    /// https://docs.databricks.com/aws/en/sql/language-manual/delta-clone and …/data-governance/unity-catalog/filters-and-masks.
    /// </summary>
    private CreateTable Clone(CreateTable create, SqlName source)
    {
        var state = runtime.State;
        var found = Resolve.Target(state, session, new(SecurableKind.Table, source) { IsView = false });
        Demands.Use(new(state, session.Caller), found, Privilege.Select);
        if (found.Table.RowFilter is not null || found.Table.Columns.Any(column => column.Mask is not null)) throw SqlException.Unsupported($"Clone operations from `{found.FullName}`, which has a row filter or column masks, are not supported.");
        return create with
        {
            Columns = [.. found.Table.Columns.Select(column => column with { Tags = SecurableObject.NoTexts })],
            Format = found.Table.Format,
            Query = $"SELECT * FROM {new SqlName([.. found.FullName.Split('.')])}",
        };
    }

    private void View(CreateView create)
    {
        var columns = new QueryRunner(runtime, session).Describe(create.Query);
        if (!create.Columns.IsEmpty && create.Columns.Length != columns.Count) throw new SqlException("CREATE_VIEW_COLUMN_ARITY_MISMATCH", "21S01", $"Cannot create view {create.Name}, the number of columns differs.");
        Put(create.Name, create.IfNotExists, create.OrReplace, create.Materialized ? Privilege.CreateMaterializedView : Privilege.CreateTable, (name, _) => new()
        {
            Name = name,
            Id = NewId(),
            Owner = who,
            Comment = create.Comment,
            Type = create.Materialized ? TableType.MaterializedView : TableType.View,
            Format = create.Materialized ? "DELTA" : "UNKNOWN_DATA_SOURCE_FORMAT",
            ViewDefinition = create.Query,
            Columns =
            [
                .. columns.Select((column, index) => create.Columns.IsEmpty
                    ? new ColumnObject(column.Name, column.Type)
                    : new ColumnObject(create.Columns[index].Name, column.Type, create.Columns[index].Comment)),
            ],
            Properties = SecurableObject.NoTexts.Add("view.catalogAndNamespace.numParts", "2").Add("view.catalogAndNamespace.part.0", session.Catalog).Add("view.catalogAndNamespace.part.1", session.Schema),
            CreatedAt = now,
            CreatedBy = who,
            UpdatedAt = now,
            UpdatedBy = who,
        });
    }

    private void Function(CreateFunction create)
    {
        var full = create.Name.Under(session.Catalog, session.Schema, 3);
        var made = new FunctionObject
        {
            Name = Named(full[2]),
            Id = NewId(),
            Owner = who,
            Comment = create.Comment,
            Parameters = create.Parameters,
            Returns = create.Returns ?? new("void"),
            Body = create.Body,
            IsDeterministic = create.IsDeterministic ?? !Changing(create.Body),
            ReadsData = create.ReadsData ?? FunctionMacro.Reads(create.Body),
            Path = (session.Catalog, session.Schema),
            CreatedAt = now,
            CreatedBy = who,
            UpdatedAt = now,
            UpdatedBy = who,
        };
        // Before the state is locked: it asks the engine.
        var returns = new QueryRunner(runtime, session).Analyse(Parent(runtime.State, full) with { Leaf = made });
        if (create.Returns is null) made = made with { Returns = returns };
        runtime.Change(state =>
        {
            var parent = Parent(state, full);
            var old = state.Find(SecurableKind.Function, full.AsSpan());
            if (old is not null && create.IfNotExists) return state;
            if (old is not null && !create.OrReplace) throw Exists("ROUTINE_ALREADY_EXISTS", create.Name);
            var access = new AccessRules(state, session.Caller);
            Demands.Use(access, parent, Privilege.CreateFunction);
            if (old is null) return Counted(state.Replace(parent, made), "Function", full[0], full[1]);
            Demands.Manage(access, old);
            return state.Replace(old, made with { Owner = old.Leaf!.Owner, Grants = old.Leaf.Grants });
        });
    }

    private static bool Changing(string body) => Tokenizer.Read(body).Any(token => token.Is("rand") || token.Is("random") || token.Is("randn") || token.Is("uuid") || token.Is("shuffle"));

    /// <param name="name">Its name.</param>
    /// <param name="ifNotExists">Leaves one that is there.</param>
    /// <param name="orReplace">Replaces one that is there.</param>
    /// <param name="needed">The privilege on its schema.</param>
    /// <param name="make">Makes it.</param>
    /// <param name="fill">Writes its rows, before it takes its place: a query that fails changes nothing.</param>
    private void Put(SqlName name, bool ifNotExists, bool orReplace, Privilege needed, Func<string, Located, TableObject> make, Action<TableObject>? fill = null)
    {
        TableObject? draft = null;
        TableObject? made = null;
        TableObject? replaced = null;
        try
        {
            if (fill is not null) Changed(runtime.State);
            if (made is not null) fill?.Invoke(made);
            runtime.Change(Changed);
        }
        catch
        {
            if (draft is not null) runtime.Engine.Drop([draft]);
            throw;
        }

        if (replaced is not null) runtime.Engine.Drop([replaced]);
        if (made is not null) session.Activity?.Writes(string.Join('.', name.Under(session.Catalog, session.Schema, 3)).ToLowerInvariant(), made);

        WorkspaceState Changed(WorkspaceState state)
        {
            var full = name.Under(session.Catalog, session.Schema, 3);
            var parent = Parent(state, full);
            var old = state.Find(SecurableKind.Table, full.AsSpan());
            if (old is not null && ifNotExists) return state;
            if (old is not null && !orReplace) throw Exists("TABLE_OR_VIEW_ALREADY_EXISTS", name);
            var access = new AccessRules(state, session.Caller);
            Demands.Use(access, parent, needed);
            if (old is not null) Demands.Manage(access, old);
            made = draft ??= make(Named(full[2]), parent);
            replaced = old?.Table;
            if (replaced is not null) made = Replacement.Of(replaced, made, runtime.Options.ReplacedTablesKeepGuards);
            var changed = state.Replace(parent with { Leaf = old?.Leaf }, made);
            return old is null ? Counted(changed, "Table", full[0], full[1]) : changed;
        }
    }

    /// <summary>The state with something made in it, unless that is one too many.</summary>
    private WorkspaceState Counted(WorkspaceState changed, string made, params ReadOnlySpan<string> parent)
    {
        var kind = parent.Length == 2 ? SecurableKind.Schema : SecurableKind.Catalog;
        if (ResourceQuotas.Exceeded(changed, changed.Find(kind, parent)!, runtime.Options.Quotas) is { } quota) throw SqlException.Quota(made, quota);
        return changed;
    }

    private Located Parent(WorkspaceState state, ImmutableArray<string> full) => Resolve.Target(state, session, new(SecurableKind.Schema, new(full[..2])));

    private static SqlException Exists(string condition, SqlName name) =>
        new(condition, condition.StartsWith("ROUTINE", StringComparison.Ordinal) ? "42723" : condition.StartsWith("TABLE", StringComparison.Ordinal) ? "42P07" : "42P06", $"Cannot create {name} because it already exists.");

    private static string Named(string name) => ObjectNames.Check(name);

    private static string NewId() => RandomId.New().ToString();
}
