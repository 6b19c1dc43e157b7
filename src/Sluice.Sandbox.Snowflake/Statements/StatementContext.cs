using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Grants;
using Sluice.Sandbox.Snowflake.Queries;
using Sluice.Sandbox.Snowflake.Sessions;
using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Statements;

/// <summary>What a statement runs in: the session, what its roles may do, and how names are looked up for them.</summary>
internal sealed class StatementContext(SandboxRuntime runtime, QueryRun run, IReadOnlyList<string> binds, Access? access = null)
{
    public SandboxRuntime Runtime => runtime;

    public QueryRun Run => run;

    public Session Session => run.Session;

    public AccountState Account => run.Session.Account;

    /// <summary>The values for ? and :1, as SQL constants.</summary>
    public IReadOnlyList<string> Binds => binds;

    /// <summary>A query's tokens, with the session's variables and the request's binds in their places.</summary>
    public System.Collections.Immutable.ImmutableArray<Token> Tokens(string sql) => BoundTokens.Read(Tokenizer.Read(sql), Session.Variables, binds, isQuery: true);

    public Access Access { get; } = access ?? run.Session.Access();

    public DateTimeOffset Now { get; } = runtime.Options.Clock.GetUtcNow();

    /// <summary>Where unqualified names are looked up first, in place of the session's: a view's own schema.</summary>
    public SchemaState? Home { get; init; }

    /// <summary>What the session's own roles may do, whoever's privileges the statement is read with at the moment.</summary>
    public Access Reader { get => field ?? Access; private init; }

    /// <summary>The role that reads a protected table: the session's, or the owner of the view it is read through.</summary>
    public RoleState Invoker { get => field ?? Session.Role; private init; }

    /// <summary>In the body of a policy: the table it protects, and the column if it masks one.</summary>
    public (SchemaObject Table, string? Column)? Protected { get; private init; }

    /// <summary>True within the body of a memoizable function.</summary>
    public bool InMemoizable { get; private init; }

    /// <summary>The same statement under another role's privileges: those of the owner of a view, a policy or a function.</summary>
    public StatementContext As(RoleState owner, SchemaState home) =>
        new(runtime, run, binds, new(Account, owner, [])) { Home = home, Reader = Reader, Invoker = Invoker, Protected = Protected, InMemoizable = InMemoizable };

    public StatementContext Protecting(SchemaObject table, string? column, RoleState invoker) =>
        new(runtime, run, binds, Access) { Home = Home, Reader = Reader, Invoker = invoker, Protected = (table, column), InMemoizable = InMemoizable };

    public StatementContext InsideMemoizable() =>
        new(runtime, run, binds, Access) { Home = Home, Reader = Reader, Invoker = Invoker, Protected = Protected, InMemoizable = true };

    public DatabaseState CurrentDatabase(string statement) => Home?.Database ?? Session.Database ?? throw SnowflakeException.NoDatabase(statement);

    public SchemaState CurrentSchema(string statement) => Home ?? (Session.Database is null ? throw SnowflakeException.NoDatabase(statement)
        : Session.Schema ?? throw SnowflakeException.NoSchema(statement));

    public DatabaseState Database(string name) =>
        Account.Databases.TryGetValue(name, out var found) && Access.Sees(found) ? found : throw SnowflakeException.Missing(Domain.Database, Quoting.Identifier(name));

    public SchemaState Schema(string? database, string name, string statement)
    {
        var holder = database is null ? CurrentDatabase(statement) : Database(database);
        return holder.Schemas.TryGetValue(name, out var found) && Access.Sees(found)
            ? found
            : throw SnowflakeException.Missing(Domain.Schema, $"{Quoting.Identifier(holder.Name)}.{Quoting.Identifier(name)}");
    }

    /// <summary>The schema a name's left parts mean.</summary>
    public SchemaState SchemaOf(ObjectName name, string statement) =>
        name.Schema is null ? CurrentSchema(statement) : Schema(name.Database, name.Schema, statement);

    /// <summary>An object of a schema that the roles see.</summary>
    /// <exception cref="SnowflakeException">There is none, or none they see: which of the two is not told.</exception>
    public SchemaObject Object(Domain domain, ObjectName name, string statement = "SELECT") =>
        TryObject(domain, name, statement) ?? throw SnowflakeException.Missing(domain, name.ToString());

    public SchemaObject? TryObject(Domain domain, ObjectName name, string statement = "SELECT", bool describes = false)
    {
        SchemaState schema;
        try
        {
            schema = SchemaOf(name, statement);
        }
        catch (SnowflakeException problem) when (problem.Code == "002003" && domain.IsTableLike() && name.Database is null)
        {
            return null;
        }

        return schema.Find(domain, name.Name) is { } found && (Access.Sees(found) || (describes && Access.MayDescribe(found))) ? found : null;
    }

    public RoleState Role(string name) => Account.Roles.GetValueOrDefault(name) ?? throw SnowflakeException.Missing(Domain.Role, Quoting.Identifier(name));

    public RoleState DatabaseRole(ObjectName name)
    {
        var database = name.Schema is { } stated ? Database(stated) : CurrentDatabase("GRANT");
        return database.Roles.GetValueOrDefault(name.Name) ?? throw SnowflakeException.Missing(Domain.DatabaseRole, name.ToString());
    }

    public UserState User(string name) => Account.Users.GetValueOrDefault(name) ?? throw SnowflakeException.Missing(Domain.User, Quoting.Identifier(name));

    public WarehouseState Warehouse(string name) =>
        Account.Warehouses.TryGetValue(name, out var found) && Access.Sees(found) ? found : throw SnowflakeException.Missing(Domain.Warehouse, Quoting.Identifier(name));

    /// <summary>Whatever can be named: for GRANT, SHOW GRANTS, COMMENT and tags.</summary>
    /// <param name="domain">Its kind.</param>
    /// <param name="name">Its name.</param>
    /// <param name="describes">True where the right to apply policies or tags to anything lets it be found: DESCRIBE and ALTER.</param>
    public Securable Find(Domain domain, ObjectName name, bool describes = false) => domain switch
    {
        Domain.Account => Account.Self,
        Domain.Database => Database(name.Name),
        Domain.Schema => Schema(name.Schema, name.Name, "GRANT"),
        Domain.Role => Role(name.Name),
        Domain.DatabaseRole => DatabaseRole(name),
        Domain.User => User(name.Name),
        Domain.Warehouse => Warehouse(name.Name),
        Domain.Integration => Account.Integrations.TryGetValue(name.Name, out var integration) && Access.Sees(integration)
            ? integration
            : throw SnowflakeException.Missing(domain, name.ToString()),
        Domain.NetworkPolicy => Account.NetworkPolicies.GetValueOrDefault(name.Name) ?? throw SnowflakeException.Missing(domain, name.ToString()),
        Domain.Function or Domain.Procedure => Function(domain, name),
        _ => TryObject(domain, name, "GRANT", describes) ?? throw SnowflakeException.Missing(domain, name.ToString()),
    };

    /// <summary>Asks for a privilege on an object that was found.</summary>
    /// <exception cref="SnowflakeException">The roles have none of them.</exception>
    public void Demand(Securable securable, params ReadOnlySpan<string> privileges)
    {
        if (!Access.HasAny(securable, privileges)) throw SnowflakeException.Insufficient(securable.Domain, securable.Name);
    }

    public void DemandOwnership(Securable securable)
    {
        if (!Access.Owns(securable)) throw SnowflakeException.Insufficient(securable.Domain, securable.Name);
    }

    /// <summary>CREATE statements are authorised by the primary role alone.</summary>
    public void DemandPrimary(Securable securable, string privilege)
    {
        if (!Access.PrimaryHas(securable, privilege)) throw SnowflakeException.Insufficient(securable.Domain, securable.Name);
    }

    public void DemandWarehouse()
    {
        if (Session.IsSetup) return;
        if (Session.Warehouse is null) throw SnowflakeException.NoWarehouse();
        if (!Access.HasAny(Session.Warehouse, "USAGE", "OPERATE")) throw SnowflakeException.NoWarehouse();
        if (!Session.Warehouse.Suspended) return;
        if (!Session.Warehouse.ResumesItself) throw SnowflakeException.NoWarehouse();
        Session.Warehouse.Suspended = false;
    }

    private SchemaObject Function(Domain domain, ObjectName name)
    {
        var schema = SchemaOf(name, "GRANT");
        return schema.Find(domain, name.Name) is { } found && Access.Sees(found) ? found : throw SnowflakeException.Missing(domain, name.ToString());
    }
}
